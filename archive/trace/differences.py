"""Where a copy says something else than its original: numbers, and other wording."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from archive.trace.align import Gap
from archive.trace.forms import Form, is_number
from archive.trace.numerals import value
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


def _changed(original: Form, copy: Form, piece: Piece) -> Iterator[Difference]:
    said, told = original.between(piece.one, piece.one_end), copy.between(piece.other, piece.other_end)
    if value(said) is not None and value(told) is not None:
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
        if _NUMBER.sub("", said) != _NUMBER.sub("", told):
            yield Difference("wording", piece)


def _figures(form: Form, start: int, end: int) -> list[tuple[int, str]]:
    return [(start + at, value(token) or token) for at, token in enumerate(form.tokens(start, end)) if is_number(token)]


def _is_number_within(form: Form, start: int, end: int) -> bool:
    """Whether a stretch is one number in the middle of a sentence, where it can be no number of a row or an item."""
    return end - start == 1 and is_number(form.token(start)) and form.starts.isdisjoint((start, end))


_NUMBER: Final = re.compile(r"\d+(?:\.\d+)*%?")
