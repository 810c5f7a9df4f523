"""From what an address says to the revision that it means, or why there is none; in one transaction of the caller's."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from archive.browse.notice.page import RevisionPage, find_notice, read_notice_row, read_revision
from archive.browse.notice.states import (
    HeldElsewhere,
    Picked,
    State,
    as_of,
    current,
    held_elsewhere,
    marked,
    numbered,
    own_copy,
    read_states,
)
from archive.browse.rows import Row
from archive.references.address import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The revision that is meant, and how it was found."""

    page: RevisionPage
    picked: Picked


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The id is a former one: `notice` has the copy that gave it, which is `copy` if it is still one."""

    notice: str
    copy: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoRevision:
    """Why there is none: no such notice, no such number, no text that is marked so, no mark or day that can be
    read, or nothing captured by then.

    `states` are those there are, `elsewhere` the notices that hold the marked text.
    """

    why: Literal["no_notice", "no_number", "no_text", "no_mark", "no_day", "not_yet"]
    notice: Row | None = None
    states: Sequence[State] = ()
    elsewhere: Sequence[HeldElsewhere] = ()

    @property
    def first_seen_at(self) -> str | None:
        """When any of them was captured first."""
        return min((state.seen_from for state in self.states), default=None)


Answer = Found | Moved | NoRevision


def read_known(conn: sqlite3.Connection, given: str) -> tuple[Row, list[State]] | Moved | NoRevision:
    """The row and all states of a notice, if this is its id of now."""
    notice = find_notice(conn, given)
    if notice is None:
        return NoRevision(why="no_notice")
    row = read_notice_row(conn, notice)
    states = read_states(conn, notice, row["best_copy"])
    return (row, states) if notice == given else Moved(notice=notice, copy=own_copy(states, given))


def find_current(conn: sqlite3.Connection, given: str) -> Answer:
    """The revision that a notice's text is taken from now."""
    known = read_known(conn, given)
    if not isinstance(known, tuple):
        return known
    row, states = known
    state = current(states, row["text_digest"])
    if state is None:
        return NoRevision(why="no_number", notice=row, states=states)
    return _found(conn, row, states, Picked(state=state))


def find_as_of(conn: sqlite3.Connection, given: str, day: date) -> Answer:
    """The revision that was current at the end of a day in Beijing."""
    known = read_known(conn, given)
    if not isinstance(known, tuple):
        return known
    row, states = known
    state = as_of(states, given, day)
    if state is None:
        return NoRevision(why="not_yet", notice=row, states=states)
    return _found(conn, row, states, Picked(state=state))


def find_numbered(conn: sqlite3.Connection, given: str, number: int, *, mark: Mark | None, copy: str | None) -> Answer:
    """The revision of that number, of `copy` where one is named; with a mark only ever one that has the marked text."""
    known = read_known(conn, given)
    if isinstance(known, NoRevision) and mark is not None:
        return NoRevision(why="no_notice", elsewhere=held_elsewhere(conn, mark))
    if not isinstance(known, tuple):
        return known
    row, states = known
    meant = numbered(states, given, number, copy)
    if mark is None:
        if meant is None:
            return NoRevision(why="no_number", notice=row, states=states)
        return _found(conn, row, states, Picked(state=meant))
    of_best = numbered(states, given, number, row["best_copy"])
    picked = marked(conn, states, mark, (meant, of_best))
    if picked is None:
        return NoRevision(why="no_text", notice=row, states=states, elsewhere=held_elsewhere(conn, mark))
    return _found(conn, row, states, picked)


def _found(conn: sqlite3.Connection, row: Row, states: Sequence[State], picked: Picked) -> Found:
    return Found(page=read_revision(conn, row, states, picked.state), picked=picked)
