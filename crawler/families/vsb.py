"""博达 VSB (Visual SiteBuilder): lists whose page numbers count down.

The first page is `tzgg.htm`, the second `tzgg/23.htm`, the last `tzgg/1.htm`: with every full page the numbers of
all older ones stay as they are. So the next page can only be read from the pager, `span.p_next` or a link 下页.
Documents are `/info/1011/4861.htm`, or `content.jsp?…wbnewsid=4861` where pages are not static. Layout seen 2018–2026.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from archive.records import Channel, Page
from crawler.families.documents import list_documents
from crawler.families.options import unknown_options
from crawler.families.pager import ask_page, find_next_link, find_next_marked, stated_entries, stated_pages
from crawler.lists import Ask, Listing

_DOCUMENT = re.compile(r"/info/\d+/\d+\.html?$|[?&]wbnewsid=\d+", re.I)


def first(channel: Channel) -> tuple[Ask, ...]:
    """The channel's own address: its first page holds the newest entries."""
    return (Ask(url=channel.url, kind="list", channel=channel),)


def check(options: Mapping[str, str]) -> tuple[str, ...]:
    """No options: the pager says all."""
    return unknown_options(options, (), family="vsb")


def read(page: Page, channel: Channel) -> Listing:
    """Read the entries and the next page of one 博达 list page.

    Raises: Unreadable if the page has no list of dated or 博达-shaped links.
    """
    entries = list_documents(page, _DOCUMENT, like="博达 /info/1011/4861.htm")
    turn = find_next_marked(page, "p_next") or find_next_link(page)
    return Listing(entries=entries, asks=ask_page(turn, channel), total=stated_entries(page), pages=stated_pages(page))
