"""What every reader of files shares: how much may come out, and what is dropped from any text."""

from __future__ import annotations

import re
from typing import Final

MOST_TEXT: Final = 1_000_000
"""Characters of text that are kept of one file: a list of 20,000 names is well below."""

_DROPPED: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)
"""Controls, marks of direction, and what stands for no character."""
_LONE: Final = re.compile("[\ud800-\udfff]")
_BREAKS: Final = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BLANKS: Final = re.compile("[ \t\xa0]+")


class NotRead(Exception):  # noqa: N818  it says what happened, not that we failed
    """A file that has no text for us; the message is what a person reads: `head: more`."""


def clean(text: str) -> str:
    """The lines of a text without blanks at their ends, empty lines, controls and marks of direction."""
    plain = _LONE.sub("\ufffd", _DROPPED.sub("", _BREAKS.sub("\n", text)))
    lines = (_BLANKS.sub(" ", line).strip(" \u3000") for line in plain.split("\n"))
    return "\n".join(line for line in lines if line)


def cut(text: str) -> tuple[str, str | None]:
    """As much of a text as is kept, and what to say if that is not all."""
    if len(text) <= MOST_TEXT:
        return text, None
    return text[:MOST_TEXT], f"read in part: the first {MOST_TEXT:,} characters"


def row_line(cells: list[str]) -> str:
    """The cells of one row of a table as a line; blank cells at its end are left out."""
    shown = [" ".join(cell.split()) for cell in cells]
    while shown and not shown[-1]:
        shown.pop()
    return " | ".join(shown)
