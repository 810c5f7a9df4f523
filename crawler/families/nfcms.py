"""NFCMS (南方网): the pages of Guangdong's governments and bureaus.

Lists count from 1: the first is the directory or `index.html`, the second `index_2.html`, as the pager's links say or
a script's `createPageHTML`. Documents are `…/content/post_1234567.html`; phones are sent to a twin of the same
document, `mpost_1234567.html`, and some lists print both. The disclosure catalogue of the same sites is the family
`gkmlpt`. Layout seen 2019–2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from archive.records import Channel, Entry, Page
from archive.urls import url_key
from crawler.families.documents import list_documents
from crawler.families.options import unknown_options
from crawler.families.pager import (
    ask_page,
    find_next_link,
    read_script_pager,
    stated_entries,
    stated_pages,
    turn_script_page,
)
from crawler.lists import Ask, Listing

_DOCUMENT = re.compile(r"/m?post_\d+\.html$", re.I)
_FOR_PHONES = "/mpost_"


def first(channel: Channel) -> tuple[Ask, ...]:
    """The channel's own address: its first page holds the newest entries."""
    return (Ask(url=channel.url, kind="list", channel=channel),)


def check(options: Mapping[str, str]) -> tuple[str, ...]:
    """No options: the pager says all."""
    return unknown_options(options, (), family="nfcms")


def read(page: Page, channel: Channel) -> Listing:
    """Read the entries and the next page of one NFCMS list page; of twins, the page for desks is the entry.

    Raises: Unreadable if the page has no list of dated or NFCMS-shaped links.
    """
    entries = _fold_twins(list_documents(page, _DOCUMENT, like="NFCMS /content/post_1234567.html"))
    pager = read_script_pager(page)
    turn = turn_script_page(page, pager, counts_from=1) if pager else find_next_link(page)
    return Listing(
        entries=entries,
        asks=ask_page(turn, channel),
        total=pager.entries if pager and pager.entries is not None else stated_entries(page),
        pages=pager.pages if pager else stated_pages(page),
    )


def _fold_twins(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    found: dict[str, Entry] = {}
    for entry in entries:
        key = url_key(entry.url)
        if key not in found or _FOR_PHONES in found[key].url:
            found[key] = entry
    return tuple(found.values())
