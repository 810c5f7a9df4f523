"""How a crawl ends: level with the index, everything wanted asked, or stopped by what went wrong.

When nothing is left to ask, the index is asked to come level; what the archive then wants is asked, each URL once a
crawl, until it wants nothing more.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import Protocol, cast

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider

from archive.records import Want
from crawler.blocks import Blocks
from crawler.frontier import FrontierError
from crawler.frontier.scheduler import ask_request
from crawler.spiders.opening import Opened
from crawler.spiders.plan import Plan
from crawler.spiders.wanted import ask_for, choose_wants

logger = logging.getLogger(__name__)

FINISHED = "finished"
INTERRUPTED = "shutdown"
"""Scrapy's reason after Ctrl-C or SIGTERM."""
OUT_OF_TIME = "closespider_timeout"
"""Scrapy's reason when the time of `--max-time` is over."""
BROKEN = "broken"
"""The archive cannot be written any more."""
NO_ROOM = "min_free"
"""The disk has less free than `min_free`."""
NIGHT_OVER = "night_over"
"""The night of `minzheng.toml` is over."""
INDEX_ENDED = "index_ended"
"""The captures are whole, and the index could not read them."""


class WantingSpider(Protocol):
    """What the end of a crawl needs of a spider, to choose what it still asks."""

    plan: Plan
    blocks: Blocks


class Ending:
    """Listens to the engine for one crawl. `reason` is None until the crawl has ended."""

    def __init__(self, crawler: Crawler, opened: Opened) -> None:
        self._crawler = crawler
        self._opened = opened
        self._asked: set[str] = set()
        self._is_settling = False
        self._stopping: asyncio.Task[None] | None = None
        self.reason: str | None = None
        self.problem: BaseException | None = None
        """Why the crawl could not go on, or why the index is not level with it."""
        self.why: str | None = None
        """Why it ended early, though in order."""
        crawler.signals.connect(self._idle, signals.spider_idle)
        crawler.signals.connect(self._closed, signals.spider_closed)

    def stop_for(self, problem: BaseException, *, reason: str = BROKEN) -> None:
        """End the crawl because of this; what is pending stays pending."""
        if self.problem is None:
            logger.error("The crawl stops: %s", problem)
            self.problem = problem
            self._stop(reason)

    def end_early(self, reason: str, why: str) -> None:
        """End the crawl in order, its record and the index included; what is pending waits for the next one."""
        if self._stopping is None:
            logger.warning("The crawl ends early: %s", why)
            self.why = why
            self._stop(reason)

    def _idle(self) -> None:
        """Nothing is left to ask: let the index come level before the crawl may end."""
        if not self._is_settling and self._stopping is None:
            self._is_settling = True
            loop = asyncio.get_running_loop()
            answer = self._opened.index.catch_up()
            answer.add_done_callback(lambda done: loop.call_soon_threadsafe(self._go_on, done.exception()))
        raise DontCloseSpider

    def _go_on(self, problem: BaseException | None) -> None:
        """The index has answered: ask what the archive wants, or end."""
        self._is_settling = False
        if self._stopping is not None or self._crawler.spider is None:
            return
        if problem is not None:
            self.stop_for(problem, reason=INDEX_ENDED)
            return
        try:
            self._ask_wanted()
        except Exception as broken:  # the loop's edge: an idle spider would come back here for ever
            logger.exception("What the archive wants could not be asked")
            self.stop_for(broken)

    def _ask_wanted(self) -> None:
        """Ask what the archive wants and this crawl has not asked; with nothing of it the crawl is over."""
        spider = cast("WantingSpider", self._crawler.spider)
        begun_at = self._opened.crawl.started_at
        wants = choose_wants(self._opened.archive.wanted(datetime.now(UTC)), spider.plan, begun_at=begun_at)
        new = [want for want in wants if want.url_key not in self._asked and not _is_in_vain(want, spider.blocks)]
        self._asked.update(want.url_key for want in new)
        for want in new:
            self._crawler.engine.crawl(ask_request(ask_for(want)))
        if not new:
            self._stop(FINISHED)

    def _stop(self, reason: str) -> None:
        if self._stopping is None:
            self._stopping = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason=reason))

    async def _closed(self, spider: Spider, reason: str) -> None:  # noqa: ARG002  Scrapy's signature
        self.reason = reason
        is_whole = self.problem is None and reason != INTERRUPTED
        try:
            await self._opened.close(reason, ended=is_whole)
        except (OSError, FrontierError, RuntimeError) as problem:
            logger.error("The crawl could not end in order: %s", problem)  # noqa: TRY400  the message says it all
            self.problem = self.problem or problem


def _is_in_vain(want: Want, blocks: Blocks) -> bool:
    """Whether a file lies on a host that has stopped: there may be thousands, and each would end as a record."""
    return want.kind == "attachment" and blocks.why_no_files(want.url) is not None
