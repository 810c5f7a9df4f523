"""Reading WARC files back, ours and other programs': each exchange and note in file order, damage reported."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser, StatusAndHeadersParserException

from archive.records import Headers, Note, Place, Transport
from archive.warc.blocks import read_answer, sha256_of, unchunk
from archive.warc.files import OPEN, name_of, present
from archive.warc.members import Member, cut_members
from archive.warc.notes import NOTE_TYPE, decode_note

METHOD = "X-Minzheng-Method"
RAW_URL = "X-Minzheng-Raw-URL"
TRANSPORT = "X-Minzheng-Transport"
BY_PLACE = "urn:minzheng:"
"""How the ids begin of records that have none in their file: the place follows."""

_VERSIONS = ["WARC/1.1", "WARC/1.0", "WARC/0.18", "WARC/0.17"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The capture that a revisit repeats. `record_id` is empty where a foreign file does not name it."""

    url: str
    fetched_at: datetime
    record_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredExchange:
    """One exchange as a WARC holds it."""

    place: Place
    url: str
    raw_url: str | None
    fetched_at: datetime
    method: str
    status: int
    headers: Headers
    body: bytes | None
    """As sent, de-chunked; None for a revisit."""
    payload_digest: str | None
    """`sha256:` and hex digits, of the body; for a revisit as stated there: in foreign files maybe SHA-1, or None."""
    revisit: bool
    earlier: Earlier | None = None
    """What a revisit repeats, if it says so."""
    stated_digest: str | None = None
    """The payload digest as the file states it."""
    transport: Transport | None = None
    truncated: str | None = None
    """Why a foreign capture has only the beginning of its body (`length`, `time`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredNote:
    """One note of ours as a WARC holds it."""

    place: Place
    note: Note
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """A place in a WARC that cannot be read, and why."""

    warc_file: str
    offset: int
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Any WARC record, its head read, its block not."""

    place: Place
    kind: str
    head: StatusAndHeaders
    block: bytes

    def header(self, name: str) -> str | None:
        """The value of a WARC header, without the angle brackets that identifiers have."""
        value: str | None = self.head.get_header(name)
        if value is None:
            return None
        value = value.strip()
        return value[1:-1] if value.startswith("<") and value.endswith(">") else value

    @property
    def of_web(self) -> bool:
        """The record is about an http or https address."""
        return (self.header("WARC-Target-URI") or "").lower().startswith(("http://", "https://"))


def scan(path: Path, start: int = 0) -> Iterator[StoredExchange | StoredNote | Damage]:
    """Read a file from the record at `start`: exchanges, notes and damage in file order.

    A record that the end of an `.open` file cuts short ends the scan silently: it is being written.
    """
    waiting: StoredExchange | None = None  # a foreign response whose method the request behind it may tell
    request: Record | None = None
    for record in read_records(path, start):
        if isinstance(record, Record) and record.kind == "request":
            if waiting is not None and waiting.url == record.header("WARC-Target-URI"):
                yield replace(waiting, method=_method(record))
                waiting = None
            else:
                request = record
            continue
        if waiting is not None:
            yield waiting
            waiting = None
        found = understood(record) if isinstance(record, Record) else record
        if isinstance(found, StoredExchange) and isinstance(record, Record) and record.header(METHOD) is None:
            if request is not None and request.header("WARC-Target-URI") == found.url:
                found, request = replace(found, method=_method(request)), None
            else:
                waiting = found
                continue
        if found is not None:
            yield found
    if waiting is not None:
        yield waiting


def read_exchange(root: Path, warc_file: str, offset: int) -> StoredExchange:
    """The exchange whose record begins at `offset`. Raises: ValueError if there is none, OSError without the file."""
    found = next(scan(root / warc_file, offset), None)
    if isinstance(found, StoredExchange) and found.place.offset == offset:
        return found
    seen = found.detail if isinstance(found, Damage) else "another record" if found else "the end of the file"
    raise ValueError(f"no exchange at {offset} of {warc_file}: {seen}; `minzheng verify` tells what is damaged")


def read_records(path: Path, start: int = 0) -> Iterator[Record | Damage]:
    """Every record of a file from `start`, of any kind, and damage; the end of an `.open` file as in `scan`."""
    path = present(path)
    name = name_of(path)
    for found in cut_members(path, start):
        if isinstance(found, Member):
            yield _open_member(found, name)
        elif found.torn and path.name.endswith(OPEN):
            return
        else:
            yield Damage(warc_file=name, offset=found.offset, detail=found.why)


