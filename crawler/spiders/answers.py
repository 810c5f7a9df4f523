"""A response as the archive's records: its headers, its page, and what it is."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from scrapy.http import Response

from archive.outcome import Verdict, judge
from archive.page import Unreadable, open_data, open_page
from archive.records import Headers, Page

MOST_BYTES = 8 * 1024 * 1024
"""Of a page that the crawl itself looks at, unpacked. The index, which holds nobody up, reads larger ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One response, opened: `page` is None when the body is no HTML, or too much of it; then `data` is its text."""

    url: str
    page: Page | None
    data: Page | None
    verdict: Verdict


def open_answer(response: Response) -> Answer:
    """Decode, parse and judge a response whose body is as it was sent."""
    return open_body(response.url, response.body, headers_of(response), status=response.status)


def open_body(url: str, body: bytes, headers: Headers, *, status: int) -> Answer:
    """Decode, parse and judge what a server sent, wherever it was kept since."""
    page = data = None
    try:
        page = open_page(url, body, headers, limit=MOST_BYTES)
    except Unreadable:
        with suppress(Unreadable):
            data = open_data(url, body, headers, limit=MOST_BYTES)
    size = len(body) if page is None else page.size
    verdict = judge(status, headers, url, page, size)
    return Answer(url=url, page=page, data=data, verdict=verdict)


def headers_of(response: Response) -> Headers:
    """Header lines by name; values as Latin-1."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
