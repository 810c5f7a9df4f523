"""What the card of a release says of its texts: how long they are, and in which script."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from archive.families import SPLITS
from archive.store import Database
from archive.store.statistics import split_texts
from archive.writing import SCRIPTS, Script, script_of

STEPS: Final = (0, 1, 60, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000)
"""Characters from which on a text stands in the next bar of the histogram; the first is of empty texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """How long some texts are, in characters with marks and ends of lines. Quartiles are lengths that occur."""

    texts: int
    least: int
    quarter: int
    median: int
    three_quarters: int
    most: int
    mean: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """What can be counted of the texts of a release."""

    lengths: Mapping[str, Lengths]
    """Of each part of the split that has notices, and of `all`; empty of a release without notices."""
    histogram: Sequence[tuple[int, int | None, int]]
    """From how many characters, to before how many (None: any), and how many texts that is."""
    scripts: Mapping[Script, int]
    """How many texts are in each script, those only that occur, in the order of `SCRIPTS`."""


def read_statistics(db: Database) -> Statistics:
    """Measure the texts of a frozen database, one by one."""
    lengths: dict[str, array[int]] = {split: array("Q") for split in ("", *SPLITS)}
    scripts: Counter[Script] = Counter()
    for split, text in split_texts(db):
        lengths[split].append(len(text))
        scripts[script_of(text)] += 1
    whole = sorted(length for found in lengths.values() for length in found)
    parts = {split: sorted(found) for split, found in lengths.items() if split and found}
    return Statistics(
        lengths={split: _measure(found) for split, found in (*parts.items(), ("all", whole)) if found},
        histogram=_bars(whole),
        scripts={script: scripts[script] for script in SCRIPTS if script in scripts},
    )


def _measure(rising: Sequence[int]) -> Lengths:
    least, quarter, median, three_quarters, most = (rising[(len(rising) - 1) * place // 4] for place in range(5))
    return Lengths(
        texts=len(rising),
        least=least,
        quarter=quarter,
        median=median,
        three_quarters=three_quarters,
        most=most,
        mean=round(sum(rising) / len(rising), 1),
    )


def _bars(rising: Sequence[int]) -> list[tuple[int, int | None, int]]:
    ends = [*(bisect_left(rising, step) for step in STEPS), len(rising)]
    return [
        (begin, end, upto - start)
        for (begin, end), (start, upto) in zip(pairwise([*STEPS, None]), pairwise(ends), strict=True)
        if begin is not None
    ]
