"""When to crawl what: which channels are due, which of them waits longest, and when the night is open.

What the timer leaves to chance is decided here, out of what the archive remembers; nothing else is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from math import inf

from archive.dates import BEIJING
from archive.records import Channel
from crawler.lists import Site

Walks = Mapping[tuple[str, str], datetime]
"""When each channel, by key of its source and url, was last walked."""
Night = tuple[time, time]
"""From when until when a crawl may ask, in China; the first may be later than the second."""

_MOST_SLACK = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A channel that is to be walked now."""

    site: Site
    channel: Channel
    late: float
    """Time since its last walk in its own `every`; infinite for one that was never walked."""


def due(sites: Iterable[Site], walked: Walks, *, now: datetime) -> list[Due]:
    """The channels that are due, the most overdue first; those that were never walked before all others.

    A channel is due a little early (a tenth of its `every`, six hours at most): a daily timer must not miss a channel
    that was reached some minutes into yesterday's crawl.
    """
    return [one for one in _by_lateness(sites, walked, now=now) if one.late >= _early(one.channel)]


def most_overdue_first(sites: Iterable[Site], walked: Walks, *, now: datetime) -> tuple[Site, ...]:
    """The same sites and channels in the order in which a crawl that may be cut short takes them."""
    given = tuple(sites)
    ordered = _regroup(_by_lateness(given, walked, now=now))
    return (*ordered, *(site for site in given if not site.channels))


def only_due(sites: Iterable[Site], walked: Walks, *, now: datetime) -> tuple[Site, ...]:
    """The sites that have a channel that is due, with those channels only, the most overdue first."""
    return _regroup(due(sites, walked, now=now))


def opens_at(night: Night | None, now: datetime) -> datetime | None:
    """When a crawl may begin to ask; None while it may."""
    if night is None or _is_open(night, now):
        return None
    return _next(night[0], now)


def closes_at(night: Night | None, now: datetime) -> datetime | None:
    """When a crawl that may ask now has to end; None where it never has to."""
    return None if night is None or not _is_open(night, now) else _next(night[1], now)


def _by_lateness(sites: Iterable[Site], walked: Walks, *, now: datetime) -> list[Due]:
    found = [
        Due(site=site, channel=channel, late=_late(channel, walked, now=now))
        for site in sites
        for channel in site.channels
    ]
    return sorted(found, key=lambda one: -one.late)  # stable: the catalogue's order among equals


def _late(channel: Channel, walked: Walks, *, now: datetime) -> float:
    last = walked.get((channel.source, channel.url))
    return inf if last is None else (now - last).total_seconds() / channel.every


def _early(channel: Channel) -> float:
    """The share of its `every` after which a channel is due."""
    slack = min(timedelta(seconds=channel.every) / 10, _MOST_SLACK)
    return 1 - slack.total_seconds() / channel.every


def _regroup(found: Iterable[Due]) -> tuple[Site, ...]:
    """Each site once, at the place of its first channel, with its channels in the given order."""
    sites: dict[str, Site] = {}
    channels: dict[str, list[Channel]] = {}
    for one in found:
        key = one.site.source.key
        sites.setdefault(key, one.site)
        channels.setdefault(key, []).append(one.channel)
    return tuple(_with_channels(sites, channels))


def _with_channels(sites: Mapping[str, Site], channels: Mapping[str, list[Channel]]) -> Iterator[Site]:
    for key, site in sites.items():
        yield replace(site, channels=tuple(channels[key]))


def _is_open(night: Night, now: datetime) -> bool:
    start, end = night
    clock = now.astimezone(BEIJING).time()
    return start <= clock < end if start < end else clock >= start or clock < end


def _next(clock: time, now: datetime) -> datetime:
    """The next instant, after now, at which clocks in China show this time."""
    here = now.astimezone(BEIJING)
    at = datetime.combine(here.date(), clock, BEIJING)
    return at if at > here else at + timedelta(days=1)
