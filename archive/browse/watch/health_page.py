"""What the pages of health show, read within one transaction of the caller's."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from sqlite_utils import Database

from archive.browse.rows import Row, read_rows
from archive.health import UNHEALTHY
from archive.labels import COVERAGE, HEALTH, HELD, ISSUES, Words, words_for
from archive.standing import SourceHealth, StandingIssue, standing
from archive.store.coverage import months_from
from archive.store.decisions import all_decisions

FEW: Final = 20
"""Sources up to which their months are shown on one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceShown:
    """One source with its state in words."""

    row: SourceHealth
    state: Words
    held: Words | None
    is_unhealthy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueShown:
    """One issue with its kind in words."""

    row: StandingIssue
    kind: Words
    held: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingPage:
    """All sources by key; the issues, those first that nobody has put off."""

    sources: tuple[SourceShown, ...]
    issues: tuple[IssueShown, ...]
    needs_look: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthShown:
    """One month of a strip. `readable` and `listed` are None where nobody looked."""

    month: str
    state: str
    words: Words
    listed: int | None
    readable: int | None

    @property
    def told(self) -> Words:
        """The month in words, for whoever points at it or has it read out."""
        if self.listed is None:
            return Words(f"{self.month} {self.words.zh}", f"{self.month} {self.words.en}")
        return Words(
            f"{self.month} {self.words.zh}，列出 {self.listed}，可读 {self.readable}",
            f"{self.month} {self.words.en}, listed {self.listed}, readable {self.readable}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class YearShown:
    """Twelve months of one channel; months outside the page's range are None."""

    year: str
    months: tuple[MonthShown | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelShown:
    """One channel: its years, the newest first, and how many of its months are in each state."""

    name: str
    url: str
    years: tuple[YearShown, ...]
    counts: tuple[tuple[str, Words, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StripShown:
    """One source with its channels."""

    key: str
    agency: str
    channels: tuple[ChannelShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveragePage:
    """Every source that has coverage, in sums and, where one is asked for or there are few, month by month."""

    sums: tuple[Row, ...]
    strips: tuple[StripShown, ...]
    states: tuple[tuple[str, Words], ...]


def read_standing(conn: sqlite3.Connection, now: datetime, *, everything: bool) -> StandingPage:
    """Read how sources and issues stand; closed issues, too, where everything is asked for."""
    db = Database(conn, execute_plugins=False)
    found = standing(db, now, all_decisions(db))
    return StandingPage(
        sources=tuple(
            SourceShown(
                row=one,
                state=words_for(HEALTH, one.state),
                held=HELD[one.held] if one.held else None,
                is_unhealthy=one.state in UNHEALTHY,
            )
            for one in found.sources
        ),
        issues=tuple(
            IssueShown(row=one, kind=words_for(ISSUES, one.kind), held=HELD[one.held] if one.held else None)
            for one in found.issues
            if everything or one.state == "open"
        ),
        needs_look=sum(one.needs_look for one in found.issues),
    )


def read_coverage(conn: sqlite3.Connection, source: str | None) -> CoveragePage:
    """Read coverage, of one source where one is named. Months without a row, between those with one, are unobserved."""
    sums = read_rows(conn, "coverage_sums")
    if source is None and len(sums) > FEW:
        return CoveragePage(sums=sums, strips=(), states=tuple(COVERAGE.items()))
    rows = read_rows(conn, "coverage", source=source)
    last = max((row["month"] for row in rows), default="")
    strips = []
    for key, mine in groupby(rows, key=lambda row: (row["source"], row["agency"])):
        channels = [
            _show_channel(name or url, url, list(months), last)
            for (url, name), months in groupby(mine, key=lambda row: (row["channel"], row["name"]))
        ]
        strips.append(StripShown(key=key[0], agency=key[1], channels=tuple(channels)))
    return CoveragePage(sums=sums, strips=tuple(strips), states=tuple(COVERAGE.items()))


def _show_channel(name: str, url: str, rows: Sequence[Row], last: str) -> ChannelShown:
    known = {str(row["month"]): row for row in rows}
    months = {month: _show_month(month, known.get(month, {})) for month in months_from(min(known), last)}
    counts = [(state, words, sum(one.state == state for one in months.values())) for state, words in COVERAGE.items()]
    return ChannelShown(
        name=name,
        url=url,
        years=tuple(_years(months.values())),
        counts=tuple(count for count in counts if count[2]),
    )


def _show_month(month: str, row: Row) -> MonthShown:
    state = str(row.get("state") or "unobserved")
    listed, readable = row.get("listed"), row.get("readable")
    return MonthShown(
        month=month,
        state=state,
        words=words_for(COVERAGE, state),
        listed=None if listed is None else int(listed),
        readable=None if readable is None else int(readable),
    )


def _years(months: Iterable[MonthShown]) -> Iterable[YearShown]:
    by_month = {one.month: one for one in months}
    for year in sorted({month[:4] for month in by_month}, reverse=True):
        yield YearShown(year=year, months=tuple(by_month.get(f"{year}-{number:02}") for number in range(1, 13)))
