"""Which of many texts are near-duplicates or stand in one another, told by samples of what they are made of.

Tracing lays two texts beside each other and asks what differs (`archive/trace/`). Here any two texts of a corpus may
be alike, so each is known by a sample of its shingles only: stretches of eight characters of the normalised text, a
number as one sign, of which one in six is kept, by its hash. What two samples have in common is what the texts have,
give or take some in a hundred. Any script is sampled alike.

Memory is four bytes for six characters of text, and eight for each pair that is looked at; texts are not kept.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final, NamedTuple
from zlib import crc32

from archive.text import MIN_COMPARED, normalise

SHINGLE: Final = 8
"""Characters of a shingle."""


class Alike(NamedTuple):
    """Two texts by their numbers, the smaller first, and which share of each the other has."""

    one: int
    other: int
    of_one: float
    of_other: float


def resemblance(of_one: float, of_other: float) -> float:
    """What two texts have in common, of all that either has: 1 of equal ones (Jaccard's index, of two shares)."""
    return 1 / (1 / of_one + 1 / of_other - 1) if of_one and of_other else 0.0


def sample(text: str) -> list[int]:
    """The sampled shingles of a text as numbers of 32 bits, rising; none of a text too short to be compared."""
    plain = normalise(text)
    if len(plain) < MIN_COMPARED:
        return []
    signs = signs_of(plain).encode("utf-16-le", "surrogatepass")
    places = range(0, len(signs) - 2 * SHINGLE + 1, 2)
    return sorted({found for at in places if not (found := crc32(signs[at : at + 2 * SHINGLE])) % _EVERY})


def signs_of(plain: str) -> str:
    """A normalised text, each number as one sign: what notices of a series have in common."""
    return _NUMBER.sub("0", plain)


class Texts:
    """Texts that come one by one and are numbered from 0 in this order."""

    def __init__(self) -> None:
        self._hashes = array("I")
        """The samples of all texts behind each other."""
        self._ends = array("Q", [0])
        self._is_short = bytearray()
        self._orders = [array("Q") for _ in _STIRRERS]
        """Of each text the least three of its sample, each stirred otherwise: each is the same of two texts as often as
        they are alike, and three are the same of few others."""

    def __len__(self) -> int:
        return len(self._is_short)

    def add(self, text: str) -> None:
        """Take the next text."""
        found = sample(text)
        self._hashes.extend(found)
        self._ends.append(len(self._hashes))
        self._is_short.append(len(found) < _SHORT)
        least = [min((hashed * stirrer & _NUMBERS for hashed in found), default=0) & _THIRD for stirrer in _STIRRERS]
        for place, order in enumerate(self._orders):
            order.append(least[place] << 42 | least[place - 1] << 21 | least[place - 2])

    def pairs(self, least: float) -> Iterator[Alike]:
        """Pairs in which either has at least this share of the other, rising by their numbers.

        Of texts that all have the same in common, a series of hundreds, not every pair is given, but each of them with
        its neighbours, so that all hang together. Those that are most alike are neighbours whatever else they share.
        """
        for one, pairs in groupby(self._candidates(), key=lambda pair: pair >> _BITS):
            mine = frozenset(self._sample(one))
            for pair in pairs:
                theirs = self._sample(pair & _NUMBERS)
                common = len(mine.intersection(theirs))
                if common >= max(_FEWEST, least * min(len(mine), len(theirs))):
                    yield Alike(one, pair & _NUMBERS, common / len(mine), common / len(theirs))

    def shares(self, one: int, other: int) -> tuple[float, float]:
        """Which share of each of two texts the other has; none of a text that is too short to be compared."""
        mine, theirs = frozenset(self._sample(one)), self._sample(other)
        common = len(mine.intersection(theirs))
        return (common / len(mine), common / len(theirs)) if common else (0.0, 0.0)

    def pieces(self, one: int, others: Iterable[int]) -> Iterator[int]:
        """Of each of some texts what it has of one: a number with a bit for each piece of this."""
        bits = {found: 1 << place for place, found in enumerate(self._sample(one))}
        for other in others:
            shared = bits.keys() & self._sample(other)
            yield sum(bits[found] for found in shared)

    def _sample(self, number: int) -> array[int]:
        return self._hashes[self._ends[number] : self._ends[number + 1]]

    def _candidates(self) -> Iterator[int]:
        """Pairs of neighbours, each once, as one number each, rising."""
        width = len(self) // _PARTS + 1
        parts = [array("Q") for _ in range(_PARTS)]
        room = [_ROOM] * _PARTS
        is_short = self._is_short
        for found, holders in self._shared():
            stands_for_all = not found % _EVERY_LONG
            if not (stands_for_all or any(is_short[holder] for holder in holders)):
                continue
            if len(holders) > _NEIGHBOURS:
                holders.sort(key=self._orders[found // _EVERY_LONG % len(_STIRRERS)].__getitem__)
            for place, other in enumerate(holders):
                for one in holders[max(place - _NEIGHBOURS, 0) : place]:
                    if stands_for_all or is_short[one] or is_short[other]:
                        first, second = (one, other) if one < other else (other, one)
                        at = first // width
                        parts[at].append(first << _BITS | second)
                        if len(parts[at]) > room[at]:
                            parts[at] = array("Q", set(parts[at]))
                            room[at] = 2 * len(parts[at]) + _ROOM
        while parts:
            yield from sorted(set(parts.pop(0)))

    def _shared(self) -> Iterator[tuple[int, list[int]]]:
        """Shingles that several texts have, with the numbers of these, rising; read in parts to need little memory."""
        begins = self._ends[:-1]
        for part in range(1, _PARTS + 1):
            bound = part * 2**32 // _PARTS
            rows: list[int] = []
            for number, begin in enumerate(begins):
                end = bisect_left(self._hashes, bound, begin, self._ends[number + 1])
                rows.extend([found << _BITS | number for found in self._hashes[begin:end]])
                begins[number] = end
            rows.sort()
            for found, group in groupby(rows, key=lambda row: row >> _BITS):
                holders = [row & _NUMBERS for row in group]
                if len(holders) > 1:
                    yield found, holders


_NUMBER: Final = re.compile(r"\d[\d .]*")
_EVERY: Final = 6
"""Of so many shingles one is kept."""
_SHORT: Final = 96
"""Shingles kept of a text up to which it is looked for by all of them; a longer one by one in eight."""
_EVERY_LONG: Final = 8 * _EVERY
_FEWEST: Final = 4
"""Kept shingles in common below which nothing is told."""
_STIRRERS: Final = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1, 0x7FEB352D, 0x846CA68B, 0xD35A2D97)
"""Odd numbers: each puts the numbers of 32 bits in another order."""
_NEIGHBOURS: Final = 6
"""Texts before it, of those with the same shingle, that a text is compared with."""
_PARTS: Final = 64
_ROOM: Final = 2**14
"""Pairs of one part that are kept before those that were found twice are looked for."""
_THIRD: Final = 2**21 - 1
"""The part of a number of 32 bits of which three have room in one of 64."""
_BITS: Final = 32
_NUMBERS: Final = 2**_BITS - 1
