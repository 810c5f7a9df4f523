"""A page as lines in reading order, with the places where containers begin and end.

The tree is walked once and never changed; readers work on slices of the lines. What is not shown (scripts, hidden
twins, form controls) gives no lines; what stands in menus, footers and the like is marked, not dropped, because a
careless template may call its article `comment`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from archive.extract.containers import ELEMENTS, known_name
from archive.records import Page

# fmt: off
_SKIP: Final = frozenset((
    "script", "style", "noscript", "select", "textarea", "svg", "template", "head", "title", "button", "input", "map",
    "audio",
))
_BLOCK: Final = frozenset((
    "p", "div", "td", "th", "li", "section", "article", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table",
    "ul", "ol", "dl", "blockquote", "body", "center", "form", "main", "header", "footer", "nav", "pre", "aside",
    "figure", "figcaption", "tbody", "fieldset", "hr", "html", "address", "caption", "iframe", "object", "embed",
    "ucapcontent", "founder-content", "zoom",
))
# fmt: on
_PARTS: Final = ("nav", "footer", "aside")  # elements that are no part of an article, whatever they are called
_NAMED: Final = frozenset((*_PARTS, *ELEMENTS))
_INLINE: Final = frozenset(("a", "br", "img", "meta"))  # the inline elements that mean something
_CLOSED: Final = _BLOCK | {"a"}
_FRAMES: Final = frozenset(("iframe", "embed", "object"))
_HIDDEN: Final = re.compile(r"display\s*:\s*none|(visibility\s*:\s*hidden)", re.IGNORECASE)
_CHROME: Final = re.compile(
    r"(?:nav|navi|navbar|navigation|topnav|menu|submenu|crumbs?|bread\w*|breadnav|position|dqwz|location|loc|path"
    r"|foot|footer|bottom|copy|copyrights?|share\w*|bdshare\w*|fenxiang|fx|related?|relate\w*|relevant|xgxw|xgwd|xgyd|xgbd"
    r"|recommend\w*|tuijian|comments?|pinglun|reply|replies|gentie|hot\w*|ranks?|ranking|paihang|side|sidebar|aside|rightbar"
    r"|login|search|sousuo|tools?|toolbar|pager?|pagination|pagenum|paging|print|qr|qrcode|ewm|erweima|weixin|wechat"
    r"|ads?|advert\w*|guanggao|banner|friendlinks?|links?|yqlj|sitemap|shengming|disclaimer|statement|feedback|jiucuo"
    r"|toolbox|editor-?name|zrbj|vote|zan|like|dashang|reward|tags?|keywords?|prev|next|upnext|prenext)",
    re.IGNORECASE,
)
# Of these names some are as often those of an article's own box (`id="page"`, `keyword_ad_area`): sentences tell.
_WEAK: Final = re.compile(
    r"(?:path|position|dqwz|location|loc|bottom|copy|hot\w*|search|tools?|toolbar|pager?|pagenum|paging|print|qr|qrcode|ewm"
    r"|weixin|wechat|ads?|advert\w*|banner|links?|tags?|keywords?|vote|zan|like|reward|prev|next)",
    re.IGNORECASE,
)
_ENOUGH: Final = 120  # characters of sentences, in two lines at least, that no button bar has
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[\s_-]+|(?<=[a-zA-Z])(?=\d)|(?<=\d)(?=[a-zA-Z])")
# Every branch begins with a letter of its own, for then a search passes by all others.
_FOOT: Final = re.compile(
    r"版权所有|ICP备|公网安备|公安备案|主办(?:单位)?\s?[:：]|承办(?:单位)?\s?[:：]|维护(?:单位)?\s?[:：]|技术支持(?:单位)?\s?[:：]|网站标识码|Copyright|建议使用|最佳浏览|浏览器版本|升级浏览器|如有侵权|如涉侵权|侵权(?:必究|请|联系|删除)|免责声明|仅代表|版权归|特别声明|平台声明|版权声明|邮政?编码?\s?[:：]"
)
# Comments and stray tags that content systems set around an article: Hanweb, newspapers of Founder, CCTV.
_MARK: Final = re.compile(
    r"\s*(?:(ZJEG_RSS)\.content\.(?:begin|end)|/?(enpcontent)|(repaste)\.body\.(?:begin|end)|(Content)(?:Start|End))\s*"
)
_ENDS: Final = re.compile(r"end\s*$|^\s*/|End\s*$")
_NO_WIDTH: Final = re.compile("[\u200b-\u200f\ufeff]+")
_STOPS: Final = re.compile("[，。；！？：、,;!?]")
_NAME: Final = 300  # characters of a class or an id that are looked at; those seen are kept
_MOST: Final = 2.5  # a part with more than 1 / 2.5 of the prose is the article


@dataclass(slots=True, eq=False)
class Line:
    """One line of text between two block borders or breaks; blanks are single spaces."""

    number: int
    """Its place among the lines of the page."""
    text: str
    pieces: tuple[str, ...]
    """The text cut where inline elements begin and end: bylines are set as spans without a blank between them."""
    block: HtmlElement
    chrome: HtmlElement | None
    """The innermost element around it that is named as no part of an article."""
    linked: int
    """Characters that stand in links."""
    links: tuple[HtmlElement, ...]
    picture: bool
    """A picture stands between it and the line before."""
    disclosed: bool = False
    """It is part of a disclosure table (archive/extract/disclosure.py)."""
    table: HtmlElement | None = None
    """The table of data in the text that it is part of (archive/extract/tables.py)."""

    @property
    def is_prose(self) -> bool:
        """Running text: long enough for a sentence, with a mark in it, and not mostly links."""
        return len(self.text) >= 22 and self.linked * 2 <= len(self.text) and _STOPS.search(self.text) is not None

    @property
    def is_foot(self) -> bool:
        """Words that stand at the foot of every page of a site."""
        return len(self.text) < 400 and _FOOT.search(self.text) is not None


@dataclass(slots=True, eq=False)
class Lines:
    """All lines of a page, and for each block element the slice of lines inside it."""

    all: list[Line] = field(default_factory=list)
    spans: dict[HtmlElement, tuple[int, int]] = field(default_factory=dict)
    known: dict[HtmlElement, str] = field(default_factory=dict)
    """The names by which block elements are known as containers of articles (archive/extract/containers.py)."""
    files: list[tuple[int, HtmlElement]] = field(default_factory=list)
    """Elements that may link a file, and the number of the line they stand before or in."""

    marks: list[tuple[str, HtmlElement, int, int]] = field(default_factory=list)
    """What stands between marks of a content system: their name, the element around the first, and the slice."""

    def of(self, element: HtmlElement) -> list[Line]:
        """The lines inside a block element."""
        start, end = self.spans.get(element, (0, 0))
        return self.all[start:end]


def read_lines(page: Page) -> Lines:
    """Read the shown text of a page as lines."""
    walk = _Walk()
    body = page.tree.find("body")
    walk.run(page.tree if body is None else body)
    return walk.lines


class _Walk:
    """One walk over a tree; the state is what is open at the current place."""

    def __init__(self) -> None:
        self.lines = Lines()
        self.parts: list[str] = []
        self.blocks: list[tuple[HtmlElement, int]] = []
        self.chrome: list[HtmlElement | None] = [None]
        self.links = 0
        self.linked = 0
        self.anchors: list[HtmlElement] = []
        self.picture = False
        self.set = 0  # `pre` around, whose line ends are shown
        self.begun: tuple[str, HtmlElement, int] | None = None
        self.marked: dict[HtmlElement, HtmlElement | None] = {}

    def run(self, root: HtmlElement) -> None:
        """Walk over everything below `root`."""
        walker = etree.iterwalk(root, events=("start", "end", "comment"))
        skipped: HtmlElement | None = None
        parts = self.parts
        for event, element in walker:
            tag = element.tag
            if event == "start":
                if element is not root and _is_skipped(element):
                    walker.skip_subtree()
                    skipped = element
                    continue
                if tag in _BLOCK:
                    self._open_block(element)
                elif tag in _INLINE:
                    self._open_inline(element)
                text = element.text
            else:
                if event == "comment":
                    self._mark(element, element.text)
                elif element is skipped:
                    skipped = None
                elif tag in _CLOSED:
                    self._close(element)
                text = element.tail if element is not root else None
            if text and (parts or not text.isspace() or self.set):  # most texts are blanks, and no line begins with one
                self._add(text)
        self._unmark()

    def _unmark(self) -> None:
        """Take the mark from an element that holds most of the page's prose, whatever it is called."""
        prose = [
            0,
            *accumulate(len(line.text) if line.is_prose and not line.is_foot else 0 for line in self.lines.all),
        ]
        spans = {element: self.lines.spans[element] for element in self.marked}
        wrong = {
            element
            for element, (start, end) in spans.items()
            if (prose[end] - prose[start]) * _MOST > prose[-1] > 0
            or (prose[end] - prose[start] >= _ENOUGH and is_weak(element) and self._holds_text(start, end))
        }
        for line in self.lines.all if wrong else ():
            while line.chrome in wrong:
                line.chrome = self.marked[line.chrome]

    def _holds_text(self, start: int, end: int) -> bool:
        """Tell whether more than one line is a sentence, and links are not most of what stands there."""
        inside = self.lines.all[start:end]
        linked, size = sum(line.linked for line in inside), sum(len(line.text) for line in inside)
        return linked * 3 < size and sum(line.is_prose for line in inside) >= 2

    def _open_block(self, element: HtmlElement) -> None:
        self._flush()
        self.blocks.append((element, len(self.lines.all)))
        if element.keys() or element.tag in _NAMED:
            self._see_names(element)
        if element.tag in _FRAMES:
            self.lines.files.append((len(self.lines.all), element))
        elif element.tag == "pre":
            self.set += 1

    def _see_names(self, element: HtmlElement) -> None:
        if _is_chrome(element):
            self.chrome.append(element)
        name = known_name(element)
        if name is not None:
            self.lines.known[element] = name

    def _open_inline(self, element: HtmlElement) -> None:
        if element.tag == "br":
            self._flush()
        elif element.tag == "a":
            self.links += 1
            self.anchors.append(element)
            self.lines.files.append((len(self.lines.all), element))
        elif element.tag == "img":
            self.picture = True
        else:
            self._mark(element, element.get("name"))

    def _mark(self, element: HtmlElement, name: str | None) -> None:
        """Note where a mark of a content system begins or ends the article."""
        mark = _MARK.fullmatch(name) if name else None
        if mark is None:
            return
        self._flush()
        number = len(self.lines.all)
        kind = next(filter(None, mark.groups()))
        if self.begun is not None and self.begun[0] == kind and number > self.begun[2]:
            self.lines.marks.append((kind, self.begun[1], self.begun[2], number))
            self.begun = None
        elif (around := element.getparent()) is not None and not _ENDS.search(name or ""):
            self.begun = (kind, around, number)

    def _close(self, element: HtmlElement) -> None:
        if element.tag == "a":
            self.links -= 1
            return
        self._flush()
        if element.tag == "pre":
            self.set -= 1
        _, start = self.blocks.pop()
        self.lines.spans[element] = (start, len(self.lines.all))
        if element is self.chrome[-1]:
            self.chrome.pop()
            self.marked[element] = self.chrome[-1]

    def _add(self, text: str) -> None:
        if self.set and "\n" in text:
            for line in text.split("\n"):
                self._add(line)
                self._flush()
            return
        self.parts.append(text)
        if self.links:
            self.linked += len(text.strip())

    def _flush(self) -> None:
        if self.parts:
            self._end_line()
        if self.anchors:
            self.anchors = self.anchors[-self.links :] if self.links else []  # those still open hold the next line, too

    def _end_line(self) -> None:
        pieces = tuple(filter(None, map(one_line, self.parts)))
        text = one_line("".join(self.parts)) if len(pieces) > 1 else "".join(pieces)
        self.parts.clear()
        if text:
            line = Line(
                number=len(self.lines.all),
                text=text,
                pieces=pieces,
                block=self.blocks[-1][0],
                chrome=self.chrome[-1],
                linked=self.linked,
                links=tuple(self.anchors),
                picture=self.picture,
            )
            self.lines.all.append(line)
            self.picture = False
        self.linked = 0


