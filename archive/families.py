"""Notices that may not be parted between training and testing, and the part that each family of them goes to.

A family hangs together by ties: one text is near the other, or stands in it. Ties make a chain, so a digest, which
prints notices that have nothing to do with each other, would tie a whole corpus into one family. Where a family would
be bigger than all that is tested with, the notices that bridge it are taken out: those that have one part in common
with one notice and quite another part with another. They join no family; they go where all they have something of
goes, and into no part at all where that is several.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Final, Literal, NamedTuple, get_args

from archive.alike import resemblance

Split = Literal["train", "validation", "test", "excluded"]
"""`excluded` is in none of the three: it has parts in common with several of them."""

SPLITS: Final[tuple[Split, ...]] = get_args(Split)

SHARES: Final[Mapping[Split, float]] = {"train": 0.8, "validation": 0.1, "test": 0.1}
"""What each part is meant to have of the families; of the notices it has as much only where these are small."""

RESEMBLES: Final = 1 / 3
"""Resemblance from which on two texts are near-duplicates. It is measured on samples; none of 0.5 is to be missed."""
HOLDS: Final = 0.75
"""Share of a text from which on it stands in another. None of 0.9 is to be missed."""

TITLE: Final = 16
"""Characters of a title, or of a text too short to be sampled, without marks, below which it is that of many."""
TITLED: Final = 0.3
"""The same under one title: a repost of which little is left is told by it."""


class Tie(NamedTuple):
    """Two notices by their numbers, which share of each the other has (hundredths; 0 where that was not told), and the
    number of what tells it."""

    one: int
    other: int
    of_one: int
    of_other: int
    told_by: int


class Ties:
    """Any number of ties in little memory, in the order in which they were added."""

    def __init__(self) -> None:
        self._ends = array("I")
        self._told = bytearray()

    def __len__(self) -> int:
        return len(self._ends) // 2

    def __iter__(self) -> Iterator[Tie]:
        return (
            Tie(self._ends[2 * at], self._ends[2 * at + 1], *self._told[3 * at : 3 * at + 3]) for at in range(len(self))
        )

    def add(self, one: int, other: int, told_by: int, *, of_one: float = 0.0, of_other: float = 0.0) -> None:
        """Tie two notices; shares are parts of 1."""
        self._ends.extend((one, other))
        self._told.extend((round(100 * of_one), round(100 * of_other), told_by))

    def neighbours(self, numbers: Iterable[int], count: int) -> Iterator[tuple[int, Sequence[int]]]:
        """Of each of these notices, of `count` in all, those that it is tied to."""
        ends = self._ends
        degrees = Counter(ends)
        begins = array("Q", accumulate((degrees[number] for number in range(count)), initial=0))
        places, beside = begins[:-1], array("I", bytes(4 * len(ends)))
        for at, number in enumerate(ends):
            beside[places[number]] = ends[at ^ 1]
            places[number] += 1
        for number in numbers:
            yield number, sorted(set(beside[begins[number] : begins[number + 1]]))


class Cut(NamedTuple):
    """How notices fall into families."""

    family: Sequence[int]
    """Of each notice a number that all of its family have, and no other."""
    sizes: Mapping[int, int]
    """Notices of each family."""
    bridges: Mapping[int, frozenset[int]]
    """Of a family that bridges others: which."""
    links: Sequence[Tie]
    """Ties that suffice: one fewer than each family has notices, and one from each bridge to each that it bridges."""


def is_near(of_one: float, of_other: float) -> bool:
    """Whether two texts are near-duplicates or the one stands in the other, by the share that each has of the other."""
    return max(of_one, of_other) >= HOLDS or resemblance(of_one, of_other) >= RESEMBLES


def agree(one: str, other: str) -> bool:
    """Whether nearly all of a normalised title is in another, that of a series' next notice too."""
    mine, theirs = ({title[at : at + 2] for at in range(len(title) - 1)} for title in (one, other))
    return min(len(one), len(other)) >= TITLE and len(mine & theirs) >= _AGREES * min(len(mine), len(theirs))


