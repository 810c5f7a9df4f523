"""What parts two notices of one series: a place where both say something, and not the same.

A portal adds and leaves out; it does not fill in another figure, name or place. So a stretch that only one printing
has says nothing, and one where both differ vetoes: other numbers, another list, other words. Whole lines of another
matter (an advertisement where a paragraph was lost) and one mistyped character veto nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from rapidfuzz.distance import Indel

from archive.trace.align import Gap, Run, gaps
from archive.trace.forms import Form, is_number

Kind = Literal["numbers", "list", "words", "swap"]

_SHORT: Final = 16
"""Tokens up to which a difference is a blank that was filled in, not a passage."""
_SHOWN: Final = 24
_NEAR: Final = 3
"""Tokens by which a sentence's end may be off a difference: two texts may begin alike by chance."""
_UNLIKE, _OTHER_MATTER, _MOVED = 0.45, 0.3, 0.7
_ROWS: Final = 3
"""Rows of one shape that make a list."""
_ROW: Final = 40
"""Tokens that a row has at most."""
_FIGURES: Final = 4
_CROWDED: Final = 14
"""A list has so many tokens for one number at most."""
_LOOKED: Final = 400
"""Tokens of a stretch that are looked at for a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A difference of two sides: what the one text says there, and the other."""

    kind: Kind
    one: str
    other: str

    def __str__(self) -> str:
        return f"other {self.kind}: {self.one[:_SHOWN]} / {self.other[:_SHOWN]}"


def find_slot(one: Form, other: Form, runs: Sequence[Run]) -> Slot | None:
    """The first difference that makes them two notices; None where nothing does."""
    if not runs:
        return None
    swaps: set[tuple[str, str]] = set()
    for gap in gaps(runs):
        slot = _slot(one, other, gap) if min(gap.sizes) > 0 else None
        if slot is not None and slot.kind == "swap" and (slot.one, slot.other) not in swaps:
            swaps.add((slot.one, slot.other))
            continue
        if slot is not None:
            return slot
    return _at_head(one, other, runs[0]) or _at_end(one, other, runs[-1])


def is_whole(one: Form, other: Form, gap: Gap) -> bool:
    """Whether a gap is one of whole lines or sentences."""
    begins = _is_near(one, gap.one) or _is_near(other, gap.other)
    return begins and (_is_near(one, gap.one_end) or _is_near(other, gap.other_end))


def is_moved(one: Form, other: Form, gap: Gap) -> bool:
    """Whether the other text has here a whole sentence that the one text has elsewhere, and no twin of its own.

    Two sentences of one frame (城市低保…, 农村低保…) are no such case: there a changed figure would hide.
    """
    mine, theirs = _sentence(one, gap.one, gap.one_end), _sentence(other, gap.other, gap.other_end)
    return len(theirs) >= 8 and theirs in one.plain and Indel.normalized_similarity(mine, theirs) < _MOVED


def _slot(one: Form, other: Form, gap: Gap) -> Slot | None:
    mine, theirs = one.tokens(gap.one, gap.one_end), other.tokens(gap.other, gap.other_end)
    said, told = "".join(mine), "".join(theirs)
    if said.replace(".", "") == told.replace(".", ""):  # a number and the next row's, printed in one line
        return None
    if _are_lists(one, other, gap):
        return Slot(kind="list", one=said, other=told)
    is_short = max(gap.sizes) <= _SHORT
    like = Indel.normalized_similarity(one.code[gap.one : gap.one_end], other.code[gap.other : gap.other_end])
    is_blank = is_short and abs(len(mine) - len(theirs)) <= 2
    if like < _UNLIKE and not is_blank and is_whole(one, other, gap):
        return None
    if is_moved(one, other, gap):
        return None
    figures = _figures(mine), _figures(theirs)
    if all(figures) and figures[0] != figures[1]:
        return Slot(kind="numbers", one=said, other=told)
    if gap.sizes == (1, 1) and not is_number(said) and not is_number(told):
        return Slot(kind="swap", one=said, other=told)
    return Slot(kind="words", one=said, other=told) if is_short or like >= _OTHER_MATTER else None


