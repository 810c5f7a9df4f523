"""A sample that is drawn by strata, the same for whoever draws it again from the same notices.

Every notice has a number made of the seed and its id, and of each stratum those with the least numbers are drawn. So
when notices come to an archive, most of what was drawn before is drawn again. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

Stratum = tuple[str | None, ...]
"""The values by which notices are parted, in the order of the columns; what is not known is a value, too."""


class SampleError(ValueError):
    """A sample that cannot be drawn; the message says of what size it could be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A notice of a sample.

    `weight` is how many notices it stands for: those of its stratum over those drawn of it. `position` counts from 1 in
    an order that is as random as the sample, whatever the stratum.
    """

    notice: str
    stratum: Stratum
    stratum_notices: int
    sampled: int
    weight: float
    position: int


def draw(notices: Iterable[tuple[str, Stratum]], size: int, *, seed: int) -> list[Drawn]:
    """Draw a sample of notices, given by id and stratum in whatever order; in the order of their position.

    Strata are drawn from as `allocate` says. Raises: SampleError.
    """
    strata: dict[Stratum, list[tuple[int, str]]] = {}
    for notice, stratum in notices:
        strata.setdefault(stratum, []).append((_lot(f"{seed} {notice}"), notice))
    shares = allocate({stratum: len(lots) for stratum, lots in strata.items()}, size)
    drawn = [
        (_lot(f"{seed} order {notice}"), notice, stratum)  # not the lot that drew it: that is least where few are drawn
        for stratum, lots in strata.items()
        for _, notice in sorted(lots)[: shares[stratum]]
    ]
    return [
        Drawn(
            notice=notice,
            stratum=stratum,
            stratum_notices=len(strata[stratum]),
            sampled=shares[stratum],
            weight=len(strata[stratum]) / shares[stratum],
            position=position,
        )
        for position, (_, notice, stratum) in enumerate(sorted(drawn, key=lambda one: one[:2]), 1)
    ]


def allocate(sizes: Mapping[Stratum, int], size: int) -> dict[Stratum, int]:
    """How many to draw of each stratum: its share of the whole, and one at least.

    What is due as a fraction goes to the largest remainders, of equal ones to the larger stratum. A size beyond all
    notices draws all. Raises: SampleError if the strata are more than the size.
    """
    if size < 1:
        raise SampleError(f"a sample has one notice at least, not {size}")
    if size < len(sizes):
        raise SampleError(
            f"a sample of {size} cannot have a notice of each of {len(sizes)} strata; "
            f"draw {len(sizes)} at least, or part by fewer columns"
        )
    whole = sum(sizes.values())
    if size >= whole:
        return dict(sizes)
    shares: dict[Stratum, int] = {}
    rest = dict(sizes)
    left = size
    # a stratum that is due less than one gets one, so that the others share what is left; which makes less of them
    while small := [stratum for stratum, count in rest.items() if count * left < sum(rest.values())]:
        for stratum in small:
            shares[stratum] = 1
            left -= 1
            del rest[stratum]
    whole = sum(rest.values())
    due = {stratum: divmod(count * left, whole) for stratum, count in rest.items()}
    shares.update({stratum: floor for stratum, (floor, _) in due.items()})
    over = left - sum(floor for floor, _ in due.values())
    by_remainder = sorted(due, key=lambda one: (-due[one][1], -rest[one], _named(one)))
    for stratum in by_remainder[:over]:
        shares[stratum] += 1
    return shares


def told(by: Iterable[str], stratum: Stratum) -> str:
    """A stratum as a reader is told it: `province=湖南省; year=2024`, with nothing behind `=` where it is not known."""
    return "; ".join(f"{column}={'' if value is None else value}" for column, value in zip(by, stratum, strict=True))


_BYTES: Final = 8
"""Of a digest: two of a million notices have the same lot once in tens of millions of samples."""


def _lot(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:_BYTES], "big")


def _named(stratum: Stratum) -> tuple[tuple[bool, str], ...]:
    """What strata are put in order by."""
    return tuple((value is not None, value or "") for value in stratum)
