"""What a page is made of: running prose, links, dated links, labelled dates. From this its kind is told.

Lists and articles differ in where their words stand, not in how many there are: an article holds one container of
unlinked sentences, a list holds many links of equal standing. Measured, never looked up by site.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from archive.records import Page

# fmt: off
_SKIP: Final = frozenset((
    "script", "style", "noscript", "select", "textarea", "iframe", "svg", "template", "head", "title", "button",
    "object", "footer",
))
_BLOCK: Final = frozenset((
    "p", "div", "td", "th", "li", "section", "article", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "tr",
    "table", "ul", "ol", "dl", "blockquote", "body", "center", "form", "main", "header", "nav", "pre", "aside",
))
# fmt: on
_EMBEDS: Final = frozenset(["iframe", "embed", "object", "video"])
_HEADINGS: Final = frozenset(["h1", "h2", "h3"])
_ROW: Final = frozenset(["li", "tr", "dd", "dl", "p", "div", "ul"])
_HIDDEN: Final = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_FOOTER_NAME: Final = re.compile(
    r"(?:^|[\s_-])(?:foot\w*|copy-?right\w*|(?<!margin-)(?<!padding-)(?<!border-)bottom)(?:$|[\s_-])", re.IGNORECASE
)
_FOOTER_TEXT: Final = ("版权所有", "ICP备", "公网安备", "主办单位", "网站标识码", "免责声明", "浏览器", "Copyright")
_STOPS: Final = re.compile("[，。；！？：、,;!?]")
_DATE: Final = re.compile(r"(?<!\d)(?:(?:19|20)\d\d\s?[-/.年]\s?)?[01]?\d\s?[-/.月]\s?[0-3]?\d(?!\d)")
_BYLINE: Final = re.compile(
    r"(?:来\s?源|发布时间|发布日期|发文日期|公开日期|成文日期|生成日期|更新时间|时\s?间|日\s?期|发布机构|发布单位|发布者|作者|索\s?引\s?号)"
    r"\s?[:：]\s*[^\s|]|\d{1,2}:\d{2}(?::\d{2})?\s*来源"
    r"|^(?:(?:信息|文章|稿件)?来\s?源|发布(?:时间|日期))\s?[:：]$"  # in an element of its own
)
# A full date that opens or fills a text; the clock of a page's head names the day of the week.
_LONE_DATE: Final = re.compile(
    r"[\s【\[（(]*(?:19|20)\d\d\s?[-/.年]\s?[01]?\d\s?[-/.月]\s?[0-3]?\d(?!\d)(?!日?\s*(?:星期|周))"
)
# A day with its minute amid a name or a counter: `青山日报·2021-11-05 09:50`.
_STAMP: Final = re.compile(r"(?:19|20)\d\d\s?[-/.年]\s?[01]?\d\s?[-/.月]\s?[0-3]?\d日?\s*\d{1,2}[:：]\d{2}(?!\s*星期)")
_SHORT: Final = 60
# fmt: off
_TABLE_LABELS: Final = frozenset((
    "索引号", "信息索引", "发文字号", "文号", "发文机关", "发文机构", "发布机构", "成文日期", "生成日期", "发文日期",
    "主题分类", "有效性",
))
# fmt: on
_NO_LETTER: Final = re.compile(r"[\W_]+")
_SOURCE: Final = re.compile(r"来\s*源\s*[:：]?\s*$")
_ARTICLE_TYPES: Final = frozenset(["article", "news"])
_FILE: Final = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|ofd|zip|rar|7z|csv|txt)(?:$|[?#])", re.IGNORECASE)

_CALL: Final = 4000  # characters of a script that only shows a file
_PROSE_BLOCK: Final = 25  # characters of a block that can be a sentence
_TITLE: Final = 6  # characters of a heading that can be a notice's title and not a column's
_COLUMN: Final = 4
_COLUMN_NAME: Final = 8  # characters of what `<title>` ends with that is a notice's title: 站名 栏目 标题
_SITE_NAME: Final = re.compile("(?:局|厅|部|委|委员会|政府|办公室|网|网站|门户|平台|中心|频道)$")
_LONG_TITLE: Final = 12  # characters of a heading that names no column
_LEAD: Final = 3  # texts from such a heading to the first sentence
_OVER: Final = 2  # texts from a day with its minute to the title beneath it
_BENEATH: Final = 10  # texts from a title down to its byline
_ROW_TEXT: Final = 400  # characters; a row of a list is no longer
_NAME: Final = 300  # characters of a class or an id that are looked at; those seen are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Counts of one page; hidden parts and footers are out. Characters are counted without blanks."""

    text: int
    linked: int
    """Characters of the text that stand in links."""
    prose: int
    """Characters of unlinked sentences in the container that has most of them."""
    parallel: int
    """How many blocks alike begin with a link and go on with prose: the rows of a list with abstracts."""
    links: int
    """Links of at least six characters."""
    dated: int
    """Those of them that share their row with a date."""
    bylines: int
    """Labels that stand over one article: 来源：, 发布时间：, 索引号：."""
    files: int
    pictures: int
    article_tags: bool
    titled: bool
    """What `<title>` begins with stands unlinked on the page, and is long enough for a title."""
    headed: bool
    """A title stands unlinked on the page, and right beneath it a byline or a lone date; not four times or more."""
    led: bool
    """A long heading that `<title>` begins with leads to a sentence right beneath it."""
    cells: int
    """Labels that only a disclosure table has, alone in their cells; what is there more than twice is not counted."""


