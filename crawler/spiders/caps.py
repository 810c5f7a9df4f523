"""What a crawl may take: room on the disk, hours of the night, and bytes of one source, of files among them.

The first two end the crawl in order: its WARC file is closed and whole, the index comes level, and what is pending
waits for the next crawl. The third holds back one source, or its files, and lets the others go on.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self, cast

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.asyncio import create_looping_call

from archive.urls import owner, url_key
from crawler.blocks import Capped
from crawler.config import Config, load_config
from crawler.frontier.scheduler import ASK
from crawler.lists import Ask
from crawler.schedule import closes_at, opens_at
from crawler.spiders.channel import ChannelSpider
from crawler.spiders.ending import NIGHT_OVER, NO_ROOM

EVERY: Final = 2.0
"""Seconds between two looks at disk and clock; at most a few pages a host come in between."""

logger = logging.getLogger(__name__)


def lacks_room(folder: Path, least: int) -> str | None:
    """Why a crawl may not write into a folder, which need not be there yet; None where enough is free."""
    there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    free = shutil.disk_usage(there).free
    if free >= least:
        return None
    return (
        f"{folder} has {free / 1024**2:.0f} MiB free, and min_free asks for {least / 1024**2:.0f} MiB;"
        " make room, or move the archive to a larger disk"
    )


class Bounds:
    """A Scrapy extension that ends a crawl before the disk is full and when the night is over."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._folder = Path(crawler.settings["MINZHENG_ARCHIVE"])
        self._config = load_config(self._folder, os.environ)
        self._closes_at: datetime | None = None
        self._looking = create_looping_call(self._look)
        crawler.signals.connect(self._begin, signals.spider_opened)
        crawler.signals.connect(self._end, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def _begin(self) -> None:
        if not isinstance(self._crawler.spider, ChannelSpider):
            return  # a survey asks a page or two of each source
        if self._crawler.spider.plan.kind != "demo":
            now = datetime.now(UTC)
            opens = opens_at(self._config.night, now)
            self._closes_at = now if opens else closes_at(self._config.night, now)
        self._looking.start(EVERY, now=True)

    def _end(self) -> None:
        if self._looking.running:
            self._looking.stop()

    def _look(self) -> None:
        spider = cast("ChannelSpider", self._crawler.spider)
        if why := lacks_room(self._folder, self._config.min_free):
            spider.ending.end_early(NO_ROOM, why)
        elif self._closes_at is not None and datetime.now(UTC) >= self._closes_at:
            spider.ending.end_early(NIGHT_OVER, "the night of minzheng.toml is over; the next crawl goes on")
        else:
            return
        self._end()


class SourceCaps:
    """A downloader middleware that counts what each source has given, and refuses what would go beyond."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._config: Config = load_config(Path(crawler.settings["MINZHENG_ARCHIVE"]), os.environ)
        self._taken: Counter[str] = Counter()
        self._files: Counter[str] = Counter()
        self._told: set[str] = set()
        self._most: dict[str, int] = {}
        self._owners: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Let the request pass. Raises: Capped if its source has given enough."""
        source = self._source_of(request)
        if source is not None and _is_file(request) and self._files[source] >= self._config.max_files_bytes:
            raise Capped(
                f"{source} has given {self._files[source]} bytes of files in this crawl, and the limit is"
                f" {self._config.max_files_bytes}; what is left waits for the next crawl"
            )
        if source is None or self._taken[source] < self._most[source]:
            return
        why = (
            f"{source} has given {self._taken[source]} bytes in this crawl, and its limit is {self._most[source]};"
            " what is left waits for the next crawl"
        )
        if source not in self._told:
            self._told.add(source)
            cast("ChannelSpider", self._crawler.spider).raised.put(
                "source_too_large", source, why, ask=request.meta[ASK]
            )
        raise Capped(why)

    def process_response(self, request: Request, response: Response) -> Response:
        """Count the body as sent."""
        source = self._source_of(request)
        if source is not None:
            self._taken[source] += len(response.body)
            self._files[source] += len(response.body) * _is_file(request)
        return response

    def _source_of(self, request: Request) -> str | None:
        """Who has to answer for a request: the source whose copy links a file, else whoever publishes the address.

        None for robots.txt, and for hosts of nobody we know.
        """
        spider, ask = self._crawler.spider, request.meta.get(ASK)
        if not isinstance(spider, ChannelSpider) or not isinstance(ask, Ask):
            return None
        if not self._owners:
            self._learn(spider)
        if ask.channel is not None or ask.source in self._most:
            return ask.channel.source if ask.channel is not None else ask.source
        try:
            return owner(url_key(request.url), self._owners)
        except ValueError:
            return None

    def _learn(self, spider: ChannelSpider) -> None:
        for site in (*spider.plan.catalogue, *spider.plan.sites):
            self._most[site.source.key] = site.max_bytes or self._config.max_source_bytes
            self._owners.update(dict.fromkeys(site.source.addresses, site.source.key))


def _is_file(request: Request) -> bool:
    """Whether it is asked because a notice links it as a file."""
    ask = request.meta.get(ASK)
    return isinstance(ask, Ask) and ask.kind == "attachment"
