"""What is on record of one source, for `archive.health` to judge, and what follows from it at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median

from archive.dates import BEIJING
from archive.records import Walked, WalkEnd

WHOLE: tuple[WalkEnd, ...] = ("end", "edge", "unchanged")
"""How a walk ends that leaves no gap."""
HABIT_LEAST = 5
"""Gaps that make a habit."""
FILL_LEAST = 5
"""Pages on either side: of fewer, a share is chance."""
FIELDS = ("title", "date", "agency", "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """Of so many pages, how many say each of `FIELDS`."""

    pages: int = 0
    filled: Mapping[str, int] = field(default_factory=dict)

    def share(self, name: str) -> float | None:
        """The share that says a field; None of no pages."""
        return self.filled.get(name, 0) / self.pages if self.pages else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One channel that is in the catalogue now: its walks (newest first), and since when it is to be walked."""

    url: str
    name: str
    every: timedelta
    known_since: datetime
    walks: tuple[Walked, ...] = ()

    @property
    def total(self) -> int | None:
        """How many entries the list says it has, at the last walk at which it said so."""
        return next((walk.total for walk in self.walks if walk.total is not None), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """An open issue that tells of a source's state: `blocked` or `source_moved`."""

    kind: str
    detail: str
    raised_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What is on record of one source."""

    key: str
    agency: str
    kind: str
    home: str
    is_in_catalogue: bool = True
    channels: tuple[Past, ...] = ()
    last_crawl: str | None = None
    """Id of the last crawl that walked it; the three counts and the two of requests are that crawl's."""
    last_crawl_at: datetime | None = None
    last_good_at: datetime | None = None
    """When the last crawl ended that left no gap in any channel it walked."""
    new: int = 0
    changed: int = 0
    gone: int = 0
    asked: int = 0
    blocked: int = 0
    days: tuple[date, ...] = ()
    """Days on which its items are dated, each once; the latest sixty or so."""
    stored: int = 0
    """Entries that we hold readable, of the channels that state a total."""
    fill: Fill = Fill()
    """Of its latest pages."""
    fill_before: Fill = Fill()
    """Of the pages before those."""
    doubts: tuple[Doubt, ...] = ()


def newest_on(past: History, now: datetime) -> date | None:
    """The day of its newest item; days to come are misprints."""
    return max((day for day in past.days if day <= now.astimezone(BEIJING).date()), default=None)


def cadence(past: History) -> float | None:
    """Days between two days with items, as a rule (the median); None while too few are known."""
    gaps = [(later - earlier).days for earlier, later in pairwise(sorted(past.days))]
    return float(median(gaps)) if len(gaps) >= HABIT_LEAST else None


def stated(past: History) -> int | None:
    """How many entries its lists say they have, of those that say so; None when none does."""
    said = [channel.total for channel in past.channels if channel.total is not None]
    return sum(said) if said else None


def latest_fill(groups: Sequence[Fill]) -> Fill:
    """Of pages by crawl, the newest first: those of the last crawls that together have enough to judge by."""
    taken = Fill()
    for group in _until(groups):
        counts = {name: taken.filled.get(name, 0) + group.filled.get(name, 0) for name in FIELDS}
        taken = Fill(pages=taken.pages + group.pages, filled=counts)
    return taken


def _until(groups: Sequence[Fill]) -> Iterator[Fill]:
    pages = 0
    for group in groups:
        if pages >= FILL_LEAST:
            return
        pages += group.pages
        yield group