def measure(page: Page) -> Shape:
    """Measure a page in one walk over its tree."""
    body = page.tree.find(".//body")
    tags = _read_tags(page.tree)
    words = _Words(_squeeze(page.tree.findtext(".//title") or ""), _squeeze(tags.get("articletitle", "")))
    words.walk(page.tree if body is None else body)
    best, parallel = _gather_prose(words)
    return Shape(
        text=words.text,
        linked=sum(words.linked.values()),
        prose=best,
        parallel=parallel,
        links=len(words.links),
        dated=_count_dated(words.links),
        bylines=words.bylines,
        files=words.files,
        pictures=words.pictures,
        article_tags=_has_article_tags(tags),
        titled=words.titled,
        headed=1 <= words.headed <= 3 or (words.tagged and _has_article_tags(tags)),
        led=words.led,
        cells=sum(count <= 2 for count in words.cells.values()),
    )


class _Words:
    """The words of a page by the block they stand in, gathered in one walk."""

    def __init__(self, window: str, tag: str) -> None:
        self.window = window
        self.tag = tag
        self.titled = False
        self.tagged = False
        self.led = False
        self.leading = 0  # texts beneath a title that may still be its first sentence
        self.long = False  # that title is a long heading
        self.stamped = False  # a day with its minute stands over that title
        self.headed = 0
        self.beneath = _BENEATH  # texts since the last title
        self.below = _BENEATH  # texts since the last day with its minute
        self.cells: Counter[str] = Counter()
        self.text = 0
        self.own: Counter[HtmlElement] = Counter()
        self.linked: Counter[HtmlElement] = Counter()
        self.stops: Counter[HtmlElement] = Counter()
        self.links: list[HtmlElement] = []
        self.bylines = 0
        self.files = 0
        self.pictures = 0

    def walk(self, root: HtmlElement) -> None:
        """Count every visible text below `root`."""
        blocks = [root]
        inside = 0  # links around the current place
        walker = etree.iterwalk(root, events=("start", "end", "comment"))
        skipped: HtmlElement | None = None
        for event, element in walker:
            tag = element.tag
            if event == "start":
                if element is not root and _is_skipped(element):
                    walker.skip_subtree()
                    skipped = element
                    inside += tag == "a"
                    self.files += tag in _EMBEDS or _draws_file(element)
                    continue
                if tag in _BLOCK:
                    blocks.append(element)
                elif tag == "a":
                    inside += 1
                    self._see_link(element)
                else:
                    self.pictures += tag == "img"
                    self.files += tag in _EMBEDS
                text = element.text
            else:  # the end of an element, or a comment
                if tag in _BLOCK:
                    if element is not skipped:
                        blocks.pop()
                elif tag == "a":
                    inside -= 1
                text = element.tail if element is not root else None
            if text and (text := text.strip()):
                self._see_text(text, blocks[-1], linked=inside > 0)

    def _see_link(self, link: HtmlElement) -> None:
        if _FILE.search(link.get("href") or ""):
            self.files += 1
        if len(_text_of(link, 50).strip()) >= 6:
            self.links.append(link)

    def _see_text(self, text: str, block: HtmlElement, *, linked: bool) -> None:
        size = len(text)
        self.text += size
        if linked:
            self.linked[block] += size
            self.beneath += size >= _TITLE
            return
        self.own[block] += size
        if self.leading > 0 and size >= _PROSE_BLOCK and _STOPS.search(text) is not None:
            self.led |= self.long
            self.headed += self.stamped
            self.leading = 0
        self.leading -= 1
        if size >= 3:
            self.stops[block] += len(_STOPS.findall(text))
        byline = size < 300 and (":" in text or "：" in text) and _BYLINE.search(text) is not None
        self.bylines += byline
        if size < 300:
            self._see_heading(text, block, byline=byline)
        if any(words in text for words in _FOOTER_TEXT):
            self.stops[block] -= 1000

    def _see_heading(self, text: str, block: HtmlElement, *, byline: bool) -> None:
        """Note a title that stands by itself, and a byline or a lone date that follows it."""
        squeezed = _squeeze(text)
        if squeezed in _TABLE_LABELS:
            self.cells[squeezed] += 1
        heading = block.tag in _HEADINGS
        if len(squeezed) >= (_COLUMN if heading else _TITLE) and not byline and not _SITE_NAME.search(squeezed):
            shown = len(squeezed) >= _TITLE and (
                self.window.startswith(squeezed) or (len(squeezed) > _COLUMN_NAME and self.window.endswith(squeezed))
            )
            self.titled |= shown
            self.tagged |= squeezed == self.tag
            if shown:
                self.long, self.stamped = heading and len(squeezed) >= _LONG_TITLE, self.below < _OVER
                self.leading = _LEAD
            self.below = _BENEATH
            if shown or heading or squeezed == self.tag:
                self.beneath = 0
                return
        stamped = len(text) < _SHORT and _STAMP.search(text) is not None and not _holds_title(block)
        self.below = 0 if stamped else self.below + 1
        dated = byline or _LONE_DATE.match(text) or stamped
        if self.beneath < _BENEATH and dated and not _holds_title(block):
            self.headed += 1
            self.beneath = _BENEATH
        self.beneath += 1


