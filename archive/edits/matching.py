"""Two sequences matched: what they have in common in one order, in bounded time and memory.

A longest common subsequence (rapidfuzz) where its table is small; beyond that, items that both have once are anchors,
and what lies between two of them is matched by itself, part by part if it must be.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from rapidfuzz.distance import LCSseq

_TABLE: Final = 1 << 26
"""Pairs of items that one table may have: 8 MB."""
_PART: Final = 8_000
"""Items of either side that a table holds whatever the other has, as long as it has no more."""


class Run(NamedTuple):
    """Items that both sequences have in a row: where they begin in each, and how many they are."""

    one: int
    other: int
    size: int


class Gap(NamedTuple):
    """What stands between two runs, or beyond the first or last; either stretch may be empty, never both."""

    one: int
    one_end: int
    other: int
    other_end: int


def match(one: Sequence[Hashable], other: Sequence[Hashable]) -> list[Run]:
    """The runs that two sequences have in common, rising in both. Equal sequences are one run."""
    numbers: dict[Hashable, int] = {}
    mine = [numbers.setdefault(item, len(numbers)) for item in one]
    theirs = [numbers.setdefault(item, len(numbers)) for item in other]
    return _join(_runs(mine, theirs, Gap(0, len(mine), 0, len(theirs)), may_anchor=True))


def gaps(runs: Sequence[Run], one: int, other: int) -> Iterator[Gap]:
    """What two sequences of these lengths do not share, in order; nothing where they are equal."""
    for run, after in pairwise([Run(0, 0, 0), *runs, Run(one, other, 0)]):
        gap = Gap(run.one + run.size, after.one, run.other + run.size, after.other)
        if gap.one < gap.one_end or gap.other < gap.other_end:
            yield gap


def _runs(mine: Sequence[int], theirs: Sequence[int], gap: Gap, *, may_anchor: bool) -> Iterator[Run]:
    """The runs inside a stretch. One too large for a table is cut at its anchors, one without any into even parts."""
    one, one_end, other, other_end = gap
    while one < one_end and other < other_end and mine[one] == theirs[other]:
        one, other = one + 1, other + 1
    yield Run(gap.one, gap.other, one - gap.one)
    while one < one_end and other < other_end and mine[one_end - 1] == theirs[other_end - 1]:
        one_end, other_end = one_end - 1, other_end - 1
    if (one_end - one) * (other_end - other) <= _TABLE:
        for op in LCSseq.opcodes(mine[one:one_end], theirs[other:other_end]):
            if op.tag == "equal":
                yield Run(one + op.src_start, other + op.dest_start, op.src_end - op.src_start)
    else:
        anchors = _anchors(mine[one:one_end], theirs[other:other_end]) if may_anchor else []
        anchors = anchors or _grid(one_end - one, other_end - other)
        begin = (one, other)
        for at, there in [*((one + at, other + there) for at, there in anchors), (one_end, other_end)]:
            yield from _runs(mine, theirs, Gap(begin[0], at, begin[1], there), may_anchor=False)
            begin = (at, there)
    yield Run(one_end, other_end, gap.one_end - one_end)


def _grid(one: int, other: int) -> list[tuple[int, int]]:
    """Where to cut two stretches into as many even parts, so that a table holds each."""
    parts = max(one, other) // _PART + 1
    return [(one * part // parts, other * part // parts) for part in range(1, parts)]


def _anchors(mine: Sequence[int], theirs: Sequence[int]) -> list[tuple[int, int]]:
    """The longest rising row of items that each side has exactly once, by place."""
    once = {item for item, count in Counter(mine).items() if count == 1}
    counts = Counter(theirs)
    places = {item: there for there, item in enumerate(theirs) if counts[item] == 1}
    pairs = [(at, places[item]) for at, item in enumerate(mine) if item in once and item in places]
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, there) in enumerate(pairs):
        length = bisect_left(ends, there)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [there]
        last[length : length + 1] = [number]
    found: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def _join(runs: Iterator[Run]) -> list[Run]:
    """Without empty runs, and those that follow each other in both made one."""
    joined: list[Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        if last is not None and (last.one + last.size, last.other + last.size) == run[:2]:
            joined[-1] = last._replace(size=last.size + run.size)
        elif run.size:
            joined.append(run)
    return joined
