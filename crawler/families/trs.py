"""TRS WCM (拓尔思): most provincial and prefecture bureaus.

Lists are static pages: the first is the directory or `index.html`, the second `index_1.html` (counted from 0; a few
sites count from 1). An inline script prints the pager, `createPageHTML(total, current, "index", "html")`, whose
base name and ending are the site's. Documents are `/202111/t20211104_9926756.html`, or `/t25960665.shtml`.
Layout seen 2019–2026.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from archive.records import Channel, Page
from crawler.families.documents import list_documents
from crawler.families.options import unknown_options
from crawler.families.pager import (
    ask_page,
    counts_from_one,
    find_next_link,
    read_script_pager,
    stated_entries,
    stated_pages,
    turn_script_page,
)
from crawler.lists import Ask, Listing

_DOCUMENT = re.compile(r"/t(\d{8}_\d+|\d{6,})(_wap)?\.s?html?$", re.I)
_MOST_PAGES = 50
"""List pages that the system writes at most, and that many pagers print whatever there is."""
_CAPPED = f"the pager states {_MOST_PAGES} pages, the most that the system keeps: older entries may be on no list"
_SAY_ONE = 'the pager counts from 1: give the channel counts_from = "1", or its last page is never asked'


def first(channel: Channel) -> tuple[Ask, ...]:
    """The channel's own address: its first page holds the newest entries."""
    return (Ask(url=channel.url, kind="list", channel=channel),)


def check(options: Mapping[str, str]) -> tuple[str, ...]:
    """`counts_from`: the number of the first page, "0" or "1", where the pager does not tell it."""
    wrong = unknown_options(options, ("counts_from",), family="trs")
    if options.get("counts_from", "0") not in ("0", "1"):
        wrong += (f'counts_from is {options["counts_from"]!r}; it is "0" or "1"',)
    return wrong


def read(page: Page, channel: Channel) -> Listing:
    """Read the entries and the next page of one TRS list page.

    The date is as printed; the order is the page's, newest first as a rule. Only the next page is asked, so that a
    walk can stop where everything is known; nothing is asked past the total that the pager prints.

    Raises: Unreadable if the page has no list of dated or TRS-shaped links.
    """
    entries = list_documents(page, _DOCUMENT, like="TRS /t20211104_9926756.html")
    pager = read_script_pager(page)
    if pager is None:
        asks = ask_page(find_next_link(page), channel)
        return Listing(entries=entries, asks=asks, total=stated_entries(page), pages=stated_pages(page))
    turn = turn_script_page(page, pager, counts_from=int(channel.options.get("counts_from", "0")))
    unsaid = counts_from_one(page, pager) and "counts_from" not in channel.options
    return Listing(
        entries=entries,
        asks=ask_page(turn, channel),
        total=pager.entries if pager.entries is not None else stated_entries(page),
        pages=pager.pages if pager.pages != _MOST_PAGES else None,
        doubts=(*((_SAY_ONE,) if unsaid else ()), *((_CAPPED,) if pager.pages == _MOST_PAGES else ())),
    )
