"""The frontier: nothing is lost between two transactions, nothing is asked twice without need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.records import Channel, Entry
from archive.urls import url_key
from crawler.frontier import Ended, Row
from crawler.frontier.asks import dump_ask, load_ask
from crawler.frontier.sqlite import MOST_TRIES, SqliteFrontier
from crawler.lists import Ask

NEWS = Channel(source="qingshan", name="通知公告", url="http://mzj.qingshan.example/tzgg/", family="trs")
LAWS = Channel(source="qingshan", name="法规", url="http://mzj.qingshan.example/fg/", family="trs")
OTHER = Channel(source="yunling", name="要闻", url="http://www.yunlingmz.example/yw/", family="links")

Open = Callable[..., SqliteFrontier]


class Clock:
    """A clock that moves a second at each look, and further when told."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def reopen(tmp_path: Path, clock: Clock) -> Iterator[Open]:
    """Open the frontier of one file; what an earlier one had claimed was killed with it."""
    frontiers: list[SqliteFrontier] = []

    def opened(*channels: Channel, held: Iterable[str] = (), per_host: int = 10) -> SqliteFrontier:
        held = set(held)
        frontier = SqliteFrontier(
            tmp_path / "crawl.db", known=lambda keys: held & set(keys), per_host=per_host, now=clock
        )
        frontier.begin(f"crawl-{len(frontiers)}", channels or (NEWS,))
        frontiers.append(frontier)
        return frontier

    yield opened
    for frontier in frontiers:
        frontier.close()


def first(channel: Channel = NEWS) -> Ask:
    return Ask(url=channel.url, kind="list", channel=channel)


def further(number: int, channel: Channel = NEWS) -> Ask:
    return Ask(url=f"{channel.url}index_{number}.html", kind="list", channel=channel, page=number + 1)


def entry(name: str, channel: Channel | None = NEWS, host: str = "mzj.qingshan.example") -> Ask:
    url = f"http://{host}/tzgg/{name}.html"
    return Ask(url=url, kind="entry", channel=channel, entry=Entry(url=url, title=name, date_raw="2026-02-28"))


def key(name: str) -> str:
    return url_key(entry(name).url)


def claim_all(frontier: SqliteFrontier) -> list[Row]:
    return list(iter(frontier.claim, None))


def urls(rows: Iterable[Row]) -> list[str]:
    return [row.ask.url.rsplit("/", 1)[-1] for row in rows]


def walk_completely(frontier: SqliteFrontier, *names: str, channel: Channel = NEWS) -> None:
    """Walk a channel of one list page with these entries to its end."""
    frontier.add((first(channel),))
    row = frontier.claim()
    assert row is not None
    asks = [entry(name, channel) for name in names]
    frontier.end(row.id, asks, ended=Ended(listed=tuple(key(name) for name in names)))
    for row in claim_all(frontier):
        frontier.end(row.id)
    frontier.finish(ended=True)


def test_an_ask_survives_as_json() -> None:
    ask = Ask(
        url="http://mzj.qingshan.example/api?p=2",
        kind="list",
        channel=NEWS,
        entry=Entry(
            url="http://mzj.qingshan.example/a", title="民政“通知”", fields={"document_number": "民发〔2026〕1号"}
        ),
        page=2,
        method="POST",
        body=b"\x00\xffpage=2",
        headers=(("X-Requested-With", "XMLHttpRequest"),),
        raw_url="./api?p=2",
    )

    assert load_ask(dump_ask(ask), {f"{NEWS.source} {NEWS.url}": NEWS}) == ask


def test_a_row_in_flight_is_pending_again_after_a_kill(reopen: Open) -> None:
    before = reopen()
    before.add([entry("a"), entry("b")])
    before.claim()

    assert urls(claim_all(reopen())) == ["a.html", "b.html"]


def test_a_page_and_what_it_led_to_change_places_in_one_step(reopen: Open) -> None:
    before = reopen()
    before.add([first()])
    row = before.claim()
    assert row is not None
    before.end(row.id, [entry("a"), further(1)])

    assert urls(claim_all(reopen())) == ["a.html", "index_1.html"]


def test_an_ask_that_cannot_be_kept_leaves_its_parent_pending(reopen: Open) -> None:
    frontier = reopen()
    frontier.add([first()])
    row = frontier.claim()
    assert row is not None
    with pytest.raises(ValueError, match="not an address"):
        frontier.end(row.id, [entry("a"), Ask(url="not an address", kind="entry", channel=NEWS)])

    assert urls(claim_all(reopen())) == [""]


def test_an_entry_is_asked_once_for_ever(reopen: Open) -> None:
    frontier = reopen()
    frontier.add([entry("a")])
    row = frontier.claim()
    assert row is not None
    frontier.end(row.id)

    assert not reopen().recognise(NEWS, [key("a")]).unknown


