"""What bureau and portal spiders share: walk channels until the rest is known, visit what the archive wants.

List pages are read here, for they say what to ask next. Articles are only stored: the index reads them.
"""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Self, cast

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.archive import Archive
from archive.outcome import Verdict
from archive.records import SourceKind
from archive.urls import host, url_key
from crawler.blocks import Blocked, Blocks, wants_look
from crawler.capture import NotKept, Recording
from crawler.catalogue import catalogue_folders
from crawler.config import contact_advice, load_config
from crawler.downloader import NotSent
from crawler.frontier import Ended, Frontier, FrontierError, Row
from crawler.frontier.hosts import Hosts
from crawler.frontier.scheduler import ASK, ROW, ask_request
from crawler.lists import Ask
from crawler.pace import Pace
from crawler.spiders.answers import Answer, open_answer
from crawler.spiders.ending import Ending
from crawler.spiders.failing import held_back, how_it_ends, is_about_us, is_silence, twin_of
from crawler.spiders.issues import Issues
from crawler.spiders.opening import Opened, open_crawl
from crawler.spiders.plan import Plan, asked_again, pace_of, read_arguments, site_settings
from crawler.spiders.robots import RulesUnknown
from crawler.spiders.walking import Walking, ask_rechecks, is_unchanged, why_not
from crawler.toml_values import CatalogueError
from crawler.transport import TWIN, reachable

logger = logging.getLogger(__name__)


