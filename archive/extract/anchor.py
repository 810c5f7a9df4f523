"""The line above which no text stands: the one that shows the page's title, or what the only byline stands beneath."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from lxml.html import HtmlElement

from archive.extract.lines import Line, Lines, is_weak
from archive.extract.trim import is_byline, is_template, squeeze
from archive.extract.window import is_site_name

_HEADINGS: Final = ("h1", "h2")
_SHORTEST_HEADING: Final = 4
_SHORTEST: Final = 8  # characters of a title in any other element
_LONGEST: Final = 120
_BENEATH: Final = 3  # lines from a title to its byline
_NEAR: Final = 12  # lines from a title to the first sentence
_NEXT: Final = 5  # lines from a title to the box of its text
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_LABEL: Final = re.compile(r"来\s*源\s*[:：]|发布(?:时间|日期)\s*[:：]")


def find_anchor(lines: Lines, printed: Sequence[str]) -> int | None:
    """Find the title: right above a dated byline, else where it stands first, else above the only labelled byline.

    `printed` are the titles that the page gives, squeezed. A box that is named as no part of an article, but alone
    shows the title, and sentences beneath it, loses that name: careless templates call it `comment` or `share`.
    """
    found = list(_titles(lines, printed))
    if found and all(line.chrome is not None for line in found):
        shown = [line.number for line in found if _unmark(line, lines)]
    else:
        shown = [line.number for line in found if line.chrome is None]
    above = (at for at in shown if any(map(is_dated_byline, lines.all[at + 1 : at + 1 + _BENEATH])))
    at = next(above, shown[0] if shown else None)
    if at is not None:
        _unmark_beneath(at, lines)
        return at
    labelled = [line.number for line in lines.all if line.chrome is None and _is_labelled(line)]
    return max(labelled[0] - 1, 0) if len(labelled) == 1 else None


def is_dated_byline(line: Line) -> bool:
    """Tell whether a line is a byline that names a year."""
    return is_byline(line.text) and _YEAR.search(line.text) is not None


def _titles(lines: Lines, printed: Sequence[str]) -> Iterator[Line]:
    for line in lines.all if printed else ():
        least = _SHORTEST_HEADING if line.block.tag in _HEADINGS else _SHORTEST
        if not least <= len(line.text) <= _LONGEST or line.disclosed or line.linked * 2 > len(line.text):
            continue
        text = squeeze(line.text)
        if len(text) >= least and any(text in one for one in printed) and not is_site_name(line.text):
            yield line


def _unmark(line: Line, lines: Lines) -> bool:
    """Take the mark from the box around a title and the sentence beneath it; tell whether there is one."""
    around = set(line.block.iterancestors())
    beneath = lines.all[line.number + 1 : line.number + 1 + _NEAR]
    box = next((one.chrome for one in beneath if one.is_prose and not one.is_foot and one.chrome in around), None)
    if box is None:
        return False
    _free(box, lines)
    return True


def _unmark_beneath(at: int, lines: Lines) -> None:
    """Take a name that an article's box may have as well from the box of the first sentence beneath a title."""
    beneath = lines.all[at + 1 : at + 1 + _NEXT]
    first = next((line for line in beneath if line.is_prose and not is_byline(line.text)), None)
    if first is None or first.chrome is None or is_template(first) or not is_weak(first.chrome):
        return
    if lines.spans.get(first.chrome, (0, 0))[0] > at:
        _free(first.chrome, lines)


def _free(box: HtmlElement, lines: Lines) -> None:
    for line in lines.of(box):
        if line.chrome is box:
            line.chrome = None


def _is_labelled(line: Line) -> bool:
    return not line.disclosed and is_dated_byline(line) and _LABEL.search(line.text) is not None