def one_line(text: str) -> str:
    """Blanks of every kind as single spaces, without those of no width."""
    plain = " ".join(text.split())
    return plain if plain.isprintable() else _NO_WIDTH.sub("", plain).strip()  # those of no width are not


def _is_skipped(element: HtmlElement) -> bool:
    if element.tag in _SKIP:
        return True
    names = element.keys()  # most elements have none, and this is the quickest way to know
    if "style" in names:
        hidden = _HIDDEN.search(element.get("style") or "")
        # WeChat sends its article invisible and shows it by script.
        if hidden is not None and (hidden[1] is None or known_name(element) is None):
            return True
    return "hidden" in names


def _is_chrome(element: HtmlElement) -> bool:
    if element.tag in _PARTS:
        return True
    name = element.get("class")
    other = element.get("id")
    return (name is not None and is_chrome_name(name[:_NAME])) or (other is not None and is_chrome_name(other[:_NAME]))


def is_weak(element: HtmlElement) -> bool:
    """Tell whether all that marks an element is a name that an article may have as well."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    marks = [word for word in _CAMEL.split(names.strip()) if word and _CHROME.fullmatch(word)]
    return element.tag not in _PARTS and all(map(_WEAK.fullmatch, marks))


@lru_cache(maxsize=8192)
def is_chrome_name(name: str) -> bool:
    """Tell whether a class or id names a menu, a footer, a share bar or another part that is no article."""
    return any(_CHROME.fullmatch(word) for word in _CAMEL.split(name.strip()) if word)