class ChannelSpider(Spider):
    """Walks the channels of a plan. Without a class-level name `scrapy list` does not show it."""

    kinds: ClassVar[tuple[SourceKind, ...]] = ("bureau", "portal", "unknown")
    plan: Plan
    opened: Opened
    blocks: Blocks
    pace: Pace
    ending: Ending
    walking: Walking
    raised: Issues
    max_file_bytes: int

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, plan: Plan | None = None, **arguments: str) -> Self:
        """Lock and open the archive, then make the spider. `plan` stands for the arguments of `scrapy crawl -a`.

        Raises: CatalogueError on arguments that name no source; ArchiveError if the archive is in use.
        """
        spider = super().from_crawler(crawler, *args, name=getattr(cls, "name", "minzheng"))
        folder = Path(crawler.settings["MINZHENG_ARCHIVE"])
        config = load_config(folder, os.environ)
        folders = catalogue_folders(folder, shipped=config.shipped)
        spider.plan = plan or read_arguments(
            arguments, spider=spider.name, kinds=cls.kinds, folders=folders, attachments=config.attachments
        )
        spider.max_file_bytes = config.max_file_bytes
        if config.contact is None and spider.plan.kind != "demo":
            raise CatalogueError(f"a crawl needs a contact in its user agent: {contact_advice(folder)}")
        for name, value in site_settings(spider.plan, config).items():
            crawler.settings.set(name, value, priority="spider")
        spider.pace = pace_of(spider.plan, config)
        archive = Archive.lock(folder, holder=f"{spider.name} crawl")
        try:
            per_host = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
            spider.opened = open_crawl(archive, spider.plan, config, pace=spider.pace, per_host=per_host)
        except BaseException:
            archive.close()
            raise
        memory = None if spider.plan.kind == "demo" else spider.hosts
        spider.blocks = Blocks(memory, asked_again=asked_again(spider.plan))
        spider.ending = Ending(crawler, spider.opened)
        spider.raised = Issues(spider.recording, archive, now=spider.recording.now())
        spider.walking = Walking(spider.plan, spider.opened, spider.raised)
        crawler.signals.connect(spider.report_error, signals.spider_error)
        return spider

    @property
    def frontier(self) -> Frontier:
        """What is still to ask; the scheduler takes from it."""
        return self.opened.frontier

    @property
    def recording(self) -> Recording:
        """Where exchanges and notes are kept; the capture middleware writes to it."""
        return self.opened.recording

    @property
    def hosts(self) -> Hosts:
        """What is remembered of hosts; the handler of http and https asks and tells it."""
        return self.opened.hosts

    @property
    def new_entries(self) -> int:
        """Entries asked in this crawl, those included that an interrupted one left."""
        return self.walking.new_entries

    @property
    def issues(self) -> int:
        """How many issues were raised that nobody has acknowledged."""
        return self.raised.new

    async def start(self) -> AsyncIterator[Request]:
        """Ask what was named, then where each channel's walk begins, then what is due to be looked at again."""
        for ask in self.plan.articles:
            yield ask_request(ask)
        for request in self.walking.begin():
            yield request
        due = (ask for ask in ask_rechecks(self.plan, self.opened) if self.blocks.why(ask.url) is None)
        try:
            self.frontier.add(due)
        except FrontierError as problem:
            self.give_up(problem)

    def make_request(self, row: Row) -> Request:
        """The request of a claimed row."""
        return ask_request(row.ask).replace(
            url=reachable(row.ask.url, self.hosts),
            callback=self.read_list if row.ask.kind == "list" else self.keep_page,
            errback=self.fail,
            meta={ASK: row.ask, ROW: row.id, **row.hops, **self._bounds_of(row.ask)},
        )

    def _bounds_of(self, ask: Ask) -> dict[str, int]:
        """A file that a notice links may be larger than a page."""
        return {"download_maxsize": self.max_file_bytes} if ask.kind == "attachment" else {}

    def give_up(self, problem: Exception) -> None:
        """End the crawl: what happens can no longer be kept."""
        self.ending.stop_for(problem)

    def leave_alone(self, request: Request, seconds: float) -> None:
        """Ask nothing more of a host that asks for a long pause."""
        if self.blocks.rest(request.url, seconds):
            self._report_block(request.url, request.meta.get(ASK))

    def hear_block(self, request: Request, answer: Answer) -> None:
        """A shield stands before the rules that a request waits for."""
        self._is_ok(answer, request.meta[ASK])

    def read_list(self, response: Response) -> Iterator[Request | Ended]:
        """Go on with a walk, or leave it where its list page did not come."""
        ask, answer = _ask_of(response), open_answer(response)
        is_ok, why = self._is_ok(answer, ask), self.blocks.why(answer.url)
        if is_unchanged(answer, ask):
            yield Ended(walk="unchanged")
        elif why is not None and not is_ok:
            yield Ended(how="failed", why=f"{host(answer.url)} has stopped: {why}")
        elif is_ok or answer.verdict.outcome == "stub":  # a script draws many lists on an empty page
            yield from self.walking.read(answer, ask, response)
        else:
            yield from self.walking.leave(ask, answer.url, why_not(answer))

    def keep_page(self, response: Response) -> Iterator[Ended]:
        """Leave an article to the index; here it only tells whether its host has stopped."""
        if not wants_look(response.status, len(response.body)):
            self._hear(response.url, Verdict("ok", None), _ask_of(response))
            return
        answer = open_answer(response)
        if self._is_ok(answer, _ask_of(response)):
            return
        if (why := self.blocks.why(response.url)) is not None:
            yield replace(held_back(_ask_of(response)), why=f"{host(response.url)} has stopped: {why}")
        elif answer.verdict.outcome in ("blocked", "unreachable"):
            yield Ended(how="failed")

    def fail(self, failure: Failure) -> Iterable[Request]:
        """End the row of a request that has no response, or ask the other scheme once."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy's scraper
        problem = cast("Exception", failure.value)
        if isinstance(problem, NotKept | NotSent):
            return ()  # the crawl stops; the row stays
        other = twin_of(request, problem)
        if other is not None:
            return (other,)
        ask: Ask = request.meta[ASK]
        self._hear_nothing(request, problem)
        how = replace(how_it_ends(problem, ask), why=f"{type(problem).__name__}: {problem}")
        instead = () if isinstance(problem, Blocked | RulesUnknown) else self.walking.begin_instead(ask)
        if instead:
            how = Ended(walk="unread")
        elif ask.kind == "list" and not isinstance(problem, Blocked):
            self.raised.put("list_failed", request.url, how.why or "", ask=ask)
        logger.info("%s: %s (%s)", request.url, how.how, problem)
        self.frontier.end(request.meta[ROW], instead, ended=how)
        return ()

    def _is_ok(self, answer: Answer, ask: Ask) -> bool:
        """Whether the page is the page. A block that stops the host is recorded once."""
        self._hear(answer.url, answer.verdict, ask)
        return answer.verdict.outcome == "ok"

    def _hear(self, url: str, verdict: Verdict, ask: Ask) -> None:
        hear = self.blocks.hear_file if ask.kind == "attachment" else self.blocks.hear
        if hear(url, verdict):
            self._report_block(url, ask)

    def _hear_nothing(self, request: Request, problem: Exception) -> None:
        """A host that is not there, or whose rules nobody knows, is not asked for all that is due there."""
        url, ask = request.url, request.meta[ASK]
        is_stopping = is_silence(problem) and self.blocks.hear_nothing(url)
        if is_stopping and held_back(ask).how == "refused":  # else it is a dead host that old entries lead to
            self.raised.put("host_silent", host(url), self.blocks.why(url) or "", ask=ask)
        if is_stopping or (isinstance(problem, RulesUnknown) and TWIN not in request.meta):
            self.frontier.drop_rechecks(host(url_key(url)))

    def _report_block(self, url: str, ask: Ask | None) -> None:
        self.raised.put("blocked", host(url), self.blocks.why(url) or "", ask=ask)
        self.frontier.drop_rechecks(host(url_key(url)))

    def report_error(self, failure: Failure, response: Response | Failure) -> None:
        """A callback or an errback of ours broke: say where, and let the rest of the crawl go on."""
        request, problem = cast("Response", response).request, cast("Exception", failure.value)
        if request is None or ROW not in request.meta:
            return
        if is_about_us(problem):
            self.give_up(problem)
            return
        self.frontier.end(request.meta[ROW], ended=Ended(how="failed", why=repr(problem)))
        self.raised.put("crawler_error", request.url, failure.getTraceback(), ask=request.meta[ASK])


def _ask_of(response: Response) -> Ask:
    ask: Ask = response.meta[ASK]
    return ask
