"""Two printings of one notice as they are shown beside each other: spans of their own text, as printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz.distance import Prefix

from archive.text import fold
from archive.trace.forms import MOST, Form, cut, is_number, read_form
from archive.trace.pieces import PieceKind, pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What stands in one place of the original and of the copy; all the spans of a side in a row are its text.

    Of a `same` span the sides may be printed otherwise; of `left_out` the copy's side is empty, of `added` the
    original's. `unread` are the ends of very long texts, which are not compared.
    """

    kind: PieceKind | Literal["unread"]
    one: str
    other: str


def side_by_side(original: str, copy: str) -> list[Span]:
    """Lay two texts beside each other, from beginning to end."""
    one, other = cut(read_form(original)), cut(read_form(copy))
    starts, others = token_starts(one, original), token_starts(other, copy)
    marks = Span(kind="same", one="" if one.code else original, other="" if other.code else copy)
    spans = [marks] if marks.one or marks.other else []
    spans += [
        Span(
            kind=piece.kind,
            one=original[starts[piece.one] : starts[piece.one_end]],
            other=copy[others[piece.other] : others[piece.other_end]],
        )
        for piece in pieces(one, other)
    ]
    ends = original[starts[-1] :], copy[others[-1] :]
    return [*spans, Span(kind="unread", one=ends[0], other=ends[1])] if any(ends) else spans


def token_starts(form: Form, text: str) -> list[int]:
    """Where each token of a text's form begins in the text, and at last where the text, or a form cut short, ends;
    rising.

    The first begins with the text, and a token takes the marks and blanks behind it along. What is spelt otherwise in
    the form (三 for 3, a date's 年 for a hyphen) is found by what stands around it.
    """
    plain = _folded(text)
    starts: list[int] = []
    at = 0
    while len(starts) < len(form):
        ahead = form.code[len(starts) : len(starts) + _STEP]
        if run := Prefix.similarity(ahead, plain[at : at + _STEP]):
            starts += range(at, at + run)
            at += run
        else:
            start, at = _find(plain, at, form.token(len(starts)))
            starts.append(start)
    return [0, *starts[1:], len(text) if len(form) < MOST else at]


def _find(plain: str, at: int, word: str) -> tuple[int, int]:
    """Where a token begins that should come next, and where it ends; there both where it is not found."""
    if not plain.startswith(word, at) and (dropped := _DROPPED.match(plain, at)) is not None:
        at = dropped.end()
    if plain.startswith(word, at):
        return at, at + len(word)
    if is_number(word) and (figure := _FIGURE.match(plain, at)) is not None:
        return at, figure.end()
    found = plain.find(word, at, at + len(word) + _SKIPPED) if word not in "年月日" else -1
    return (found, found + len(word)) if found >= 0 else (at, at)


def _folded(text: str) -> str:
    """A text in the letters of its form, one character for each."""
    plain = fold(text)
    return plain if len(plain) == len(text) else "".join(fold(sign)[0] for sign in text)


_STEP: Final = 64
_SKIPPED: Final = 3
"""Characters that are passed over to find a token again."""
_FIGURE: Final = re.compile(r"[\d,.%]+|[零〇○一二三四五六七八九十百两]+")
_DROPPED: Final = re.compile(r"(?:(?<=[\u4e00-\u9fff])\([a-zāáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜü]{1,6}\)|[^\w]|_)+")