def understood(record: Record) -> StoredExchange | StoredNote | Damage | None:
    """The exchange or note that a record holds; None for what we have no use for, damage where it cannot be read."""
    try:
        if record.kind == "metadata" and record.header("Content-Type") == NOTE_TYPE:
            return StoredNote(place=record.place, note=decode_note(record.block), at=_instant(record, "WARC-Date"))
        if record.kind == "response" and record.of_web:
            return _response(record)
        if record.kind == "revisit" and record.of_web:
            return _revisit(record)
        if record.kind == "resource" and record.of_web:
            return _resource(record)
    except ValueError as error:
        return Damage(warc_file=record.place.warc_file, offset=record.place.offset, detail=f"{record.kind}: {error}")
    return None


def _open_member(member: Member, name: str) -> Record | Damage:
    stream = io.BytesIO(member.data)
    try:
        head = StatusAndHeadersParser(_VERSIONS).parse(stream)
        length = int(head.get_header("Content-Length", ""))
    except (StatusAndHeadersParserException, EOFError, ValueError) as error:
        return Damage(warc_file=name, offset=member.offset, detail=f"no head of a WARC record ({error})")
    block, rest = stream.read(length), stream.read()
    if len(block) < length or rest.strip(b"\r\n"):
        detail = f"Content-Length {length} does not lead to the end of this record"
        if b"\nWARC-Type:" in rest:
            detail = "several records in one gzip member; `warcio recompress` mends such a file"
        return Damage(warc_file=name, offset=member.offset, detail=detail)
    record_id = (head.get_header("WARC-Record-ID") or f"{BY_PLACE}{name}:{member.offset}").strip().strip("<>")
    place = Place(warc_file=name, offset=member.offset, end=member.end, record_id=record_id)
    return Record(place=place, kind=head.get_header("WARC-Type") or "", head=head, block=block)


def _response(record: Record) -> StoredExchange:
    if record.header("WARC-Segment-Number") is not None:
        raise ValueError("a record in segments is not supported; join them with another tool first")
    answer = read_answer(record.block)
    body = unchunk(answer)
    return replace(
        _exchange(record),
        status=answer.status,
        headers=answer.headers,
        body=body,
        payload_digest=sha256_of(body),
        revisit=False,
        truncated=record.header("WARC-Truncated"),
    )


def _revisit(record: Record) -> StoredExchange:
    exchange = replace(_exchange(record), revisit=True, payload_digest=record.header("WARC-Payload-Digest"))
    url, day = record.header("WARC-Refers-To-Target-URI"), record.header("WARC-Refers-To-Date")
    if url and day:
        repeated = _instant(record, "WARC-Refers-To-Date")
        earlier = Earlier(url=url, fetched_at=repeated, record_id=record.header("WARC-Refers-To") or "")
        exchange = replace(exchange, earlier=earlier)
    if not record.block.strip():  # then the profile alone tells what the server said
        unmodified = (record.header("WARC-Profile") or "").endswith("/server-not-modified")
        return replace(exchange, status=304) if unmodified else exchange
    answer = read_answer(record.block)
    return replace(exchange, status=answer.status, headers=answer.headers)


def _resource(record: Record) -> StoredExchange:
    kind = record.header("Content-Type")
    headers = (("Content-Type", kind),) if kind else ()
    return replace(_exchange(record), headers=headers, body=record.block, payload_digest=sha256_of(record.block))


def _exchange(record: Record) -> StoredExchange:
    """What the head of a record says; a response without its request is taken for an answer to GET, a 200."""
    raw_url = record.header(RAW_URL)
    return StoredExchange(
        place=record.place,
        url=(record.header("WARC-Target-URI") or "").replace(" ", "%20"),
        raw_url=json.loads(raw_url) if raw_url is not None else None,
        fetched_at=_instant(record, "WARC-Date"),
        method=record.header(METHOD) or "GET",
        transport=_transport(record.header(TRANSPORT)),
        status=200,
        headers=(),
        body=None,
        payload_digest=None,
        revisit=False,
        stated_digest=record.header("WARC-Payload-Digest"),
    )


def _transport(value: str | None) -> Transport | None:
    return next((known for known in get_args(Transport) if known == value), None)


def _method(request: Record) -> str:
    return request.block.partition(b" ")[0].decode("latin-1").upper() or "GET"


def _instant(record: Record, name: str) -> datetime:
    value = record.header(name) or ""
    try:
        at = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{name} {value!r} is no date as WARC writes it") from error
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
