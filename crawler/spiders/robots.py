"""robots.txt: one file a host and scheme, waited for by all who want to ask there, obeyed by all.

Scrapy's own middleware is not used: while a file is on its way, 2.19 gives its rules to the first request that waits
and lets the others pass, and where the file cannot be had it lets everything pass.
"""

from __future__ import annotations

import asyncio
from typing import Protocol, Self, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser, RobotParser
from scrapy.utils.httpobj import urlparse_cached

from archive.page import Unreadable, decode_body, is_html
from archive.records import Outcome
from crawler.blocks import Blocked, is_stop_sign
from crawler.capture import NotKept, judge_failure
from crawler.downloader import NotSent
from crawler.pace import Pace
from crawler.spiders.answers import Answer, headers_of, open_answer

RULES_OF = "rules_of"
"""The meta key of a request for a robots.txt, which needs no leave."""
PATIENCE = 20.0
"""Seconds for a robots.txt, tried once. Where packets are swallowed (seen at several bureaus from abroad), each scheme
is waited for so long, and the host is done with for this crawl; at the usual time-out it would be four minutes."""
_BOM = b"\xef\xbb\xbf"


class Forbidden(IgnoreRequest):
    """A request that robots.txt forbids."""

    outcome: Outcome = "robots"


class RulesUnknown(IgnoreRequest):
    """A request that waits for another crawl: robots.txt could not be read. `__cause__` is the error, if it was one."""

    def __init__(self, why: str, outcome: Outcome = "unreachable") -> None:
        super().__init__(why)
        self.outcome = outcome


class PacedSpider(Protocol):
    """What the middleware needs of a spider."""

    pace: Pace

    def hear_block(self, request: Request, answer: Answer) -> None:
        """A shield stands before the rules that a request waits for."""
        ...


class Robots:
    """Asks the rules of each host before anything else of it, once a crawl (RFC 9309).

    4xx, too many redirects, and a page where a text file should be mean that there are no rules; 5xx, 429 and no answer
    that nobody knows them, so that nothing may be asked now. A shield stops its host, as at any page. A `Crawl-delay`
    slows down the host's whole slot.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._rules: dict[str, asyncio.Task[RobotParser]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let the request pass when the rules are there. Raises: Forbidden, RulesUnknown."""
        if RULES_OF in request.meta:
            return
        parts = urlparse_cached(request)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = asyncio.ensure_future(self._read_rules(site, request))
        rules = await self._rules[site]
        if not rules.allowed(request.url, self._agent):
            raise Forbidden("Forbidden by robots.txt")

    async def _read_rules(self, site: str, waiting: Request) -> RobotParser:
        meta = {RULES_OF: site, "download_timeout": min(PATIENCE, self._crawler.settings.getfloat("DOWNLOAD_TIMEOUT"))}
        asked = Request(f"{site}/robots.txt", meta=meta, callback=NO_CALLBACK)
        try:
            response = await self._crawler.engine.download_async(asked)
            self._heed_shield(waiting, response)
            body = _rules_in(response)
        except (NotKept, NotSent, Blocked, RulesUnknown):
            raise
        except IgnoreRequest:  # redirected too often, or where nobody may go
            body = b""
        except Exception as problem:
            outcome, why = judge_failure(problem)
            told: Outcome = "tls" if outcome == "tls" else "unreachable"
            raise RulesUnknown(f"{site}/robots.txt could not be read: {why}", told) from problem
        rules = ProtegoRobotParser.from_crawler(self._crawler, body)
        delay = rules.crawl_delay(self._agent)
        if delay is not None:
            self._spider.pace.slow_down(site, delay)
        return rules

    def _heed_shield(self, waiting: Request, response: Response) -> None:
        """Raises: Blocked where a shield answers instead of the rules; too many requests only put them off."""
        answer = open_answer(response)
        if response.status != 429 and is_stop_sign(answer.verdict):
            self._spider.hear_block(waiting, answer)
            raise Blocked(f"{response.url} stands behind a shield: {answer.verdict.outcome}: {answer.verdict.detail}")

    @property
    def _spider(self) -> PacedSpider:
        return cast("PacedSpider", self._crawler.spider)


def _rules_in(response: Response) -> bytes:
    """The text of a robots.txt, empty where there is none. Raises: RulesUnknown where it may be there."""
    if response.status >= 500 or response.status == 429:
        raise RulesUnknown(f"{response.url} could not be read: HTTP {response.status}")
    headers = headers_of(response)
    try:
        body = decode_body(response.body, headers)
    except Unreadable:
        return b""
    return b"" if response.status >= 300 or is_html(headers, body) else body.removeprefix(_BOM)
