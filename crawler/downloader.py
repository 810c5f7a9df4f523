"""Scrapy's downloader at our pace: one slot a server, and a delay that only ever grows.

Scrapy's own jitter also shortens a delay, counts it from the start of a request, and forgets a slot after an idle
minute, and with it what was promised. Here the delay runs from the end of an answer, so that the server sees it
whatever the network does in between, and a slot lasts as long as the crawl: it knows hundreds of hosts, not millions.

A crawl that ends does not sit out the minutes that a server has asked for: what waits so long is not sent.
"""

from __future__ import annotations

import random
from time import monotonic
from typing import Final, Protocol, cast

from scrapy import Request, Spider, signals
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from twisted.python.failure import Failure

from crawler.pace import JITTER, Pace

LOOK_AGAIN: Final = 1.0
"""Seconds after which a slot that waits looks whether the crawl has ended meanwhile."""
WAIT_AT_END: Final = 5.0
"""Seconds that a crawl which ends still waits for a turn."""


class NotSent(IgnoreRequest):
    """A request whose turn had not come when the crawl ended. It is as pending as before."""


class PacedSpider(Protocol):
    """What the downloader needs of a spider."""

    pace: Pace


class PacedSlot(Slot):
    """One connection at a time, and between two requests what the pace says."""

    __slots__ = ("_chance", "_drawn_at", "_key", "_pace")

    def __init__(self, key: str, pace: Pace) -> None:
        super().__init__(concurrency=1, delay=pace.delay(key), jitter=0.0)
        self._key = key
        self._pace = pace
        self._drawn_at = -1.0
        self._chance = 0.0

    def download_delay(self) -> float:
        """Seconds from `lastseen` to the next request, or to the next look at whether it is still wanted."""
        return min(self.full_delay(), monotonic() - self.lastseen + LOOK_AGAIN)

    def full_delay(self) -> float:
        """Seconds from `lastseen` to the next request. Chance is drawn once a request, however often it is asked."""
        if self._drawn_at != self.lastseen:
            self._drawn_at, self._chance = self.lastseen, random.random()  # noqa: S311  no secret hangs on it
        self.delay = self._pace.delay(self._key)
        return max(self.delay * (1 + JITTER * self._chance), self._pace.rests_until(self._key) - self.lastseen, 0.0)


class PacedDownloader(Downloader):
    """Hands each request to the slot of its own address, also after a redirect or a retry."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        crawler.signals.connect(self._answered, signals.response_downloaded)

    def get_slot_key(self, request: Request) -> str:
        """The slot of the address as it is now, whatever an earlier request has left in the meta."""
        return self._pace.slot(request.url)

    def _get_slot(self, request: Request, spider: Spider | None = None) -> tuple[str, Slot]:  # noqa: ARG002  Scrapy's
        key = self.get_slot_key(request)
        if key not in self.slots:
            self.slots[key] = PacedSlot(key, self._pace)
        return key, self.slots[key]

    def _process_queue(self, slot: Slot) -> None:
        wait = cast("PacedSlot", slot).full_delay() + slot.lastseen - monotonic()
        if wait > WAIT_AT_END and self._is_closing():
            while slot.queue:
                request, waiting = slot.queue.popleft()
                problem = NotSent(f"{request.url} was not sent: the crawl ended before its turn")
                waiting.errback(Failure(problem))  # type: ignore[no-untyped-call]  # Twisted has no types here
            return
        super()._process_queue(slot)

    def _is_closing(self) -> bool:
        # Scrapy tells nobody that it closes before every request has come back
        slot = self.crawler.engine._slot if self.crawler.engine else None  # noqa: SLF001
        return slot is not None and slot.closing is not None

    def _answered(self, request: Request) -> None:
        """An answer is there: its slot's delay begins. Scrapy says so before it looks for the slot's next request."""
        self.slots[self.get_slot_key(request)].lastseen = monotonic()

    @property
    def _pace(self) -> Pace:
        return cast("PacedSpider", self.crawler.spider).pace
