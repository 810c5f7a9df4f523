"""Two texts laid beside each other: which clauses were added, removed, changed or moved, and what differs in them.

Clauses that both have hold the rest in place. Between them, clauses that are alike are one that changed, and are
aligned by characters, with numbers, dates, sums and Latin words as wholes. A text with itself has no difference.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise, zip_longest
from typing import Final

from rapidfuzz.distance import Indel

from archive.edits.clauses import Clause, key_of, read_clauses
from archive.edits.matching import Gap, gaps, match
from archive.records import EditKind
from archive.trace.forms import spell


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


def split_tokens(text: str) -> list[str]:
    """A text as it is aligned inside a clause: dates, sums, numbers, telephones, addresses and words as wholes."""
    return _TOKEN.findall(text)


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
    for pair in [*_pairs(mine, theirs), Gap(len(mine), len(mine), len(theirs), len(theirs))]:
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


def _pairs(mine: Sequence[Clause], theirs: Sequence[Clause]) -> list[Gap]:
    """Which clauses of a block are one that changed, in order: the most alike first, none across another."""
    if not mine or not theirs:
        return []
    whole = [Gap(0, len(mine), 0, len(theirs))] if _is_row_of_text(mine) and _is_row_of_text(theirs) else []
    if whole and _says_the_same(mine, theirs):
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
        if not _is_row_of_text(mine[at : more[0]]) or not _is_row_of_text(theirs[there : more[1]]):
            break
        grown = _alike(_joined(mine[at : more[0]]), _joined(theirs[there : more[1]]))
        if grown <= like:
            break
        (one, other), like = more, grown
    return Gap(at, one, there, other)


def _pair(one: str, other: str, mine: Sequence[Clause], theirs: Sequence[Clause]) -> Difference:
    at = Gap(mine[0].start, mine[-1].end, theirs[0].start, theirs[-1].end)
    return Difference(
        kind="changed",
        mine=tuple(mine),
        theirs=tuple(theirs),
        at=at,
        stretches=tuple(stretches(one, other, at)),
        is_cosmetic=_says_the_same(mine, theirs),
    )


def stretches(one: str, other: str, at: Gap) -> Iterator[Gap]:
    """What differs between two stretches of text, by its place in both; differences a character apart are one."""
    mine, theirs = split_tokens(one[at.one : at.one_end]), split_tokens(other[at.other : at.other_end])
    places = [
        list(accumulate(map(len, tokens), initial=start)) for tokens, start in ((mine, at.one), (theirs, at.other))
    ]
    runs = match([_spelt(token) for token in mine], [_spelt(token) for token in theirs])
    last: Gap | None = None
    for gap in gaps(runs, len(mine), len(theirs)):
        if last is not None and _is_stray(mine[last.one : gap.one_end], mine[last.one_end : gap.one]):
            last = last._replace(one_end=gap.one_end, other_end=gap.other_end)
            continue
        if last is not None:
            yield _placed(last, places)
        last = gap
    if last is not None:
        yield _placed(last, places)


def _placed(gap: Gap, places: Sequence[Sequence[int]]) -> Gap:
    mine, theirs = places
    return Gap(mine[gap.one], mine[gap.one_end], theirs[gap.other], theirs[gap.other_end])


def _is_stray(tokens: Sequence[str], between: Sequence[str]) -> bool:
    """Whether the one character that two differences share between them is chance; figures differ each by itself."""
    return len(between) <= 1 and not _PARTING.search("".join(between)) and not _DIGIT.search("".join(tokens))


@lru_cache(maxsize=1 << 14)
def _spelt(token: str) -> str:
    return spell(token)


def _says_the_same(mine: Sequence[Clause], theirs: Sequence[Clause]) -> bool:
    return _joined(mine) == _joined(theirs) or (len(mine) != len(theirs) and _printed(mine) == _printed(theirs))


def _joined(clauses: Sequence[Clause]) -> str:
    return "".join(clause.key for clause in clauses)


def _printed(clauses: Sequence[Clause]) -> str:
    """Their keys with their running numbers, which within a line are numbers like others."""
    return key_of("\n".join(clause.text for clause in clauses))


def _is_row_of_text(clauses: Sequence[Clause]) -> bool:
    """Whether they follow each other in their text: what moved was taken out from between others."""
    return all(clause.end == after.start for clause, after in pairwise(clauses))


def _raw(text: str, clause: Clause) -> str:
    return text[clause.start : clause.end]


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
_PARTING: Final = re.compile("[，,、。；;：:|\\s]")
_DIGIT: Final = re.compile(r"\d")
_NUMERALS: Final = "[零〇一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟]"
_UNIT: Final = r"[万亿千百]*元|万|亿|[%％‰]|周?岁|个?工作日|[日天]|个月"
_TOKEN: Final = re.compile(
    r"第[零一二三四五六七八九十百\d]+(?:季度|批次?|[期次条章届轮])|〔\d{4}〕\d+号|[A-Za-z]*\d+[A-Za-z][A-Za-z0-9]*|https?://[^\s，。；）)]+|[a-zA-Z0-9_.+-]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+"
    r"|\d{4}\s?[年/.-]\s?\d{1,2}\s?[月/.-]\s?\d{1,2}\s?日?|\d{4}年(?:\d{1,2}月)?|\d{1,2}月\d{1,2}日"
    rf"|\d{{1,2}}[:：]\d{{2}}|(?<!\d)0\d{{2,3}}[-—－]\d{{7,8}}(?!\d)|\d+(?:[.,，]\d+)*\s?(?:{_UNIT})?|{_NUMERALS}+元"
    "|[A-Za-z]+|.",
    re.DOTALL,
)
