"""What bureau and portal spiders share: walk channels until the rest is known, visit what the archive wants.

List pages are read here, for they say what to ask next. Articles are only stored: the index reads them.
"""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Self, cast

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.archive import Archive
from archive.outcome import Verdict
from archive.page import Unreadable
from archive.records import Channel, Entry, SourceKind
from archive.urls import host, url_key
from crawler.blocks import Blocked, Blocks, wants_look
from crawler.capture import NotKept, Recording
from crawler.config import contact_advice, load_config
from crawler.families import FAMILIES
from crawler.frontier import Ended, Frontier, Row
from crawler.frontier.hosts import Hosts
from crawler.frontier.scheduler import ASK, ROW, ask_request
from crawler.lists import Ask, Listing
from crawler.pace import Pace
from crawler.spiders.answers import Answer, open_answer
from crawler.spiders.ending import Ending
from crawler.spiders.failing import held_back, how_it_ends, is_about_us, twin_of
from crawler.spiders.opening import Opened, open_crawl
from crawler.spiders.plan import Plan, asked_again, pace_of, read_arguments, site_settings
from crawler.spiders.walk import Bounds, take_step
from crawler.toml_values import CatalogueError
from crawler.transport import reachable

logger = logging.getLogger(__name__)

MOST_PAGES = 2000
"""List pages of one walk; a longer list is a calendar without an end, or wants a narrower channel."""


