"""A response as the archive's records: its headers, its page, and what it is."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy.http import Response

from archive.outcome import Verdict, judge
from archive.page import Unreadable, open_page
from archive.records import Headers, Page

MOST_BYTES = 8 * 1024 * 1024
"""Of a page that the crawl itself looks at, unpacked. The index, which holds nobody up, reads larger ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One response, opened: `page` is None when the body is no HTML, or too much of it."""

    url: str
    page: Page | None
    verdict: Verdict


def open_answer(response: Response) -> Answer:
    """Decode, parse and judge a response whose body is as it was sent."""
    headers = headers_of(response)
    try:
        page = open_page(response.url, response.body, headers, limit=MOST_BYTES)
    except Unreadable:
        page = None
    size = len(response.body) if page is None else page.size
    return Answer(url=response.url, page=page, verdict=judge(response.status, headers, response.url, page, size))


def headers_of(response: Response) -> Headers:
    """Header lines by name; values as Latin-1."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
