"""What the overview of the dataset shows, read in one transaction."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive.browse.charts.parts import Strip
from archive.browse.rows import Row, last_look, read_rows
from archive.browse.watch.crawls_page import CrawlShown, read_crawls
from archive.browse.watch.measured import PRECISION
from archive.labels import CLASSES, FIELDS, ROLES, RULE_NAMES, STATES, Words, words_for
from archive.text import text_digest

FILLED: Final[Mapping[str, Words]] = {
    **{
        name: FIELDS[name]
        for name in (
            *("title", "text", "published_on", "issuing_agency", "document_type", "document_number"),
            *("index_number", "written_on", "effective_on", "validity", "place", "original_url"),
        )
    },
    "original_captured": Words("原文已采集", "Original captured"),
}
"""Fields whose fill is told, in the order of the page."""
FILLED_ROWS: Final[Mapping[str, str]] = {
    **{name: f"{name}__notblank" for name in FILLED if name != "text"},
    "place": "division__notblank",
    "original_captured": "original_captured",
}
"""Field → the condition that 1 makes of the rows that have it. Of texts there is none: all would have to be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """Some notices, and how many of them say each of `FILLED`, in that order."""

    name: str | None
    notices: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """One kind of match: its codes and how many copies it placed (`row`), and how often it was right when measured."""

    rule: Words
    match_class: Words
    row: Row
    measured: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage:
    """All that the page shows; `by_year` newest first, `by_province` by notices, `roles` and `states` by code."""

    numbers: Row
    months: Strip
    undated: int
    roles: tuple[tuple[str, Words, int], ...]
    states: tuple[tuple[str, Words, int], ...]
    filled: Filled
    by_year: tuple[Filled, ...]
    by_province: tuple[Filled, ...]
    matches: tuple[Matched, ...]
    coverage: tuple[Row, ...]
    readers: tuple[tuple[str, int], ...]
    matcher: str | None
    fold: str | None
    last_crawl: CrawlShown | None
    looked_at: datetime
    release: Row | None
    """Of a release its name, and whether only some notices were chosen; None of an archive."""


def read_overview(conn: sqlite3.Connection) -> OverviewPage:
    """Read all that the page shows. Each large table is read once."""
    fills = read_rows(conn, "overview_fills", empty=text_digest(""))
    months = {row["month"] or "": row["count"] for row in read_rows(conn, "overview_months")}
    copies = read_rows(conn, "overview_roles")
    versions = read_rows(conn, "overview_versions")
    named = {row["part"]: row["version"] for row in versions}
    return OverviewPage(
        numbers=read_rows(conn, "overview_numbers")[0],
        months=Strip(counts={month: count for month, count in months.items() if month}),
        undated=months.get("", 0),
        roles=_summed(copies, "role", ROLES),
        states=_summed(copies, "state", STATES),
        filled=_fill(None, fills),
        by_year=tuple(sorted(_by(fills, "year"), key=lambda one: one.name or "", reverse=True)),
        by_province=tuple(sorted(_by(fills, "province"), key=lambda one: (-one.notices, one.name or ""))),
        matches=tuple(
            Matched(
                rule=words_for(RULE_NAMES, row["rule"]),
                match_class=words_for(CLASSES, row["class"]),
                row=row,
                measured=PRECISION.get((row["rule"], row["class"])),
            )
            for row in read_rows(conn, "overview_matches")
        ),
        coverage=read_rows(conn, "overview_coverage"),
        readers=tuple((row["version"], row["captures"]) for row in versions if row["part"] == "reader"),
        matcher=named.get("matcher_version"),
        fold=named.get("fold_version"),
        last_crawl=next(iter(read_crawls(conn, None)), None),
        looked_at=last_look(conn),
        release=read_rows(conn, "release")[0] if read_rows(conn, "is_release")[0]["is_one"] else None,
    )


def _summed(rows: Iterable[Row], column: str, words: Mapping[str, Words]) -> tuple[tuple[str, Words, int], ...]:
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row[column]] += row["count"]
    return tuple((name, words_for(words, name), count) for name, count in counts.most_common())


def _by(fills: Sequence[Row], column: str) -> Iterable[Filled]:
    for name in {row[column] for row in fills}:
        yield _fill(name, [row for row in fills if row[column] == name])


def _fill(name: str | None, rows: Sequence[Row]) -> Filled:
    return Filled(
        name=name,
        notices=sum(row["notices"] for row in rows),
        counts=tuple(sum(row[field] for row in rows) for field in FILLED),
    )
