"""Two texts laid beside each other: what they have in common, in order, and what stands between.

The longest common subsequence of their tokens (rapidfuzz) is all that can be common; runs that are too short beside
what differs around them are chance, and are given back to the difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rapidfuzz.distance import LCSseq

from archive.trace.forms import Form

_LONG: Final = 12
"""Tokens from which on a run is no chance; two texts that have none such have nothing in common."""
_STRAY: Final = 24
"""Tokens below which a run beyond a longer difference, at either end, is chance: portals print much around a text."""


@dataclass(frozen=True, slots=True)
class Run:
    """Tokens that both texts have: where they begin in each, and how many they are."""

    one: int
    other: int
    size: int

    @property
    def one_end(self) -> int:
        """Where it ends in the one text."""
        return self.one + self.size

    @property
    def other_end(self) -> int:
        """Where it ends in the other text."""
        return self.other + self.size


@dataclass(frozen=True, slots=True)
class Gap:
    """Tokens between two runs, or beyond the last on either side; one of the two stretches may be empty."""

    one: int
    one_end: int
    other: int
    other_end: int

    @property
    def sizes(self) -> tuple[int, int]:
        """Tokens in each text."""
        return self.one_end - self.one, self.other_end - self.other


def align(one: Form, other: Form) -> list[Run]:
    """The runs that two texts have in common, rising in both; none where nothing is."""
    runs = list(equal_runs(one, other))
    if len(runs) > 1 and all(run.size < _LONG for run in runs):
        return []
    while (kept := _without_strays(_without_chance(runs, one, other))) != runs:
        runs = kept
    return runs


def equal_runs(one: Form, other: Form) -> Iterator[Run]:
    """Every token that a longest common subsequence has, in runs, chance ones among them."""
    for block in LCSseq.editops(one.code, other.beside(one).code).as_matching_blocks():
        if block.size:
            yield Run(block.a, block.b, block.size)


def gaps(runs: Sequence[Run]) -> Iterator[Gap]:
    """What differs between the runs, in order; what lies before the first and behind the last is not among them."""
    for run, after in pairwise(runs):
        yield Gap(run.one_end, after.one, run.other_end, after.other)


def _without_chance(runs: Sequence[Run], one: Form, other: Form) -> list[Run]:
    """Without short runs among long differences. What is left out of a run widens the gap before the next."""
    kept: list[Run] = []
    for number, run in enumerate(runs):
        if run.size >= _LONG:
            kept.append(run)
            continue
        last = kept[-1] if kept else Run(0, 0, 0)
        after = runs[number + 1] if number + 1 < len(runs) else Run(len(one), len(other), 0)
        before, behind = _between(last, run), _between(run, after)
        differs = min(before) > 0 or min(behind) > 0
        around = min(max(before), max(behind))
        is_short = run.size < 3 or run.size * (2 if run.size < 8 else 6) < around
        if not (is_short and around and (differs or around > 8)):
            kept.append(run)
    return kept


def _without_strays(runs: list[Run]) -> list[Run]:
    while len(runs) > 1 and _is_stray(runs[0].size, _between(runs[0], runs[1])):
        runs = runs[1:]
    while len(runs) > 1 and _is_stray(runs[-1].size, _between(runs[-2], runs[-1])):
        runs = runs[:-1]
    return runs


def _is_stray(size: int, beyond: tuple[int, int]) -> bool:
    return size < _STRAY and min(beyond) > 0 and max(beyond) > size


def _between(run: Run, after: Run) -> tuple[int, int]:
    return after.one - run.one_end, after.other - run.other_end
