"""What the page of a capture shows: what was asked and answered, whether it is what was kept, the source in lines."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from archive.browse.capture.pointing import point_at, printed_as
from archive.browse.capture.record import NotHeld, Stored, read_stored
from archive.browse.capture.source_lines import Window, window
from archive.browse.rows import Row, read_rows
from archive.labels import FIELDS, KINDS, OUTCOMES, Words, place_words, words_for
from archive.page import Unreadable, content_type, decode_body, decode_text, header, is_html
from archive.warc import StoredExchange

UUID: Final = "urn:uuid:"
_TEXTS: Final = ("text/", "application/json", "application/xml", "application/javascript", "application/x-javascript")
SHOWN: Final = 8 * 1024 * 1024
"""Characters of a source that are shown; the whole is in the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One capture: its row, what of its records is there, and what they hold."""

    row: Row
    stored: Stored | None
    missing: str | None
    """Why the record cannot be shown; None where it is, or where none was looked for."""
    payload: str | None
    """Id of the record that holds the payload in full, for a revisit."""
    state: Row | None
    """What was read of the page: `text` and `fields` of the state that it shows, for a copy of a notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The source of a page as text, decoded as its reader decodes it."""

    text: str
    charset: str
    is_page: bool
    """Whether it is HTML, which can be looked at without its scripts and styles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the page shows of a capture. `pointed` says what became of the field that was asked for."""

    row: Row
    record: str
    outcome: Words
    kind: Words | None
    request: str | None
    response: str | None
    size: int | None
    """Bytes of the body as it was sent."""
    is_sound: bool | None
    """Whether the digests that records and database state are those of what is there; None where nothing is stated."""
    problem: str | None
    source: Source | None
    lines: Window | None
    pointed: Words | None


def read_capture(conn: sqlite3.Connection, record: str, folder: Path | None) -> Capture | None:
    """The capture of that record id; None if there is none. Without a folder only its row is read."""
    row = _one(conn, "capture", {"record": record})
    if row is None:
        return None
    stored, missing = None, None
    if folder is not None and row["status"] is not None:
        after = read_rows(conn, "capture_before", **row)[0]["after"]
        try:
            stored = read_stored(folder, row["warc_file"], row["warc_offset"], after=after)
        except NotHeld as error:
            missing = str(error)
    full = _one(conn, "capture_payload", row) if row["revisit"] and row["payload_digest"] else None
    named = stored.exchange.earlier.record_id if stored is not None and stored.exchange.earlier is not None else None
    return Capture(
        row=row,
        stored=stored,
        missing=missing,
        payload=full["record_id"] if full is not None else named or None,
        state=_one(conn, "capture_state", row) if row["is_copy"] else None,
    )


def show_capture(capture: Capture, *, field: str | None, start: int) -> Shown:
    """Lay a capture out: with a `field`, the source at the place where its value was read, else from line `start`."""
    stored, row = capture.stored, capture.row
    source = read_source(stored.exchange) if stored is not None else None
    found, pointed = None, None
    if field is not None:
        found, pointed = _point(capture, source, field)
    return Shown(
        row=row,
        record=str(row["record_id"]).removeprefix(UUID),
        outcome=words_for(OUTCOMES, row["outcome"]),
        kind=words_for(KINDS, row["kind"]) if row["kind"] else None,
        request=_head(stored.request.block) if stored is not None and stored.request is not None else None,
        response=_head(stored.response.block) if stored is not None else None,
        size=len(stored.exchange.body) if stored is not None and stored.exchange.body is not None else None,
        is_sound=None if stored is None else _is_sound(stored, row),
        problem=stored.problem if stored is not None else capture.missing,
        source=source,
        lines=window(source.text[:SHOWN], start, found) if source is not None else None,
        pointed=pointed,
    )


def read_source(exchange: StoredExchange) -> Source | None:
    """The body of an exchange as text; None where it has none, or is no text."""
    if not exchange.body:
        return None
    try:
        body = decode_body(exchange.body, exchange.headers)
    except Unreadable:
        return None
    is_page = is_html(exchange.headers, body)
    if not is_page and not (content_type(exchange.headers) or "").startswith(_TEXTS):
        return None
    text, charset = decode_text(body, header(exchange.headers, "Content-Type"))
    return Source(text=text.replace("\r\n", "\n").replace("\r", "\n"), charset=charset, is_page=is_page)


def _point(capture: Capture, source: Source | None, field: str) -> tuple[tuple[int, int] | None, Words]:
    """Where the value of a field was read in a source, and what is said of it."""
    label = words_for(FIELDS, field)
    named = label.en or label.zh
    said: dict[str, Any] = json.loads(capture.state["fields"] or "{}") if capture.state is not None else {}
    evidence = said.get("evidence", {}).get(field)
    if evidence is None:
        return None, Words(
            f"“{label.zh}”未记录出处，此处无法标出。",
            f"Nothing is on record of where “{named}” was read, so nothing is marked.",
        )
    place = place_words(evidence)
    if source is None:
        return None, Words(
            f"“{label.zh}”读自{place.chinese}，但此记录没有可显示的源码。",
            f"“{named}” was read in: {place.en or place.zh}. This record has no source to show.",
        )
    assert capture.state is not None  # noqa: S101  it has the evidence
    found = point_at(source.text[:SHOWN], evidence, printed_as(field, said, capture.state["text"]))
    if found is None:
        return None, Words(
            f"“{label.zh}”读自{place.chinese}，未能在下面的源码中找到原样文字。",
            f"“{named}” was read in: {place.en or place.zh}. Its words could not be found in the source below.",
        )
    return found, Words(
        f"“{label.zh}”读自{place.chinese}，已在下面标出。",
        f"“{named}” was read in: {place.en or place.zh}. The place is marked below.",
    )


def _is_sound(stored: Stored, row: Row) -> bool | None:
    """Whether all digests agree; None where nothing states one."""
    if stored.problem is not None:
        return False
    made = stored.exchange.payload_digest
    if not stored.exchange.revisit and row["payload_digest"] and made != row["payload_digest"]:
        return False
    stated = stored.response.header("WARC-Block-Digest") or stored.exchange.stated_digest or row["payload_digest"]
    return True if stated else None


def _head(block: bytes) -> str:
    """The head of an HTTP message as text, line by line."""
    head = block.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return head.decode("utf-8", "backslashreplace")


def _one(conn: sqlite3.Connection, name: str, bound: Row) -> Row | None:
    return next(iter(read_rows(conn, name, **bound)), None)