class ChannelSpider(Spider):
    """Walks the channels of a plan. Without a class-level name `scrapy list` does not show it."""

    kinds: ClassVar[tuple[SourceKind, ...]] = ("bureau", "portal", "unknown")
    plan: Plan
    opened: Opened
    blocks: Blocks
    pace: Pace
    ending: Ending
    new_entries: int
    """Entries asked in this crawl, those included that an interrupted one left."""
    issues: int = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, plan: Plan | None = None, **arguments: str) -> Self:
        """Lock and open the archive, then make the spider. `plan` stands for the arguments of `scrapy crawl -a`.

        Raises: CatalogueError on arguments that name no source; ArchiveError if the archive is in use.
        """
        spider = super().from_crawler(crawler, *args, name=getattr(cls, "name", "minzheng"))
        folder = Path(crawler.settings["MINZHENG_ARCHIVE"])
        spider.plan = plan or read_arguments(arguments, spider=spider.name, kinds=cls.kinds, overlay=folder / "sources")
        config = load_config(folder, os.environ)
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
        spider.new_entries = spider.frontier.count_entries()
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

    async def start(self) -> AsyncIterator[Request]:
        """Ask the first page of every channel; those of a walk that was interrupted are known and dropped."""
        for ask in self.plan.articles:
            yield ask_request(ask)
        for site in self.plan.sites:
            if not site.channels:
                logger.warning("%s has no channels yet; nothing is asked of it", site.source.key)
            for channel in site.channels:
                for ask in FAMILIES[channel.family].first(channel):
                    yield ask_request(ask)

    def make_request(self, row: Row) -> Request:
        """The request of a claimed row."""
        return ask_request(row.ask).replace(
            url=reachable(row.ask.url, self.hosts),
            callback=self.read_list if row.ask.kind == "list" else self.keep_page,
            errback=self.fail,
            meta={ASK: row.ask, ROW: row.id, **row.hops},
        )

    def give_up(self, problem: Exception) -> None:
        """End the crawl: what happens can no longer be kept."""
        self.ending.stop_for(problem)

    def leave_alone(self, request: Request, seconds: float) -> None:
        """Ask nothing more of a host that asks for a long pause."""
        if self.blocks.rest(request.url, seconds):
            self._report_block(request.url, request.meta.get(ASK))

    def read_list(self, response: Response) -> Iterator[Request | Ended]:
        """Note the entries of a list page, ask those that are new, and the next page where the walk goes on."""
        ask, answer = _ask_of(response), open_answer(response)
        channel, page = ask.channel, answer.page or answer.data
        if channel is None or page is None or not self._is_ok(answer, ask):
            yield from self._leave_list(ask, answer)
            return
        try:
            listing = FAMILIES[channel.family].read(page, channel)
        except Unreadable as problem:
            if answer.verdict.kind == "article" and channel.url in self.plan.by_address:
                yield Ended()  # the address of one article: it is kept, and that is all
                return
            self._raise_issue("list_unreadable", response.url, str(problem), source=channel.source)
            yield Ended(how="failed")
            return
        for doubt in listing.doubts:
            logger.info("%s: %s", response.url, doubt)
        yield from self._follow(listing, ask, channel, list_url=response.url)

    def keep_page(self, response: Response) -> Iterator[Ended]:
        """Leave an article to the index; here it only tells whether its host has stopped."""
        if not wants_look(response.status, len(response.body)):
            self.blocks.hear(response.url, Verdict("ok", None))
            return
        answer = open_answer(response)
        if self._is_ok(answer, _ask_of(response)):
            return
        if self.blocks.why(response.url) is not None:
            yield held_back(_ask_of(response))
        elif answer.verdict.outcome in ("blocked", "unreachable"):
            yield Ended(how="failed")

    def fail(self, failure: Failure) -> Iterable[Request]:
        """End the row of a request that has no response, or ask the other scheme once."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy's scraper
        problem = cast("Exception", failure.value)
        if isinstance(problem, NotKept):
            return ()  # the crawl stops; the row stays
        other = twin_of(request, problem)
        if other is not None:
            return (other,)
        ask: Ask = request.meta[ASK]
        how = how_it_ends(problem, ask)
        logger.info("%s: %s (%s)", request.url, how.how, problem)
        if ask.kind == "list" and not isinstance(problem, Blocked):
            self._raise_issue("list_failed", request.url, f"{type(problem).__name__}: {problem}", source=_source(ask))
        self.frontier.end(request.meta[ROW], ended=how)
        return ()

    def _follow(self, listing: Listing, ask: Ask, channel: Channel, *, list_url: str) -> Iterator[Request | Ended]:
        entries = _by_key(listing.entries)
        step = take_step(
            entries,
            self.frontier.recognise(channel, list(entries)),
            has_next=bool(listing.asks),
            bounds=self._bounds(),
        )
        self._note_entries(step.listed, channel, list_url=list_url)
        self.new_entries += len(step.asked)
        for entry in step.asked.values():
            yield ask_request(Ask(url=entry.url, kind="entry", channel=channel, entry=entry))
        walk = step.walk
        if walk == "on" and ask.page >= MOST_PAGES:
            self._raise_issue("list_endless", list_url, f"more than {MOST_PAGES} list pages", source=channel.source)
            walk = "cut"
        if walk == "on":
            for further in listing.asks:
                yield ask_request(replace(further, channel=channel, page=max(further.page, ask.page + 1)))
        # under bounds every page may leave something behind, which no walk that goes on from here would come by
        yield Ended(listed=tuple(step.listed), is_cut=walk == "cut" or self._bounds().is_bounded)

    def _note_entries(self, listed: Mapping[str, Entry], channel: Channel, *, list_url: str) -> None:
        new = self.frontier.recognise(channel, list(listed)).unlisted
        for key, entry in listed.items():
            if key in new:
                self.recording.listed(entry, source=channel.source, channel=channel.url, list_url=list_url)

    def _bounds(self) -> Bounds:
        limit = self.plan.limit
        left = None if limit is None else max(0, limit - self.new_entries)
        return Bounds(since=self.plan.since, until=self.plan.until, limit=left)

    def _is_ok(self, answer: Answer, ask: Ask) -> bool:
        """Whether the page is the page. A block that stops the host is recorded once."""
        if self.blocks.hear(answer.url, answer.verdict):
            self._report_block(answer.url, ask)
        return answer.verdict.outcome == "ok"

    def _report_block(self, url: str, ask: Ask | None) -> None:
        why = self.blocks.why(url) or ""
        self._raise_issue("blocked", host(url), why, source=_source(ask) if ask else None)

    def _leave_list(self, ask: Ask, answer: Answer) -> Iterator[Ended]:
        """End the walk at a list page that did not come; its channel is looked through again next time."""
        if self.blocks.why(answer.url) is None:
            detail = f"{answer.verdict.outcome}: {answer.verdict.detail or answer.verdict.kind or 'no HTML'}"
            self._raise_issue("list_failed", answer.url, detail, source=_source(ask))
        yield Ended(how="failed")

    def _raise_issue(self, kind: str, subject: str, detail: str, *, source: str | None) -> None:
        logger.warning("%s %s: %s", kind, subject, detail)
        self.recording.issue(kind, subject, detail, source=source)
        self.issues += 1

    def report_error(self, failure: Failure, response: Response | Failure) -> None:
        """A callback or an errback of ours broke: say where, and let the rest of the crawl go on."""
        request, problem = cast("Response", response).request, cast("Exception", failure.value)
        if request is None or ROW not in request.meta:
            return
        if is_about_us(problem):
            self.give_up(problem)
            return
        self.frontier.end(request.meta[ROW], ended=Ended(how="failed"))
        self._raise_issue("crawler_error", request.url, failure.getTraceback(), source=_source(request.meta[ASK]))


def _ask_of(response: Response) -> Ask:
    ask: Ask = response.meta[ASK]
    return ask


def _source(ask: Ask) -> str | None:
    return ask.channel.source if ask.channel else None


def _by_key(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Entries by url key in their order, the first of each; one without a proper address is left out."""
    found: dict[str, Entry] = {}
    for entry in entries:
        try:
            found.setdefault(url_key(entry.url), entry)
        except ValueError as problem:
            logger.info("An entry without an address: %s", problem)
    return found
