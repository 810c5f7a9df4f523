"""Whether `release.json` says what its release holds: the same as the database says, and as the rows count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from archive.checks import Finding
from archive.export.release.about import ABOUT
from archive.release_checks.rows import Row
from archive.release_checks.sides import shown
from archive.store import Database, DatabaseError
from archive.store.release_facts import as_rows, read_release


class About:
    """Counts what `release.json` counts, besides the rows of each table."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self._said = said
        self._states: Counter[str] = Counter()

    def see(self, row: Row) -> Iterator[Finding]:
        """Look at a row of table `coverage`."""
        self._states[str(row.get("state"))] += 1
        yield from ()

    def check(self, snapshot: Database | None) -> Iterator[Finding]:
        """What is told otherwise; all rows were seen by then."""
        gaps = self._said.get("coverage")
        for state, stated in gaps.items() if isinstance(gaps, dict) and self._states else ():
            if state in _STATES and stated != self._states[state]:
                counted = f"{self._states[state]} months of channels are {state}"
                yield Finding(where="coverage", detail=f"{counted}, {ABOUT} says {shown(stated)}")
        try:
            inside = read_release(snapshot) if snapshot is not None else {}
        except DatabaseError as error:
            yield Finding(where=ABOUT, detail=f"cannot be compared with table release of the database: {error}")
            return
        outside = as_rows(self._said) if inside and self._said else inside
        for key in sorted(inside.keys() | outside.keys(), key=str):
            if inside.get(key) != outside.get(key):
                told = f"{shown(outside.get(key))}, table release of the database has {shown(inside.get(key))}"
                yield Finding(where=ABOUT, detail=f"{key} is {told}")


_STATES: Final = ("complete", "partial", "unobserved")
