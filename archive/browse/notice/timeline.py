"""The provenance of a notice: its original and its copies in the order in which they came, and why each belongs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from markupsafe import Markup

from archive.browse.links import outward
from archive.browse.notice.document import Fact, Value
from archive.browse.rows import Row, read_rows
from archive.fidelity_words import fidelity_words
from archive.labels import (
    EVIDENCE,
    ROLES,
    STATES,
    Words,
    in_order,
    place_words,
    rule_words,
    words_for,
)
from archive.records import Fidelity
from archive.store import Database
from archive.store.fidelities import fidelities_of

_SHOWN: Final = 100
_SHOWN_DIGEST: Final = 19
_IN_WORDS: Final = {"read", "captured", "redirects", "provisional"}
"""Evidence that is a place, or yes or no; all else is data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyShown:
    """One copy with the reason why it belongs here, in words and with its evidence."""

    row: Row
    link: str | Markup
    role: Words
    state: Words
    lag: Words | None
    """How much later than the original it is dated; None of the original, and where a date is missing."""
    why: Words
    sureness: str
    evidence: tuple[Fact, ...]
    claimed: Markup | None
    fidelity: tuple[Words, ...]
    """What it did to the notice; nothing of the copy that the text is taken from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The copies, the original first; `now_at` are links to where the source of an original that moved shows it now."""

    copies: tuple[CopyShown, ...]
    has_more: bool
    now_at: tuple[Markup, ...]


def read_timeline(conn: sqlite3.Connection, notice: str) -> Timeline:
    """Read the copies of a notice; of very many the first ones."""
    rows = read_rows(conn, "copies", id=notice, limit=_SHOWN + 1)
    fidelities = fidelities_of(Database(conn), notice)
    begins = next((row["published_on"] for row in rows if row["role"] == "original"), None)
    return Timeline(
        copies=tuple(_show_copy(row, fidelities.get(row["url_key"]), begins) for row in rows[:_SHOWN]),
        has_more=len(rows) > _SHOWN,
        now_at=tuple(_now_at(rows)),
    )


def lag_words(begins: str | None, published: str | None) -> Words | None:
    """How many days one printed day is after another; None where either is missing or none."""
    try:
        days = (date.fromisoformat(published or "") - date.fromisoformat(begins or "")).days
    except ValueError:
        return None
    if days == 0:
        return Words("同日", "same day")
    count = f"{abs(days)} day{'s' if abs(days) > 1 else ''}"
    return Words(f"{'晚' if days > 0 else '早'} {abs(days)} 天", f"{count} {'later' if days > 0 else 'earlier'}")


def _show_copy(row: Row, fidelity: Fidelity | None, begins: str | None) -> CopyShown:
    return CopyShown(
        row=row,
        link=outward(row["url"]) or str(row["url"]),
        role=words_for(ROLES, row["role"]),
        state=words_for(STATES, row["state"]),
        lag=None if row["role"] == "original" else lag_words(begins, row["published_on"]),
        why=rule_words(row["rule"]),
        sureness="" if row["confidence"] is None or row["match_class"] == "self" else f"{row['confidence']:.2f}",
        evidence=tuple(_evidence(json.loads(row["match_evidence"] or "{}"), row["match_record"])),
        claimed=outward(row["claimed_original"]) if row["claimed_original"] else None,
        fidelity=tuple(fidelity_words(fidelity)) if fidelity is not None else (),
    )


def _evidence(pieces: dict[str, object], record: str | None) -> Iterator[Fact]:
    """The pieces of a match's evidence in the order in which a person asks for them, `record` being its capture's."""
    for name, value in in_order({name: str(value) for name, value in pieces.items() if value not in {"", None}}):
        to = ("capture", record.removeprefix("urn:uuid:")) if name == "capture" and record else ()
        yield Fact(field=name, label=words_for(EVIDENCE, name), values=(Value(shown=_piece(name, value), to=to),))


def _piece(name: str, value: str) -> str | Markup | Words:
    link = outward(value)
    if link is not None:
        return link
    if name == "text_digest":
        return f"{value[:_SHOWN_DIGEST]}…"
    return place_words(value) if name in _IN_WORDS else value


def _now_at(rows: Sequence[Row]) -> Iterable[Markup]:
    moved = {row["source"] for row in rows if row["role"] == "original" and row["state"] == "moved"}
    links = (outward(row["url"]) for row in rows if row["source"] in moved and row["state"] == "live")
    return (link for link in links if link is not None)
