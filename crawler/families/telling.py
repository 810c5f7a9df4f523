"""Which family a list page is of, told from the page alone: by its marks, and by the family's own reading of it.

A mark is what only this system writes: words of its scripts, or the form of its documents' addresses. What has a mark
is told only if the family reads the page, too. A page that the system fills by script has no entries of its own; its
family is told with what to ask, and the answer has the last word. Marks seen 2019–2026, see docs/add-a-bureau.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from archive.outcome import judge
from archive.page import Unreadable
from archive.records import Channel, Page
from crawler.families import FAMILIES
from crawler.families.datastore import find_stores
from crawler.families.jpaas import find_units
from crawler.families.pager import counts_from_one, read_script_pager
from crawler.lists import Listing

MOST_TAGS = 4
"""Blocks of a jpaas page that are tried as its list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A family that reads a page, with the options it needs, and the mark that showed it, in words."""

    family: str
    mark: str
    listing: Listing = field(repr=False)
    """What the family read; without entries it only says what to ask."""
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    family: str
    words: str
    pattern: re.Pattern[str]
    of_documents: bool = False
    """Looked for in the addresses of the entries; else in the source of the page and its address."""


_MARKS = (
    _Mark(
        family="gkmlpt",
        words="window._CONFIG of /gkmlpt/index",
        pattern=re.compile(r"\A\S*/gkmlpt/(index\S*)?\n[\s\S]*\bSID['\"]?\s*:"),
    ),
    _Mark(family="jpaas", words="queryData of …/front/page/build/unit", pattern=re.compile(r"/front/page/build/unit")),
    _Mark(
        family="hanweb",
        words="<datastore>, dataproxy.jsp or /module/xxgk/search.jsp",
        pattern=re.compile(r"(?i)<datastore|dataproxy\.jsp|/module/xxgk/search\.jsp"),
    ),
    _Mark(
        family="ucap",
        words="meta channelId and the script of a JSON list",
        pattern=re.compile(r"<meta[^>]+name=[\"']?channelid(?=[\s\S]*(_isJson=true|common_?list))", re.I),
    ),
    _Mark(
        family="nxcx",
        words="documents like /n152/n165/c45259/content.html",
        pattern=re.compile(r"/n\d+/([^/]+/)*c\d+/(content\.html?|part/\d+)|/c\d{4,}/content\.html$", re.I),
        of_documents=True,
    ),
    _Mark(
        family="nfcms",
        words="documents like /content/post_1234567.html",
        pattern=re.compile(r"/m?post_\d+\.html$", re.I),
        of_documents=True,
    ),
    _Mark(
        family="hanweb",
        words="documents like /art/2024/3/5/art_10694_1203.html",
        pattern=re.compile(r"/art/\d{4}/(\d{1,2}/\d{1,2}/)?art_\w+\.html?$", re.I),
        of_documents=True,
    ),
    _Mark(
        family="ucap",
        words="documents like /c113003/202309/<32 hex digits>.shtml",
        pattern=re.compile(r"/c\d+/\d{6}/[0-9a-f]{32}\.s?html?$|/c\d+/\d{6}/c?\d+_\d+\.shtml$", re.I),
        of_documents=True,
    ),
    _Mark(
        family="vsb",
        words="documents like /info/1011/4861.htm",
        pattern=re.compile(r"/info/\d+/\d+\.html?$|[?&]wbnewsid=\d+", re.I),
        of_documents=True,
    ),
    _Mark(
        family="jhtml",
        words="documents like /tzgg/4861.jhtml",
        pattern=re.compile(r"/\d+\.jhtml$", re.I),
        of_documents=True,
    ),
    _Mark(
        family="trs",
        words="documents like /202111/t20211104_9926756.html",
        pattern=re.compile(r"/t(\d{8}_\d+|\d{6,})(_wap)?\.s?html?$", re.I),
        of_documents=True,
    ),
    _Mark(
        family="ucap",
        words="a page called common_list.shtml or zfxxgk_list.shtml",
        pattern=re.compile(r"\A\S*/(common|zfxxgk)_list(_\d+)?\.shtml"),
    ),
    _Mark(family="trs", words="createPageHTML", pattern=re.compile(r"\bcreatePage(HTML)?\s*\(")),
)
_ANSWERS = ("gkmlpt", "ucap", "jpaas")
"""Families whose lists come as JSON, the pickier ones first."""
_FILLED = ("gkmlpt", "jpaas", "hanweb")
"""Families whose column pages may hold a text and nothing of their list."""
_UCAP_COLUMN = re.compile(r"<meta[^>]+name=[\"']?channelid", re.I)
_UCAP_PATHS = ("/common/search/", "/search/", "/searchList/")


def tell_families(page: Page) -> tuple[Told, ...]:
    """The families that read this list page, best first; empty where it is an article, or no family's list.

    One with entries is certain, so nothing follows it. Those without are to be tried by what they ask, in this order.
    """
    if page.html.lstrip().startswith("{"):
        tries: Iterator[Told] = (told for name in _ANSWERS for told in _try(page, name, "the answer's form", {}))
    elif judge(200, (), page.url, page, page.size).kind == "article" and not _is_filled_by_script(page):
        return ()
    else:
        tries = _tell(page)
    found: list[Told] = []
    for told in tries:
        if told.listing.entries:
            return (*found, told)
        if told.listing.asks:
            found.append(told)
    return tuple(found)


def why_none(page: Page) -> str:
    """Why no family was told: what the page is, or that its list is drawn by a script that no family knows."""
    verdict = judge(200, (), page.url, page, page.size)
    if verdict.outcome != "ok":
        return f"{verdict.outcome}: {verdict.detail}"
    if verdict.kind == "article":
        return "an article"
    try:
        FAMILIES["auto"].read(page, _channel(page, "auto", {}))
    except Unreadable as problem:
        said = str(problem).removeprefix(f"{page.url}: ")
        scripts = sum(1 for script in page.tree.iter("script") if script.get("src") or script.text)
        return f"{said}; drawn by one of its {scripts} scripts?" if scripts else said
    return "a list of another kind"


def _tell(page: Page) -> Iterator[Told]:
    source = _source(page)
    for mark in _MARKS:
        if mark.of_documents:
            for told in _try(page, mark.family, mark.words, {}):
                urls = [entry.url for entry in told.listing.entries]
                if 2 * sum(mark.pattern.search(url) is not None for url in urls) >= max(len(urls), 1):
                    yield told
        elif mark.pattern.search(source):
            for options in _options(page, mark.family):
                yield from _try(page, mark.family, mark.words, options)
    if _UCAP_COLUMN.search(page.html):
        for path in _UCAP_PATHS:
            yield from _try(page, "ucap", "meta channelId", {"api": path})
    yield from _try(page, "auto", "links that repeat in one shape", {})


def _try(page: Page, family: str, mark: str, options: Mapping[str, str]) -> Iterator[Told]:
    try:
        listing = FAMILIES[family].read(page, _channel(page, family, options))
    except Unreadable:
        return
    yield Told(family=family, mark=mark, listing=listing, options={**options, **_counting(page, family)})


def _options(page: Page, family: str) -> Iterator[Mapping[str, str]]:
    """Options to try, where the page has several lists of which one must be named."""
    if family == "hanweb":
        named = [store for store in find_stores(page.html) if store.name and store.records]
        if len(named) > 1:
            largest = max(named, key=lambda store: len(store.records))
            yield {"unit": largest.name or ""}
            return
    if family == "jpaas":
        tags = [tag for tag, _ in find_units(page)]
        if len(tags) > 1:
            yield from ({"tag": tag} for tag in tags[:MOST_TAGS])
            return
    yield {}


def _counting(page: Page, family: str) -> Mapping[str, str]:
    """The option that tells the number of the first page, where it is not the family's usual one."""
    pager = read_script_pager(page) if family in ("trs", "ucap") else None
    if pager is None:
        return {}
    if family == "trs" and counts_from_one(page, pager):
        return {"counts_from": "1"}
    return {"counts_from": "0"} if family == "ucap" and pager.current == 0 else {}


def _channel(page: Page, family: str, options: Mapping[str, str]) -> Channel:
    return Channel(source="", name="", url=page.url, family=family, options=options)


def _is_filled_by_script(page: Page) -> bool:
    """Whether a system fills the page: what it shows without the script tells nothing."""
    source = _source(page)
    return any(not mark.of_documents and mark.family in _FILLED and mark.pattern.search(source) for mark in _MARKS)


def _source(page: Page) -> str:
    """What marks are looked for in: the page's address, a line end, its source."""
    return f"{page.url}\n{page.html}"