def _holds_title(block: HtmlElement) -> bool:
    """Tell whether a block, or the row it stands in, holds a link to another page: a row of a list."""
    parent = block.getparent()
    row = parent if parent is not None and block.tag in ("td", "dd", "p", "div") and parent.tag in _ROW else block
    titles = [text for link in islice(row.iter("a"), 30) if len(text := _text_of(link, 50).strip()) >= _TITLE]
    return any(not _SOURCE.search(_text_of(row, _ROW_TEXT).partition(title)[0]) for title in titles)


def _squeeze(text: str) -> str:
    return text if text.isalnum() else _NO_LETTER.sub("", text)


def _is_skipped(element: HtmlElement) -> bool:
    if element.tag in _SKIP:
        return True
    if not element.keys():  # most have no attribute, and this is the quickest way to know
        return False
    style, classes, own = element.get("style"), element.get("class"), element.get("id")
    if style and _HIDDEN.search(style):
        return True
    return (classes is not None and _names_footer(classes[:_NAME])) or (own is not None and _names_footer(own[:_NAME]))


@lru_cache(maxsize=8192)
def _names_footer(name: str) -> bool:
    return _FOOTER_NAME.search(name) is not None


def _draws_file(element: HtmlElement) -> bool:
    """Tell whether a script is there to show a file: `showVsbpdfIframe("/__local/….pdf", …)`."""
    text = element.text if element.tag == "script" else None
    return text is not None and len(text) < _CALL and (".pdf" in text or ".ofd" in text)


