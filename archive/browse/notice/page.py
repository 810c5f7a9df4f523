"""What the page of a notice shows, and that of one of its revisions, read within one transaction of the caller's."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlite_utils import Database

from archive.browse.links import at_internet_archive
from archive.browse.notice.document import Document, read_document
from archive.browse.notice.related import NoticeLinks, read_links
from archive.browse.notice.states import State, counted_copy, current, read_states
from archive.browse.notice.timeline import Timeline, read_timeline
from archive.browse.rows import Row, read_rows
from archive.labels import EDITS, FIELDS, KINDS, MASKS, OUTCOMES, Words, words_for
from archive.store.takedowns import Taken, takedowns_of
from archive.urls import url_key

_SHOWN_CAPTURES: Final = 100
_SHOWN_STATES: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class StateShown:
    """One state of a copy; `changed` and `classes` are empty for the first.

    `copy` names the copy in the address of its page; None of the notice's own, which needs no name.
    """

    state: State
    changed: tuple[Words, ...]
    classes: tuple[Words, ...]
    copy: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureShown:
    """One exchange, with its outcome in words; `elsewhere` is where the Internet Archive would show that instant."""

    row: Row
    outcome: Words
    kind: Words | None
    elsewhere: str | None
    record: str
    """The id of its record, as our page about it is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePage:
    """Everything the page of a notice shows. Of very many the first are shown; `has_more_…` says there are others.

    `captures` are the newest. `file_versions` are of files that changed under their address.
    """

    notice: Row
    document: Document
    timeline: Timeline
    links: NoticeLinks
    states: tuple[StateShown, ...]
    has_more_states: bool
    file_versions: tuple[Row, ...]
    captures: tuple[CaptureShown, ...]
    has_more_captures: bool
    masks: tuple[tuple[Words, int], ...]
    """What personal data were masked in the notice, and how often, where this is a masked copy of an archive."""
    takedowns: tuple[Taken, ...]
    """The rulings by which it, or a file of it, leaves the archive no more; they are not in what leaves it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionPage:
    """Everything the page of one revision shows: the document as it was, the states around it, what showed it.

    `copy` names its copy in addresses, as in `StateShown`; `current` is the state that the notice's text has now.
    """

    notice: Row
    document: Document
    state: State
    copy: str | None
    before: State | None
    after: State | None
    current: State | None
    captures: tuple[CaptureShown, ...]
    has_more_captures: bool
    masks: tuple[tuple[Words, int], ...]


def find_notice(conn: sqlite3.Connection, given: str) -> str | None:
    """The id that now holds this id, former id, address or url key; None if nothing does."""
    found: str | None = read_rows(conn, "find_notice", given=given, url_key=_key(given) or given)[0]["id"]
    return found


def read_notice_row(conn: sqlite3.Connection, notice: str) -> Row:
    """The row of a notice that exists, with the names of its source and division."""
    return read_rows(conn, "notice", id=notice)[0]


def read_notice(conn: sqlite3.Connection, notice_id: str) -> NoticePage:
    """Read all that the page shows of a notice that exists."""
    notice = read_notice_row(conn, notice_id)
    states = read_states(conn, notice_id, notice["best_copy"])
    original_key = _key(notice["original_url"] or "")
    captures = read_rows(conn, "captures", id=notice_id, original_key=original_key, limit=_SHOWN_CAPTURES + 1)
    return NoticePage(
        notice=notice,
        document=read_document(conn, notice, current(states, notice["text_digest"]), is_current=True),
        timeline=read_timeline(conn, notice_id),
        links=read_links(conn, notice_id),
        states=tuple(_show_state(state, states, notice_id) for state in states[:_SHOWN_STATES]),
        has_more_states=len(states) > _SHOWN_STATES,
        file_versions=tuple(read_rows(conn, "file_versions", id=notice_id, limit=_SHOWN_STATES)),
        captures=tuple(map(_show_capture, captures[:_SHOWN_CAPTURES])),
        has_more_captures=len(captures) > _SHOWN_CAPTURES,
        masks=tuple(_read_masks(conn, notice_id)),
        takedowns=tuple(takedowns_of(Database(conn, execute_plugins=False), notice_id)),
    )


def read_revision(conn: sqlite3.Connection, notice: Row, states: Sequence[State], state: State) -> RevisionPage:
    """Read all that the page shows of one state of a notice."""
    now = current(states, notice["text_digest"])
    mine = {other.number: other for other in states if other.copy_key == state.copy_key}
    bound = {"copy": state.copy_key, "seen_from": state.seen_from, "seen_to": state.seen_to}
    captures = read_rows(conn, "captures_of", **bound, limit=_SHOWN_CAPTURES + 1)
    return RevisionPage(
        notice=notice,
        document=read_document(conn, notice, state, is_current=state == now),
        state=state,
        copy=named_copy(states, notice["id"], state),
        before=mine.get(state.number - 1),
        after=mine.get(state.number + 1),
        current=now,
        captures=tuple(map(_show_capture, captures[:_SHOWN_CAPTURES])),
        has_more_captures=len(captures) > _SHOWN_CAPTURES,
        masks=tuple(_read_masks(conn, notice["id"])),
    )


def named_copy(states: Sequence[State], notice: str, state: State) -> str | None:
    """The copy that the address of a state has to name; None where its number alone leads there."""
    return None if state.copy_key == counted_copy(states, notice) else state.copy_key


def _show_state(state: State, states: Sequence[State], notice: str) -> StateShown:
    return StateShown(
        state=state,
        changed=tuple(words_for(FIELDS, name) for name in json.loads(state.changed or "[]")),
        classes=tuple(words_for(EDITS, name) for name in json.loads(state.classes)),
        copy=named_copy(states, notice, state),
    )


def _show_capture(row: Row) -> CaptureShown:
    return CaptureShown(
        row=row,
        outcome=words_for(OUTCOMES, row["outcome"]),
        kind=words_for(KINDS, row["kind"]) if row["kind"] else None,
        elsewhere=at_internet_archive(row["url"], row["fetched_at"]),
        record=row["record_id"].removeprefix("urn:uuid:"),
    )


def _read_masks(conn: sqlite3.Connection, notice: str) -> Iterator[tuple[Words, int]]:
    if read_rows(conn, "is_masked")[0]["masked"]:  # older databases have no table of masks, and no masks either
        for row in read_rows(conn, "masks", id=notice):
            yield words_for(MASKS, row["rule"]), row["places"]


def _key(address: str) -> str | None:
    try:
        return url_key(address)
    except ValueError:
        return None