def cut_families(
    count: int, ties: Ties, common: Callable[[int, Sequence[int]], Iterable[int]], *, most: float = SHARES["test"]
) -> Cut:
    """Cut notices 0 to `count` into families, looking for bridges in those that would have more than the share `most`.

    `common` tells of a notice which pieces of it each of some others has: a bit of a number each. What comes out does
    not depend on the order of the ties, but for the choice of links.
    """
    forest = _Forest(count)
    for tie in ties:
        forest.unite(tie.one, tie.other)
    large = {root for root, size in forest.sizes().items() if size > most * count}
    if not large:
        return _told(count, ties, frozenset())
    inside = [number for number in range(count) if forest.root(number) in large]
    found = ties.neighbours(inside, count)
    return _told(count, ties, frozenset(one for one, others in found if _is_bridge(common(one, others))))


def split_of(key: str) -> Split:
    """The part that a family goes to by its key alone: the same in every corpus and every year."""
    drawn = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") / 2**64
    for split, upto in zip(SHARES, accumulate(SHARES.values()), strict=True):
        if drawn < upto:
            return split
    return "test"


def deal(cut: Cut, keys: Mapping[int, str]) -> dict[int, Split]:
    """The part of each family, by the key that each has.

    A family bigger than the share of the test goes to train, whatever its key: tested with it, one form would be all
    that is tested. So parts have their shares of a corpus only if its families are small.
    """
    most = SHARES["test"] * len(cut.family)
    dealt: dict[int, Split] = {
        family: "train" if size > most else split_of(keys[family])
        for family, size in cut.sizes.items()
        if family not in cut.bridges
    }
    for family, others in cut.bridges.items():
        splits = {dealt[other] for other in others}
        dealt[family] = splits.pop() if len(splits) == 1 else "excluded"
    return dealt


def _told(count: int, ties: Ties, bridges: frozenset[int]) -> Cut:
    """Families of all that are no bridges, and of the bridges that are near each other; one beside a single family
    joins it."""
    forest = _Forest(count)
    links = [tie for tie in ties if (tie.one in bridges) == (tie.other in bridges) and forest.unite(tie.one, tie.other)]
    across: dict[tuple[int, int], Tie] = {}
    beside: dict[int, set[int]] = defaultdict(set)
    for tie in ties:
        if (tie.one in bridges) != (tie.other in bridges):
            bridge, other = map(forest.root, (tie.one, tie.other) if tie.one in bridges else (tie.other, tie.one))
            across.setdefault((bridge, other), tie)
            beside[bridge].add(other)
    links += across.values()
    for bridge, others in beside.items():
        if len(others) == 1:
            forest.unite(bridge, *others)
    family = [forest.root(number) for number in range(count)]
    return Cut(
        family=family,
        sizes=Counter(family),
        bridges={
            family[bridge]: frozenset(family[other] for other in others)
            for bridge, others in beside.items()
            if len(others) > 1
        },
        links=links,
    )


def _is_bridge(pieces: Iterable[int]) -> bool:
    """Whether two others have each a good piece of one notice, and not the same."""
    found = sorted((found for found in set(pieces) if found.bit_count() >= _GOOD), key=int.bit_count)
    return any(
        (one & other).bit_count() < _APART * one.bit_count()
        for place, one in enumerate(found)
        for other in found[place + 1 :]
    )


class _Forest:
    """Which numbers hang together."""

    def __init__(self, count: int) -> None:
        self._parents = array("I", range(count))

    def root(self, number: int) -> int:
        """The least number that hangs together with this one."""
        parents = self._parents
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    def unite(self, one: int, other: int) -> bool:
        """Have two hang together; tells whether they did not yet."""
        one, other = sorted((self.root(one), self.root(other)))
        self._parents[other] = one
        return one != other

    def sizes(self) -> Counter[int]:
        """How many there are of each, by the least."""
        return Counter(map(self.root, range(len(self._parents))))


_AGREES: Final = 0.8
"""Share of the pairs of characters of the shorter of two titles."""
_GOOD: Final = 8
"""Pieces that are a good piece together: about fifty characters, where one shingle in six is a piece."""
_APART: Final = 0.1
"""Share of the lesser of two parts up to which they are different parts of a text."""
