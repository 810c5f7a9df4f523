"""From the wire to the WARC: every request that is asked ends as one record.

`CaptureMiddleware` stands nearest the wire (order 950) and sees bodies as sent (content-coded, de-chunked), redirects
and retried errors. Scrapy hands every exception of the chain to it first, also those raised above it (guard, robots,
blocks), so it makes all the records. `AskedMiddleware` stands first and counts, so that the sum can be checked.

What Scrapy does not hand on: the status line's own words (the standard ones stand in), the spelling of header names
(each word is capitalised) and their order across names (equal names stand together, in order). Connection headers
(`Transfer-Encoding`, `Connection`) never reach it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from http.client import responses
from typing import Protocol, Self, cast
from urllib.parse import urldefrag

from scrapy import Request, signals
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Headers as ScrapyHeaders
from scrapy.http import Response
from scrapy.utils.asyncio import create_looping_call
from twisted.web.client import ResponseFailed

from archive.records import (
    CrawlEnd,
    Entry,
    Exchange,
    Failure,
    Headers,
    Issue,
    Listed,
    Note,
    Outcome,
    Place,
    Tally,
    Walked,
)
from crawler.lists import Ask
from crawler.transport import TRANSPORT, tls_reason

PLACE = "place"
"""The meta key of the place where a request's last record is kept."""

_SECRETS = ("authorization", "proxy-authorization")
_STATED = re.compile(r"(\d+) bytes which is larger than download max size \((\d+)\)")
"""What Scrapy says of an answer that states its size."""
_TOO_LARGE = "{:,} bytes, and {:,} is the limit"
_WENT_PAST = "broken off when it went past the limit, its size was not stated"
_REFUSED: tuple[Outcome, ...] = ("refused", "robots")
_UNREACHABLE = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    TunnelError,  # a proxy that opens no way to an https host
)

logger = logging.getLogger(__name__)


class Writer(Protocol):
    """What a recording needs of a WARC writer."""

    def keep(self, exchange: Exchange) -> Place:
        """Append an exchange."""
        ...

    def note(self, note: Note, *, at: datetime) -> Place:
        """Append a note."""
        ...

    def sync(self) -> None:
        """Bring everything written to the disk."""
        ...

    def close(self) -> None:
        """End the file."""
        ...


class NotKept(Exception):  # noqa: N818  it says what happened, as Scrapy's own exceptions do
    """A record could not be written, as on a full disk. The request has not ended: its row must stay."""


