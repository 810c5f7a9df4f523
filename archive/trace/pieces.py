"""An original and a copy of it cut into pieces beside each other: what is the same, changed, left out and added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from rapidfuzz.distance import Indel, Postfix, Prefix

from archive.trace.align import Gap, Run, align, equal_runs, gaps
from archive.trace.forms import Form, is_number
from archive.trace.furniture import is_furniture
from archive.trace.numerals import value
from archive.trace.slots import is_moved, is_whole

PieceKind = Literal["same", "changed", "left_out", "added"]

_UNLIKE: Final = 0.45
"""Below, whole sentences in one place are not one sentence changed, but one left out and another added."""
_MOSTLY: Final = 0.6
"""Share of the shorter text; two texts of one language have about a third by chance."""
_SENTENCE: Final = 8
_FAR_LONGER: Final = 4
_BLANK: Final = 16
"""Tokens up to which the beginning or the end of a sentence, where what is common ends, was changed."""


@dataclass(frozen=True, slots=True)
class Piece(Gap):
    """Tokens of the original (`one`) and of the copy (`other`) that stand in one place; of each kind but `same` and
    `changed` one stretch is empty."""

    kind: PieceKind


def pieces(original: Form, copy: Form) -> list[Piece]:
    """Both texts from beginning to end, in order; together the pieces hold every token of each."""
    runs = align(original, copy) or _in_small(original, copy)
    if not runs:
        return list(_two(Gap(0, len(original), 0, len(copy))))
    found = [*_head(original, copy, runs[0]), _same(runs[0])]
    for gap, run in zip(gaps(runs), runs[1:], strict=True):
        found += [*_between(original, copy, gap), _same(run)]
    return [*found, *_tail(original, copy, runs[-1])]


def sentences(form: Form, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A stretch cut where sentences and lines end."""
    inside = [bound for bound in form.bounds if start < bound < end]
    return pairwise([start, *inside, end]) if start < end else iter(())


def _in_small(original: Form, copy: Form) -> list[Run]:
    """What two texts have in common word by word, if that is most of one: a list each of whose rows was changed."""
    runs = list(equal_runs(original, copy))
    return runs if sum(run.size for run in runs) > _MOSTLY * min(len(original), len(copy)) else []


def _between(original: Form, copy: Form, gap: Gap) -> Iterator[Piece]:
    if min(gap.sizes) > 0 and not _is_other_matter(original, copy, gap):
        yield from _changed(original, copy, gap)
    else:
        yield from _apart(original, copy, gap)


def _head(original: Form, copy: Form, run: Run) -> Iterator[Piece]:
    one, other = _begins(original, run.one), _begins(copy, run.other)
    inside = Gap(one, run.one, other, run.other)
    if _is_blank(original, copy, inside):
        yield from _two(Gap(0, one, 0, other))
        yield from _changed(original, copy, inside)
    else:
        yield from _apart(original, copy, Gap(0, run.one, 0, run.other))


def _tail(original: Form, copy: Form, run: Run) -> Iterator[Piece]:
    one, other = _ends(original, run.one_end), _ends(copy, run.other_end)
    inside = Gap(run.one_end, one, run.other_end, other)
    size = min(inside.sizes)
    said, told = original.between(inside.one, inside.one_end), copy.between(inside.other, inside.other_end)
    if size and (said.startswith(told) or told.startswith(said)):  # cut off, maybe within a number
        yield Piece(inside.one, inside.one + size, inside.other, inside.other + size, "same")
        yield from _two(Gap(inside.one + size, len(original), inside.other + size, len(copy)))
    elif _is_blank(original, copy, inside):
        yield from _changed(original, copy, inside)
        yield from _two(Gap(one, len(original), other, len(copy)))
    else:
        yield from _apart(original, copy, Gap(run.one_end, len(original), run.other_end, len(copy)))


def _is_blank(original: Form, copy: Form, gap: Gap) -> bool:
    """Whether the beginning or end of a sentence, where what is common ends, was filled in otherwise."""
    sides = original.between(gap.one, gap.one_end), copy.between(gap.other, gap.other_end)
    return min(gap.sizes) > 0 and max(gap.sizes) <= _BLANK and not any(map(is_furniture, sides))


