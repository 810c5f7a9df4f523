"""Lines as paragraphs: the cells of one row of a data table are one paragraph."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from lxml.html import HtmlElement

from archive.extract.lines import Line

_LONG: Final = 100  # characters of a line past which a cell lays out a page instead of holding data
_DEPTH: Final = 5


def paragraphs(lines: Sequence[Line]) -> list[str]:
    """Give the paragraphs of a text in order; the cells of a row are parted by one space."""
    found: list[str] = []
    for row, group in groupby(lines, key=lambda line: _around(line, ("tr",))):
        cells = list(group)
        texts = [line.text for line in cells]
        if row is not None and max(map(len, texts)) <= _LONG and len(texts) <= 2 * _count_cells(cells):
            found.append(" ".join(texts))
        else:
            found += texts
    return found


def _count_cells(lines: Sequence[Line]) -> int:
    cells = {_around(line, ("td", "th")) for line in lines}
    return len(cells) if len(cells) > 1 else 0


def _around(line: Line, tags: tuple[str, ...]) -> HtmlElement | None:
    """The nearest element of these tags around a line, within its table."""
    element: HtmlElement | None = line.block
    for _ in range(_DEPTH):
        if element is None or element.tag in ("table", "body"):
            return None
        if element.tag in tags:
            return element
        element = element.getparent()
    return None
