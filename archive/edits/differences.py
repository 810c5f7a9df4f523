"""Two texts laid beside each other: which clauses were added, removed, changed or moved, and what differs in them.

Clauses that both have hold the rest in place. Between them, clauses that are alike are one that changed, and are
aligned by characters, with numbers, dates, sums and Latin words as wholes. A text with itself has no difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.edits.clauses import Clause, read_clauses
from archive.edits.matching import Gap, gaps, match
from archive.edits.pairing import pair_clauses, says_the_same
from archive.edits.stretches import stretches
from archive.records import EditKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Clauses of the one text, of the other, or of both, that differ; they follow each other without a gap."""

    kind: EditKind
    mine: tuple[Clause, ...]
    theirs: tuple[Clause, ...]
    at: Gap
    """Their place in both texts."""
    stretches: tuple[Gap, ...] = ()
    """Of a changed clause: what differs inside, by its place in both texts, in order."""
    is_cosmetic: bool = False
    """Whether nothing differs but marks, blanks, widths, spelling of figures and running numbers."""


@dataclass(slots=True)
class _Block:
    """What stands between two clauses that both texts have."""

    mine: list[Clause]
    theirs: list[Clause]
    at: Gap
    """Where it begins in both texts."""


def lay(one: str, other: str) -> list[Difference]:
    """The differences of two texts that both end with a line break, in the order of the other text."""
    mine, theirs = read_clauses(one), read_clauses(other)
    runs = match([clause.key for clause in mine], [clause.key for clause in theirs])
    blocks = [_block(mine, theirs, gap) for gap in gaps(runs, len(mine), len(theirs))]
    moved = list(_take_moved(blocks))
    spelt = (
        _pair(one, other, mine[run.one + step : run.one + step + 1], theirs[run.other + step : run.other + step + 1])
        for run in runs
        for step in range(run.size)
        if _raw(one, mine[run.one + step]) != _raw(other, theirs[run.other + step])
    )
    found = [*spelt, *moved, *(difference for block in blocks for difference in _differences(one, other, block))]
    return sorted(found, key=lambda difference: (difference.at.other, difference.at.one))


def _block(mine: Sequence[Clause], theirs: Sequence[Clause], gap: Gap) -> _Block:
    one = mine[gap.one].start if gap.one < len(mine) else mine[-1].end
    other = theirs[gap.other].start if gap.other < len(theirs) else theirs[-1].end
    return _Block(
        list(mine[gap.one : gap.one_end]), list(theirs[gap.other : gap.other_end]), Gap(one, one, other, other)
    )


def _take_moved(blocks: Sequence[_Block]) -> Iterator[Difference]:
    """Take out of the blocks what both texts have, in another place."""
    gone: dict[str, list[Clause]] = defaultdict(list)
    for block in blocks:
        for clause in block.mine:
            gone[clause.key].append(clause)
    taken: set[int] = set()
    for block in blocks:
        for clause in block.theirs:
            if clause.key and gone.get(clause.key):
                before = gone[clause.key].pop(0)
                taken |= {id(before), id(clause)}
                at = Gap(before.start, before.end, clause.start, clause.end)
                yield Difference(kind="moved", mine=(before,), theirs=(clause,), at=at)
    for block in blocks:
        block.mine = [clause for clause in block.mine if id(clause) not in taken]
        block.theirs = [clause for clause in block.theirs if id(clause) not in taken]


def _differences(one: str, other: str, block: _Block) -> Iterator[Difference]:
    """What a block comes to: pairs of clauses, and between them what only one text has."""
    mine, theirs = block.mine, block.theirs
    at = (0, 0)
    place = (block.at.one, block.at.other)
    for pair in [*pair_clauses(mine, theirs), Gap(len(mine), len(mine), len(theirs), len(theirs))]:
        for clause in mine[at[0] : pair.one]:
            yield _alone("removed", clause, Gap(clause.start, clause.end, place[1], place[1]))
            place = (clause.end, place[1])
        for clause in theirs[at[1] : pair.other]:
            yield _alone("added", clause, Gap(place[0], place[0], clause.start, clause.end))
            place = (place[0], clause.end)
        if pair.one < pair.one_end:
            yield _pair(one, other, mine[pair.one : pair.one_end], theirs[pair.other : pair.other_end])
            place = (mine[pair.one_end - 1].end, theirs[pair.other_end - 1].end)
        at = (pair.one_end, pair.other_end)


def _alone(kind: EditKind, clause: Clause, at: Gap) -> Difference:
    mine, theirs = ((clause,), ()) if kind == "removed" else ((), (clause,))
    return Difference(kind=kind, mine=mine, theirs=theirs, at=at, is_cosmetic=not clause.key)


def _pair(one: str, other: str, mine: Sequence[Clause], theirs: Sequence[Clause]) -> Difference:
    at = Gap(mine[0].start, mine[-1].end, theirs[0].start, theirs[-1].end)
    return Difference(
        kind="changed",
        mine=tuple(mine),
        theirs=tuple(theirs),
        at=at,
        stretches=tuple(stretches(one, other, at)),
        is_cosmetic=says_the_same(mine, theirs),
    )


def _raw(text: str, clause: Clause) -> str:
    return text[clause.start : clause.end]
