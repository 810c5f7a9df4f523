"""The lists of a page: links that repeat in one shape, each with the row it stands in and the date printed there."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from lxml.html import HtmlElement

from archive.records import Entry
from crawler.families.anchors import Anchor, looks_like_article
from crawler.families.printed import find_date, find_full_date, find_labelled_date, texts_of

_PASSING_CLASS = re.compile(
    r"^(first|last|odd|even|on|active|current|cur|hover|hot|new|top|clearfix|cl|fl|fr|.*\d+)$", re.I
)
_PLAIN_TAGS = frozenset(
    ("li", "tr", "td", "th", "dd", "dt", "tbody", "thead", "p", "span", "font", "b", "strong", "em", "i")
)
_CHROME = re.compile(r"[./_-](nav|menu|crumb|foot|copyright|friend|toolbar|share|position)", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a list: its link, and the date as printed beside it."""

    anchor: Anchor
    element: HtmlElement
    date_raw: str | None = None

    def entry(self) -> Entry:
        """The row as an Entry."""
        return Entry(url=self.anchor.url, title=self.anchor.title or None, date_raw=self.date_raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Rows of one shape, in the page's order; `shape` is the path of tags and classes they share."""

    shape: str
    rows: tuple[Row, ...]

    @property
    def dated(self) -> float:
        """Share of rows with a date, 0 to 1."""
        return sum(row.date_raw is not None for row in self.rows) / len(self.rows)

    @property
    def weight(self) -> float:
        """How much the block looks like the list of a page: long titles, dates, addresses of documents."""
        titles = sum(min(len(row.anchor.title), 30) for row in self.rows)
        articles = sum(looks_like_article(row.anchor.url) for row in self.rows) / len(self.rows)
        return titles * (0.3 + articles) * (1 + 2 * self.dated)


def find_blocks(anchors: Iterable[Anchor]) -> list[Block]:
    """All blocks of the page that may be lists of documents, the weightiest first; menus and footers are not."""
    groups: dict[str, list[Anchor]] = defaultdict(list)
    for anchor in anchors:
        groups[_shape(anchor.element)].append(anchor)
    blocks = []
    for shape, members in groups.items():
        rows = _date_rows(_cut_rows(members))
        block = Block(shape=shape, rows=_once(row for row in rows if row.anchor.title))
        if block.rows and _may_be_list(block):
            blocks.append(block)
    return sorted(blocks, key=lambda block: -block.weight)


def fill_gaps(block: Block, anchors: Iterable[Anchor]) -> Block:
    """The block with rows of other shapes that stand between its own: pinned items, items with another mark-up."""
    parents = {row.element.getparent() for row in block.rows}
    tags = {row.element.tag for row in block.rows}
    taken = {row.element for row in block.rows}
    found: dict[HtmlElement, Row] = {}
    for anchor in anchors:
        for element in (anchor.element, *anchor.element.iterancestors()):
            if element.getparent() in parents and element.tag in tags and element not in taken:
                known = found.get(element)
                if known is None or len(anchor.title) > len(known.anchor.title):
                    found[element] = Row(anchor=anchor, element=element)
                break
    strays = [row for row in _date_rows(list(found.values())) if _belongs(row, block)]
    if not strays:
        return block
    order = {id(element): place for place, element in enumerate(block.rows[0].element.getroottree().iter())}
    rows = sorted((*block.rows, *strays), key=lambda row: order[id(row.element)])
    return replace(block, rows=_once(rows))


def same_list_elsewhere(block: Block, blocks: Iterable[Block]) -> tuple[Row, ...]:
    """The rows of every block whose last steps equal this one's, in the page's order: a hub prints many such lists."""
    tail = block.shape.split("/")[-4:]
    rows = [
        row for other in blocks if other.shape.split("/")[-4:] == tail and _alike(other, block) for row in other.rows
    ]
    order = {id(element): place for place, element in enumerate(rows[0].element.getroottree().iter())}
    return _once(sorted(rows, key=lambda row: order[id(row.element)]))


def _shape(element: HtmlElement) -> str:
    """Tags and lasting classes from the root to the link: equal for the links of one list."""
    steps = []
    for step in (element, *element.iterancestors()):
        name = str(step.tag)
        if name not in _PLAIN_TAGS:
            classes = [word for word in (step.get("class") or "").split() if not _PASSING_CLASS.match(word)]
            name += f".{classes[0]}" if classes else ""
        steps.append(name)
    return "/".join(reversed(steps))


def _cut_rows(members: list[Anchor]) -> list[Row]:
    """Each link with the highest element that holds no other link of the group; a link alone has its `li` or `tr`."""
    if len(members) == 1:
        only = members[0]
        boxes = only.element.iterancestors("li", "tr", "dd", "dl", "p", "div")
        return [Row(anchor=only, element=next(boxes, only.element))]
    addresses: dict[HtmlElement, set[str]] = defaultdict(set)
    for member in members:
        for element in (member.element, *member.element.iterancestors()):
            addresses[element].add(member.url)
    alone = [
        [member.element, *takewhile(lambda box: len(addresses[box]) == 1, member.element.iterancestors())]
        for member in members
    ]
    usual = Counter(map(len, alone)).most_common(1)[0][0]
    return [
        Row(anchor=member, element=boxes[min(len(boxes), usual) - 1])
        for member, boxes in zip(members, alone, strict=True)
    ]


def _date_rows(rows: list[Row]) -> list[Row]:
    """The rows with their dates: inside the row, else between it and the next one."""
    dated = [replace(row, date_raw=read_date(row)) for row in rows]
    if any(row.date_raw for row in dated):
        return dated
    elements = {row.element for row in rows}
    return [replace(row, date_raw=find_date(_texts_after(row.element, elements))) for row in rows]


def read_date(row: Row) -> str | None:
    """The date in a row: beside the link, in small print inside it, in its tooltip; one without a year comes last."""
    link = row.anchor.element
    beside = find_date(texts_of(row.element, without=link)) if row.element is not link else None
    if beside and find_full_date(beside):
        return beside
    small = [text for child in link.iterdescendants() for text in texts_of(child) if len(text.strip()) <= 24]
    return find_date(small) or find_labelled_date(link.get("title") or "") or beside


def _texts_after(element: HtmlElement, stops: set[HtmlElement]) -> Iterable[str]:
    """The text between a row and the next: `<a>…</a> 2021-11-04<br>`, `<dt>…</dt><dd>2021-11-04</dd>`."""
    if element.tail:
        yield element.tail
    for sibling in islice(element.itersiblings(), 6):
        if sibling in stops or sibling.tag in ("ul", "ol", "table", "div"):
            return
        yield from texts_of(sibling)
        if sibling.tail:
            yield sibling.tail


def _once(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows without repeated addresses: the one with the longest title stays, at the first one's place."""
    best: dict[str, Row] = {}
    for row in rows:
        known = best.get(row.anchor.url)
        if known is None or len(row.anchor.title) > len(known.anchor.title):
            best[row.anchor.url] = row if known is None else replace(row, date_raw=row.date_raw or known.date_raw)
    return tuple(best.values())


def _may_be_list(block: Block) -> bool:
    """Whether the rows are documents: dated, or at least with titles and addresses of documents, outside a menu."""
    titles = sum(len(row.anchor.title) for row in block.rows) / len(block.rows)
    articles = sum(looks_like_article(row.anchor.url) for row in block.rows) / len(block.rows)
    if block.dated >= 0.5:
        return titles >= 8 or (titles >= 4 and articles > 0)
    return titles >= 8 and articles >= 0.5 and not _CHROME.search(block.shape)


def _belongs(row: Row, block: Block) -> bool:
    if len(row.anchor.title) < 4 or not looks_like_article(row.anchor.url):
        return False
    return row.date_raw is not None or block.dated < 0.5


def _alike(other: Block, block: Block) -> bool:
    return (other.dated >= 0.5) == (block.dated >= 0.5)
