"""The texts of a page as printed, and the dates among them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml.html import HtmlElement

_DAY = re.compile(
    r"(?<![\d-])((?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}(?!\d|[-/.]\d)\s*日?(?:\s*T?\s*\d{1,2}:\d{2}(?::\d{2})?)?)"
)
_SHORT_DAY = re.compile(r"^[\s\[【(（]*((?:0?[1-9]|1[0-2])\s*[-/.月]\s*(?:0?[1-9]|[12]\d|3[01])日?)[\s\]】)）]*$")
_DAY_ALONE = re.compile(r"^\s*(0?[1-9]|[12]\d|3[01])日?\s*$")
_MONTH_ALONE = re.compile(r"^\s*((?:19|20)\d\d\s*[-/.年]\s*(?:0?[1-9]|1[0-2])月?)\s*$")
_OTHER_DATE = re.compile(r"(成文|生效|施行|实施|截止|失效|落款)(日期|时间)?\s*[:：]?\s*$")
_LABELLED_DAY = re.compile(r"(?:时间|日期)\s*[:：]\s*" + _DAY.pattern)
_DIGIT = re.compile(r"\d")
_MOST_PIECES = 120
"""Pieces of text in one row; what holds more is no row."""


def texts_of(element: HtmlElement, without: HtmlElement | None = None) -> Iterator[str]:
    """The printed pieces of text under an element, comments and scripts left out; `without` names a branch to skip."""
    ahead: list[Iterator[HtmlElement | str]] = [iter((element,))]
    while ahead:
        piece = next(ahead[-1], None)
        if piece is None:
            ahead.pop()
        elif isinstance(piece, str):
            yield piece
        elif piece is not without and isinstance(piece.tag, str) and piece.tag not in ("script", "style"):
            ahead.append(_pieces(piece))


def find_date(texts: Iterable[str]) -> str | None:
    """The first date printed in these pieces of text; a date of writing or expiry only where there is no other."""
    second: str | None = None
    short: str | None = None
    day = month = None
    before = ""
    for text in islice(texts, _MOST_PIECES):
        if not _DIGIT.search(text):
            before = text if text.strip() else before
            continue
        for match in _DAY.finditer(text):
            label = before + text[: match.start()]
            if not _OTHER_DATE.search(label):
                return match.group(1).strip()
            second = second or match.group(1).strip()
        if bare := _SHORT_DAY.match(text):
            short = short or bare.group(1)
        day = day or _DAY_ALONE.match(text)
        month = month or _MONTH_ALONE.match(text)
        before = text
    if second or short:
        return second or short
    return f"{month.group(1)}-{day.group(1)}" if day and month else None


def find_full_date(text: str) -> str | None:
    """The first date with a year in one text, as printed."""
    match = _DAY.search(text)
    return match.group(1).strip() if match else None


def find_labelled_date(text: str) -> str | None:
    """The date behind a label: `发表时间：2025年02月26日`."""
    match = _LABELLED_DAY.search(text)
    return match.group(1).strip() if match else None


def is_date(text: str) -> bool:
    """Whether a piece of text is a date and nothing else, in brackets or not."""
    bare = text.strip(" \t\r\n　[]()（）【】")
    return bool(bare) and (_DAY.fullmatch(bare) is not None or _SHORT_DAY.match(bare) is not None)


def _pieces(element: HtmlElement) -> Iterator[HtmlElement | str]:
    """Text and children of an element in their order, one by one: most readers stop early."""
    if element.text:
        yield element.text
    for child in element:
        yield child
        if child.tail:
            yield child.tail
