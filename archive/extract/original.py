"""The address that a repost names as its original: an anchor, or plain text behind a label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from archive.extract.endings import ORIGINAL_LINK
from archive.extract.lines import Line
from archive.urls import fetch_url, find_urls, is_site_root, url_key

_ANCHOR: Final = re.compile(
    r"[\s【\[（(>»]*(?:阅读|查看|点击(?:阅读|查看)?)?(?:原文|全文原文|源文)(?:链接|地址|网址|出处)?\s?[:：]?[\s】\]）)>»]*"
)
_PARTS: Final = 12  # texts of a link that can be such a name: links within links hold half a page


def find_original(lines: Sequence[Line], url: str, charset: str) -> str | None:
    """Give the last address in these lines that is named as the original, in fetch form.

    Neither the page itself nor the home page of a site is an original.
    """
    own = _key(url)
    for number in range(len(lines) - 1, -1, -1):
        for raw in _named(lines, number):
            try:
                found = fetch_url(raw, url, charset)
                key = url_key(found)
            except ValueError:
                continue
            if key != own and not is_site_root(key):
                return found
    return None


def _named(lines: Sequence[Line], number: int) -> Iterator[str]:
    """The raw addresses that this line names as its original, best first."""
    line = lines[number]
    labels = list(ORIGINAL_LINK.finditer(line.text))
    if labels:
        behind = line.text[labels[-1].end() :]
        yield from find_urls(behind)
        yield from (href for link in line.links if (href := link.get("href")))
        if not behind.strip() and number + 1 < len(lines):
            yield from find_urls(lines[number + 1].text)
            yield from (href for link in lines[number + 1].links if (href := link.get("href")))
    else:
        for link in line.links:
            if _ANCHOR.fullmatch("".join(islice(link.itertext(), _PARTS))) and (href := link.get("href")):
                yield href


def _key(url: str) -> str | None:
    try:
        return url_key(url)
    except ValueError:
        return None
