"""How far what a search finds is all there is: the coverage of the sources that it may find anything of."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from archive.browse.rows import Row, read_rows
from archive.browse.search.asked import Asked
from archive.store.divisions import place


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Sources by key, as they cover the span of a search: its every month wholly, some of it, or none.

    `first` and `last` are months, None where the search has no such end. Without any, a source is held against the
    months from its own oldest on. Months after `until`, the archive's last, nobody can have seen yet.
    """

    complete: tuple[Row, ...]
    partial: tuple[Row, ...]
    unobserved: tuple[Row, ...]
    first: str | None
    last: str | None
    until: str | None

    @property
    def sources(self) -> int:
        """How many sources the search may find something of."""
        return len(self.complete) + len(self.partial) + len(self.unobserved)


def read_sources(conn: sqlite3.Connection) -> dict[str, Row]:
    """Every source by its key."""
    return {row["key"]: row for row in read_rows(conn, "search_sources")}


def asked_sources(asked: Asked, sources: Mapping[str, Row]) -> list[str]:
    """Keys of the sources that a search is about: those it names, else those of its agencies, else of its places.

    An agency or a place without a source of its own leaves all of them: a portal may have its notices.
    """
    places = {key: place(row["division"]) for key, row in sources.items()}
    choices = (
        [key for key in sources if key in asked.source],
        [key for key, row in sources.items() if row["agency"] in asked.agency],
        [key for key, (_, city) in places.items() if city in asked.city],
        [key for key, (province, _) in places.items() if province in asked.province],
    )
    return next((found for found in choices if found), list(sources))


def read_reach(conn: sqlite3.Connection, asked: Asked, sources: Mapping[str, Row]) -> Reach:
    """Tell how the sources that a search is about cover its span."""
    first, last = (day[:7] if day else None for day in asked.span)
    until = read_rows(conn, "search_until")[0]["month"]
    end = min(last or until, until) if until else None
    wanted = _months(first, end) if first and end else 0
    rows = {row["source"]: row for row in read_rows(conn, "search_coverage", first=first, last=end)}
    told: dict[str, list[Row]] = {"complete": [], "partial": [], "unobserved": []}
    for key in asked_sources(asked, sources):
        told[_state(rows.get(key), wanted)].append(sources[key])
    return Reach(**{name: tuple(found) for name, found in told.items()}, first=first, last=last, until=until)


def _state(row: Row | None, wanted: int) -> str:
    """How a source covers so many months, by its channels' months within them; 0 for all that it has."""
    if row is None or not row["seen"]:
        return "unobserved"
    is_whole = row["complete"] == row["months"] and row["span"] >= wanted
    return "complete" if is_whole else "partial"


def _months(first: str, last: str) -> int:
    """How many months there are from one to another, both counted; none where the first is later."""
    (year, month), (last_year, last_month) = (map(int, one.split("-")) for one in (first, last))
    return max(0, (last_year - year) * 12 + last_month - month + 1)
