"""What a block does to a host: it stops for the rest of the crawl.

What a block is, `archive/outcome.py` judges. A named block product, a challenge or a country filter stops the host at
once; a bare 401 or 403 may be about one page, so it takes several in a row. Nothing is tried to get round it: what is
still to be asked of the host ends as refused, and the next crawl may ask again.
"""

from __future__ import annotations

from collections import Counter
from typing import Final, Protocol, Self, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from archive.outcome import Verdict
from archive.urls import host

STOP_OUTCOMES: Final = ("blocked", "challenge", "geo")
BARE_REFUSALS: Final = 3
"""How many 401 or 403 in a row, without the mark of a block product, stop a host."""
LOOK_BELOW: Final = 16_384
"""Bytes as sent below which a 200 is looked at: block pages are small, and most notices are not."""


class Blocked(IgnoreRequest):
    """A request that was not sent because its host stopped; the message names the host and why."""


class Blocks:
    """Which hosts have stopped in this crawl, and why."""

    def __init__(self) -> None:
        self._stopped: dict[str, str] = {}
        self._refusals: Counter[str] = Counter()

    def hear(self, url: str, verdict: Verdict) -> bool:
        """Take note of what came back for a URL; True if its host stops now, which is once a crawl."""
        name = host(url)
        if verdict.outcome not in STOP_OUTCOMES:
            self._refusals.pop(name, None)
            return False
        self._refusals[name] += 1
        is_bare = verdict.outcome == "blocked" and (verdict.detail or "").startswith("HTTP ")
        if name in self._stopped or (is_bare and self._refusals[name] < BARE_REFUSALS):
            return False
        self._stopped[name] = f"{verdict.outcome}: {verdict.detail}"
        return True

    def why(self, url: str) -> str | None:
        """Why the URL's host has stopped; None if it has not."""
        return self._stopped.get(host(url))


class BlockedSpider(Protocol):
    """What the middleware needs of a spider."""

    blocks: Blocks


class BlockMiddleware:
    """Refuses every request to a host that has stopped, robots.txt and redirects included."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy before the spider is opened."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Let the request pass. Raises: Blocked if its host has stopped."""
        why = cast("BlockedSpider", self._crawler.spider).blocks.why(request.url)
        if why is not None:
            raise Blocked(f"{host(request.url)} has stopped: {why}")


def wants_look(status: int, size: int) -> bool:
    """Whether a page that is only stored must be parsed to tell a block; `size` counts the body as sent."""
    return status != 200 or size < LOOK_BELOW