def test_an_entry_that_the_archive_holds_is_known_without_a_notebook(reopen: Open) -> None:
    recognised = reopen(held=[key("a")]).recognise(NEWS, [key("a"), key("b")])

    assert recognised.unknown == {key("b")}
    assert recognised.unlisted == {key("a"), key("b")}


def test_a_list_page_is_asked_once_a_walk_and_again_in_the_next(reopen: Open) -> None:
    frontier = reopen()
    assert frontier.add([first(), first()]) == 1
    walk_completely(frontier)

    assert reopen().add([first()]) == 1


def test_an_interrupted_walk_does_not_ask_its_first_page_again(reopen: Open) -> None:
    before = reopen()
    before.add([first()])
    row = before.claim()
    assert row is not None
    before.end(row.id, [entry("a"), further(1)])

    assert reopen().add([first()]) == 0


def test_a_walk_interrupted_long_ago_starts_at_its_first_page_and_keeps_its_entries(reopen: Open, clock: Clock) -> None:
    before = reopen()
    before.add([first()])
    row = before.claim()
    assert row is not None
    before.end(row.id, [entry("a"), further(1)])
    clock.at += timedelta(days=3)
    after = reopen()
    after.add([first()])

    assert urls(claim_all(after)) == ["a.html", ""]


def test_an_interrupted_walk_that_left_something_behind_starts_at_its_first_page(reopen: Open) -> None:
    before = reopen()
    before.add([first()])
    row = before.claim()
    assert row is not None
    before.end(row.id, [entry("a"), further(1)], ended=Ended(listed=(key("a"),), walk="cut"))
    after = reopen()
    after.add([first()])

    assert urls(claim_all(after)) == ["a.html", ""]


def test_rows_of_other_sources_wait_for_their_own_crawl(reopen: Open) -> None:
    reopen(NEWS, OTHER).add([entry("a"), entry("b", OTHER, "www.yunlingmz.example")])

    assert urls(claim_all(reopen(OTHER))) == ["b.html"]
    assert urls(claim_all(reopen(NEWS))) == ["a.html"]


def test_hosts_take_turns(reopen: Open) -> None:
    frontier = reopen(NEWS, OTHER)
    frontier.add([entry("a"), entry("b"), entry("c", OTHER, "www.yunlingmz.example")])

    assert urls(claim_all(frontier)) == ["a.html", "c.html", "b.html"]


def test_a_host_has_no_more_rows_in_flight_than_its_cap(reopen: Open) -> None:
    frontier = reopen(per_host=1)
    frontier.add([entry("a"), entry("b")])
    row = frontier.claim()
    assert row is not None

    assert frontier.claim() is None
    assert frontier.count_waiting()
    frontier.end(row.id)
    assert urls(claim_all(frontier)) == ["b.html"]
    assert not frontier.count_waiting()


def test_a_redirect_moves_the_row_and_makes_no_second_one(reopen: Open) -> None:
    frontier = reopen()
    frontier.add([entry("a")])
    row = frontier.claim()
    assert row is not None
    frontier.again(row.id, entry("b"), hops={"redirect_times": 1})
    (moved,) = claim_all(reopen())

    assert (moved.id, moved.ask.url, moved.hops) == (row.id, entry("b").url, {"redirect_times": 1})


def test_a_redirected_entry_may_be_asked_once_more_where_it_was_led(reopen: Open) -> None:
    """Its address is known by now, from the row's own redirect: a retry there, or its twin, is no second witness."""
    frontier = reopen()
    frontier.add([entry("a")])
    row = frontier.claim()
    assert row is not None
    frontier.again(row.id, entry("b"), hops={"redirect_times": 1})
    frontier.claim()

    assert frontier.again(row.id, entry("b"), hops={"redirect_times": 1, "retry_times": 1})
    assert urls(claim_all(frontier)) == ["b.html"]


def test_a_redirect_to_a_known_page_ends_the_row(reopen: Open) -> None:
    frontier = reopen(held=[key("home")])
    frontier.add([entry("a")])
    row = frontier.claim()
    assert row is not None

    assert not frontier.again(row.id, entry("home"), hops={})
    assert not frontier.count_waiting()


def test_a_failed_entry_is_asked_again_by_the_next_crawl_but_not_for_ever(reopen: Open) -> None:
    frontier = reopen()
    frontier.add([first(), entry("a")])
    asked = 0
    for _ in range(MOST_TRIES + 2):
        for row in claim_all(frontier):
            asked += row.ask.kind == "entry"
            frontier.end(row.id, ended=Ended(how="failed" if row.ask.kind == "entry" else "done"))
        assert not frontier.count_waiting()
        frontier.finish(ended=True)
        frontier = reopen()

    assert asked == MOST_TRIES


