"""Hanweb JCMS (大汉): the newest records stand in the column page, the others are asked of `dataproxy.jsp`.

A column `/col/col10694/index.html` writes its first records as XML or into a script (crawler/families/datastore.py).
Further ones come in one of two ways. The page's call `jpage({totalRecord, perPage, proxyUrl, ajaxParam})` says what
to ask: `dataproxy.jsp?startrecord=46&endrecord=90&perpage=15` with the parameters, which we send both in the address
and, as the page does, in the body, for the answer does not repeat them. Else `<nextgroup>` is a link to the next
group, often with encrypted ids, and the answer has a link to the one after it.
Documents are `/art/2024/3/5/art_<column>_<id>.html`, newer ones `/art/2024/art_<32 hex digits>.html`; the second
number is the document's. Layout seen 2012–2026.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from archive.page import Unreadable
from archive.records import Channel, Entry, Page
from archive.urls import fetch_url
from crawler.families.anchors import MOST_LINKS, page_base
from crawler.families.datastore import Pager, Store, find_pagers, find_stores, read_assigned, read_records
from crawler.families.directory import ask_directory, is_directory_answer, read_directory
from crawler.families.documents import list_documents
from crawler.families.options import unknown_options
from crawler.families.pager import ask_page, find_next_link, stated_entries, stated_pages
from crawler.lists import Ask, Listing

OPTIONS = {
    "unit": "id of the element that holds the list, where a page has several; default: the one with most records",
    "method": '"post" (default) or "get": how the site wants to be asked for records by their numbers',
}
"""Every option with its meaning."""

_DOCUMENT = re.compile(r"/art/\d{4}/(\d{1,2}/\d{1,2}/art_\d+_\d+|art_([0-9a-f]{32}|\d+_\d+))\.html?$", re.I)
_PROXY = re.compile(r"dataproxy\.jsp", re.I)
_RANGE = ("startrecord", "endrecord", "perpage")
_FIRST_GROUP = re.compile(r"(?<=[?&]page=)1(?=&|$)")
_FORM = "application/x-www-form-urlencoded; charset=UTF-8"


def first(channel: Channel) -> tuple[Ask, ...]:
    """The column's own address, which holds the newest entries."""
    return (Ask(url=channel.url, kind="list", channel=channel),)


def check(options: Mapping[str, str]) -> tuple[str, ...]:
    """`unit` and `method`, see `OPTIONS`."""
    wrong = unknown_options(options, OPTIONS, family="hanweb")
    if options.get("method", "post") not in ("post", "get"):
        wrong += (f'method is {options["method"]!r}; it is "post" or "get"',)
    return wrong


def read(page: Page, channel: Channel) -> Listing:
    """Read a column page, or an answer of `dataproxy.jsp`; entries in its order, newest first as a rule.

    An answer without records ends the walk with a doubt where nothing said that there are more: some sites print a
    link to the group after the last, others do not decode the encrypted ids of an old group.

    Raises: Unreadable if a page has no list, or an answer lacks the records that the total promised.
    """
    if _PROXY.search(urlsplit(page.url).path):
        return _read_answer(page, channel)
    if is_directory_answer(page):
        return read_directory(page, channel)
    stores = find_stores(page.html)
    pagers = find_pagers(page.html)
    unit = channel.options.get("unit")
    if not stores and not any(pager.proxy and pager.parameters for pager in pagers.values()):
        directory = ask_directory(page, channel)
        return Listing(entries=(), asks=(directory,)) if directory else _read_static(page, channel)
    named = [store for store in stores if unit in (None, store.name)]
    store = max(named, key=lambda store: len(store.records), default=Store(name=unit, records=()))
    pager = pagers.get(store.name or "") or (next(iter(pagers.values())) if len(pagers) == 1 and not unit else None)
    total = pager.total if pager and pager.total is not None else store.total or stated_entries(page)
    entries = _read_entries(page, store, page_base(page))
    asks = _ask_further(page, channel, store, pager, total)
    if not entries and (store.records or not asks):
        seen = f"{len(stores)} lists ({', '.join(s.name or 'no id' for s in stores)})" if stores else "no list"
        raise Unreadable(
            f"{page.url}: no Hanweb list: no <record> with a link in {f'unit {unit}' if unit else 'any <datastore>'};"
            f" the page has {seen} and {len(pagers)} calls of jpage"
        )
    return Listing(entries=entries, asks=asks, total=total, pages=store.pages or stated_pages(page))


def _read_static(page: Page, channel: Channel) -> Listing:
    """A column without a store: rows that a script assigns (2020), or plain links."""
    entries = tuple(read_assigned(page.html, page_base(page), page.charset))
    if not entries:
        entries = list_documents(page, _DOCUMENT, like="Hanweb /art/2024/3/5/art_10694_1203.html")
    asks = ask_page(find_next_link(page), channel)
    return Listing(entries=entries, asks=asks, total=stated_entries(page), pages=stated_pages(page))


