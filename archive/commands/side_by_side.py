"""Two texts beside each other in the terminal, or above each other where that is narrow, with what differs marked."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from archive.trace.side_by_side import Span

_WIDE: Final = 160
"""Columns that are used at most."""
_SENTENCE: Final = re.compile(r"(?<=[。！？；])(?!\n)|(?<=\n)")
_MARKS: Final = {"same": " ", "changed": "|", "left_out": "<", "added": ">", "unread": "?"}


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence, or some that cannot be told apart, of each text: `mark` is ` `, or `|` where they differ, `<` or `>`
    for what only the one or the other has, `?` for what was not compared. What differs within stands in brackets."""

    mark: str
    one: str
    other: str


def print_texts(one: str, other: str, *, headers: tuple[str, str]) -> None:
    """Print two texts beside each other."""
    from archive.trace.side_by_side import side_by_side

    width = (min(shutil.get_terminal_size((120, 40)).columns, _WIDE) - 3) // 2
    for row in (Row(" ", *headers), Row(" ", "─" * width, "─" * width), *rows(side_by_side(one, other))):
        left, right = list(_wrapped(row.one, width)), list(_wrapped(row.other, width))
        for number in range(max(len(left), len(right))):
            mine, theirs = (side[number] if number < len(side) else "" for side in (left, right))
            click.echo(f"{mine}{' ' * (width - _columns(mine))} {row.mark} {theirs}".rstrip())


def rows(spans: Sequence[Span]) -> Iterator[Row]:
    """The spans of two texts as rows, a sentence each where both have the same sentences."""
    one = other = ""
    differs = False
    for span in spans:
        if span.kind in ("left_out", "added", "unread") and not one and not other and _is_whole(span.one + span.other):
            sides = zip_longest(*(_parts(text) for text in (span.one, span.other)), fillvalue="")
            yield from (Row(_MARKS[span.kind], mine.strip(), theirs.strip()) for mine, theirs in sides)
            continue
        if span.kind != "same":
            one, other, differs = one + _bracketed(span.one), other + _bracketed(span.other), True
            continue
        for mine, theirs in _sentences(span.one, span.other):
            one, other = one + mine, other + theirs
            if _is_whole(mine):
                yield Row("|" if differs else " ", one.strip(), other.strip())
                one, other, differs = "", "", False
    if one.strip() or other.strip():
        yield Row("|" if differs else " ", one.strip(), other.strip())


def _sentences(one: str, other: str) -> Iterator[tuple[str, str]]:
    mine, theirs = _parts(one), _parts(other)
    if len(mine) == len(theirs):
        yield from zip(mine, theirs, strict=True)
    else:
        yield one, other


def _parts(text: str) -> list[str]:
    """The sentences of a text, each with the marks and the line end behind it."""
    return [part for part in _SENTENCE.split(text) if part]


def _is_whole(text: str) -> bool:
    return text.rstrip(" \u3000").endswith(("。", "！", "？", "；", "\n"))


def _bracketed(text: str) -> str:
    """Text in brackets, without the blanks and line ends around it."""
    inner = text.strip()
    return text.replace(inner, f"〔{inner}〕", 1) if inner else text


def _wrapped(text: str, width: int) -> Iterator[str]:
    """Lines of so many columns."""
    from wcwidth import wcwidth

    line, used = "", 0
    for character in " ".join(text.split()):
        size = max(wcwidth(character), 0)
        if used + size > width:
            yield line
            line, used = "", 0
        line, used = line + character, used + size
    yield line


def _columns(text: str) -> int:
    from wcwidth import wcswidth

    return max(wcswidth(text), 0)
