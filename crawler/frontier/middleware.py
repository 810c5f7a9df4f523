"""Scrapy's spider middleware over a frontier: a callback's outcome is one transaction.

New requests are held until the callback's output ends; then they are kept and their parent is deleted at once.
A callback that breaks leaves nothing behind but its row, which the spider ends when it has recorded what happened.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Self, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.frontier import Ended, FrontierError
from crawler.frontier.scheduler import ASK, ROW, FrontierSpider
from crawler.lists import Ask


class FrontierMiddleware:
    """Stands nearest the engine, so that what other spider middlewares drop never becomes a row."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy before the spider is opened."""
        return cls(crawler)

    async def process_spider_output(self, response: Response, result: AsyncIterator[object]) -> AsyncIterator[object]:
        """Pass items on; keep requests and the callback's `Ended` until the output ends."""
        asks: list[Ask] = []
        ended = Ended()
        async for output in result:
            if isinstance(output, Request):
                asks.append(output.meta[ASK])
            elif isinstance(output, Ended):
                ended = output
            else:
                yield output
        self._end(response, asks, ended=ended)

    def _end(self, response: Response, asks: list[Ask], *, ended: Ended) -> None:
        spider = cast("FrontierSpider", self._crawler.spider)
        row = response.meta.get(ROW)
        if row is None:
            return
        try:
            spider.frontier.end(row, asks, ended=ended)
        except FrontierError as problem:
            spider.give_up(problem)
