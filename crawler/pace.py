"""How fast each server is asked: which hosts share a turn, how long a turn waits, and when a server asks for a pause.

A slot is what gets one connection and one delay: a host, with and without www, or all hosts of a platform, which stand
behind one shield. The delay is the longest of the operator's, the source's and that of robots.txt; chance only ever
lengthens it. `crawler/downloader.py` keeps to it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Final, Self

from archive.records import Headers
from archive.urls import host
from crawler.lists import Site
from crawler.toml_values import LEAST_DELAY

JITTER: Final = 0.25
"""By how much of itself a delay may grow by chance, so that many hosts do not beat in step; an eighth on average."""
LONGEST_DELAY: Final = 120.0
"""Seconds; a robots.txt that asks for more is held to this, for at a page in hours no list is ever walked."""
LONGEST_WAIT: Final = 300.0
"""Seconds of a `Retry-After` that a crawl waits for; it keeps a place of the downloader busy meanwhile."""
MOST_WAITING: Final = 900.0
"""Seconds that one crawl waits for one slot in all: a server that is always busy is left for another day."""

logger = logging.getLogger(__name__)


class Pace:
    """The pace of one crawl, slot by slot. `clock` counts seconds, as `time.monotonic` does."""

    def __init__(
        self,
        delays: Mapping[str, float],
        *,
        least: float,
        platforms: Iterable[str] = (),
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._platforms = sorted(set(platforms), key=len)
        self._least = least
        self._delays: dict[str, float] = {}
        for name, delay in delays.items():
            slot = self._slot_of(name)
            # the catalogue lets only invented hosts (.example) go below the least delay of all
            own = delay if delay < LEAST_DELAY else max(delay, least)
            self._delays[slot] = max(own, self._delays.get(slot, 0.0))
        self._clock = clock
        self._rests: dict[str, float] = {}
        self._waited: Counter[str] = Counter()

    @classmethod
    def of(cls, sites: Iterable[Site], *, least: float) -> Self:
        """The pace for all hosts of these sites; any other host is asked at the least delay."""
        found = list(sites)
        delays: dict[str, float] = {}
        for site in found:
            for prefix in site.source.addresses:
                delays[name_of(prefix)] = max(site.delay, delays.get(name_of(prefix), 0.0))
        return cls(delays, least=least, platforms=[site.platform for site in found if site.platform])

    def slot(self, url: str) -> str:
        """Whose turn the address takes: its platform, or its host without www."""
        return self._slot_of(name_of(url))

    def delay(self, slot: str) -> float:
        """Least seconds from the end of one answer to the next request."""
        return self._delays.get(slot, self._least)

    def rests_until(self, slot: str) -> float:
        """The instant of the clock before which nothing is asked; 0 where nobody asked for a pause."""
        return self._rests.get(slot, 0.0)

    def slow_down(self, url: str, seconds: float) -> None:
        """Take up the `Crawl-delay` of a robots.txt, which never makes a crawl faster."""
        slot = self.slot(url)
        if seconds > LONGEST_DELAY:
            logger.info("%s asks for %g s between requests; it gets %g s", url, seconds, LONGEST_DELAY)
        if (delay := min(seconds, LONGEST_DELAY)) > self.delay(slot):
            logger.info("%s is asked every %g s, as its robots.txt says", slot, delay)
            self._delays[slot] = delay

    def rest(self, url: str, seconds: float) -> bool:
        """Ask nothing of the address's slot for so long; False if that is more than this crawl can wait for."""
        slot = self.slot(url)
        if seconds > LONGEST_WAIT or self._waited[slot] + seconds > MOST_WAITING:
            return False
        self._waited[slot] += round(seconds)
        self._rests[slot] = max(self.rests_until(slot), self._clock() + seconds)
        logger.info("%s is asked nothing for %g s, as it says", slot, seconds)
        return True

    def _slot_of(self, name: str) -> str:
        return next((one for one in self._platforms if name == one or name.endswith(f".{one}")), name)


def name_of(url: str) -> str:
    """The host of an address or of a url key, without www: `www.x` and `x` are one server to us."""
    return host(url).rstrip(".").removeprefix("www.")


def retry_after(headers: Headers, *, now: datetime) -> float | None:
    """Seconds that an answer asks to wait; None where it does not say so, or in no known form.

    A date is set against the server's own `Date`, whose clock may be wrong. One that is over is no wait at all.
    """
    told = {name.lower(): value.strip() for name, value in headers}
    value = told.get("retry-after", "")
    if value.isascii() and value.isdigit():
        return float(value[:9])
    until = _read_date(value)
    if until is None:
        return None
    return max(0.0, (until - (_read_date(told.get("date", "")) or now)).total_seconds())


def _read_date(value: str) -> datetime | None:
    """A date as HTTP writes it; one that names no zone is in UTC."""
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
