"""When a copy is due to be looked at again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records import Held, Source
from crawler.freshness import rechecks
from crawler.lists import Site

SEEN = datetime(2026, 3, 1, 8, tzinfo=UTC)
SITES = {
    key: Site(
        source=Source(key=key, agency=key, kind="bureau", home=f"http://{key}.example/"), channels=(), recheck=days
    )
    for key, days in (("qingshan", (1, 7, 30, 180)), ("yunling", (3,)))
}


def held(
    name: str = "a",
    *,
    checked: float = 0,
    state: Literal["live", "missing", "gone", "moved", "blocked"] = "live",
    source: str | None = "qingshan",
    asked: float | None = None,
) -> Held:
    """A copy first seen on day 0 and last checked so many days later; `asked` is the day of its last request."""
    url = f"http://mzj.qingshan.example/{name}.html"
    at = SEEN + timedelta(days=checked)
    asked_at = at if asked is None else SEEN + timedelta(days=asked)
    return Held(url=url, url_key=url, source=source, state=state, first_seen_at=SEEN, checked_at=at, asked_at=asked_at)


def due(*copies: Held, day: float, every: int | None = None) -> list[str]:
    found = rechecks(copies, SITES, now=SEEN + timedelta(days=day), every=every)
    return [copy.url.rsplit("/", 1)[1].removesuffix(".html") for copy in found]


@pytest.mark.parametrize(
    ("checked", "day", "expected"),
    [(0, 0.9, []), (0, 1, ["a"]), (1.2, 6.9, []), (1.2, 7.1, ["a"]), (7.5, 29, []), (7.5, 31, ["a"]), (181, 999, [])],
)
def test_a_copy_is_due_when_a_day_of_its_source_has_come_since_its_last_check(
    checked: float, day: float, expected: list[str]
) -> None:
    assert due(held(checked=checked), day=day) == expected


def test_a_copy_of_which_nothing_came_back_waits_a_week_behind_the_others() -> None:
    assert due(held(asked=31), day=37) == []
    assert due(held("silent", asked=31), held("b", checked=29), day=39) == ["b", "silent"]


def test_a_person_s_order_asks_also_what_gave_no_answer() -> None:
    assert due(held(asked=31), day=32, every=1) == ["a"]


def test_days_that_were_passed_over_together_are_one_look() -> None:
    assert due(held(), day=200) == ["a"]
    assert due(held(checked=200), day=400) == []


def test_each_source_has_its_own_days() -> None:
    assert due(held(source="yunling"), day=2) == []
    assert due(held(source="yunling"), day=3) == ["a"]


def test_a_missing_copy_is_due_a_week_after_its_last_check() -> None:
    assert due(held(state="missing", checked=200), day=206) == []
    assert due(held(state="missing", checked=200), day=207) == ["a"]


def test_what_is_gone_is_looked_for_twice_a_year() -> None:
    assert due(held(state="gone", checked=21), day=200) == []
    assert due(held(state="gone", checked=21), day=201) == ["a"]
    assert [due(held(state="moved", checked=21), day=day) for day in (200, 201)] == [[], ["a"]]


def test_what_is_of_no_source_of_the_crawl_is_never_due() -> None:
    copies = held(source=None), held(source="elsewhere")

    assert due(*copies, day=400) == []
    assert due(*copies, day=400, every=1) == []


def test_with_every_all_are_due_that_nobody_checked_for_so_long() -> None:
    assert due(held("a", checked=300), held("b", checked=298), day=301, every=2) == ["b"]


def test_the_most_overdue_comes_first() -> None:
    assert due(held("late", checked=8), held("later", checked=2), held("latest"), day=40) == ["latest", "later", "late"]


@given(st.floats(0, 400), st.floats(0, 400))
def test_a_copy_that_was_just_checked_is_not_due(checked: float, later: float) -> None:
    now = max(checked, later)

    assert due(held(checked=now), day=now) == []
