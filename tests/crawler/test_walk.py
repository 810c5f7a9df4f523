"""What a walk takes from a list page, and whether it goes on."""

from __future__ import annotations

from datetime import date

import pytest

from archive.records import Entry
from crawler.frontier import Recognised
from crawler.spiders.walk import Bounds, take_step

DAYS = {"a": "2026-03-03", "b": "2026-03-02", "c": "2026-03-01"}
ENTRIES = {key: Entry(url=f"http://mzj.qingshan.example/{key}", date_raw=day) for key, day in DAYS.items()}
ALL = frozenset(ENTRIES)


def recognised(unknown: str = "abc", *, at_edge: bool = False, looped: bool = False) -> Recognised:
    return Recognised(unlisted=ALL, unknown=frozenset(unknown), at_edge=at_edge, looped=looped)


def test_new_entries_are_asked_in_the_page_s_order() -> None:
    step = take_step(ENTRIES, recognised("ca"), has_next=True, bounds=Bounds())

    assert list(step.asked) == ["a", "c"]
    assert list(step.listed) == ["a", "b", "c"]
    assert step.walk == "on"


def test_a_walk_ends_where_the_list_ends() -> None:
    assert take_step(ENTRIES, recognised(), has_next=False, bounds=Bounds()).walk == "end"


def test_a_walk_ends_at_the_edge() -> None:
    assert take_step(ENTRIES, recognised("", at_edge=True), has_next=True, bounds=Bounds()).walk == "edge"


def test_a_walk_that_is_known_but_not_at_the_edge_goes_on() -> None:
    assert take_step(ENTRIES, recognised(""), has_next=True, bounds=Bounds()).walk == "on"


def test_a_list_that_turns_in_a_circle_ends() -> None:
    assert take_step(ENTRIES, recognised("", looped=True), has_next=True, bounds=Bounds()).walk == "end"


def test_a_page_that_only_leads_on_is_no_edge() -> None:
    assert take_step({}, recognised(""), has_next=True, bounds=Bounds()).walk == "on"


def test_a_limit_leaves_the_entries_behind_it_unseen() -> None:
    step = take_step(ENTRIES, recognised("ac"), has_next=True, bounds=Bounds(limit=1))

    assert list(step.asked) == ["a"]
    assert list(step.listed) == ["a", "b"]
    assert step.walk == "cut"


def test_days_out_of_bounds_are_left_unseen() -> None:
    bounds = Bounds(since=date(2026, 3, 2), until=date(2026, 3, 2))
    step = take_step(ENTRIES, recognised(), has_next=True, bounds=bounds)

    assert list(step.listed) == ["b"]
    assert step.walk == "on"


def test_a_page_that_is_older_than_the_first_day_cuts_the_walk() -> None:
    assert take_step(ENTRIES, recognised(), has_next=True, bounds=Bounds(since=date(2026, 4, 1))).walk == "cut"


def test_an_entry_without_a_day_is_within_all_days() -> None:
    entries = {"x": Entry(url="http://mzj.qingshan.example/x")}
    step = take_step(entries, recognised("x"), has_next=True, bounds=Bounds(since=date(2026, 4, 1)))

    assert list(step.asked) == ["x"]
    assert step.walk == "on"


@pytest.mark.parametrize("bounds", [Bounds(limit=100), Bounds(since=date(2020, 1, 1)), Bounds(until=date(2030, 1, 1))])
def test_a_bounded_walk_never_counts_as_complete(bounds: Bounds) -> None:
    assert take_step(ENTRIES, recognised(), has_next=False, bounds=bounds).walk == "cut"
    assert take_step(ENTRIES, recognised("", at_edge=True), has_next=True, bounds=bounds).walk == "cut"
