"""What the page of changes shows: silent edits and withdrawals, read in one transaction."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from archive.browse.rows import Row, last_look, read_rows
from archive.labels import EDITS, ROLES, STATES, Words, words_for
from archive.records import EDIT_CLASSES

Order = Literal["rank", "newest"]

WITHDRAWN: Final = "withdrawn"
CLASSES: Final[Mapping[str, Words]] = {WITHDRAWN: Words("撤下或未见", "withdrawn or missing"), **EDITS}
"""What can be asked for, what matters most first."""
SHOWN: Final = 50

_SLIGHT: Final = 2
"""Classes at the end of `EDIT_CLASSES` that are no news: the order of clauses, and layout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which changes are asked for. `slight` takes edits of order and layout in, too; a class asked for always is."""

    kind: str | None = None
    agency: str | None = None
    source: str | None = None
    order: Order = "rank"
    slight: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeShown:
    """One edit, or one copy that is not there any more (`number` is None then); `row` is of the copy and its notice."""

    row: Row
    at: str
    number: int | None
    headline: str
    classes: tuple[Words, ...]
    role: Words
    state: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage:
    """One page of the `total` changes asked for, and how many there would be of each class without asking for one."""

    changes: tuple[ChangeShown, ...]
    total: int
    has_more: bool
    counts: tuple[tuple[str, Words, int], ...]
    looked_at: datetime


def read_changes(conn: sqlite3.Connection, wanted: Wanted, *, shown: int = SHOWN) -> ChangesPage:
    """Read one page of changes, what matters most first or the newest first; of equals the newest, then by copy."""
    among = {"agency": wanted.agency, "source": wanted.source}
    rows = [*read_rows(conn, "changes_edits", **among), *read_rows(conn, "changes_away", **among)]
    told = [(row, _classes(row)) for row in rows]
    counts = Counter(name for _, classes in told for name in classes)
    found = [row for row, classes in told if _is_wanted(wanted, row, classes)]
    found.sort(key=lambda row: (row["copy"], row["number"] or 0))
    found.sort(key=lambda row: row["at"], reverse=True)
    if wanted.order == "rank":
        found.sort(key=lambda row: row["rank"])
    start = (wanted.page - 1) * shown
    return ChangesPage(
        changes=tuple(_show(conn, found[start : start + shown])),
        total=len(found),
        has_more=len(found) > start + shown,
        counts=tuple((name, words, counts[name]) for name, words in CLASSES.items() if name in counts),
        looked_at=last_look(conn),
    )


def _classes(row: Row) -> list[str]:
    return [WITHDRAWN] if row["number"] is None else json.loads(row["classes"])


def _is_wanted(wanted: Wanted, row: Row, classes: Sequence[str]) -> bool:
    if wanted.kind is not None:
        return wanted.kind in classes
    return wanted.slight or row["number"] is None or row["rank"] <= len(EDIT_CLASSES) - _SLIGHT


def _show(conn: sqlite3.Connection, found: Sequence[Row]) -> Iterator[ChangeShown]:
    copies = json.dumps([row["copy"] for row in found])
    about = {row["copy"]: row for row in read_rows(conn, "changes_shown", copies=copies)}
    for row in found:
        copy = about[row["copy"]]
        yield ChangeShown(
            row=copy,
            at=row["at"],
            number=row["number"],
            headline=row["headline"] or "",
            classes=tuple(words_for(EDITS, name) for name in _classes(row) if name != WITHDRAWN),
            role=words_for(ROLES, copy["role"]),
            state=words_for(STATES, copy["state"]),
        )
