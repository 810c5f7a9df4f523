"""What a list page says about its further pages: the next one, how many there are, how many entries.

A pager is read, never computed: the number of the next page, its base name and its ending are as printed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.records import Channel, Page
from archive.text import tidy
from archive.urls import fetch_url, url_key
from crawler.families.anchors import page_base
from crawler.families.printed import texts_of
from crawler.lists import Ask

# TRS and its relatives print `createPageHTML(total, current, "index", "html")`; some put the id of an element before
# the numbers and the count of entries after them. Seen 2019–2026.
_SCRIPT_CALL = re.compile(
    r"""createPage(?:HTML)?\s*\(\s*(?:['"][^'"]*['"]\s*,\s*)?['"]?(\d+)['"]?\s*,\s*['"]?(\d+)['"]?\s*,"""
    r"""\s*['"]([^'"]+)['"]\s*,\s*['"]\.?(\w+)['"]\s*(?:,\s*['"]?(\d+)['"]?)?""",
    re.I,
)
_LINE_COMMENT = re.compile(r"(?<![:\\\"'])//[^\n]*")
_BLOCK_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_PAGES_VARIABLE = re.compile(
    r"\b(?:countPage|totalPages?|pageCount|pagecount|total_page|maxPage)\b\s*[:=]\s*['\"]?(\d+)", re.I
)
_CURRENT_VARIABLE = re.compile(
    r"\b(?:currentPage|curPage|pageIndex|currPage|pageNo|current_page)\b\s*[:=]\s*['\"]?(\d+)", re.I
)
_NAME_IN_SCRIPT = re.compile(
    r"""['"]\s*(?:[^'"]*[/=])?([\w-]+_)\\?['"]?\s*\+.{0,60}?['"]\.(s?html?|jhtml)""", re.I | re.S
)

NEXT_TEXT = re.compile(r"^[\s\[【<《(（]*(下一页|下一頁|下页|后一页|次页|next(\s*page)?)[\s\]】>》)）›»→&gt;]*$", re.I)
"""What a link or button to the next page says."""
_BACK_TEXT = re.compile(r"^[\s\[<《«‹]*(首页|第一页|上一页|上一頁|上页|前一页|previous|prev|first)[\s\]]*$", re.I)
_NEXT_ARROW = re.compile(r"^\s*[>›→]\s*$")
_NEXT_CLASS = re.compile(r"(^|[\s_-])(next|nxt|pagenext|nextpage)($|[\s_-])", re.I)
_OFF = re.compile(r"disabled|unclick|gray-out|nolink", re.I)
_NO_ADDRESS = re.compile(r"^\s*(#|javascript:|about:|$)", re.I)

_STATED_ENTRIES = re.compile(r"(?:共|总共|共有|总计|合计)\s*(\d{1,7})\s*(?:条|篇|项|个?记录)")
_STATED_PAGES = re.compile(r"(?:共|总共|共有|/)\s*(\d{1,5})\s*页")
_STATED_PLACE = re.compile(r"(?<!\d)(\d{1,5})\s*/\s*(?:共\s*)?(\d{1,5})\s*页")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The next page as printed: its address, and its number in the order of walking where the page tells it."""

    url: str
    number: int | None = None
    body: bytes | None = None
    """The form to post; None for what is asked by its address alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptPager:
    """A pager that a script draws: pages in all, the current number as printed, base name and ending of the pages."""

    pages: int
    current: int
    base: str
    ending: str
    entries: int | None = None


def read_script_pager(page: Page) -> ScriptPager | None:
    """The call `createPageHTML(…)` or `createPage(…)` of the page, if a script has one outside its comments."""
    match = _SCRIPT_CALL.search(_scripts(page))
    if match is None or re.match(r"t\d+_\d+$", match.group(3)):  # the pager of a long article
        return None
    pages, current, base, ending, entries = match.groups()
    return ScriptPager(
        pages=int(pages), current=int(current), base=base, ending=ending, entries=int(entries) if entries else None
    )


def read_script_variables(page: Page) -> ScriptPager | None:
    """A pager from script variables (`countPage`, `currentPage`) where the script also spells the pages' names."""
    script = _scripts(page)
    pages = _PAGES_VARIABLE.search(script)
    name = _NAME_IN_SCRIPT.search(script) if pages else None
    if pages is None or name is None:
        return None
    current = _CURRENT_VARIABLE.search(script)
    return ScriptPager(
        pages=int(pages.group(1)),
        current=int(current.group(1)) if current else 0,
        base=name.group(1).removesuffix("_"),
        ending=name.group(2),
    )


def counts_from_one(page: Page, pager: ScriptPager) -> bool:
    """Whether the page is the first of a site that counts from 1: it prints 1 and has no number in its name."""
    return pager.current == 1 and _number_in_name(page, pager) is None


def turn_script_page(page: Page, pager: ScriptPager, *, counts_from: int = 0) -> Turn | None:
    """The page after this one by a script's pager; None on the last.

    The number in a page's name is the current number that it prints, so the next name has the next number, whether
    the site counts from 0 (second page `index_1`) or from 1 (`index_2`). Only the number of the last page differs:
    the first page of a site that counts from 1 tells it by printing 1, later ones cannot, so `counts_from` says it.
    """
    number = _number_in_name(page, pager)
    current = max(pager.current, counts_from) if number is None else number
    start = 1 if counts_from_one(page, pager) else counts_from
    if current - start + 1 >= pager.pages:
        return None
    url = fetch_url(f"{pager.base}_{current + 1}.{pager.ending}", page_base(page), charset=page.charset)
    return Turn(url=url, number=current - start + 2)


def find_next_link(page: Page) -> Turn | None:
    """The page's own link to its next page (下一页, rel=next, an arrow or the number after the current one).

    None when there is no such link, or when it leads to the page itself, as on many last pages.
    """
    candidates = _pager_links(page)
    numbered = _numbered(candidates)
    for claims in (_says_next, _is_marked_next, _is_arrow):
        for element, url in candidates:
            if claims(element) and (claims is _says_next or _near_numbers(element, numbered)):
                return _turn(page, url, candidates)
    after = _number_after_current(numbered)
    return _turn(page, after, candidates) if after else None


def find_next_marked(page: Page, mark: str) -> Turn | None:
    """The link that is, stands in or holds an element with this class, whatever it is called; None without one."""
    links = _pager_links(page)
    for element, url in links:
        around = (element, *islice(element.iterancestors(), 1), *element.iterdescendants())
        if any(mark in (box.get("class") or "").split() for box in around if isinstance(box.tag, str)):
            return _turn(page, url, links)
    return None


def make_turn(page: Page, url: str) -> Turn | None:
    """The turn to an address, unless it is the page itself or the first one, as 下一页 of many last pages is."""
    return _turn(page, url, _pager_links(page))


def stated_place(page: Page) -> tuple[int, int] | None:
    """Which page of how many the page says it is (`2/4页`), as printed."""
    match = _STATED_PLACE.search(" ".join(texts_of(page.tree)))  # a date may stand right before the numbers
    return (int(match.group(1)), int(match.group(2))) if match else None


def stated_entries(page: Page) -> int | None:
    """How many entries the page says its list has (共N条), as printed."""
    match = _STATED_ENTRIES.search(_printed(page))
    return int(match.group(1)) if match else None


def stated_pages(page: Page) -> int | None:
    """How many pages the page says its list has (共N页, 1/N页), as printed."""
    match = _STATED_PAGES.search(_printed(page))
    return int(match.group(1)) if match else None


def ask_page(turn: Turn | None, channel: Channel) -> tuple[Ask, ...]:
    """The ask for the next page of a channel, as a Listing carries it."""
    if turn is None:
        return ()
    ask = Ask(url=turn.url, kind="list", channel=channel, page=turn.number or 2)
    if turn.body is None:
        return (ask,)
    headers = (("Referer", channel.url), ("Content-Type", "application/x-www-form-urlencoded"))
    return (replace(ask, method="POST", body=turn.body, headers=headers),)


def _number_in_name(page: Page, pager: ScriptPager) -> int | None:
    named = re.search(rf"{re.escape(pager.base)}_(\d+)\.\w+$", urlsplit(page.url).path)
    return int(named.group(1)) if named else None


def _scripts(page: Page) -> str:
    text = "\n".join(script.text or "" for script in page.tree.iter("script"))
    return _LINE_COMMENT.sub("", _BLOCK_COMMENT.sub("", text))


def _printed(page: Page) -> str:
    return re.sub(r"\s+", "", "".join(texts_of(page.tree)))


def _pager_links(page: Page) -> list[tuple[HtmlElement, str]]:
    base = page_base(page)
    links = []
    for element in page.tree.iter("a", "link"):
        href = element.get("href")
        if href is None or _NO_ADDRESS.match(href) or (element.tag == "link" and element.get("rel") != "next"):
            continue
        try:
            links.append((element, fetch_url(href, base, charset=page.charset)))
        except ValueError:  # not an address; the pager may have others
            continue
    return links


def _says_next(element: HtmlElement) -> bool:
    if element.get("rel") == "next":
        return True
    if _OFF.search(element.get("class") or ""):
        return False
    return any(NEXT_TEXT.match(text) for text in (tidy("".join(texts_of(element))), element.get("title") or ""))


def _is_marked_next(element: HtmlElement) -> bool:
    return _NEXT_CLASS.search(element.get("class") or "") is not None


def _is_arrow(element: HtmlElement) -> bool:
    return _NEXT_ARROW.match("".join(texts_of(element))) is not None


def _numbered(links: list[tuple[HtmlElement, str]]) -> dict[int, tuple[HtmlElement, str]]:
    """The links of the pager that are called by a page number."""
    numbers: dict[int, tuple[HtmlElement, str]] = {}
    for element, url in links:
        text = "".join(texts_of(element)).strip(" []　\n\t")
        if text.isdecimal() and 0 < int(text) < 10_000:
            numbers.setdefault(int(text), (element, url))
    return numbers


def _near_numbers(element: HtmlElement, numbered: dict[int, tuple[HtmlElement, str]]) -> bool:
    """Whether the link stands in one box with page numbers: an arrow alone may turn a picture show."""
    boxes = set(islice(element.iterancestors(), 2))
    return any(box in boxes for number, _ in numbered.values() for box in islice(number.iterancestors(), 2))


def _number_after_current(numbered: dict[int, tuple[HtmlElement, str]]) -> str | None:
    """The address of page n+1 where the pager prints n without a link between links with numbers."""
    if len(numbered) < 2:
        return None
    first = numbered[min(numbered)][0]
    box = next((box for box in first.iterancestors() if len(list(islice(box.iterdescendants("a"), 2))) > 1), first)
    linked = {element for element, _ in numbered.values()}
    for element in box.iter("span", "strong", "b", "em", "a", "li", "i"):
        text = "".join(texts_of(element)).strip(" []　\n\t")
        unlinked = element not in linked and not any(child in linked for child in element.iterdescendants())
        if text.isdecimal() and unlinked and int(text) + 1 in numbered:
            return numbered[int(text) + 1][1]
    return None


def _turn(page: Page, url: str, links: list[tuple[HtmlElement, str]]) -> Turn | None:
    """The turn to `url`, unless the last page names itself or the first page as its next."""
    back = {url_key(address) for element, address in links if _BACK_TEXT.match("".join(texts_of(element)))}
    if url_key(url) in back | {url_key(page.url)}:
        return None
    numbered = _numbered(links)
    number = next((number for number, (_, address) in numbered.items() if address == url), None)
    return Turn(url=url, number=number)
