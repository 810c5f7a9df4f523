"""Names that look like one that was asked for: other spellings of it, and what a slip of the hand may have meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import fsum, log
from typing import Final

from archive.text import normalise

_MOST: Final = 8
_ALIKE: Final = 0.5


def near_names(given: str, known: Iterable[str], *, most: int = _MOST) -> list[str]:
    """The known names nearest to one, the nearest first; the name itself is none of them.

    Names are near by the pairs of characters that they share, each weighed by how few names have it: 市民政局 says
    next to nothing. A name that holds the other is near, too, however long the longer one is.
    """
    wanted = normalise(given)
    names = {name: normalise(name) for name in known}
    having = Counter(pair for plain in names.values() for pair in _pairs(plain))
    asked = _pairs(wanted)
    weights = {pair: log(1 + len(names) / max(having[pair], 1)) for pair in {*having, *asked}}
    weight = fsum(weights[pair] for pair in asked)
    found = []
    for name, plain in names.items():
        if name == given or not plain or not wanted:
            continue
        pairs = _pairs(plain)
        both = weight + fsum(weights[pair] for pair in pairs)
        # Dice's measure of two sets of pairs, weighed
        alike = 2 * fsum(weights[pair] for pair in pairs & asked) / both if both else 0.0
        if alike >= _ALIKE or wanted in plain or plain in wanted:
            found.append((-alike, name))
    return [name for _, name in sorted(found)[:most]]


def _pairs(name: str) -> set[str]:
    return {name[at : at + 2] for at in range(len(name) - 1)}
