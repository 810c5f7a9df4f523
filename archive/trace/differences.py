"""Where a copy says something else than its original: numbers, and other wording."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from archive.trace.align import Gap
from archive.trace.forms import Form, is_number
from archive.trace.pieces import Piece


@dataclass(frozen=True, slots=True)
class Difference:
    """Where both texts stand, and whether numbers differ there or other words."""

    kind: Literal["numbers", "wording"]
    place: Gap


def differences(original: Form, copy: Form, piece: Piece) -> Iterator[Difference]:
    """What one piece changes, in its order; nothing where it only leaves out, adds or spells otherwise."""
    if piece.kind == "changed":
        yield from _changed(original, copy, piece)
        return
    sides = (original, piece.one, piece.one_end), (copy, piece.other, piece.other_end)
    if piece.kind != "same" and any(_is_number_within(*side) for side in sides):
        yield Difference("numbers", piece)


def value(words: str) -> str | None:
    """What a number comes to, in one spelling of its figures: 五十, 050 and 50.0 are `50`; None of what is none."""
    if _ARABIC.fullmatch(words):
        sign = words[len(words.rstrip("%")) :]
        figures = words.rstrip("%").lstrip("0")
        if "." in figures:
            figures = figures.rstrip("0").rstrip(".")
        return (figures or "0") + sign
    return str(_total(words)) if _CHINESE.fullmatch(words) else None


def _changed(original: Form, copy: Form, piece: Piece) -> Iterator[Difference]:
    said, told = original.between(piece.one, piece.one_end), copy.between(piece.other, piece.other_end)
    both = value(said), value(told)
    if both[0] is not None and both[1] is not None:
        if both[0] != both[1]:
            yield Difference("numbers", piece)
        return
    mine, theirs = _figures(original, piece.one, piece.one_end), _figures(copy, piece.other, piece.other_end)
    if Counter(number for _, number in mine) == Counter(number for _, number in theirs):
        yield Difference("wording", piece)
    elif len(mine) != len(theirs):
        yield Difference("numbers", piece)
    else:
        for (at, number), (other_at, other_number) in zip(mine, theirs, strict=True):
            if number != other_number:
                yield Difference("numbers", Gap(at, at + 1, other_at, other_at + 1))
        if _ARABIC.sub("", said) != _ARABIC.sub("", told):
            yield Difference("wording", piece)


def _figures(form: Form, start: int, end: int) -> list[tuple[int, str]]:
    return [(start + at, value(token) or token) for at, token in enumerate(form.tokens(start, end)) if is_number(token)]


def _is_number_within(form: Form, start: int, end: int) -> bool:
    """Whether a stretch is one number in the middle of a sentence, where it can be no number of a row or an item."""
    return end - start == 1 and is_number(form.token(start)) and form.starts.isdisjoint((start, end))


def _total(numeral: str) -> int:
    """The value of 二十三, 一百零五, 三万两千 or 一〇五."""
    if not _PLACES.search(numeral):
        return int("".join(str(_DIGITS[sign]) for sign in numeral))
    whole = part = digit = 0
    for sign in numeral:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif _UNITS[sign] < 10_000:
            part, digit = part + (digit or 1) * _UNITS[sign], 0
        else:
            whole, part, digit = whole + (part + digit or 1) * _UNITS[sign], 0, 0
    return whole + part + digit


_DIGITS: Final = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_UNITS: Final = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_PLACES: Final = re.compile("[十百千万亿]")
_CHINESE: Final = re.compile("[零〇○一二三四五六七八九两十百千万亿]{1,12}")
_ARABIC: Final = re.compile(r"\d+(?:\.\d+)*%?")
