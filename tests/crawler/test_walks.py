"""What walks leave in the notebook: where the next begins, whose turn it is, and how each went."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from archive.records import WalkEnd
from crawler.frontier import Ended, Head
from crawler.frontier.sqlite import SqliteFrontier
from crawler.lists import REWALK, Ask
from tests.crawler.test_frontier import (
    NEWS,
    OTHER,
    Clock,
    Open,
    claim_all,
    clock,
    entry,
    first,
    further,
    key,
    reopen,
    urls,
    walk_completely,
)

__all__ = ["clock", "reopen"]

API = Ask(url="http://mzj.qingshan.example/api?page=1", kind="list", channel=NEWS, page=2)


def recheck(name: str) -> Ask:
    return replace(entry(name, None), kind="recheck", entry=None)


def read_first_page(frontier: SqliteFrontier, ended: Ended, *asks: Ask) -> None:
    frontier.add([first()])
    (row,) = claim_all(frontier)
    frontier.end(row.id, asks, ended=ended)


def test_the_next_walk_says_what_it_holds_of_the_first_page(reopen: Open) -> None:
    frontier = reopen()
    read_first_page(frontier, Ended(walk="end", listed=(key("a"),), etag='"1"', last_modified="Mon"))
    frontier.finish(ended=True)

    assert reopen().head(NEWS) == Head(etag='"1"', last_modified="Mon")


@pytest.mark.parametrize("how", ["cut", "failed entry"])
def test_the_next_walk_holds_nothing_while_something_is_missing(reopen: Open, how: str) -> None:
    frontier = reopen()
    read_first_page(frontier, Ended(walk="cut" if how == "cut" else "end", etag='"1"'), entry("a"))
    for row in claim_all(frontier):
        frontier.end(row.id, ended=Ended(how="done" if how == "cut" else "failed"))
    frontier.finish(ended=True)

    assert reopen().head(NEWS) == Head()


def test_a_first_page_of_pinned_entries_is_asked_for_whole(reopen: Open) -> None:
    """It stays as it is whatever comes behind it, so that it did not change says nothing."""
    frontier = reopen()
    read_first_page(frontier, Ended(listed=(key("a"),), newest=date(2026, 2, 1), etag='"1"'), further(1))
    (row,) = claim_all(frontier)
    frontier.end(row.id, ended=Ended(walk="end", listed=(key("b"),), newest=date(2026, 2, 2), etag='"2"'))
    frontier.finish(ended=True)

    assert reopen().head(NEWS) == Head()


def test_a_first_page_with_the_latest_day_is_asked_whether_it_has_changed(reopen: Open) -> None:
    frontier = reopen()
    read_first_page(frontier, Ended(listed=(key("a"),), newest=date(2026, 2, 2), etag='"1"'), further(1))
    (row,) = claim_all(frontier)
    frontier.end(row.id, ended=Ended(walk="end", listed=(key("b"),), newest=date(2026, 2, 2), etag='"2"'))
    frontier.finish(ended=True)

    assert reopen().head(NEWS) == Head(etag='"1"')


def test_a_column_page_is_learnt_to_lead_to_its_list(reopen: Open) -> None:
    frontier = reopen()
    read_first_page(frontier, Ended(is_column=True, etag='"column"'), API)
    (row,) = claim_all(frontier)
    frontier.end(row.id, ended=Ended(walk="end", listed=(key("a"),), etag='"list"'))
    frontier.finish(ended=True)

    assert reopen().head(NEWS) == Head(ask=replace(API, page=1), etag='"list"')


def test_a_channel_that_is_read_in_another_way_is_walked_anew(reopen: Open) -> None:
    frontier = reopen()
    read_first_page(frontier, Ended(walk="end", listed=(key("a"),), etag='"1"'))
    frontier.finish(ended=True)
    other = replace(NEWS, options={"counts_from": "1"})
    again = reopen(other)

    assert again.head(other) == Head()
    assert not again.recognise(other, [key("a")]).at_edge


def test_after_some_time_a_walk_goes_to_the_end_and_begins_at_the_column(reopen: Open, clock: Clock) -> None:
    walk_completely(reopen(), "a")
    clock.at += timedelta(days=REWALK - 1)
    assert reopen().recognise(NEWS, [key("a")]).at_edge
    clock.at += timedelta(days=2)

    frontier = reopen()
    assert not frontier.recognise(NEWS, [key("a")]).at_edge
    assert frontier.head(NEWS) == Head()


def test_a_walk_to_the_end_asks_again_what_was_given_up(reopen: Open, clock: Clock) -> None:
    walk_completely(reopen(), "got", "given-up")
    assert reopen(held=[key("got")]).recognise(NEWS, [key("got"), key("given-up")]).unknown == frozenset()
    clock.at += timedelta(days=REWALK + 1)

    found = reopen(held=[key("got")]).recognise(NEWS, [key("got"), key("given-up")])
    assert found.unknown == {key("given-up")}


def test_a_circle_is_noticed_in_a_walk_where_nothing_is_new(reopen: Open, clock: Clock) -> None:
    walk_completely(reopen(), "a")
    clock.at += timedelta(days=REWALK + 1)
    frontier = reopen()
    read_first_page(frontier, Ended(listed=(key("a"),)), further(1))

    assert frontier.recognise(NEWS, [key("a")]).looped


def test_hosts_take_their_first_turn_in_the_order_of_the_plan(reopen: Open) -> None:
    reopen(NEWS, OTHER).add([entry("a"), entry("b", OTHER, "www.yunlingmz.example")])

    assert urls(claim_all(reopen(OTHER, NEWS))) == ["b.html", "a.html"]


def test_what_is_new_comes_before_what_is_looked_at_again(reopen: Open) -> None:
    frontier = reopen()
    frontier.add([recheck("old")])
    frontier.add([entry("new")])

    assert urls(claim_all(frontier)) == ["new.html", "old.html"]


def test_rechecks_are_asked_of_the_archive_anew_at_each_crawl(reopen: Open) -> None:
    reopen().add([recheck("old")])

    assert claim_all(reopen()) == []


def test_a_recheck_that_is_refused_does_not_make_its_entry_new(reopen: Open) -> None:
    walk_completely(reopen(), "a")
    frontier = reopen()
    frontier.add([recheck("a")])
    (row,) = claim_all(frontier)
    frontier.end(row.id, ended=Ended(how="refused"))

    assert reopen().recognise(NEWS, [key("a")]).unknown == frozenset()


def test_rechecks_of_a_host_that_stopped_are_dropped(reopen: Open) -> None:
    frontier = reopen()
    frontier.add([recheck("a"), entry("b"), replace(recheck("c"), url="http://www.yunlingmz.example/c.html")])
    frontier.drop_rechecks("mzj.qingshan.example")

    assert sorted(urls(claim_all(frontier))) == ["b.html", "c.html"]


@pytest.mark.parametrize(
    ("ended", "how", "detail"),
    [
        (Ended(walk="end"), "end", None),
        (Ended(walk="edge"), "edge", None),
        (Ended(walk="unchanged"), "unchanged", None),
        (Ended(walk="cut", why="--limit 3"), "cut", "--limit 3"),
        (Ended(how="failed", why="HTTP 502"), "failed", "HTTP 502"),
        (Ended(how="refused", why="its host stopped"), "failed", "its host stopped"),
    ],
)
def test_a_walk_tells_how_it_went(reopen: Open, ended: Ended, how: WalkEnd, detail: str | None) -> None:
    frontier = reopen()
    read_first_page(frontier, replace(ended, total=40, pages=2))
    (walked,) = frontier.finish(ended=True)

    assert (walked.how, walked.detail, walked.total, walked.total_pages) == (how, detail, 40, 2)


def test_a_walk_that_never_began_says_why(reopen: Open) -> None:
    frontier = reopen(NEWS, OTHER)
    frontier.add([first()])
    told = [(walked.how, walked.pages, walked.detail) for walked in frontier.finish(ended=True, reason="time is over")]

    assert told == [("cut", 0, "time is over before its first list page")] * 2