def _changed(original: Form, copy: Form, gap: Gap) -> Iterator[Piece]:
    """A gap of two sides, without what they begin and end with in common: too little to be told from chance."""
    mine, theirs = original.code[gap.one : gap.one_end], copy.code[gap.other : gap.other_end]
    before = Prefix.similarity(mine, theirs)
    behind = Postfix.similarity(mine[before:], theirs[before:])
    inner = Gap(gap.one + before, gap.one_end - behind, gap.other + before, gap.other_end - behind)
    said, told = original.between(inner.one, inner.one_end), copy.between(inner.other, inner.other_end)
    if before:
        yield Piece(gap.one, inner.one, gap.other, inner.other, "same")
    if min(inner.sizes) == 0:
        yield from _two(inner)
    elif _are_one(said, told):
        yield _piece(inner, "same")
    else:
        yield _piece(inner, "changed")
    if behind:
        yield Piece(inner.one_end, gap.one_end, inner.other_end, gap.other_end, "same")


def _are_one(said: str, told: str) -> bool:
    """Whether two stretches differ in spelling alone: 五 and 5, or a number and the next row's printed in one line."""
    return said.replace(".", "") == told.replace(".", "") or (value(said) is not None and value(said) == value(told))


def _apart(original: Form, copy: Form, gap: Gap) -> Iterator[Piece]:
    """Two stretches of other matter, but for a number at either end that belongs to what is common beside it."""
    one, one_end, other, other_end = gap.one, gap.one_end, gap.other, gap.other_end
    is_first = min(gap.sizes) > 0 and _are_numbers(original, copy, one, other)
    is_last = min(gap.sizes) > is_first and _are_numbers(original, copy, one_end - 1, other_end - 1, ends=1)
    if is_first:
        yield Piece(one, one + 1, other, other + 1, "changed")
    yield from _two(Gap(one + is_first, one_end - is_last, other + is_first, other_end - is_last))
    if is_last:
        yield Piece(one_end - 1, one_end, other_end - 1, other_end, "changed")


def _are_numbers(original: Form, copy: Form, one: int, other: int, *, ends: int = 0) -> bool:
    """Whether two numbers stand within a sentence that goes on with what is common, and none is a piece of the other:
    cut off, or printed in one with the next."""
    mine, theirs = original.token(one), copy.token(other)
    is_inside = one + ends not in original.starts and other + ends not in copy.starts
    return is_inside and is_number(mine) and is_number(theirs) and mine not in theirs and theirs not in mine


def _two(gap: Gap) -> Iterator[Piece]:
    """What the one has and the other has not, and the other way round."""
    if gap.one < gap.one_end:
        yield Piece(gap.one, gap.one_end, gap.other, gap.other, "left_out")
    if gap.other < gap.other_end:
        yield Piece(gap.one_end, gap.one_end, gap.other, gap.other_end, "added")


def _same(run: Run) -> Piece:
    return Piece(run.one, run.one_end, run.other, run.other_end, "same")


def _piece(gap: Gap, kind: PieceKind) -> Piece:
    return Piece(gap.one, gap.one_end, gap.other, gap.other_end, kind)


def _is_other_matter(original: Form, copy: Form, gap: Gap) -> bool:
    """Whether whole sentences stand in place of others, or many words in place of a few, or what stands
    elsewhere in the original.

    Two short sides of one length are a blank that was filled in otherwise.
    """
    if max(gap.sizes) <= _BLANK and abs(gap.sizes[0] - gap.sizes[1]) <= 2:
        return False
    if max(gap.sizes) > _BLANK and max(gap.sizes) >= _FAR_LONGER * min(gap.sizes):
        return True
    if is_moved(original, copy, gap):
        return True
    ends = {gap.one, gap.one_end} <= original.starts and {gap.other, gap.other_end} <= copy.starts
    if not (ends or (min(gap.sizes) >= _SENTENCE and is_whole(original, copy, gap))):
        return False
    like = Indel.normalized_similarity(original.code[gap.one : gap.one_end], copy.code[gap.other : gap.other_end])
    return like < _UNLIKE


def _begins(form: Form, at: int) -> int:
    return max(bound for bound in form.bounds if bound <= at)


def _ends(form: Form, at: int) -> int:
    return min(bound for bound in form.bounds if bound >= at)
