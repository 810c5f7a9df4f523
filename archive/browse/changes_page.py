"""What the page of changes shows: silent edits and withdrawals, read in one transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from archive.browse.about_page import last_look
from archive.browse.statements import statement
from archive.labels import EDITS, ROLES, STATES, Words, words_for
from archive.records import EDIT_CLASSES

Row = Mapping[str, Any]
Order = Literal["rank", "newest"]

WITHDRAWN: Final = "withdrawn"
CLASSES: Final[Mapping[str, Words]] = {WITHDRAWN: Words("撤下或未见", "withdrawn or missing"), **EDITS}
"""What can be asked for, what matters most first."""
SHOWN: Final = 50
MOST_PAGES: Final = 200

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

    def bound(self) -> dict[str, object]:
        """The same as parameters of the statements."""
        least = len(EDIT_CLASSES) if self.slight or self.kind else len(EDIT_CLASSES) - _SLIGHT
        return {"class": self.kind, "agency": self.agency, "source": self.source, "least_rank": least}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeShown:
    """One edit, or one copy that is not there any more (`classes` is empty then, `number` of the row null)."""

    row: Row
    classes: tuple[Words, ...]
    role: Words
    state: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage:
    """The changes asked for, and how many there would be of each class without asking for one."""

    changes: tuple[ChangeShown, ...]
    has_more: bool
    counts: tuple[tuple[str, Words, int], ...]
    looked_at: datetime


def read_changes(conn: sqlite3.Connection, wanted: Wanted, *, shown: int = SHOWN) -> ChangesPage:
    """Read one page of changes, what matters most first or the newest first."""
    found = statement("page/changes_found")
    listed = {
        **wanted.bound(),
        "order": wanted.order,
        "limit": shown + 1,
        "offset": (wanted.page - 1) * shown,
    }
    rows = conn.execute(found + statement("page/changes_listed"), listed).fetchall()
    counted = conn.execute(found + statement("page/changes_counted"), {**wanted.bound(), "class": None}).fetchall()
    counts = {row["class"]: row["count"] for row in counted}
    return ChangesPage(
        changes=tuple(_show(row) for row in rows[:shown]),
        has_more=len(rows) > shown,
        counts=tuple((name, words, counts[name]) for name, words in CLASSES.items() if name in counts),
        looked_at=last_look(conn),
    )


def _show(row: Row) -> ChangeShown:
    return ChangeShown(
        row=row,
        classes=tuple(words_for(EDITS, name) for name in json.loads(row["classes"] or "[]")),
        role=words_for(ROLES, row["role"]),
        state=words_for(STATES, row["state"]),
    )
