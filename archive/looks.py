"""Which answers showed a page, and what was looked at in one go of an article that its site splits over several pages.

A look is what one crawl got of the pages in one go, and shows each further page as it was last captured before the
next look; one that was not captured by then as it was captured first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from operator import attrgetter

from archive.fate import ONE_LOOK
from archive.records import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An answer that showed a page: an article capture, or one that says it is as before, which has no payload."""

    url: str
    at: datetime
    record_id: str
    crawl: str
    payload: str


Part = Sequence[tuple[Shown, Reading]]
"""The captures of one further page, oldest first, with what each says."""


def with_later_looks(
    shown: Sequence[Shown],
    read: Mapping[str, Reading | None],
    parts: Mapping[str, Part],
) -> list[Shown]:
    """The looks at a first page, and those that got anew some part of it alone."""
    looks: list[Shown] = []
    for one, after in pairwise([*shown, None]):
        if one is None:
            continue
        looks.append(one)
        first = read[one.payload]
        begun = {one.crawl: one.at}
        urls = first.parts if first is not None else ()
        later = [part for url in urls for part, _ in parts[url][1:] if _is_between(part, one, after)]
        again = sorted(later, key=attrgetter("at", "record_id"))
        for part in again:
            if part.crawl not in begun or part.at - begun[part.crawl] >= ONE_LOOK:
                begun[part.crawl] = part.at
                looks.append(
                    Shown(url=one.url, at=part.at, record_id=part.record_id, crawl=part.crawl, payload=one.payload)
                )
    return looks


def as_of(part: Part, after: Shown | None) -> tuple[Shown, Reading] | None:
    """A part as it was last captured before the next look, else as it was captured first."""
    before = [found for found in part if after is None or found[0].at < after.at]
    return before[-1] if before else next(iter(part), None)


def _is_between(part: Shown, one: Shown, after: Shown | None) -> bool:
    return one.at <= part.at and (after is None or part.at < after.at)
