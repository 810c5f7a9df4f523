"""Boxes that lead to other articles: rows alike, each with a linked title and some words of what it links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from lxml.html import HtmlElement

from archive.extract.files import links_file
from archive.extract.lines import Line, Lines

_ROWS: Final = frozenset(("div", "li", "dl", "dd", "section", "article", "ul"))
_NO_ROW: Final = frozenset(("body", "html", "td", "tr", "table"))
_FEWEST: Final = 3  # rows alike that make a box
_UP: Final = 5  # elements from a linked title up to its row
_TITLE: Final = 6  # characters of the shortest linked title
_LONGEST: Final = 300  # characters of a row without its links

_Kin = tuple[HtmlElement | None, str, str | None]


def mark_teasers(lines: Lines) -> None:
    """Mark the lines of such rows as no part of an article, unless they are all the prose that the page has."""
    titles = [line for line in lines.all if _is_title(line)]
    if len(titles) < _FEWEST:
        return
    spans = _find_spans(lines, titles)
    inside = {number for start, end in spans.values() for number in range(start, end)}
    if not any(_is_own(line) for line in lines.all if line.number not in inside):
        return
    for row, (start, end) in spans.items():
        for line in lines.all[start:end]:
            if line.chrome is None:
                line.chrome = row


def _find_spans(lines: Lines, titles: Sequence[Line]) -> dict[HtmlElement, tuple[int, int]]:
    """The rows with three alike in one parent at least: each begins with a title and says something of its own."""
    words = [0, *accumulate(len(line.text) - line.linked for line in lines.all)]
    prose = [0, *accumulate(map(_is_own, lines.all))]
    heads = {line.number for line in titles}
    rows: dict[_Kin, list[HtmlElement]] = defaultdict(list)
    seen: set[HtmlElement] = set()
    for line in titles:
        element: HtmlElement | None = line.block
        for _ in range(_UP):
            if element is None or element in seen or element.tag in _NO_ROW:
                break
            seen.add(element)
            start, end = lines.spans.get(element, (0, 0))
            if words[end] - words[start] > _LONGEST:
                break
            if element.tag in _ROWS and prose[end] > prose[start] and not heads.isdisjoint((start, start + 1)):
                rows[element.getparent(), element.tag, element.get("class")].append(element)
            element = element.getparent()
    return {row: lines.spans[row] for alike in rows.values() if len(alike) >= _FEWEST for row in alike}


def _is_title(line: Line) -> bool:
    if line.chrome is not None or line.linked < _TITLE or line.linked * 5 < len(line.text) * 4:
        return False
    return not any(map(links_file, line.links))


def _is_own(line: Line) -> bool:
    return line.chrome is None and line.is_prose and not line.is_foot
