"""The links of a page that could lead somewhere: their address, their title, and whether they look like articles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.page import Unreadable
from archive.records import Page
from archive.text import tidy
from archive.urls import fetch_url
from crawler.families.printed import is_date, texts_of

MOST_LINKS = 20_000

_NO_ADDRESS = re.compile(r"^\s*(#|javascript:|mailto:|tel:|about:|data:|$)", re.I)
_TOOLTIP_LABEL = re.compile(r"^(文章)?(标题|名称|题目)\s*[:：]\s*")
_CLIPPED = re.compile(r"(\.{2,}|…+|⋯+)\s*$")
_BULLETS = " \t\r\n·•●○■□◆◇▪►▶»›>*-—|│.,、"
_ARROWS = " \t\r\n>»›"
_LABEL_LIKE = re.compile(r"^(查看|详情|查看详情|更多|more|全文|阅读|阅读全文|下载|点击查看|点击下载)?$", re.I)
_TURNS_PAGE = re.compile(
    r"^[\[【<>«»‹›\s]*(首页|第一页|上一?页|前一?页|下一?页|后一?页|尾页|末页|最后一页|\d{1,4})?[\]】<>«»‹›\s]*$"
)
_TITLE_CLASS = re.compile(r"(^|[\s_-])(tit|title|bt|biaoti)", re.I)
_FILE_NAME = re.compile(r"\.(s?html?|jhtml|xhtml|aspx?|php|jspx?|do|action|pdf|docx?|xlsx?|wps|ofd)$", re.I)
_LIST_NAME = re.compile(
    r"^((article_|common)?list|index|default|col\d*|node|channel|category|more|main|home)\w*(\.\w+)?$", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """One link of a page: its element, its address in fetch form, and what it calls its target (may be empty)."""

    element: HtmlElement
    url: str
    title: str


def find_anchors(page: Page) -> tuple[Anchor, ...]:
    """Every http(s) link of the page in its order; links to the page itself and those that turn pages are left out.

    Raises: Unreadable with more than `MOST_LINKS` of them, which no list has, and which would hold up all other hosts.
    """
    base = page_base(page)
    found: list[Anchor] = []
    for number, element in enumerate(page.tree.iter("a")):
        if number >= MOST_LINKS:
            raise Unreadable(f"{page.url}: no list: more than {MOST_LINKS} links ({page.size} bytes)")
        href = element.get("href")
        if href is None or _NO_ADDRESS.match(href):
            continue
        try:
            url = fetch_url(href, base, charset=page.charset)
        except ValueError:  # a slip of the editor; the other links are still good
            continue
        title = read_title(element)
        if url != page.url and (not title or not _TURNS_PAGE.match(title)):
            found.append(Anchor(element=element, url=url, title=title))
    return tuple(found)


def page_base(page: Page) -> str:
    """The address that relative links of the page start from: its `<base href>`, else its own."""
    for element in page.tree.iter("base"):
        href = element.get("href")
        if href and not _NO_ADDRESS.match(href):
            try:
                return fetch_url(href, page.url)
            except ValueError:
                break
    return page.url


def read_title(element: HtmlElement) -> str:
    """What a link calls its target: the whole title where the text is clipped (`a@title`), without bullets."""
    named = _read_tooltip(element.get("title") or "")
    text = _own_text(element).lstrip(_BULLETS).rstrip(_ARROWS)
    if not text or _LABEL_LIKE.match(text):
        return named or text or tidy(" ".join(image.get("alt") or "" for image in element.iter("img")))
    if not named or _squeeze(named) == _squeeze(text):
        return text
    shown = _CLIPPED.sub("", text)
    whole = _squeeze(named).startswith(_squeeze(shown))
    if whole or (len(element) > 0 and _squeeze(text).find(_squeeze(named)) >= 0 and not _only_dressed(element)):
        return named
    return text


def looks_like_article(url: str) -> bool:
    """Whether the address has the form of one document: a file name or an id with digits, not that of a list."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    name = segments[-1] if segments else ""
    long_number = re.search(r"\d{6,}|[0-9a-f]{16,}", parts.path) is not None
    if _LIST_NAME.match(name):
        return long_number
    digits = sum(character.isdigit() for character in parts.path + parts.query)
    if _FILE_NAME.search(name):
        return digits >= 3
    return long_number or (digits >= 3 and bool(parts.query)) or (len(segments) > 1 and len(name) >= 16)


def has_no_links(page: Page) -> Unreadable:
    """The error for a page without one usable link."""
    return Unreadable(f"{page.url}: no list: the page has no link with an address ({page.size} bytes)")


def _read_tooltip(raw: str) -> str:
    """The title in a `title` attribute; some systems print `标题：…`, `点击数：…` there, a line each."""
    lines = [line for line in (tidy(line) for line in re.split(r"[\r\n]+", raw)) if line]
    for line in lines:
        if _TOOLTIP_LABEL.match(line):
            return _TOOLTIP_LABEL.sub("", line)
    return lines[0] if lines else ""


def _own_text(element: HtmlElement) -> str:
    """The text of the link, or of the heading in it where a whole row is one link; a date in it is left out."""
    for child in element.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        return tidy("".join(texts_of(child)))
    for child in element.iterdescendants("p", "div", "span", "dt"):
        if _TITLE_CLASS.search(child.get("class") or ""):
            return tidy("".join(texts_of(child)))
    return tidy("".join(text for text in texts_of(element) if not is_date(text)))


def _only_dressed(element: HtmlElement) -> bool:
    """Whether the link holds nothing but type: `<font>`, `<b>`."""
    return all(child.tag in ("font", "b", "strong", "em", "i", "u", "br") for child in element.iterdescendants())


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)