class Recording:
    """One crawl's record so far: where it is written, and how its requests ended.

    Each `ask` is followed by one `keep` or `fail`. `OSError` of the disk passes through all methods that write.
    """

    def __init__(self, writer: Writer, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._writer = writer
        self._now = now
        self.tally = Tally()

    def ask(self) -> None:
        """Count a request that is on its way."""
        self.tally = replace(self.tally, asked=self.tally.asked + 1)

    def keep(self, exchange: Exchange) -> Place:
        """Write an exchange."""
        place = self._writer.keep(exchange)
        self.tally = replace(self.tally, stored=self.tally.stored + 1)
        return place

    def fail(self, url: str, *, raw_url: str | None, outcome: Outcome, detail: str) -> Place:
        """Write that a request has no exchange; `refused` and `robots` ones were never sent."""
        at = self._now()
        place = self._writer.note(
            Failure(url=url, raw_url=raw_url, fetched_at=at, outcome=outcome, detail=detail), at=at
        )
        if outcome in _REFUSED:
            self.tally = replace(self.tally, refused=self.tally.refused + 1)
        else:
            self.tally = replace(self.tally, failed=self.tally.failed + 1)
        return place

    def listed(self, entry: Entry, *, source: str, channel: str, list_url: str) -> Place:
        """Write that a list page showed an entry."""
        at = self._now()
        return self._writer.note(
            Listed(entry=entry, source=source, channel=channel, list_url=list_url, listed_at=at), at=at
        )

    def issue(
        self, kind: str, subject: str, detail: str, *, source: str | None = None, channel: str | None = None
    ) -> Place:
        """Write down something a person should look at; `channel` is the url of the one whose walk came by it."""
        at = self._now()
        issue = Issue(kind=kind, subject=subject, detail=detail, raised_at=at, source=source, channel=channel)
        return self._writer.note(issue, at=at)

    def walked(self, walked: Walked) -> Place:
        """Write how the walk of a channel went."""
        return self._writer.note(walked, at=self._now())

    def end(self, reason: str) -> None:
        """Write how the crawl ended, and close the file."""
        at = self._now()
        self._writer.note(CrawlEnd(ended_at=at, reason=reason, tally=self.tally), at=at)
        self._writer.close()

    def sync(self) -> None:
        """Bring everything written to the disk."""
        self._writer.sync()

    def now(self) -> datetime:
        """The time, in UTC."""
        return self._now()


class RecordingSpider(Protocol):
    """What capture needs of a spider."""

    recording: Recording

    def give_up(self, problem: Exception) -> None:
        """End the crawl: records can no longer be written."""
        ...


class AskedMiddleware:
    """Counts every request that begins its way through the downloader. Stands first."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:  # noqa: ARG002  Scrapy's signature
        """Count it."""
        cast("RecordingSpider", self._crawler.spider).recording.ask()


class CaptureMiddleware:
    """Keeps every response and every failure, and puts the place of the record into the request's meta."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._syncing = create_looping_call(self._sync)
        crawler.signals.connect(self._begin, signals.spider_opened)
        crawler.signals.connect(self._end, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy; the spider and its recording come later."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep what came back, before anything above reads, decodes or follows it."""
        exchange = exchange_of(request, response, at=self._spider.recording.now())
        try:
            request.meta[PLACE] = self._spider.recording.keep(exchange)
        except OSError as problem:
            self._give_up(request, problem)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Note why nothing came back; whoever stands above may still ask again."""
        outcome, detail = judge_failure(exception)
        url = urldefrag(request.url)[0]
        try:
            request.meta[PLACE] = self._spider.recording.fail(
                url, raw_url=_raw_url(request), outcome=outcome, detail=detail
            )
        except OSError as problem:
            self._give_up(request, problem)

    @property
    def _spider(self) -> RecordingSpider:
        return cast("RecordingSpider", self._crawler.spider)

    def _give_up(self, request: Request, problem: OSError) -> None:
        self._spider.give_up(problem)
        raise NotKept(f"{request.url} could not be recorded: {problem}") from problem

    def _begin(self) -> None:
        self._syncing.start(1.0, now=False)

    def _end(self) -> None:
        if self._syncing.running:
            self._syncing.stop()

    def _sync(self) -> None:
        try:
            self._spider.recording.sync()
        except OSError as problem:
            self._end()
            self._spider.give_up(problem)


def exchange_of(request: Request, response: Response, *, at: datetime) -> Exchange:
    """A round trip as we keep it. The operator's credentials are left out; a proxy's address is not the server's."""
    sent = tuple(line for line in _lines(request.headers) if line[0].lower() not in _SECRETS)
    proxied = request.meta.get("proxy") is not None
    return Exchange(
        url=urldefrag(request.url)[0],
        raw_url=_raw_url(request),
        method=request.method,
        request_headers=sent,
        request_body=request.body,
        status=response.status,
        reason=responses.get(response.status, ""),
        headers=_lines(response.headers),
        body=response.body,
        fetched_at=at,
        address=str(response.ip_address) if response.ip_address is not None and not proxied else None,
        transport=request.meta.get(TRANSPORT),
    )


def judge_failure(exception: Exception) -> tuple[Outcome, str]:
    """The outcome of a request without an exchange, and its detail: what was raised, in its own words."""
    detail = " ".join(f"{type(exception).__name__}: {_words_of(exception)}".rstrip(": ").split())
    if isinstance(exception, IgnoreRequest):
        return getattr(exception, "outcome", "refused"), str(exception) or detail
    if isinstance(exception, UnsupportedURLSchemeError | NotSupported):
        return "refused", detail
    if isinstance(exception, DownloadCancelledError):  # raised for DOWNLOAD_MAXSIZE alone; a time-out has its own
        stated = _STATED.search(str(exception))
        return "too_large", _TOO_LARGE.format(*map(int, stated.groups())) if stated else _WENT_PAST
    if reason := tls_reason(exception):
        return "tls", f"TLS: {reason}"
    if not isinstance(exception, _UNREACHABLE):
        logger.warning("A request failed in a way that is not known here: %s", detail, exc_info=exception)
    return "unreachable", detail


def _words_of(exception: Exception) -> str:
    """What an exception says; of Twisted's lists of failures only what they say themselves."""
    if isinstance(exception.__cause__, ResponseFailed):
        return "; ".join(reason.getErrorMessage() for reason in exception.__cause__.reasons)
    return str(exception)


def _raw_url(request: Request) -> str | None:
    ask = request.meta.get("ask")
    return ask.raw_url if isinstance(ask, Ask) and "redirect_urls" not in request.meta else None


def _lines(headers: ScrapyHeaders) -> Headers:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values
    )