def test_a_refused_entry_is_found_anew_by_the_next_walk(reopen: Open) -> None:
    frontier = reopen()
    frontier.add([entry("a")])
    (row,) = claim_all(frontier)
    frontier.end(row.id, ended=Ended(how="refused"))

    assert reopen().recognise(NEWS, [key("a")]).unknown == {key("a")}


def test_a_complete_walk_leaves_an_edge_that_the_next_one_stops_at(reopen: Open) -> None:
    walk_completely(reopen(), "a", "b")

    assert reopen().recognise(NEWS, [key("a"), key("b")]).at_edge
    assert not reopen().recognise(NEWS, [key("new"), key("a")]).at_edge


def test_known_entries_without_a_complete_walk_are_no_edge(reopen: Open) -> None:
    frontier = reopen()
    frontier.add([first()])
    (row,) = claim_all(frontier)
    frontier.end(row.id, [], ended=Ended(listed=(key("a"),), walk="cut"))
    frontier.finish(ended=True)

    assert not reopen().recognise(NEWS, [key("a")]).at_edge


def test_entries_taken_by_a_walk_that_was_cut_short_do_not_hide_those_behind_them(reopen: Open) -> None:
    walk_completely(reopen(), "old")
    limited = reopen()
    limited.add([first()])
    (row,) = claim_all(limited)
    limited.end(row.id, [entry("newest")], ended=Ended(listed=(key("newest"),), walk="cut"))
    for row in claim_all(limited):
        limited.end(row.id)
    limited.finish(ended=True)
    after = reopen()

    assert not after.recognise(NEWS, [key("newest")]).at_edge
    assert after.recognise(NEWS, [key("old")]).at_edge


@pytest.mark.parametrize("how", ["failed", "refused"])
def test_a_list_page_that_was_not_read_leaves_the_edge_where_it_was(reopen: Open, how: str) -> None:
    frontier = reopen()
    frontier.add([first(), further(1)])
    last, failing = claim_all(frontier)
    frontier.end(last.id, [], ended=Ended(listed=(key("a"),)))
    frontier.end(failing.id, ended=Ended(how=how))  # type: ignore[arg-type]  # one of the literals
    frontier.finish(ended=True)

    assert not reopen().recognise(NEWS, [key("a")]).at_edge


def test_an_entry_shown_by_another_channel_is_known_but_not_yet_listed_here(reopen: Open) -> None:
    walk_completely(reopen(NEWS, LAWS), "a")
    recognised = reopen(NEWS, LAWS).recognise(LAWS, [key("a")])

    assert recognised.unlisted == {key("a")}
    assert not recognised.unknown
    assert not recognised.at_edge


def test_a_list_that_turns_in_a_circle_is_noticed(reopen: Open) -> None:
    frontier = reopen()
    frontier.add([first()])
    (row,) = claim_all(frontier)
    assert not frontier.recognise(NEWS, [key("a")]).looped
    frontier.end(row.id, [further(1)], ended=Ended(listed=(key("a"),)))

    assert frontier.recognise(NEWS, [key("a")]).looped


def test_a_page_that_only_leads_to_the_list_is_neither_its_edge_nor_a_circle(reopen: Open) -> None:
    walk_completely(reopen(), "a")
    frontier = reopen()
    frontier.add([first()])

    assert not frontier.recognise(NEWS, []).at_edge
    assert not frontier.recognise(NEWS, []).looped


def test_captures_are_on_disk_before_a_row_ends(tmp_path: Path, clock: Clock) -> None:
    synced: list[bool] = []
    frontier = SqliteFrontier(tmp_path / "crawl.db", known=lambda _: set(), now=clock)
    frontier.begin("crawl", [NEWS], sync=lambda: synced.append(True))
    frontier.close()

    assert synced


def test_a_notebook_of_another_version_is_begun_anew(tmp_path: Path, reopen: Open) -> None:
    import sqlite3

    reopen().add([entry("a")])
    with sqlite3.connect(tmp_path / "crawl.db") as db:
        db.execute("pragma user_version = 99")
    db.close()

    assert claim_all(reopen()) == []


def test_a_crawl_that_did_not_end_is_named_to_the_next(reopen: Open, tmp_path: Path) -> None:
    reopen()
    interrupted = reopen()
    interrupted.finish(ended=False)

    assert interrupted.unfinished() == "crawl-1"
    reopen().finish(ended=True)
    assert interrupted.unfinished() is None


def test_a_walk_whose_pages_name_each_other_is_complete_when_all_were_read(reopen: Open) -> None:
    frontier = reopen()
    frontier.add([first()])
    pages = {"": [further(1), further(2)], "index_1.html": [first(), further(2)], "index_2.html": [first(), further(1)]}
    while (row := frontier.claim()) is not None:
        frontier.end(row.id, pages[urls([row])[0]], ended=Ended(listed=(key(f"of-{row.ask.page}"),)))
    frontier.finish(ended=True)

    assert reopen().recognise(NEWS, [key("of-1"), key("of-2"), key("of-3")]).at_edge
