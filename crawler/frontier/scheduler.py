"""Scrapy's scheduler over a frontier: what the engine asks next, and where redirects and retries go.

The spider owns the frontier and turns rows into requests. A request that carries a row id is one on its way (redirect,
retry, twin): its row is updated, never a second one made. The downloader owns the delay.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol, cast

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler

from archive.records import Headers
from archive.urls import url_key
from crawler.frontier import Frontier, FrontierError, Hops, Row
from crawler.lists import Ask

ROW = "row"
"""The meta key of a row's id."""
ASK = "ask"
"""The meta key of the ask itself."""
HOPS = ("redirect_times", "redirect_ttl", "redirect_urls", "redirect_reasons", "retry_times", "twin")
"""Meta keys that are kept with a row, so that the limits of redirects and retries hold over a kill."""


class FrontierSpider(Protocol):
    """What the scheduler needs of a spider."""

    frontier: Frontier

    def make_request(self, row: Row) -> Request:
        """The request of a claimed row; its meta has `ROW`, `ASK` and the row's hops."""
        ...

    def give_up(self, problem: Exception) -> None:
        """End the crawl: what is pending can no longer be kept."""
        ...


class FrontierScheduler(BaseScheduler):
    """Feeds the engine from the spider's frontier."""

    _spider: FrontierSpider

    def open(self, spider: Spider) -> None:
        """Take the frontier that the spider has opened."""
        self._spider = cast("FrontierSpider", spider)

    def has_pending_requests(self) -> bool:
        """Whether rows wait; those in flight are counted by the engine."""
        return self._spider.frontier.count_waiting() > 0

    def enqueue_request(self, request: Request) -> bool:
        """Keep a new request, or put one on its way back; False if it is known or ended."""
        ask = request.meta.get(ASK)
        if not isinstance(ask, Ask):
            raise TypeError(
                f"{request} carries no Ask in meta[{ASK!r}]: make requests with make_request or ask_request"
            )
        try:
            if ROW in request.meta:
                now = replace(
                    ask, url=request.url, method=request.method, body=request.body, headers=_headers(ask, request.url)
                )
                return self._spider.frontier.again(request.meta[ROW], now, hops=_hops(request))
            return self._spider.frontier.add((ask,)) == 1
        except FrontierError as problem:
            self._spider.give_up(problem)
            return False

    def next_request(self) -> Request | None:
        """The request of the next row; None while all hosts are busy."""
        try:
            row = self._spider.frontier.claim()
        except FrontierError as problem:
            self._spider.give_up(problem)
            return None
        return self._spider.make_request(row) if row else None


def ask_request(ask: Ask) -> Request:
    """A new request for an ask, as callbacks and `start` yield it. Its callback is set when its row is claimed."""
    return Request(
        ask.url,
        method=ask.method,
        body=ask.body,
        headers=dict(ask.headers),
        meta={ASK: ask},
        dont_filter=True,
    )


def _headers(ask: Ask, url: str) -> Headers:
    """An ask's headers less, at another page than its own, what is held of that one."""
    if url_key(url) == url_key(ask.url):
        return ask.headers
    return tuple((name, value) for name, value in ask.headers if not name.startswith("If-"))


def _hops(request: Request) -> Hops:
    return {key: request.meta[key] for key in HOPS if key in request.meta}
