"""What people's rulings come to: who is together, who is apart. Of two that contradict the later holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.records import Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """All rulings taken together; `at` counts them in the order they were made."""

    together: Mapping[str, frozenset[str]]
    """url key → all that merges put together with it, over any number of rulings, itself too."""
    merged: Mapping[str, tuple[int, Ruling]]
    """url key → the latest merge that names it, with its `at`."""
    apart: tuple[tuple[int, str, str], ...]
    """`at`, the copy that was split off, and one that it is not one notice with."""
    parted: Mapping[str, frozenset[str]]
    """url key → all that it is not one notice with, whichever of them was split off."""


def weigh(rulings: Sequence[Ruling]) -> Word:
    """Hear rulings in the order they were made: a merge ends the splits inside it, a split ends the merge it leaves."""
    together: dict[str, frozenset[str]] = {}
    merged: dict[str, tuple[int, Ruling]] = {}
    apart: list[tuple[int, str, str]] = []
    for at, ruling in enumerate(rulings):
        subject, *others = ruling.urls
        if ruling.what == "merge":
            whole = frozenset[str]().union(*(together.get(key, {key}) for key in ruling.urls))
            together |= dict.fromkeys(whole, whole)
            merged |= dict.fromkeys(ruling.urls, (at, ruling))
            apart = [split for split in apart if not whole.issuperset(split[1:])]
        else:
            mates = together.get(subject, frozenset())
            if not mates.isdisjoint(others):
                del together[subject]
                together |= dict.fromkeys(mates - {subject}, mates - {subject})
            apart += [(at, subject, other) for other in others]
    parted: dict[str, frozenset[str]] = {}
    for _, subject, other in apart:
        parted[subject] = parted.get(subject, frozenset()) | {other}
        parted[other] = parted.get(other, frozenset()) | {subject}
    return Word(together=together, merged=merged, apart=tuple(apart), parted=parted)