def _gather_prose(words: _Words) -> tuple[int, int]:
    """Give the prose of the richest container and the number of rows that hold a titled link and some prose."""
    containers: Counter[HtmlElement] = Counter()
    rows: set[HtmlElement] = set()
    seen: dict[HtmlElement, bool | None] = {}
    for block, size in words.own.items():
        if size < _PROSE_BLOCK or words.stops[block] < 1 or words.linked[block] > size:
            continue
        parent = block.getparent() if block.tag in ("p", "li", "div", "section") and size < 400 else None
        containers[block if parent is None else parent] += size
        row = _row_with_link(block, seen)
        if row is not None:
            rows.add(row)
    alike = Counter((row.tag, row.get("class"), row.getparent()) for row in rows)
    return max(containers.values(), default=0), max(alike.values(), default=0)


def _row_with_link(block: HtmlElement, seen: dict[HtmlElement, bool | None]) -> HtmlElement | None:
    """The nearest block around a piece of prose that begins with a link, as a row of a list with abstracts does."""
    row: HtmlElement | None = block
    for _ in range(3):
        if row is None or row.tag == "body":
            return None
        if row not in seen:
            seen[row] = _begins_with_link(row)
        if seen[row] is not None:
            return row if seen[row] else None
        row = row.getparent()
    return None


def _begins_with_link(row: HtmlElement) -> bool | None:
    """None if there is no link in it at all."""
    link = next(row.iter("a"), None)
    if link is None:
        return None
    title = _text_of(link, 200).strip()
    return len(title) >= 6 and _text_of(row, 400).lstrip().startswith(title)


def _count_dated(links: Sequence[HtmlElement]) -> int:
    """Count the links in whose row a date stands; for a file beside the link, as its name often holds one."""
    rows: dict[HtmlElement, tuple[str, bool]] = {}  # each is read once: a menu is the row of all its links
    dated = 0
    for link in links:
        own = len(_text_of(link, _ROW_TEXT)) if _FILE.search(link.get("href") or "") else 0
        for element in islice(link.iterancestors(), 2):
            if element.tag == "body":
                break
            if element.tag not in _ROW:
                continue
            row = rows.get(element)
            if row is None:
                row = rows[element] = _read_row(element)
            text, has_date = row
            if has_date and (not own or _DATE.search(text, own)):
                dated += 1
                break
    return dated


def _read_row(element: HtmlElement) -> tuple[str, bool]:
    """The text of a row, and whether a date stands in it; what is longer than a row has none."""
    text = _text_of(element, _ROW_TEXT)
    return text, len(text) <= _ROW_TEXT and _DATE.search(text) is not None


def _text_of(element: HtmlElement, limit: int) -> str:
    """The text of an element, cut soon after `limit` characters: rows are short, and lists may be a megabyte."""
    if not len(element):
        return element.text or ""
    parts: list[str] = []
    size = 0
    for part in element.itertext():
        parts.append(part)
        size += len(part)
        if size > limit:
            break
    return "".join(parts)


def _read_tags(tree: HtmlElement) -> dict[str, str]:
    return {
        (tag.get("name") or tag.get("property") or "").lower(): (tag.get("content") or "").strip()
        for tag in tree.iter("meta")
    }


def _has_article_tags(tags: dict[str, str]) -> bool:
    """Tell whether the tags speak of an article; an ArticleTitle that names the column or the site does not."""
    title = tags.get("articletitle")
    if title and title not in (tags.get("columnname"), tags.get("sitename")):
        return True
    return bool(tags.get("article:published_time")) or tags.get("og:type", "").lower() in _ARTICLE_TYPES
