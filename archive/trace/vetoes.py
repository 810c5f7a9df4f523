"""What forbids a merge that a rule proposes. Each returns the reason in words, or None."""

from __future__ import annotations

import re

from archive.text import fold, normalise

_DIGITS = re.compile(r"\d+")
_CHINESE_NUMERALS = re.compile(r"第?([一二三四五六七八九十百零〇]+)(?:季度|批|期|届|次|号|年|月|日)")
_SHINGLE = 8
_SHORT_TEXT = 40
_SHARED_ENOUGH = 0.4


def titles_differ(one: str | None, other: str | None) -> str | None:
    """Two titles that carry other numbers are two notices of a series, however alike their texts are.

    A title without any number vetoes nothing: portals shorten titles.
    """
    mine, theirs = _numbers(one), _numbers(other)
    if mine and theirs and mine != theirs:
        return f"titles carry other numbers: {'、'.join(mine)} / {'、'.join(theirs)}"
    return None


def texts_differ(copy_text: str, original_text: str) -> str | None:
    """A page that names an original it shares no text with was linked wrongly (an index page, a related notice).

    Shared 8-character pieces of the shorter text are counted; texts under 40 characters veto nothing. This
    check only refuses a link: likeness alone never makes a match.
    """
    mine, theirs = normalise(copy_text), normalise(original_text)
    short, long = sorted((mine, theirs), key=len)
    if len(short) < _SHORT_TEXT:
        return None
    pieces = {short[i : i + _SHINGLE] for i in range(len(short) - _SHINGLE + 1)}
    shared = sum(piece in long for piece in pieces) / len(pieces)
    if shared < _SHARED_ENOUGH:
        return f"the texts share {shared:.0%} of their pieces"
    return None


def _numbers(title: str | None) -> tuple[str, ...]:
    folded = fold(title or "")
    return tuple(_DIGITS.findall(folded)) + tuple(_CHINESE_NUMERALS.findall(folded))
