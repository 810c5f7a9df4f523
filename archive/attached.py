"""From the captures of an address that copies link as a file to what the file says, and which it was when.

A payload is read once, whoever links it, and only if somebody does. It is read in a process that may be taken down by
it: `at` is told the place of its record before, so that whoever watches knows which file is to blame.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from archive import warc
from archive.extract.files import is_nameless, name_in_header
from archive.files import FILES_VERSION, read_file
from archive.page import Unreadable, decode_body, header
from archive.records import FileReading
from archive.seen import Spot
from archive.sightings import blame, raise_unreadable
from archive.store import Database, attachments, captures, copies, files
from archive.store.files import KeptFile, Version
from archive.store.times import read_instant

_BATCH = 20
_UNKNOWN = "application/octet-stream"


class FileReader:
    """Reads the files at addresses that are marked; files at the places in `skip` are not looked at."""

    def __init__(self, db: Database, root: Path, *, at: Callable[[Spot], None], skip: frozenset[Spot]) -> None:
        self._db = db
        self._root = root
        self._at = at
        self._skip = skip

    def read_marked(self) -> bool:
        """Tell anew what stands at every address that is marked, in transactions of its own. Whether any was."""
        is_any = False
        while keys := copies.marked(self._db, "file", _BATCH):
            is_any = True
            with self._db.atomic():
                for key in keys:
                    self._tell(key)
                copies.unmark(self._db, keys, "file")
        return is_any

    def _tell(self, key: str) -> None:
        """What an address showed when, and what stands there now. A file that changed makes revisions of its copies."""
        linking = attachments.linking(self._db, key)
        shown: list[tuple[KeptFile, Version]] = []
        last: dict[str, KeptFile] = {}
        sent: Spot | None = None
        for row in attachments.file_captures(self._db, key) if linking else ():
            file = last.get(str(row["url_key"])) if row["outcome"] == "not_modified" else self._file(row)
            if file is None or file.reading.media_type == "text/html":
                continue
            last[str(row["url_key"])] = file
            if row["outcome"] == "ok":
                sent = str(row["warc_file"]), int(str(row["warc_offset"]))
            at = str(row["fetched_at"])
            since = at
            if shown and shown[-1][0].sha256 == file.sha256:
                file, before = shown.pop()
                since = before.seen_from
            shown.append((file, Version(digest=file.digest, sha256=file.sha256, seen_from=since, seen_to=at)))
        if files.put_versions(self._db, key, [version for _, version in shown]):
            copies.mark(self._db, linking, "read")
        if linking:
            attachments.put_shown(self._db, key, shown[-1][0] if shown else None)
        if sent is not None:
            self._name(key, sent)

    def _file(self, row: captures.Row) -> KeptFile | None:
        """The file of a capture, from its row or read now; None while only revisits of it were met."""
        digest, key = str(row["payload_digest"]), str(row["url_key"])
        kept = files.kept_file(self._db, digest, FILES_VERSION)
        if kept is not None:
            return kept
        for spot in captures.payload_places(self._db, digest, key):
            file = self._read(spot, digest, str(row["url"]), str(row["fetched_at"]))
            files.put_file(self._db, file, FILES_VERSION)
            return file
        return None

    def _name(self, key: str, sent: Spot) -> None:
        """Give a file that its links call nothing the name that its server sent it under."""
        nameless = [link for link in attachments.named(self._db, key) if is_nameless(link.name, link.url)]
        if not nameless:
            return
        try:
            headers = warc.read_exchange(self._root, *sent).headers
        except (ValueError, OSError):
            return  # `verify` tells of a damaged record
        name = name_in_header(header(headers, "Content-Disposition") or "")
        if name is not None:
            attachments.put_name(self._db, nameless, name)

    def _read(self, spot: Spot, digest: str, url: str, fetched_at: str) -> KeptFile:
        """Read a payload. What cannot be read is kept as such, with an issue where that is our own fault."""
        at = read_instant(fetched_at)
        if spot in self._skip:
            why = "not read: reading it twice exceeded the time or memory that one file may take"
            raise_unreadable(self._db, url, why, at, spot[0])
            return _unread(digest, why)
        self._at(spot)
        try:
            stored = warc.read_exchange(self._root, *spot)
            body = decode_body(stored.body or b"", stored.headers)
            reading = read_file(body)
        except (Unreadable, OSError) as error:
            return _unread(digest, f"damaged: {error}")
        except Exception as error:  # noqa: BLE001 (the pipeline's edge: one file never stops the archive)
            blame(self._db, url, error, at, spot[0])
            return _unread(digest, f"not read: its reader failed ({type(error).__name__})")
        return KeptFile(
            digest=digest, sha256=f"sha256:{hashlib.sha256(body).hexdigest()}", size=len(body), reading=reading
        )


def _unread(digest: str, why: str) -> KeptFile:
    return KeptFile(digest=digest, sha256=digest, size=0, reading=FileReading(media_type=_UNKNOWN, unread=why))
