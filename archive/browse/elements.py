"""Elements of charts and feeds: escaped by being made as a tree, without characters that XML does not know."""

from __future__ import annotations

import re
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup

_UNKNOWN: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write, escaped or not: most controls, lone surrogates, U+FFFE and U+FFFF."""


def root(tag: str, /, **attributes: str | float) -> Element:
    """The first element of a tree. `_` in an attribute's name is `-`, one at its end falls away (`class_`)."""
    return Element(tag, _attributes(attributes))


def add(parent: Element, tag: str, text: str = "", /, **attributes: str | float) -> Element:
    """Add an element and give it; attributes as of `root`."""
    made = SubElement(parent, tag, _attributes(attributes))
    made.text = printable(text)
    return made


def markup(element: Element) -> Markup:
    """The tree as part of a page. No element is closed in itself, so HTML and XML read it alike."""
    return Markup(tostring(element, encoding="unicode", short_empty_elements=False))  # noqa: S704  made as a tree


def printable(text: str) -> str:
    """A text without the characters that XML cannot hold."""
    return _UNKNOWN.sub("", text)


def _attributes(given: dict[str, str | float]) -> dict[str, str]:
    return {
        name.rstrip("_").replace("_", "-"): printable(value) if isinstance(value, str) else str(round(value, 2))
        for name, value in given.items()
    }
