"""What becomes of a copy, and of a whole source: told from what servers answered when the page was looked at again.

A page is `missing` from the first look that finds it taken away, and `gone` after three such looks from one vantage
over at least 14 days; whoever gets it again finds it `live`. A block is no removal. When much of a source vanishes in
one crawl it is the source that moved, and what vanished there tells nothing of its pages. A page that its source shows
at another address by now has `moved`, and is no loss.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType
from typing import Final, Literal

from archive.records import Kind, Outcome

Sign = Literal["there", "vanished", "refused"]
Lead = Literal["itself", "copy", "nowhere", "unknown"]
"""Where a redirect ends: at the page's own address, at another copy, at no document (a home page, a list, an address
that is dead), or where nobody looked yet."""

ONE_LOOK: Final = timedelta(hours=12)
"""What one crawl got within this time is one look, also over midnight; a foreign file may hold years under one name."""
LOOKS: Final = 3
SPAN: Final = timedelta(days=14)
RECHECKED: Final = 10
"""Fewer pages of a source, looked at again in one crawl, say nothing of the source."""
SHARE: Final = 0.2

_REFUSALS: Final = ("blocked", "challenge", "geo")
_ANSWERS: Final = ("ok", "not_modified", "moved", "gone", "soft_404")
_RANK: Final[dict[Sign, int]] = {"refused": 0, "vanished": 1, "there": 2}


LookState = Literal["live", "missing", "gone", "blocked"]
"""What looks at an address alone say; that it `moved` is known when its copies are settled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one crawl found of one copy (a url key) in one go; `at` is the last answer that says so."""

    copy: str
    crawl: str
    vantage: str
    at: datetime
    sign: Sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Since when, and since which crawl, it is known that a source shows a page at another address."""

    at: datetime
    crawl: str


