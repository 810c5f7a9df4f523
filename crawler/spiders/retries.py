"""What is asked a second time, and when: errors of servers once more, `Retry-After` at the instant it names."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol, cast

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Response

from crawler.pace import Pace, retry_after
from crawler.spiders.answers import headers_of
from crawler.spiders.robots import RULES_OF
from crawler.transport import tls_reason

ASK_TO_WAIT = (429, 503)
"""Statuses whose `Retry-After` is heard."""


class RestingSpider(Protocol):
    """What the middleware needs of a spider."""

    pace: Pace

    def leave_alone(self, request: Request, seconds: float) -> None:
        """Ask nothing more of the request's host in this crawl, and say so."""
        ...


class Retries(RetryMiddleware):
    """Scrapy's retries, which know nothing of `Retry-After`.

    A 429 is a stop sign, unless it says when to come again: then it is asked once more. A robots.txt that does not come
    in time is not waited for twice, for while it is waited for, nothing else can be asked there. A handshake that
    failed fails again.
    """

    def process_response(  # type: ignore[override]  # without the spider, which Scrapy hands to nobody any more
        self, request: Request, response: Response
    ) -> Request | Response:
        """The request to ask again, or the response itself."""
        told = response.status in ASK_TO_WAIT
        seconds = retry_after(headers_of(response), now=datetime.now(UTC)) if told else None
        if seconds is None:
            return super().process_response(request, response)
        spider = cast("RestingSpider", self.crawler.spider)
        if not spider.pace.rest(request.url, seconds):
            spider.leave_alone(request, seconds)
            return response
        return self._retry(request, f"{response.status} with Retry-After") or response

    def process_exception(  # type: ignore[override]  # as above
        self, request: Request, exception: Exception
    ) -> Request | Response | None:
        """The request to ask again; None leaves the error as it is."""
        is_late = RULES_OF in request.meta and isinstance(exception, DownloadTimeoutError)
        if is_late or tls_reason(exception) is not None:
            return None
        return super().process_exception(request, exception)
