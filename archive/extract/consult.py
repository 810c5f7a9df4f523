"""A second opinion on pages whose container no one knows: what trafilatura keeps of the densest prose."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from archive.extract.body import names_document
from archive.extract.files import links_file
from archive.extract.lines import Line
from archive.page import parse

# Beyond these its run time grows faster than the page: 1 MB of small blocks took 30 s, 500 links within links 20 s.
_MOST_ELEMENTS: Final = 6_000
_MOST_WORK: Final = 50_000_000  # elements times characters; notices stay under 3 million, indexes under 22
_DROPPED: Final = ("script", "style", "noscript", "svg", "iframe", "button", "select")
_LAST: Final = 6  # lines at the end that may be signature, date and notes


def consult(container: HtmlElement, lines: Sequence[Line]) -> list[Line] | None:
    """Give the lines that stand, or None if trafilatura has nothing to say of this container, or could change nothing.
    Ask `is_light` first.

    Running text, the last lines, files and table cells stand whatever it says, for it drops signatures, names in
    lists and short paragraphs. One or two lines between others that it leaves out are captions and teasers, and go.
    """
    end = len(lines) - _LAST
    stands = [number >= end or _stands(line) for number, line in enumerate(lines)]
    if all(stands):
        return None
    kept = _squeeze(_ask(container))
    prose = [line for line in lines if line.is_prose]
    if sum(_squeeze(line.text) in kept for line in prose) * 3 < len(prose):
        return None
    stands = [stood or _squeeze(line.text) in kept for stood, line in zip(stands, lines, strict=True)]
    return [
        line for number, line in enumerate(lines) if stands[number] or not any(stands[max(number - 2, 0) : number + 3])
    ]


def is_light(container: HtmlElement, lines: Sequence[Line]) -> bool:
    """Tell whether a container has little enough elements and text for a second opinion."""
    elements = sum(1 for _ in container.iter())
    return elements <= _MOST_ELEMENTS and elements * sum(len(line.text) for line in lines) <= _MOST_WORK


def _stands(line: Line) -> bool:
    if line.is_prose or line.block.tag in ("td", "th") or any(map(links_file, line.links)):
        return True
    return names_document(line.text)


def _ask(container: HtmlElement) -> str:
    from trafilatura import bare_extraction  # takes 0.4 s, and most pages do without

    pruned = copy.deepcopy(container)
    pruned.tail = None
    etree.strip_elements(pruned, *_DROPPED, with_tail=False)
    tree = parse("<html><body><div></div></body></html>")
    tree[0][0].append(pruned)
    found = bare_extraction(tree, fast=True, include_comments=False, with_metadata=False)
    return (found.text or "") if found is not None and not isinstance(found, dict) else ""


def _squeeze(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)