_NOWHERE: Final[Mapping[str, Elsewhere]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A crawl in which much of a source vanished: how many pages stood and were looked at, and which were not there.

    `closed_at` is when it was seen that the source is well again, or where its pages are now, in the crawl `closed_by`.
    """

    crawl: str
    at: datetime
    rechecked: int
    vanished: tuple[str, ...]
    closed_at: datetime | None = None
    closed_by: str | None = None


def sign_of(outcome: Outcome, kind: Kind | None, lead: Lead) -> Sign | None:
    """What one answer says of the page; None for nothing. `lead` is where a redirect ends, `unknown` for no redirect.

    A redirect to another document is an alias of the page and no removal. Failures, and what is not the page without
    saying so (stubs, files that are none), say nothing.
    """
    if outcome == "not_modified" or (outcome == "ok" and kind == "article"):
        return "there"
    if outcome in ("gone", "soft_404") or (outcome == "moved" and lead == "nowhere"):
        return "vanished"
    return "refused" if outcome in _REFUSALS else None


def is_answer(outcome: Outcome, lead: Lead) -> bool:
    """Tell whether a server answered about the page, whatever it said; what only leads back to it is no answer yet."""
    return outcome in _ANSWERS and not (outcome == "moved" and lead == "itself")


def fold_looks(answers: Iterable[Look]) -> list[Look]:
    """Take what one crawl got in one go for one look, in the order of time.

    Who got the page by one of its addresses (http, https) has seen it, whatever the others said.
    """
    best: dict[tuple[str, datetime], Look] = {}
    begun: dict[str, datetime] = {}
    for answer in sorted(answers, key=attrgetter("at")):
        if answer.crawl not in begun or answer.at - begun[answer.crawl] >= ONE_LOOK:
            begun[answer.crawl] = answer.at
        look = (answer.crawl, begun[answer.crawl])
        if look not in best or _RANK[answer.sign] >= _RANK[best[look].sign]:
            best[look] = answer
    return sorted(best.values(), key=lambda look: (look.at, look.crawl))


def tell_state(looks: Iterable[Look]) -> LookState:
    """What a copy is by all looks at it, in the order of time.

    It is `blocked` when everywhere it was ever seen from, the looks since were refused three times over 14 days.
    """
    away: dict[str, list[datetime]] = {}
    barred: dict[str, list[datetime]] = {}
    seen_from: set[str] = set()
    for look in looks:
        if look.sign == "there":
            away, barred = {}, {}
            seen_from.add(look.vantage)
        else:
            found = away if look.sign == "vanished" else barred
            found.setdefault(look.vantage, []).append(look.at)
    if away:
        return "gone" if any(map(_is_enough, away.values())) else "missing"
    if seen_from and all(_is_enough(barred.get(vantage, ())) for vantage in seen_from):
        return "blocked"
    return "live"


def is_recheck(look: Look, looks: Sequence[Look]) -> bool:
    """Tell whether a look at a copy is one at a page that was held already, and found or missed it."""
    first = next((one for one in looks if one.sign == "there"), look)
    return look.sign != "refused" and (look.at, look.crawl) > (first.at, first.crawl)


def find_moves(rechecks: Iterable[Look], elsewhere: Mapping[str, Elsewhere] = _NOWHERE) -> list[Move]:
    """The crawls in which a source moved, oldest first, from all looks at pages of it that were held by then.

    Of a crawl those pages count that stood before it: a page known to be missing, or known by then to be elsewhere,
    does not vanish again. What vanished with its source still stands; what is found elsewhere is not lost.
    """
    away: dict[str, set[str]] = {}
    moves: list[Move] = []
    lost: set[str] = set()
    for crawl, looks in _by_crawl(rechecks):
        answering = {look.copy for look in looks if look.sign == "there"}
        begun = min(look.at for look in looks)
        standing = [
            look
            for look in looks
            if look.vantage not in away.get(look.copy, ())
            and not (look.sign == "vanished" and _was_elsewhere(elsewhere.get(look.copy), crawl, begun))
        ]
        vanished = sorted(look.copy for look in standing if look.sign == "vanished")
        if len(standing) >= RECHECKED and len(vanished) >= SHARE * len(standing):
            lost = lost.union(vanished) - answering - elsewhere.keys()
            at = min(look.at for look in standing if look.sign == "vanished")
            moves.append(Move(crawl=crawl, at=at, rechecked=len(standing), vanished=tuple(vanished)))
            found = [elsewhere[copy] for copy in vanished if copy in elsewhere]
            if found and len(lost) < SHARE * len(standing):
                last = max(found, key=lambda one: (one.at, one.crawl))
                moves = _close(moves, last.crawl, max(at, last.at))
        else:
            _settle(looks, away)
            lost -= answering
            if moves and (len(standing) >= RECHECKED or len(lost) < SHARE * moves[-1].rechecked):
                moves = _close(moves, crawl, max(look.at for look in looks))
                lost = set()
        for copy in answering:
            away.pop(copy, None)
    return moves


def _by_crawl(rechecks: Iterable[Look]) -> list[tuple[str, list[Look]]]:
    """The last look of each crawl at each copy, the crawls in the order in which they began to look."""
    ordered = sorted(rechecks, key=lambda look: (look.crawl, look.at, look.copy))
    crawls = [(crawl, list(looks)) for crawl, looks in groupby(ordered, key=attrgetter("crawl"))]
    crawls.sort(key=lambda found: (found[1][0].at, found[0]))
    return [(crawl, list({look.copy: look for look in looks}.values())) for crawl, looks in crawls]


def _was_elsewhere(known: Elsewhere | None, crawl: str, begun: datetime) -> bool:
    """Whether it was known before a crawl that a page is elsewhere."""
    return known is not None and known.crawl != crawl and known.at < begun


def _settle(looks: Collection[Look], away: dict[str, set[str]]) -> None:
    for look in looks:
        if look.sign == "vanished":
            away.setdefault(look.copy, set()).add(look.vantage)


def _close(moves: Sequence[Move], crawl: str, at: datetime) -> list[Move]:
    return [move if move.closed_at else replace(move, closed_at=at, closed_by=crawl) for move in moves]


def _is_enough(times: Sequence[datetime]) -> bool:
    return len(set(times)) >= LOOKS and times[-1] - times[0] >= SPAN  # an answer taken in twice is one
