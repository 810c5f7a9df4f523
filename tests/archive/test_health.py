"""How a source stands follows from what is on record of it and from now, and from nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from archive.health import judge
from archive.history import Doubt, Fill, History, Past, cadence, latest_fill, newest_on, stated
from archive.records import Walked, WalkEnd

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LIST = "http://mzj.qingshan.example/tzgg/"


def walk(ago: float, how: WalkEnd = "end", *, entries: int = 40, total: int | None = None) -> Walked:
    """A walk that ended so many days ago."""
    ended = NOW - ago * DAY
    return Walked(
        source="qingshan", channel=LIST, started_at=ended, ended_at=ended, how=how, entries=entries, total=total
    )


def past(*walks: Walked, every: timedelta = DAY, **history: object) -> History:
    """A bureau with one channel and these walks, the newest first."""
    channel = Past(url=LIST, name="通知公告", every=every, known_since=NOW - 400 * DAY, walks=walks)
    found = History(
        key="qingshan", agency="青山市民政局", kind="bureau", home="http://mzj.qingshan.example/", channels=(channel,)
    )
    return replace(found, **history)  # type: ignore[arg-type]  # fields by name


def fill(pages: int, **filled: int) -> Fill:
    return Fill(pages=pages, filled={"title": pages, "date": pages, "agency": pages, "text": pages, **filled})


BLOCKED = Doubt(kind="blocked", detail="site firewall", raised_at=NOW)
MOVED = Doubt(kind="source_moved", detail="12 of 40 vanished", raised_at=NOW)
WEEKLY = tuple(date(2026, 1, 1) + number * timedelta(days=7) for number in range(8))

LAW = {
    "a good walk of yesterday is ok": (past(walk(1)), "ok"),
    "an edge and an unchanged list are good walks": (past(walk(1, "unchanged"), walk(2, "edge")), "ok"),
    "a walk cut short is no fault": (past(walk(1, "cut"), walk(2)), "ok"),
    "a walk that failed is broken": (past(walk(1, "failed"), walk(2)), "broken"),
    "a failure that a good walk followed is over": (past(walk(1), walk(2, "failed")), "ok"),
    "three turns without a good walk are stale": (past(walk(3.1)), "stale"),
    "within three turns it is not": (past(walk(20), every=7 * DAY), "ok"),
    "three turns of hours are not stale before three days": (past(walk(2.9), every=timedelta(hours=1)), "ok"),
    "cuts alone become stale": (past(walk(1, "cut"), walk(9)), "stale"),
    "half of the entries is not shrunk": (past(walk(1, entries=20), walk(2, entries=40)), "ok"),
    "less than half is": (past(walk(1, entries=19), walk(2, entries=40)), "shrunk"),
    "to nothing is": (past(walk(1, entries=0), walk(2, entries=40)), "shrunk"),
    "a second look does not clear it": (past(walk(1, entries=9), walk(2, entries=9), walk(3, entries=40)), "shrunk"),
    "after a year it does": (past(walk(1, entries=9), walk(2, entries=9), walk(366, entries=40)), "ok"),
    "a walk to the edge lists little and is not shrunk": (past(walk(1, "edge", entries=3), walk(2)), "ok"),
    "a list of four may shrink": (past(walk(1, entries=1), walk(2, entries=4)), "ok"),
    "a list of four may not vanish": (past(walk(1, entries=0), walk(2, entries=4)), "shrunk"),
    "a list that never showed an entry": (past(walk(1, entries=0), walk(2, entries=0)), "broken"),
    "less than half of what the list states": (past(walk(1, entries=40, total=90)), "shrunk"),
    "most of what the list states": (past(walk(1, entries=40, total=70)), "ok"),
    "a total stated by a walk to the edge": (past(walk(1, "edge", entries=9, total=90), walk(2, entries=80)), "ok"),
    "a block is told": (past(walk(1), doubts=(BLOCKED,)), "blocked"),
    "half of the requests blocked is a block": (past(walk(1), asked=4, blocked=2), "blocked"),
    "one page behind a shield is not": (past(walk(1), asked=40, blocked=2), "ok"),
    "two requests say nothing": (past(walk(1), asked=2, blocked=2), "ok"),
    "a move is told": (past(walk(1), doubts=(MOVED,)), "moved"),
    "a block is graver than what it caused": (past(walk(1, "failed"), doubts=(MOVED, BLOCKED)), "blocked"),
    "a move is graver than a broken list": (past(walk(1, "failed"), doubts=(MOVED,)), "moved"),
    "texts that half of the new pages lack": (past(walk(1), fill=fill(8, text=4), fill_before=fill(50)), "broken"),
    "texts that some lack": (past(walk(1), fill=fill(8, text=5), fill_before=fill(50)), "ok"),
    "a field that was never filled": (past(walk(1), fill=fill(8, agency=0), fill_before=fill(50, agency=9)), "ok"),
    "four pages say nothing": (past(walk(1), fill=fill(4, title=0), fill_before=fill(50)), "ok"),
    "silence within the habit": (past(walk(1), days=WEEKLY), "ok"),
    "silence far beyond it": (past(walk(1), days=tuple(day - 90 * DAY for day in WEEKLY)), "quiet"),
    "a list that nobody walked is not unhealthy": (replace(past(), channels=()), "ok"),
    "a list that was to be walked and never was": (past(), "stale"),
    "a source that left the catalogue": (past(walk(99, "failed"), is_in_catalogue=False), "ok"),
}


@pytest.mark.parametrize("law", LAW)
def test_a_state_follows_from_what_is_on_record(law: str) -> None:
    history, state = LAW[law]
    found = judge(history, NOW)

    assert found.state == state, found.why
    assert bool(found.why.en) == bool(found.why.zh)
    assert found.state == "ok" or found.why.en


def test_staleness_comes_with_the_day() -> None:
    history = past(walk(0))

    assert [judge(history, NOW + days * DAY).state for days in (0, 3, 4)] == ["ok", "ok", "stale"]


def test_the_cadence_is_the_median_gap_and_needs_a_habit() -> None:
    assert cadence(past(days=WEEKLY)) == 7.0
    assert cadence(past(days=WEEKLY[:5])) is None


def test_a_day_to_come_is_a_misprint() -> None:
    assert newest_on(past(days=(*WEEKLY, date(2062, 3, 1))), NOW) == WEEKLY[-1]


def test_what_lists_state_is_what_they_stated_last() -> None:
    assert stated(past(walk(1, "edge"), walk(2, total=45), walk(3, total=44))) == 45
    assert stated(past(walk(1))) is None


def test_the_latest_pages_reach_back_until_there_are_enough() -> None:
    groups = [fill(2, text=0), fill(4, text=1), fill(50)]

    assert (latest_fill(groups).pages, latest_fill(groups).filled["text"]) == (6, 1)
