"""What a search page shows, read in one transaction: hits, what they are, what is chosen, and how far they reach."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from archive.browse.charts.parts import Strip
from archive.browse.rows import Row, month_states, read_rows
from archive.browse.search.asked import PAGE_SIZE, Asked
from archive.browse.search.choices import Choice, Facet, Unknown, read_chosen, read_facets, read_unknown
from archive.browse.search.coverage import Reach, asked_sources, read_reach, read_sources
from archive.browse.search.found import count, find
from archive.store.words import MARK_START, understand

_TRIES: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One notice found. Words found stand between the marks of `zh_snippet`."""

    row: Row
    place: str
    snippet: str
    in_files: bool
    """Whether the snippet is of a file, because the text has nothing of what was asked."""
    agencies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """Why nothing may have been found, and what does find something: each with how much."""

    reach: Reach
    terms: tuple[tuple[str, int], ...]
    """Of several words, each alone."""
    wider: tuple[Choice, ...]
    """The search without one of its filters."""
    unfiltered: int
    """How many the words alone find, where several filters are set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """One page of a search. `asked` has the page that is shown, where the one asked for is beyond the last."""

    asked: Asked
    total: int
    pages: int
    hits: tuple[Hit, ...]
    chosen: tuple[Choice, ...]
    facets: tuple[Facet, ...]
    unknown: tuple[Unknown, ...]
    left_out: tuple[str, ...]
    """Words of the query that are too many to be searched for."""
    is_cut: bool
    strip: Strip
    span: tuple[str, str] | None
    """First and last month to draw, where the search says them."""
    undated: int
    about_sources: int
    nothing: Nothing | None

    @property
    def first(self) -> int:
        """Number of the first hit shown, from 1; 0 where there is none."""
        return (self.asked.page - 1) * PAGE_SIZE + 1 if self.hits else 0


def read_search(conn: sqlite3.Connection, asked: Asked) -> SearchPage:
    """Read one page of a search."""
    found = find(conn, asked, most=asked.page * PAGE_SIZE)
    pages = max(1, -(-found.total // PAGE_SIZE))
    asked = asked.turned(min(asked.page, pages))
    sources = read_sources(conn)
    about = asked_sources(asked, sources)
    months = {month: count for month, count in found.counts["month"].items() if month}
    query = understand(asked.q)
    first, last = asked.span
    return SearchPage(
        asked=asked,
        total=found.total,
        pages=pages,
        hits=tuple(_hits(conn, asked, found.first[(asked.page - 1) * PAGE_SIZE : asked.page * PAGE_SIZE])),
        chosen=tuple(read_chosen(asked, sources)),
        facets=tuple(read_facets(conn, asked, found, sources)),
        unknown=tuple(read_unknown(conn, asked, sources)),
        left_out=tuple(term.typed for term in query.left_out),
        is_cut=query.is_cut,
        strip=Strip(counts=months, states=month_states(conn, about, of_all=len(about) == len(sources))),
        span=(first[:7], last[:7]) if first and last and not asked.is_empty else None,
        undated=found.counts["month"][None],
        about_sources=len(about),
        nothing=None if found.total else _nothing(conn, asked, sources),
    )


def _hits(conn: sqlite3.Connection, asked: Asked, numbers: Sequence[int]) -> Iterator[Hit]:
    for row in read_rows(conn, "search_hits", hits=json.dumps(numbers), q=asked.q):
        in_files = MARK_START not in row["in_text"] and MARK_START in row["in_files"]
        yield Hit(
            row=row,
            place=" ".join(part for part in (row["province"], row["city"]) if part),
            snippet=" ".join((row["in_files"] if in_files else row["in_text"]).split()),
            in_files=in_files,
            agencies=tuple((row["agencies"] or "").split("\n")) if row["agencies"] else (),
        )


def _nothing(conn: sqlite3.Connection, asked: Asked, sources: Mapping[str, Row]) -> Nothing:
    terms = [term.alone for group in understand(asked.q).alternatives for term in group]
    counts = [(term, count(conn, Asked(q=term))) for term in terms[:_TRIES]] if len(terms) > 1 else []
    wider = [replace(one, count=count(conn, one.asked)) for one in [*read_chosen(asked, sources)][:_TRIES]]
    return Nothing(
        reach=read_reach(conn, asked, sources),
        terms=tuple(counts),
        wider=tuple(one for one in wider if one.count),
        unfiltered=count(conn, asked.all_open()) if len(wider) > 1 else 0,
    )
