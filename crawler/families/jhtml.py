"""JEECMS: addresses that end in `.jhtml`.

Lists are `<column>/index.jhtml`, then `<column>/index_2.jhtml`; or `<column>.jhtml`, then `<column>_2.jhtml`. The
pager is links, or buttons and a menu of pages that go on by script (`onclick="location.href='index_2.jhtml'"`), with
`1/4页` beside them. Documents are `/<column>/4861.jhtml`. Layout seen 2018–2025.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from archive.records import Channel, Page
from crawler.families.calls import find_next_call
from crawler.families.documents import list_documents
from crawler.families.options import unknown_options
from crawler.families.pager import (
    Turn,
    ask_page,
    find_next_link,
    stated_entries,
    stated_pages,
    stated_place,
)
from crawler.lists import Ask, Listing

_DOCUMENT = re.compile(r"/\d+\.jhtml$", re.I)


def first(channel: Channel) -> tuple[Ask, ...]:
    """The channel's own address: its first page holds the newest entries."""
    return (Ask(url=channel.url, kind="list", channel=channel),)


def check(options: Mapping[str, str]) -> tuple[str, ...]:
    """No options: the pager says all."""
    return unknown_options(options, (), family="jhtml")


def read(page: Page, channel: Channel) -> Listing:
    """Read the entries and the next page of one JEECMS list page; none after the page that says it is the last.

    Raises: Unreadable if the page has no list of dated or JEECMS-shaped links.
    """
    entries = list_documents(page, _DOCUMENT, like="JEECMS /tzgg/4861.jhtml")
    return Listing(
        entries=entries,
        asks=ask_page(_find_turn(page), channel),
        total=stated_entries(page),
        pages=stated_pages(page),
    )


def _find_turn(page: Page) -> Turn | None:
    place, pages = stated_place(page) or (None, None)
    if place is not None and place == pages:
        return None  # 下一页 of the last page leads anywhere: to itself, to the first page, past the end
    return find_next_link(page) or find_next_call(page)
