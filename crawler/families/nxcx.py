"""nX/cX: the ministry of civil affairs since 2023, and other national bodies.

Lists are `/n152/n165/index.html`; the list is drawn by one component of the page, `<div id="comp_1284">`, and its
further pages are `index_1284_1.html`, `index_1284_2.html` …. In some columns the numbers count up from the newest, in
others down to it, and nothing on the page says which; the links to all pages are printed, often in a hidden box.
Documents are `/n152/n165/c1662004999979993926/content.html`, without a date in the address. Layout seen 2023–2026.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from urllib.parse import urlsplit

from archive.records import Channel, Entry, Page
from archive.urls import fetch_url
from crawler.families.anchors import find_anchors, page_base
from crawler.families.documents import list_documents
from crawler.families.options import unknown_options
from crawler.families.pager import find_next_link, stated_entries, stated_pages
from crawler.lists import Ask, Listing

_DOCUMENT = re.compile(r"/c\d+/(content\.html?|part/\d+\.\w+)$", re.I)
_COMPONENT = re.compile(r"comp_(\d+)$")
_FURTHER = re.compile(r"/index_(\d+)_(\d+)\.html?$", re.I)


def first(channel: Channel) -> tuple[Ask, ...]:
    """The channel's own address: its first page holds the newest entries."""
    return (Ask(url=channel.url, kind="list", channel=channel),)


def check(options: Mapping[str, str]) -> tuple[str, ...]:
    """No options: component and pages are read from the page."""
    return unknown_options(options, (), family="nxcx")


def read(page: Page, channel: Channel) -> Listing:
    """Read the entries and the next pages of one nX/cX list page; the date is as printed, the order the page's.

    Where 下一页 is a link, it alone is asked. Elsewhere nobody knows which end of the numbers is the newer: the first
    page asks both, and each further page those next to it, so that a walk that finds one end known stops there and
    still comes by all pages from the other. Only printed links are asked.

    Raises: Unreadable if the page has no list of dated or nX/cX-shaped links.
    """
    entries = list_documents(page, _DOCUMENT, like="nX/cX /n152/n165/c45259/content.html")
    turns = _choose_turns(page, _printed_pages(page, _component(page, entries)))
    return Listing(
        entries=entries,
        asks=tuple(Ask(url=url, kind="list", channel=channel, page=2) for url in turns),
        total=stated_entries(page),
        pages=stated_pages(page),
    )


def _component(page: Page, entries: tuple[Entry, ...]) -> str | None:
    """The number of the component that draws the list: in the page's own name, else in the id of the box around it."""
    if own := _FURTHER.search(urlsplit(page.url).path):
        return own.group(1)
    urls = {entry.url for entry in entries}
    boxes = [box for anchor in find_anchors(page) if anchor.url in urls for box in anchor.element.iterancestors()]
    numbers = Counter(found.group(1) for box in boxes if (found := _COMPONENT.match(box.get("id") or "")))
    return numbers.most_common(1)[0][0] if numbers else None


def _printed_pages(page: Page, component: str | None) -> dict[int, str]:
    """The further pages that the page links, hidden ones too, by number in rising order; `component` None takes any."""
    base, pages = page_base(page), {}
    for element in page.tree.iter("a"):
        try:
            url = fetch_url(element.get("href") or "", base, charset=page.charset)
        except ValueError:  # `javascript:`, no address: not a page
            continue
        named = _FURTHER.search(urlsplit(url).path)
        if named and component in (None, named.group(1)):
            pages[int(named.group(2))] = url
    return dict(sorted(pages.items()))


def _choose_turns(page: Page, pages: Mapping[int, str]) -> tuple[str, ...]:
    """The pages to ask next: 下一页 where it is a link, else those beside this one, or both ends from the first page.

    Two at each end, for the outermost may be the first page under another name, which ends its side of the walk.
    """
    turn = find_next_link(page)
    if turn is not None and turn.url in pages.values():
        return (turn.url,)
    own = _FURTHER.search(urlsplit(page.url).path)
    numbers = list(pages)
    if own is None:
        ends = (*reversed(numbers[-2:]), *numbers[:2])
        return tuple(pages[number] for number in dict.fromkeys(ends))
    place = int(own.group(2))
    around = sorted({*numbers, place})
    beside = [pair for pair in pairwise(around) if place in pair]
    return tuple(pages[number] for pair in beside for number in pair if number != place)
