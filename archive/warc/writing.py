"""Appending exchanges and notes to the WARC files of one crawl."""

from __future__ import annotations

import io
import uuid
import zlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib import metadata
from json import dumps
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders

from archive.records import Crawl, Exchange, Failure, Headers, Note, Place
from archive.urls import url_key
from archive.warc.blocks import payload_type, request_block, response_head, sha256_of
from archive.warc.files import OPEN, OpenFile, name_of
from archive.warc.notes import NOTE_TYPE, encode_note
from archive.warc.reading import METHOD, RAW_URL, TRANSPORT, Earlier

_PROFILE = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_REMEMBERED = 100_000
"""Payloads a writer knows by itself, newest first; older ones are the index's to know."""


def new_record_id() -> str:
    """A record id no other record has."""
    return f"urn:uuid:{uuid.uuid4()}"


def info_record(fields: Mapping[str, str], *, record_id: str, at: datetime, file_name: str | None = None) -> bytes:
    """What a file says of itself as its first record, packed: our software and the format, then `fields`."""
    said = {"software": f"minzheng-archive/{_version()}", "format": "WARC File Format 1.1", **fields}
    block = "".join(f"{name}: {_one_line(value)}\r\n" for name, value in said.items()).encode()
    headers = (
        *_identity("warcinfo", record_id, at, None),
        *((("WARC-Filename", file_name),) if file_name else ()),
        ("WARC-Block-Digest", sha256_of(block)),
        ("Content-Type", "application/warc-fields"),
    )
    return _record(headers, block)


