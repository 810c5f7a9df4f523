"""Which clauses are one that changed, where neither text has the other's."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest
from typing import Final

from rapidfuzz.distance import Indel

from archive.edits.clauses import Clause, key_of
from archive.edits.matching import Gap


def pair_clauses(mine: Sequence[Clause], theirs: Sequence[Clause]) -> list[Gap]:
    """Which clauses of a block are one that changed, in order: the most alike first, none across another."""
    if not mine or not theirs:
        return []
    whole = [Gap(0, len(mine), 0, len(theirs))] if _are_in_a_row(mine) and _are_in_a_row(theirs) else []
    if whole and says_the_same(mine, theirs):
        return whole
    taken: list[tuple[int, int]] = []
    for _, at, there in sorted(_likeness(mine, theirs)):
        place = bisect_left(taken, (at, there))
        before, after = taken[place - 1 : place], taken[place : place + 1]
        if all(a < at and b < there for a, b in before) and all(at < a and there < b for a, b in after):
            taken.insert(place, (at, there))
    if not taken and len(mine) != len(theirs) and _alike(_printed(mine), _printed(theirs)) >= _REBROKEN:
        return whole
    return [_grown(mine, theirs, taken, number) for number in range(len(taken))]


def says_the_same(mine: Sequence[Clause], theirs: Sequence[Clause]) -> bool:
    """Whether two stretches of clauses differ in nothing that counts, wherever their lines break."""
    return _joined(mine) == _joined(theirs) or (len(mine) != len(theirs) and _printed(mine) == _printed(theirs))


def _likeness(mine: Sequence[Clause], theirs: Sequence[Clause]) -> Iterator[tuple[float, int, int]]:
    """Pairs that are alike enough, by how unlike they are; far from the diagonal nobody looks."""
    least = _LIKE if (len(mine), len(theirs)) != (1, 1) else _ALONE_LIKE
    reach = _REACH + min(abs(len(mine) - len(theirs)), _REACH_MOST)
    for at, clause in enumerate(mine):
        middle = at * len(theirs) // len(mine)
        for there in range(max(0, middle - reach), min(len(theirs), middle + reach + 1)):
            if not _may_be_one_row(clause, theirs[there]):
                continue
            like = _alike(clause.key, theirs[there].key, least)
            if like >= least or (least == _ALONE_LIKE and max(len(clause.key), len(theirs[there].key)) <= _SHORT):
                yield 1 - like, at, there


def _may_be_one_row(clause: Clause, other: Clause) -> bool:
    """Whether two rows of a table may be one that changed: it names the same, or all else in it is the same."""
    if min(len(clause.cells), len(other.cells)) < _COLUMNS:
        return True
    pairs = list(zip_longest(clause.cells, other.cells, fillvalue=""))
    name = next((pair for pair in pairs if not pair[0].isascii()), pairs[0])
    differing = sum(one != two for one, two in pairs[pairs[0][0].isdigit() :])  # a running number says nothing
    return differing <= 1 or _alike(*name) >= _LIKE


def _alike(one: str, other: str, least: float = 0.0) -> float:
    """How alike two keys are, from 0 to 1, by their beginnings; 0 below the least that counts."""
    return Indel.normalized_similarity(one[:_LOOKED], other[:_LOOKED], score_cutoff=least)


def _grown(mine: Sequence[Clause], theirs: Sequence[Clause], taken: Sequence[tuple[int, int]], number: int) -> Gap:
    """A pair, with the clauses behind it on one side that make it more alike: a line was broken, or breaks joined."""
    (at, there), (at_end, there_end) = taken[number], [*taken, (len(mine), len(theirs))][number + 1]
    one, other = at + 1, there + 1
    like = _alike(mine[at].key, theirs[there].key)
    while (one < at_end) != (other < there_end):
        more = one + (one < at_end), other + (other < there_end)
        if not _are_in_a_row(mine[at : more[0]]) or not _are_in_a_row(theirs[there : more[1]]):
            break
        grown = _alike(_joined(mine[at : more[0]]), _joined(theirs[there : more[1]]))
        if grown <= like:
            break
        (one, other), like = more, grown
    return Gap(at, one, there, other)


def _joined(clauses: Sequence[Clause]) -> str:
    return "".join(clause.key for clause in clauses)


def _printed(clauses: Sequence[Clause]) -> str:
    """Their keys with their running numbers, which within a line are numbers like others."""
    return key_of("\n".join(clause.text for clause in clauses))


def _are_in_a_row(clauses: Sequence[Clause]) -> bool:
    """Whether they follow each other in their text: what moved was taken out from between others."""
    return all(clause.end == after.start for clause, after in pairwise(clauses))


_LIKE: Final = 0.5
_ALONE_LIKE: Final = 0.3
"""How alike two clauses have to be that stand alone between the same clauses; short ones need not be."""
_SHORT: Final = 24
_REBROKEN: Final = 0.7
"""How alike two stretches are that differ in their line breaks first of all, such as a list set in one line."""
_COLUMNS: Final = 2
_REACH: Final = 8
"""Clauses off the diagonal that are looked at; more where one side is longer, up to `_REACH_MOST`."""
_REACH_MOST: Final = 16
_LOOKED: Final = 4000
"""Characters of a clause by which it is told whether another is like it."""
