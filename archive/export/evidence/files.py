"""The attached files themselves, under the name of their digest: decoded as captured, each once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from archive.export.evidence.warc import refuse_masked
from archive.page import Unreadable, decode_body
from archive.store import Database
from archive.store.evidence import KeptPayload, payloads
from archive.store.files import plain_digest
from archive.warc import read_exchange

FOLDER: Final = "files"
_ENDINGS: Final = {
    "application/pdf": "pdf",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.ms-powerpoint": "ppt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/rtf": "rtf",
    "application/ofd": "ofd",
    "application/zip": "zip",
    "application/vnd.rar": "rar",
    "application/x-7z-compressed": "7z",
    "application/gzip": "gz",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/tiff": "tif",
    "image/bmp": "bmp",
    "image/webp": "webp",
}
_TEXTS: Final = frozenset({"csv", "txt", "xml", "json", "wps", "et", "dps"})
_NAMED: Final = re.compile(r"[^/.]\.([a-z0-9]{1,5})$", re.IGNORECASE)


class NotTheFile(ValueError):  # noqa: N818  it says what is, not that we failed
    """The payload in the WARC is not the file that the database tells of; the message names both."""


def write_files(
    folder: Path,
    root: Path,
    db: Database,
    *,
    missed: Callable[[NotTheFile], object],
    left_out: Collection[str] = (),
    progress: Callable[[int, int], object] | None = None,
) -> Iterator[tuple[str, str]]:
    """Write the files that copies link as `folder/files/ab/<sha256>.<ending>`; gives sha256 (hex) and path of each.

    One file at a time is in memory; the order is that of the digests. `root` is the archive's folder of WARC files.
    What any address of `left_out` (url keys) ever showed is not written, wherever else it stands.
    A file whose payload cannot be read, or is another, is told to `missed` and not written; its row then names no file.
    Raises: RawIsUnmasked, OSError if the folder cannot be written.
    """
    refuse_masked(db, "--files")
    total = db.table("files").count
    for number, kept in enumerate(payloads(db, left_out=left_out), 1):
        sha256 = str(plain_digest(kept.sha256))
        path = f"{FOLDER}/{sha256[:2]}/{sha256}.{_ending(kept)}"
        try:
            data = _bytes_of(root, kept)
        except NotTheFile as error:
            missed(error)
            continue
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        if progress is not None:
            progress(number, total)
        yield sha256, path


def _bytes_of(root: Path, kept: KeptPayload) -> bytes:
    """The file that came in a payload; of one that could not be decoded the payload itself, as its digest says."""
    where = f"{kept.warc_file} at {kept.offset}"
    try:
        found = read_exchange(root, kept.warc_file, kept.offset)
    except (OSError, ValueError) as error:
        raise NotTheFile(f"{where} cannot be read: {error}") from error
    body = found.body or b""
    if _digest(body) == kept.sha256:
        return body
    try:
        decoded = decode_body(body, found.headers)
    except Unreadable as error:
        raise NotTheFile(f"{where} cannot be decoded: {error}") from error
    if _digest(decoded) != kept.sha256:
        raise NotTheFile(f"{where} holds {_digest(decoded)}, not {kept.sha256}; `minzheng verify` tells more")
    return decoded


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _ending(kept: KeptPayload) -> str:
    """By what the file is; of a text as its link calls it, or its address where that names no program."""
    if kept.media_type in _ENDINGS:
        return _ENDINGS[kept.media_type]
    named, placed = _NAMED.search(kept.name), _NAMED.search(urlsplit(kept.url).path)
    if named:
        return named[1].lower()
    return placed[1].lower() if placed and placed[1].lower() in _TEXTS else "bin"