class WarcWriter:
    """Writes the WARC files of one crawl: whole records only, on disk within a second of writing.

    `earlier` answers whether the archive holds a payload (url key, payload digest) already, `latest` which capture of a
    url key was the last to bring one: an answer 304 is about that. An OSError, as of a full
    disk, leaves the file as it was before the record, and the writer usable.
    """

    def __init__(
        self,
        root: Path,
        crawl: Crawl,
        *,
        earlier: Callable[[str, str], Earlier | None],
        latest: Callable[[str], Earlier | None] = lambda _key: None,
        max_bytes: int = 1024**3,
        new_id: Callable[[], str] = new_record_id,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._folder = root / f"{crawl.started_at.astimezone(UTC):%Y}"
        self._crawl = crawl
        self._earlier = earlier
        self._latest = latest
        self._max_bytes = max_bytes
        self._new_id = new_id
        self._now = now
        self._payloads: dict[tuple[str, str], Earlier] = {}
        self._file: OpenFile | None = None

    def keep(self, exchange: Exchange) -> Place:
        """Append response and request, or a revisit if the same payload of the same url key is kept already.

        The place is that of the response or revisit. An empty body is a revisit only where the server said 304.
        """
        if exchange.status == 304 and not exchange.body:
            return self._keep_unmodified(exchange)
        digest = sha256_of(exchange.body)
        payload = (_key(exchange.url), digest)
        earlier = (self._payloads.get(payload) or self._earlier(*payload)) if exchange.body else None
        record_id = self._new_id()
        response = _response(exchange, digest, record_id=record_id, earlier=earlier)
        request = _request(exchange, record_id=self._new_id(), concurrent_to=record_id)
        place = self._append(response, record_id, beside=request)
        if earlier is None:
            self._remember(payload, Earlier(url=exchange.url, fetched_at=exchange.fetched_at, record_id=record_id))
        return place

    def _keep_unmodified(self, exchange: Exchange) -> Place:
        record_id = self._new_id()
        revisit = _not_modified(exchange, record_id=record_id, latest=self._latest(_key(exchange.url)))
        request = _request(exchange, record_id=self._new_id(), concurrent_to=record_id)
        return self._append(revisit, record_id, beside=request)

    def note(self, note: Note, *, at: datetime) -> Place:
        """Append a note as a `metadata` record."""
        block = encode_note(note)
        record_id = self._new_id()
        url = note.url if isinstance(note, Failure) and note.url.isascii() and note.url.isprintable() else None
        headers = (
            *_identity("metadata", record_id, at, url),
            ("WARC-Block-Digest", sha256_of(block)),
            ("Content-Type", NOTE_TYPE),
        )
        return self._append(_record(headers, block), record_id)

    def sync(self) -> None:
        """Bring everything written to the disk; nothing to do is no cost."""
        if self._file is not None:
            self._file.sync()

    def close(self) -> None:
        """End the file: synced, closed, renamed from `.open`. A later record begins another one."""
        if self._file is not None:
            file, self._file = self._file, None
            file.close()

    def _append(self, record: bytes, record_id: str, *, beside: bytes = b"") -> Place:
        file = self._file = self._file or self._start_file()
        offset = file.append(record + beside)
        place = Place(warc_file=name_of(file.path), offset=offset, end=offset + len(record), record_id=record_id)
        if file.size >= self._max_bytes:
            self.close()
        return place

    def _start_file(self) -> OpenFile:
        self._folder.mkdir(parents=True, exist_ok=True)
        taken = len(list(self._folder.glob(f"{self._crawl.id}-*.warc.gz*")))
        file = OpenFile(self._folder / f"{self._crawl.id}-{taken:05}.warc.gz{OPEN}")
        try:
            file.append(self._warcinfo(file.path))
        except OSError:
            file.discard()
            raise
        return file

    def _warcinfo(self, path: Path) -> bytes:
        return info_record(
            {"isPartOf": self._crawl.id, "http-header-user-agent": self._crawl.agent},
            record_id=self._new_id(),
            at=self._now(),
            file_name=path.name.removesuffix(OPEN),
        )

    def _remember(self, payload: tuple[str, str], earlier: Earlier) -> None:
        self._payloads[payload] = earlier
        if len(self._payloads) > _REMEMBERED:
            del self._payloads[next(iter(self._payloads))]


def _response(exchange: Exchange, digest: str, *, record_id: str, earlier: Earlier | None) -> bytes:
    head = response_head(exchange)
    block = head if earlier else head + exchange.body
    kind = payload_type(exchange.headers, exchange.body)
    headers = (
        *_identity("revisit" if earlier else "response", record_id, exchange.fetched_at, exchange.url),
        *((("WARC-IP-Address", exchange.address),) if exchange.address else ()),
        *(_refers_to(_PROFILE, earlier) if earlier else ()),
        ("WARC-Payload-Digest", digest),
        ("WARC-Block-Digest", sha256_of(block)),
        *((("WARC-Identified-Payload-Type", kind),) if kind else ()),
        *_ours(exchange),
        ("Content-Type", "application/http; msgtype=response"),
    )
    return _record(headers, block)


def _not_modified(exchange: Exchange, *, record_id: str, latest: Earlier | None) -> bytes:
    """An answer 304 as WARC 1.1 has it: the head alone, and what it repeats where the archive holds that."""
    block = response_head(exchange)
    headers = (
        *_identity("revisit", record_id, exchange.fetched_at, exchange.url),
        *((("WARC-IP-Address", exchange.address),) if exchange.address else ()),
        *(_refers_to(_NOT_MODIFIED, latest) if latest else (("WARC-Profile", _NOT_MODIFIED),)),
        ("WARC-Block-Digest", sha256_of(block)),
        *_ours(exchange),
        ("Content-Type", "application/http; msgtype=response"),
    )
    return _record(headers, block)


def _ours(exchange: Exchange) -> Headers:
    return (
        (METHOD, exchange.method),
        *(((TRANSPORT, exchange.transport),) if exchange.transport else ()),
        *(((RAW_URL, dumps(exchange.raw_url)),) if exchange.raw_url is not None else ()),
    )


def _refers_to(profile: str, earlier: Earlier) -> Headers:
    return (
        ("WARC-Profile", profile),
        ("WARC-Refers-To-Target-URI", earlier.url),
        ("WARC-Refers-To-Date", _date(earlier.fetched_at)),
        *((("WARC-Refers-To", f"<{earlier.record_id}>"),) if earlier.record_id else ()),
    )


def _request(exchange: Exchange, *, record_id: str, concurrent_to: str) -> bytes:
    block = request_block(exchange)
    headers = (
        *_identity("request", record_id, exchange.fetched_at, exchange.url),
        ("WARC-Concurrent-To", f"<{concurrent_to}>"),
        ("WARC-Payload-Digest", sha256_of(exchange.request_body)),
        ("WARC-Block-Digest", sha256_of(block)),
        ("Content-Type", "application/http; msgtype=request"),
    )
    return _record(headers, block)


def _identity(kind: str, record_id: str, at: datetime, url: str | None) -> Headers:
    return (
        ("WARC-Type", kind),
        ("WARC-Record-ID", f"<{record_id}>"),
        ("WARC-Date", _date(at)),
        *((("WARC-Target-URI", url),) if url is not None else ()),
    )


def _record(headers: Headers, block: bytes) -> bytes:
    """One record as one gzip member."""
    lines = [(name, _one_line(value)) for name, value in headers]
    head = StatusAndHeaders("", [*lines, ("Content-Length", str(len(block)))], protocol="WARC/1.1")
    engine = zlib.compressobj(6, zlib.DEFLATED, 31)
    packed = io.BytesIO()
    for part in (head.to_bytes(encoding="utf-8"), block, b"\r\n\r\n"):
        packed.write(engine.compress(part))
    packed.write(engine.flush())
    return packed.getvalue()


def _one_line(value: str) -> str:
    if any(mark in value for mark in "\r\n\0"):
        raise ValueError(f"a WARC header cannot hold a line break: {value!r}")
    return value


def _date(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _key(url: str) -> str:
    try:
        return url_key(url)
    except ValueError:  # something that was fetched under no proper address is kept, but never as a revisit of another
        return url


def _version() -> str:
    try:
        return metadata.version("minzheng-archive")
    except metadata.PackageNotFoundError:
        return "checkout"
