"""What the lists of agencies, places and sources show."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from archive.browse.about.named import Counted, known_agencies
from archive.browse.rows import Row, read_rows
from archive.labels import SOURCE_KINDS, Words, words_for
from archive.text import normalise

MOST: Final = 300
"""Names that are listed at once; the box above them finds the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgenciesPage:
    """Agencies by how many notices they issued first, up to `MOST`; `known` is how many there are, `total` of what."""

    agencies: tuple[Counted, ...]
    known: int
    found: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """A province with its prefectures, and the counties that it governs directly; all with what belongs to them."""

    place: Counted
    parts: tuple[Counted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesOf:
    """All sources of one kind, those that carry most first."""

    kind: Words
    sources: tuple[Row, ...]


def read_agencies(conn: sqlite3.Connection, wanted: str) -> AgenciesPage:
    """Read the agencies whose name has these words in it, in any width and either script; all of them for none."""
    known = known_agencies(conn)
    word = normalise(wanted)
    found = [one for one in known if word in normalise(one.name)]
    return AgenciesPage(
        agencies=tuple(found[:MOST]),
        known=len(known),
        found=len(found),
        total=sum(one.count for one in known),
    )


def read_places(conn: sqlite3.Connection) -> tuple[Province, ...]:
    """Read all provinces by code; of what belongs to them only places with notices."""
    places = {row["code"]: row for row in read_rows(conn, "divisions")}
    parents = {code: place["parent"] for code, place in places.items()}
    counts: Counter[str] = Counter()
    for row in read_rows(conn, "division_counts"):
        for code in _upwards(row["division"], parents):
            counts[code] += row["count"]
    parts = [
        (place["parent"], Counted(key=code, name=place["name"], count=counts[code]))
        for code, place in places.items()
        if place["parent"] in places and places[place["parent"]]["level"] == "province" and counts[code]
    ]
    return tuple(
        Province(
            place=Counted(key=code, name=place["name"], count=counts[code]),
            parts=tuple(part for parent, part in parts if parent == code),
        )
        for code, place in places.items()
        if place["level"] == "province"
    )


def read_sources(conn: sqlite3.Connection) -> tuple[SourcesOf, ...]:
    """Read all sources by kind."""
    rows = read_rows(conn, "sources")
    return tuple(
        SourcesOf(kind=words_for(SOURCE_KINDS, kind), sources=tuple(mine))
        for kind, mine in groupby(rows, key=lambda row: row["kind"])
    )


def _upwards(code: str | None, parents: dict[str, str | None]) -> Iterable[str]:
    """A place and all that it belongs to; nothing for a code that is unknown."""
    while code in parents:
        yield code
        code = parents[code]
