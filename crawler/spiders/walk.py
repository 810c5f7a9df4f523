"""What a walk takes from one list page, and whether it goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from archive.dates import read_day
from archive.records import Entry
from crawler.frontier import Recognised


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Where a walk stops short by order. One that has any bound never moves its channel's edge."""

    since: date | None = None
    until: date | None = None
    limit: int | None = None
    """At most so many entries may still be asked."""

    @property
    def is_bounded(self) -> bool:
        """Whether the walk may miss something."""
        return self.since is not None or self.until is not None or self.limit is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One list page's outcome: entries that count as listed, those of them to ask (both by url key), and how on."""

    listed: Mapping[str, Entry]
    asked: Mapping[str, Entry]
    walk: Literal["on", "end", "edge", "cut"]
    newest: date | None = None
    """The latest day printed on the page."""


def take_step(entries: Mapping[str, Entry], recognised: Recognised, *, has_next: bool, bounds: Bounds) -> Step:
    """Choose from a page's entries, by url key in the page's order.

    An entry out of bounds is left as if it had not been seen, so that a later crawl takes it. One without a date is
    within all dates. A page without entries leads on where it can: a column whose list an API gives has none itself.
    A first page that is known but older than the newest entry known is all pinned ones: the second is looked at too.
    """
    listed: dict[str, Entry] = {}
    asked: dict[str, Entry] = {}
    is_full = False
    for key, entry in entries.items():
        if not _is_within(entry, bounds):
            continue
        if key in recognised.unknown:
            if bounds.limit is not None and len(asked) >= bounds.limit:
                is_full = True
                break
            asked[key] = entry
        listed[key] = entry
    newest = max(_days(entries), default=None)
    is_cut = is_full or _is_past(entries, bounds)
    walk: Literal["on", "end", "edge", "cut"] = "on"
    if is_cut or not has_next or recognised.looped:
        walk = "cut" if is_cut or bounds.is_bounded else "end"
    elif recognised.at_edge and not _is_all_pinned(newest, recognised):
        walk = "cut" if bounds.is_bounded else "edge"
    return Step(listed=listed, asked=asked, walk=walk, newest=newest)


def _is_within(entry: Entry, bounds: Bounds) -> bool:
    day = read_day(entry.date_raw) if entry.date_raw else None
    if day is None:
        return True
    return (bounds.since is None or day >= bounds.since) and (bounds.until is None or day <= bounds.until)


def _is_past(entries: Mapping[str, Entry], bounds: Bounds) -> bool:
    """Whether the page's dates all lie before the first day asked for."""
    days = _days(entries)
    return bounds.since is not None and bool(days) and max(days) < bounds.since


def _is_all_pinned(newest: date | None, recognised: Recognised) -> bool:
    is_first = recognised.pages == 0
    return is_first and newest is not None and recognised.newest is not None and newest < recognised.newest


def _days(entries: Mapping[str, Entry]) -> list[date]:
    return [day for entry in entries.values() if entry.date_raw and (day := read_day(entry.date_raw))]
