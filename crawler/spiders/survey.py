"""Asking a few pages one after the other, and saying what came: for surveys of sites, which walk no channel.

A survey is a coroutine that is given a road and asks pages by it. They go the same way as a crawl's: guard, robots,
delays, blocks, captures in a WARC file of their own, which the index reads. The frontier is not touched.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler

from archive.archive import Archive, new_crawl_id
from archive.outcome import Verdict
from archive.records import Crawl, Page, Tally
from archive.urls import twin
from crawler.blocks import Blocks
from crawler.capture import NotKept, Recording, judge_failure
from crawler.config import contact_advice, load_config
from crawler.frontier.hosts import Hosts
from crawler.frontier.scheduler import ask_request
from crawler.lists import Ask
from crawler.pace import Pace
from crawler.spiders.answers import Answer, open_answer
from crawler.spiders.ending import FINISHED, INTERRUPTED
from crawler.spiders.plan import Plan, asked_again, pace_of, site_settings
from crawler.spiders.process import make_process
from crawler.spiders.robots import RulesUnknown
from crawler.toml_values import CatalogueError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """What came back for one ask. `page` is HTML or data, decoded; None where nothing came, or nothing to read."""

    url: str
    """Where the answer came from, after redirects."""
    verdict: Verdict
    page: Page | None = None

    @property
    def is_ok(self) -> bool:
        """There is a page, and it is the page."""
        return self.page is not None and self.verdict.outcome == "ok"

    @property
    def may_list(self) -> bool:
        """There is a page that may be a list: the page itself, or an empty one, on which a script draws it."""
        return self.page is not None and self.verdict.outcome in ("ok", "stub")

    @property
    def words(self) -> str:
        """The outcome, and the mark that showed it."""
        return f"{self.verdict.outcome}: {self.verdict.detail}" if self.verdict.detail else self.verdict.outcome


class Road(Protocol):
    """How a survey asks: a network, or a file of captures."""

    async def ask(self, ask: Ask) -> Got:
        """Ask once, redirects followed. Never raises for what a server does or does not."""
        ...


Survey = Callable[["SurveySpider"], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """How a survey ended; `reason` is `finished` unless something ended it before."""

    reason: str
    tally: Tally
    problem: str | None = None


class SurveySpider(Spider):
    """Runs one survey. Without a class-level name `scrapy list` does not show it."""

    custom_settings = {  # noqa: RUF012  as Scrapy declares it;  # nothing of a survey is resumed: it has no rows
        "SCHEDULER": "scrapy.core.scheduler.Scheduler",
        "SPIDER_MIDDLEWARES": {"crawler.frontier.middleware.FrontierMiddleware": None},
    }
    plan: Plan
    blocks: Blocks
    pace: Pace
    hosts: Hosts
    recording: Recording
    survey: Survey
    reason: str = INTERRUPTED
    problem: BaseException | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *, plan: Plan, survey: Survey) -> Self:
        """Lock and open the archive, then make the spider.

        Raises: CatalogueError without a contact; ArchiveError if the archive is in use.
        """
        spider = super().from_crawler(crawler, name="survey")
        folder = Path(crawler.settings["MINZHENG_ARCHIVE"])
        config = load_config(folder, os.environ)
        if config.contact is None and plan.kind != "demo":
            raise CatalogueError(f"a survey needs a contact in its user agent: {contact_advice(folder)}")
        for name, value in site_settings(plan, config).items():
            crawler.settings.set(name, value, priority="spider")
        spider.plan, spider.survey, spider.pace = plan, survey, pace_of(plan, config)
        spider._archive = Archive.lock(folder, holder="survey")  # noqa: SLF001  its own class method
        started_at = datetime.now(UTC)
        crawl = Crawl(
            id=new_crawl_id(started_at),
            kind=plan.kind,
            started_at=started_at,
            vantage=config.vantage,
            agent=config.user_agent,
        )
        try:
            spider.recording = Recording(spider._archive.record(crawl, plan.sources, ()))  # noqa: SLF001
        except BaseException:
            spider._archive.close()  # noqa: SLF001
            raise
        is_demo = plan.kind == "demo"
        spider.hosts = Hosts(":memory:" if is_demo else spider._archive.crawl_db)  # noqa: SLF001
        spider.blocks = Blocks(None if is_demo else spider.hosts, asked_again=asked_again(plan))
        crawler.signals.connect(spider.close_survey, signals.spider_closed)
        return spider

    _archive: Archive

    async def start(self) -> AsyncIterator[Request]:
        """Run the survey, which asks past the scheduler."""
        try:
            await self.survey(self)
        except Exception as problem:  # noqa: BLE001  a bug in a survey: the captures are whole, and it is raised at the end
            self.give_up(problem)
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    def give_up(self, problem: Exception) -> None:
        """End the survey: records can no longer be written."""
        if self.problem is None:
            logger.error("The survey stops: %s", problem)
            self.problem = problem
            asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="broken"))  # noqa: RUF006  the engine keeps it

    def hear_block(self, request: Request, answer: Answer) -> None:  # noqa: ARG002  one signature for all spiders
        """Take note of an answer, which may be a block."""
        if self.blocks.hear(answer.url, answer.verdict):
            logger.warning("%s has stopped: %s", answer.url, self.blocks.why(answer.url))

    def leave_alone(self, request: Request, seconds: float) -> None:
        """Ask nothing more of a host that asks for a long pause."""
        if self.blocks.rest(request.url, seconds):
            logger.warning("%s is asked nothing more: %s", request.url, self.blocks.why(request.url))

    async def ask(self, ask: Ask) -> Got:
        """Ask by the road of every crawl, under the other scheme once where nothing answers.

        Raises: NotKept when the captures cannot be written any more.
        """
        try:
            return await self._ask(ask, ask.url)
        except NotKept:
            raise
        except Exception as problem:  # noqa: BLE001  every way a request can fail has an outcome
            first = _failed(ask.url, problem)
            is_told = isinstance(problem, RulesUnknown) and problem.__cause__ is None
            if is_told or first.verdict.outcome not in ("unreachable", "tls"):
                return first
        try:
            return await self._ask(ask, twin(ask.url))
        except NotKept:
            raise
        except Exception:  # noqa: BLE001  the same; what the first scheme said counts
            return first

    async def close_survey(self, spider: Spider, reason: str) -> None:  # noqa: ARG002  Scrapy's signature
        """Write the end, let the index read what was captured, and let everything go."""
        self.reason = reason
        try:
            self.recording.end(reason)
            if reason == FINISHED and self.problem is None:
                index = self._archive.start_index()
                try:
                    await asyncio.wrap_future(index.catch_up())
                finally:
                    index.close()
        except (OSError, RuntimeError) as problem:
            self.problem = self.problem or problem
        finally:
            self.hosts.close()
            self._archive.close()

    async def _ask(self, ask: Ask, url: str) -> Got:
        request = ask_request(ask).replace(url=url)
        answer = open_answer(await self.crawler.engine.download_async(request))
        self.hear_block(request, answer)
        return Got(url=answer.url, verdict=answer.verdict, page=answer.page or answer.data)


def run_survey(survey: Survey, plan: Plan, folder: Path, *, log_file: Path | None = None) -> Surveyed:
    """Run one survey in this process, and the index after it. Logs go to stderr, or to `log_file`.

    Raises: ArchiveError if the archive is in use; CatalogueError if it lacks a contact; what the survey itself raises.
    """
    process = make_process(folder, log_file=log_file)
    crawler = process.create_crawler(SurveySpider)
    task = process.crawl(crawler, plan=plan, survey=survey)
    process.start()
    if task.done() and (problem := task.exception()) is not None:
        raise problem
    spider = crawler.spider
    if not isinstance(spider, SurveySpider):
        raise TypeError(f"the survey ended without its spider: {spider!r}")
    if spider.problem is not None and not isinstance(spider.problem, OSError | RuntimeError | NotKept):
        raise spider.problem
    return Surveyed(
        reason=spider.reason,
        tally=spider.recording.tally,
        problem=str(spider.problem) if spider.problem is not None else None,
    )


def _failed(url: str, problem: Exception) -> Got:
    outcome, detail = judge_failure(problem)
    return Got(url=url, verdict=Verdict(outcome, None, detail))
