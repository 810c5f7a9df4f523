"""What happened to a copy, in the order of time, and which of its dates cannot be as they are printed.

Only what the archive holds is told: a day that a page printed and then another, a whole walk of a list that did not
have the page yet, a capture older than the day it prints. Why somebody dated so nobody here knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final, Literal

from archive.dates import BEIJING
from archive.fate import Look, tell_state
from archive.records import FirstListed, Revision

Turn = Literal["missing", "gone", "blocked", "returned"]
DoubtKind = Literal["moved_back", "moved_on", "stamped", "listed_late", "before_written", "ahead"]

GRACE: Final = timedelta(days=7)
"""How long after its day a page may come on its list: it is dated by its signing, and waits over a holiday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateDoubt:
    """A printed date that the archive shows to be otherwise, or to have been.

    `moved_back`, `moved_on`: the day was another before (`other`), seen at `at`; on only where the text stayed.
    `stamped`: whenever it was otherwise than before it printed the very day of the capture, last at `at`.
    `listed_late`: at `at` a whole walk of the page's list, which reached further back, did not have it yet.
    `before_written`: published before the day it was written (`other`). `ahead`: captured at `at`, before its day.
    """

    kind: DoubtKind
    field: str
    day: date
    at: datetime
    other: date | None = None
    has_same_text: bool = False
    channel: str | None = None
    """Of `listed_late`: address of the list."""


def turns(looks: Sequence[Look]) -> list[tuple[Look, Turn]]:
    """The looks, in the order of time, at which a copy was found to be otherwise than before, and how."""
    found: list[tuple[Look, Turn]] = []
    state = "live"
    for number, look in enumerate(looks, 1):
        if state == "live" and look.sign == "there":
            continue
        now = tell_state(looks[:number])
        if now != state:
            found.append((look, "returned" if now == "live" else now))
        state = now
    return found


def doubt_dates(states: Sequence[Revision], listings: Sequence[FirstListed]) -> list[DateDoubt]:
    """What is wrong with the dates that a copy printed, by all its states; in the order of time."""
    found = [*_moved(states), *_impossible(states), *_late(states[0], listings)]
    return sorted(found, key=lambda doubt: (doubt.at, doubt.kind, doubt.field))


def _moved(states: Sequence[Revision]) -> Iterator[DateDoubt]:
    days = {state.reading.published_on for state in states}
    is_stamped = len(days) > 1 and all(state.reading.published_on == _day(state.seen_from) for state in states)
    if is_stamped:
        at = states[-1].seen_from
        yield DateDoubt(kind="stamped", field="published_on", day=_day(at), at=at)
    for before, after in pairwise(states):
        is_same = before.text_digest == after.text_digest
        for field in ("written_on",) if is_stamped else ("published_on", "written_on"):
            old, new = getattr(before.reading, field), getattr(after.reading, field)
            if old is not None and new is not None and (new < old or (new > old and is_same)):
                yield DateDoubt(
                    kind="moved_back" if new < old else "moved_on",
                    field=field,
                    day=new,
                    other=old,
                    at=after.seen_from,
                    has_same_text=is_same,
                )


def _impossible(states: Sequence[Revision]) -> Iterator[DateDoubt]:
    """Days that contradict each other, or the capture; each once, when it was seen first."""
    told: set[tuple[str, date, date | None]] = set()
    for state in states:
        published, written = state.reading.published_on, state.reading.written_on
        if published is None:
            continue
        if written is not None and published < written and ("before", published, written) not in told:
            told.add(("before", published, written))
            yield DateDoubt(
                kind="before_written", field="published_on", day=published, other=written, at=state.seen_from
            )
        if published > _day(state.seen_from) and ("ahead", published, None) not in told:
            told.add(("ahead", published, None))
            yield DateDoubt(kind="ahead", field="published_on", day=published, at=state.seen_from)


def _late(first: Revision, listings: Sequence[FirstListed]) -> Iterator[DateDoubt]:
    """A page that was not there yet well after its day: every list that ever had it was seen whole without it."""
    published = first.reading.published_on
    if published is None:
        return
    walks = [(one.walked_at, one.channel) for one in listings if one.walked_at and _reaches(one, published)]
    at, channel = min(walks, default=(first.seen_from, ""))
    if len(walks) == len(listings) and at < first.seen_from and _day(at) - published >= GRACE:
        yield DateDoubt(kind="listed_late", field="published_on", day=published, at=at, channel=channel)


def _reaches(listing: FirstListed, published: date) -> bool:
    """Whether a list showed entries of that day or older: one that was cut short proves nothing."""
    return listing.oldest_on is not None and listing.oldest_on <= published


def _day(at: datetime) -> date:
    return at.astimezone(BEIJING).date()
