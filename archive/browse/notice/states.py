"""Which state of a notice an address means: by its number, by a day, by a mark of its text.

Number n is the n-th state of the copy whose url key gave the notice the id in the address, of its best copy where there
is none. Numbers shift when an older capture is taken in, so an address that is cited carries a mark of the text
(`archive.references.address`): then no other text is ever given for it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from archive.browse.rows import Row, read_rows
from archive.dates import BEIJING
from archive.references.address import Mark
from archive.urls import notice_id

_ELSEWHERE: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One state of one copy of a notice, and what the archive knows of it before its text is read."""

    copy_key: str
    url: str
    number: int
    seen_from: str
    seen_to: str
    changed: str
    classes: str
    headline: str | None
    text_digest: str
    is_best: bool
    is_newest: bool
    """The last that its copy was seen in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """The state that is meant. `likeness` tells how its text is the one that is cited.

    `exact`: byte for byte, or nothing more was asked for. `words`: in its words; marks and layout are others by now.
    `is_elsewhere`: it was found under another number or copy than the address says.
    """

    state: State
    likeness: Literal["exact", "words"] = "exact"
    is_elsewhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldElsewhere:
    """Another notice that holds the text that is meant, byte for byte."""

    notice: str
    title: str
    copy_key: str
    number: int


def read_states(conn: sqlite3.Connection, notice: str, best_copy: str) -> list[State]:
    """Every state of every copy: the best copy's first, then by their keys; the newest of each first."""
    found: list[State] = []
    for row in read_rows(conn, "revisions", id=notice, best_copy=best_copy):
        is_newest = not found or found[-1].copy_key != row["copy_key"]
        found.append(State(**{**row, "is_best": bool(row["is_best"])}, is_newest=is_newest))
    return found


def current(states: Iterable[State], text_digest: str | None) -> State | None:
    """The state that a notice's text, of this digest, is taken from; None where it is not on record.

    It is the newest of the best copy, but while an index run has read a newer one and not settled yet.
    """
    return next((state for state in states if state.is_best and state.text_digest == text_digest), None)


def own_copy(states: Iterable[State], notice: str) -> str | None:
    """The copy whose key gave a notice this id, now or once, if it is among these."""
    return next((state.copy_key for state in states if notice_id(state.copy_key) == notice), None)


def counted_copy(states: Sequence[State], notice: str) -> str | None:
    """The copy whose states the numbers in a notice's addresses count; None of a notice without any."""
    return own_copy(states, notice) or (states[0].copy_key if states else None)


def named_in_address(state: State, notice: str) -> str | None:
    """The copy that an address with a mark has to name: None of the notice's own or best, where it is looked for."""
    return None if state.is_best or notice_id(state.copy_key) == notice else state.copy_key


def numbered(states: Sequence[State], notice: str, number: int, copy: str | None = None) -> State | None:
    """The state of that number: of `copy` where one is named."""
    wanted = copy or counted_copy(states, notice)
    return next((state for state in states if (state.copy_key, state.number) == (wanted, number)), None)


def as_of(states: Sequence[State], notice: str, day: date) -> State | None:
    """The state that was current at the end of a day in Beijing; None where nothing was captured by then.

    Of the copies it is the notice's own or the best one, whichever changed later; before either, any other.
    """
    seen = [s for s in states if datetime.fromisoformat(s.seen_from).astimezone(BEIJING).date() <= day]
    own = own_copy(states, notice)
    return max(seen, key=lambda s: (s.is_best or s.copy_key == own, s.seen_from, s.is_best), default=None)


def marked(
    conn: sqlite3.Connection, states: Sequence[State], mark: Mark, expected: Sequence[State | None]
) -> Picked | None:
    """The state whose text is marked so; None where the notice holds none with even the same words.

    `expected` are those where the address may look for it, the likeliest first; they win among equals. Then the best
    copy wins, and the first of its states that has the text: numbers shift upwards.
    """
    places = [(one.copy_key, one.number) for one in expected if one is not None]
    alike = [state for state in states if mark.has_words_of(state.text_digest)]
    alike.sort(
        key=lambda state: (
            places.index(at) if (at := (state.copy_key, state.number)) in places else len(places),
            not state.is_best,
            at,
        )
    )
    for state in alike:
        if mark.is_of(read_state(conn, state)["text"], state.text_digest):
            return Picked(state=state, is_elsewhere=(state.copy_key, state.number) not in places)
    if not alike:
        return None
    is_elsewhere = (alike[0].copy_key, alike[0].number) not in places
    return Picked(state=alike[0], likeness="words", is_elsewhere=is_elsewhere)


def held_elsewhere(conn: sqlite3.Connection, mark: Mark) -> list[HeldElsewhere]:
    """Notices of the archive that hold the very text that is marked so, each once."""
    digest = f"sha256:{mark.words}"
    alike = read_rows(conn, "texts_elsewhere", from_digest=digest, to_digest=f"{digest}g", limit=_ELSEWHERE)
    found: dict[str, HeldElsewhere] = {}
    for row in alike:
        if mark.is_of(row["text"], row["text_digest"]):
            held = HeldElsewhere(
                notice=row["notice"], title=row["title"] or "", copy_key=row["copy_key"], number=row["number"]
            )
            found.setdefault(held.notice, held)
    return list(found.values())


def read_state(conn: sqlite3.Connection, state: State) -> Row:
    """What a state says: its `text`, and as JSON its `fields` and the digests of its `files`."""
    return read_rows(conn, "revision", copy=state.copy_key, number=state.number)[0]