def _at_head(one: Form, other: Form, run: Run) -> Slot | None:
    """A number before what is common, other words that begin its sentence; and another list."""
    beyond = Gap(0, run.one, 0, run.other)
    if min(beyond.sizes) == 0:
        return None
    if _are_lists(one, other, beyond):
        return _edge("list", one.between(0, run.one), other.between(0, run.other))
    is_inside = run.one not in one.starts and run.other not in other.starts and min(beyond.sizes) > 1
    mine, theirs = one.token(run.one - 1), other.token(run.other - 1)
    if is_inside and is_number(mine) and is_number(theirs) and mine != theirs:
        return _edge("numbers", mine, theirs)
    begun, begins = _begun(one, run.one), _begun(other, run.other)
    is_blank = abs(len(begun) - len(begins)) <= 2 and max(len(begun), len(begins)) <= _SHORT
    has_frame = len(begun) > 2 and begun[:2] == begins[:2]  # 关于…, 现将…: else a portal begins in its own words
    if is_inside and is_blank and has_frame and begun != begins:
        return _edge("words", "".join(begun), "".join(begins))
    return None


def _at_end(one: Form, other: Form, run: Run) -> Slot | None:
    """A number behind what is common, unless one was cut off or printed with the next in one; and another list."""
    beyond = Gap(run.one_end, len(one), run.other_end, len(other))
    if min(beyond.sizes) == 0:
        return None
    if _are_lists(one, other, beyond):
        return _edge("list", one.between(run.one_end, beyond.one_end), other.between(run.other_end, beyond.other_end))
    is_inside = run.one_end not in one.starts and run.other_end not in other.starts and min(beyond.sizes) > 1
    mine, theirs = one.token(run.one_end), other.token(run.other_end)
    if not is_inside or not is_number(mine) or not is_number(theirs):
        return None
    goes_on = one.between(run.one_end, run.one_end + 3).startswith(theirs)
    goes_on = goes_on or other.between(run.other_end, run.other_end + 3).startswith(mine)
    return None if goes_on else _edge("numbers", mine, theirs)


def _begun(form: Form, at: int) -> list[str]:
    """The tokens of a sentence before a place in it."""
    return form.tokens(form.begins(at), at)


def _edge(kind: Kind, mine: str, theirs: str) -> Slot:
    return Slot(kind=kind, one=mine, other=theirs)


def _figures(tokens: Sequence[str]) -> Counter[str]:
    return Counter(filter(is_number, tokens))


def _is_near(form: Form, at: int) -> bool:
    return not form.starts.isdisjoint(range(at - _NEAR, at + _NEAR + 1))


def _sentence(form: Form, start: int, end: int) -> str:
    return form.between(form.begins(start), form.bounds[bisect_left(form.bounds, end)])


def _are_lists(one: Form, other: Form, gap: Gap) -> bool:
    """Whether both sides are rows of one shape: two lists of people, sums or bodies."""
    sides = (one, gap.one, gap.one_end), (other, gap.other, gap.other_end)
    mine, theirs = (_row_shapes(*side) for side in sides)
    if all(_are_mostly(rows, mine.keys() & theirs.keys()) for rows in (mine, theirs)):
        return True
    stretches = [form.tokens(start, min(end, start + _LOOKED)) for form, start, end in sides]
    if not all(map(_is_crowded, stretches)):
        return False
    first, second = (_pieces(_shape(tokens)) for tokens in stretches)  # rows that were printed in one line
    return (first & second).total() * 2 >= min(first.total(), second.total()) > 0


def _is_crowded(tokens: Sequence[str]) -> bool:
    """Whether there is a number every few tokens."""
    figures = sum(map(is_number, tokens))
    return figures >= _FIGURES and len(tokens) <= _CROWDED * figures


def _row_shapes(form: Form, start: int, end: int) -> Counter[str]:
    """The shapes of the lines and sentences of a stretch, each with how often it comes."""
    at = bisect_left(form.bounds, start)
    inside = form.bounds[at : min(bisect_right(form.bounds, end), at + _LOOKED // 10)]
    return Counter(_shape(form.tokens(first, last)) for first, last in pairwise(inside) if last - first <= _ROW)


def _are_mostly(rows: Counter[str], shapes: AbstractSet[str]) -> bool:
    held = sum(rows[shape] for shape in shapes)
    return held >= _ROWS and held * 2 >= rows.total()


def _shape(tokens: Sequence[str]) -> str:
    """What a row is made of: numbers `9`, Latin words `a`, and short, middling and long runs of characters."""
    marks: list[str] = []
    run = 0
    for token in (*tokens, ""):
        if token and not is_number(token) and not token.isascii():
            run += 1
            continue
        if run:
            marks.append("s" if run <= 4 else "m" if run <= 10 else "l")
            run = 0
        if token:
            marks.append("9" if is_number(token) else "a")
    return "".join(marks)


def _pieces(shape: str) -> Counter[str]:
    return Counter(shape[at : at + 4] for at in range(min(len(shape), _LOOKED) - 3))