def _ask_further(page: Page, channel: Channel, store: Store, pager: Pager | None, total: int | None) -> tuple[Ask, ...]:
    """What a column page asks next; nothing where it holds all that it states."""
    have = len(store.records)
    if total is not None and have >= total:
        return ()
    if pager and pager.proxy and pager.parameters and total is not None:
        proxy = urlsplit(_join(page, pager.proxy))
        parameters = {**dict(parse_qsl(proxy.query)), **pager.parameters}
        url = proxy._replace(query="").geturl()
        last = min(have + pager.per_page * pager.group, total)
        return (_ask_range(url, parameters, (have + 1, last, pager.per_page), channel),)
    if store.next_href is None:
        return ()
    url = _join(page, store.next_href)
    asks = (_ask_group(url, channel),)
    # The first group may be the page's own records again, all of them, which ends a walk as one in a circle: so the
    # second is asked from here, too.
    return (*asks, _ask_group(_FIRST_GROUP.sub("2", url), channel)) if _FIRST_GROUP.search(url) else asks


def _read_answer(page: Page, channel: Channel) -> Listing:
    store = max(find_stores(page.html), key=lambda store: len(store.records), default=None)
    if store is None:
        raise Unreadable(f"{page.url}: no <datastore> in the answer, which starts with {page.html[:40]!r}")
    asked = dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))
    entries = _read_entries(page, store, channel.url)
    start, end, per_page = (int(asked[name]) if asked.get(name, "").isdecimal() else 0 for name in _RANGE)
    if not entries:
        if store.records or (start and start <= (store.total or start)):
            raise Unreadable(f"{page.url}: no record with a link among {len(store.records)}; total {store.total}")
        return Listing(entries=(), total=store.total, doubts=("an empty group: past the end, or refused",))
    asks: tuple[Ask, ...] = ()
    total = store.total if store.total is not None else end + (len(store.records) > end - start)
    if start and end < total:
        parameters = {name: value for name, value in asked.items() if name not in _RANGE}
        url = urlsplit(page.url)._replace(query="").geturl()
        further = (end + 1, min(2 * end - start + 1, store.total or 10**9), per_page)
        asks = (_ask_range(url, parameters, further, channel),)
    elif not start and store.next_href and not _is_last_group(store, _number_of(asked)):
        asks = (_ask_group(_join(page, store.next_href), channel),)
    return Listing(entries=entries, asks=asks, total=store.total, pages=store.pages)


def _is_last_group(store: Store, number: int) -> bool:
    """Whether the stated totals say that no group follows: sites print a link to the next one even then.

    All groups but the last hold whole pages; how many entries a page has lies between what both totals allow.
    """
    total, pages, records = store.total, store.pages, len(store.records)
    if total is None or number * records >= total:
        return total is not None
    if pages is None or pages < 2:
        return False
    sizes = range(-(-total // pages), (total - 1) // (pages - 1) + 1)
    return all(records % size for size in sizes)


def _read_entries(page: Page, store: Store, base: str) -> tuple[Entry, ...]:
    if len(store.records) > MOST_LINKS:  # no list has so many, and they would hold up all other hosts
        raise Unreadable(f"{page.url}: no list: {len(store.records)} records, more than {MOST_LINKS}")
    return tuple(read_records(store.records, base, page.charset))


def _join(page: Page, href: str) -> str:
    try:
        return fetch_url(href, page_base(page), page.charset)
    except ValueError as error:
        raise Unreadable(f"{page.url}: its pager leads to {href[:80]!r}, which is no address") from error


def _ask_range(url: str, parameters: Mapping[str, str], numbers: tuple[int, int, int], channel: Channel) -> Ask:
    """Ask for the records from one number to another, both counted from 1."""
    query = urlencode({**dict(zip(_RANGE, numbers, strict=True)), **parameters})
    ask = Ask(url=fetch_url(f"{url}?{query}"), kind="list", channel=channel, page=2)
    referer = ("Referer", channel.url)
    if channel.options.get("method", "post") == "get":
        return replace(ask, headers=(referer,))
    body = urlencode(parameters).encode("ascii")
    return replace(ask, method="POST", body=body, headers=(referer, ("Content-Type", _FORM)))


def _ask_group(url: str, channel: Channel) -> Ask:
    number = _number_of(dict(parse_qsl(urlsplit(url).query)))
    return Ask(url=url, kind="list", channel=channel, page=number + 1, headers=(("Referer", channel.url),))


def _number_of(asked: Mapping[str, str]) -> int:
    """The number of a group; 1 where the address does not tell it."""
    return int(asked["page"]) if asked.get("page", "").isdecimal() else 1
