"""Coverage: none can be told from not collected, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.index import Index
from archive.records import Channel, Entry, Exchange, Listed, Note, Walked, WalkEnd
from archive.store import open_writer
from tests.captures import an_exchange, article, write_warc

LIST = "http://mzj.qingshan.example/tzgg/"
OTHER = "http://mzj.qingshan.example/gsgg/"


def instant(text: str) -> datetime:
    """An aware instant, Beijing's clock where none is given."""
    return datetime.fromisoformat(text if "+" in text else f"{text}T12:00:00+08:00")


def a_channel(url: str = LIST) -> Channel:
    return Channel(source="qingshan", name="通知公告", url=url, family="trs")


def a_walk(at: str, how: WalkEnd = "end", *, channel: str = LIST, pages: int = 1, total: int | None = None) -> Walked:
    """A walk of an hour."""
    begun = instant(at)
    ended = begun + timedelta(hours=1)
    return Walked(
        source="qingshan", channel=channel, started_at=begun, ended_at=ended, how=how, pages=pages, total=total
    )


def listed(name: str, on: str | None, *, at: str, read: bool = True, channel: str = LIST) -> list[Exchange | Note]:
    """An entry of a list, and the article it leads to where that is read."""
    url = f"http://mzj.qingshan.example/a/{name}.html"
    entry = Entry(url=url, title=f"关于{name}的通知", date_raw=on)
    found: list[Exchange | Note] = [
        Listed(entry=entry, source="qingshan", channel=channel, list_url=channel, listed_at=instant(at))
    ]
    if read:
        found.append(an_exchange(url, article(f"关于{name}的通知", on=on or "2026-01-09"), at=instant(at)))
    return found


def covered(root: Path, *crawls: tuple[str, Sequence[Exchange | Note]]) -> dict[tuple[str, str], dict[str, Any]]:
    """Coverage by channel and month of an archive of these crawls, each on a day; the same taken in backwards."""
    names = []
    for day, records in crawls:
        crawl = f"{instant(day):%Y%m%dT%H%M%SZ}-aaaaaa"
        write_warc(root / "warc", crawl, records, at=instant(day))
        names.append(f"{day[:4]}/{crawl}-00000.warc.gz")
    found = []
    for number, order in enumerate((names, names[::-1])):
        with closing(open_writer(root / f"{number}.db")) as db:
            Index(root, db, run="test").catch_up(order)
            found.append({(row["channel"], row["month"]): row for row in db.table("coverage").rows})

    assert found[0] == found[1]
    return found[0]


def states(found: dict[tuple[str, str], dict[str, Any]], channel: str = LIST) -> dict[str, str]:
    return {month: row["state"] for (url, month), row in found.items() if url == channel}


def test_a_month_is_complete_when_a_whole_walk_ended_after_it_and_all_of_it_is_readable(tmp_path: Path) -> None:
    entries = [*listed("低保", "2026-01-05", at="2026-03-02"), *listed("养老", "2026-03-01", at="2026-03-02")]
    found = covered(tmp_path, ("2026-03-02", [a_channel(), *entries, a_walk("2026-03-02", total=2)]))

    assert states(found) == {"2026-01": "complete", "2026-02": "complete", "2026-03": "complete"}
    assert [found[LIST, month]["listed"] for month in ("2026-01", "2026-02", "2026-03")] == [1, 0, 1]
    assert [found[LIST, month]["stated"] for month in ("2026-01", "2026-02", "2026-03")] == [None, None, 2]


def test_an_entry_that_is_not_captured_or_not_readable_makes_its_month_partial(tmp_path: Path) -> None:
    url = "http://mzj.qingshan.example/a/空.html"
    entry = Entry(url=url, date_raw="2026-02-03")
    bare = an_exchange(
        url, "<html><body><p>栏目首页</p><a href='1'>甲</a><a href='2'>乙</a></body></html>", at=instant("2026-03-02")
    )
    note = Listed(entry=entry, source="qingshan", channel=LIST, list_url=LIST, listed_at=instant("2026-03-02"))
    entries = [*listed("低保", "2026-01-05", at="2026-03-02", read=False), note, bare]
    found = covered(tmp_path, ("2026-03-02", [a_channel(), *entries, a_walk("2026-03-02")]))

    assert states(found) == {"2026-01": "partial", "2026-02": "partial", "2026-03": "complete"}
    assert [(row["listed"], row["captured"], row["readable"]) for row in found.values()][:2] == [(1, 0, 0), (1, 1, 0)]


def test_an_entry_that_is_redirected_to_a_copy_is_readable(tmp_path: Path) -> None:
    at = "2026-03-02"
    old, new = "http://mzj.qingshan.example/a/old.html", "http://mzj.qingshan.example/b/new.html"
    entry = Entry(url=old, date_raw="2026-03-01")
    records: list[Exchange | Note] = [
        Listed(entry=entry, source="qingshan", channel=LIST, list_url=LIST, listed_at=instant(at)),
        an_exchange(old, status=302, location=new, at=instant(at)),
        an_exchange(new, article("关于低保的通知"), at=instant(at)),
    ]
    found = covered(tmp_path, (at, [a_channel(), *records, a_walk(at)]))

    assert {name: found[LIST, "2026-03"][name] for name in ("listed", "captured", "readable", "state")} == {
        "listed": 1,
        "captured": 1,
        "readable": 1,
        "state": "complete",
    }


def test_an_entry_without_a_date_counts_in_the_month_its_page_names(tmp_path: Path) -> None:
    found = covered(
        tmp_path, ("2026-03-02", [a_channel(), *listed("低保", None, at="2026-03-02"), a_walk("2026-03-02")])
    )

    assert found[LIST, "2026-01"]["listed"] == 1


@pytest.mark.parametrize("how", ["cut", "failed"])
def test_a_walk_that_broke_off_makes_no_month_complete(tmp_path: Path, how: WalkEnd) -> None:
    entries = listed("低保", "2026-01-05", at="2026-03-02")
    found = covered(tmp_path, ("2026-03-02", [a_channel(), *entries, a_walk("2026-03-02", how)]))

    assert states(found) == {"2026-01": "partial", "2026-02": "unobserved", "2026-03": "partial"}
    assert found[LIST, "2026-02"]["listed"] is None


def test_a_walk_that_failed_at_once_saw_nothing(tmp_path: Path) -> None:
    found = covered(tmp_path, ("2026-03-02", [a_channel(), a_walk("2026-03-02", "failed", pages=0)]))

    assert states(found) == {"2026-03": "unobserved"}


def test_the_walks_that_come_to_the_edge_of_a_whole_one_know_the_channel_without_a_gap(tmp_path: Path) -> None:
    first = [a_channel(), *listed("低保", "2026-01-05", at="2026-01-20"), a_walk("2026-01-20")]
    found = covered(
        tmp_path,
        ("2026-01-20", first),
        ("2026-03-02", [a_channel(), *listed("养老", "2026-03-01", at="2026-03-02"), a_walk("2026-03-02", "edge")]),
        ("2026-04-02", [a_channel(), a_walk("2026-04-02", "unchanged", pages=0)]),
    )

    assert set(states(found).values()) == {"complete"}
    assert list(states(found)) == ["2026-01", "2026-02", "2026-03", "2026-04"]


def test_an_edge_that_no_whole_walk_left_proves_nothing(tmp_path: Path) -> None:
    entries = listed("低保", "2026-01-05", at="2026-03-02")
    found = covered(tmp_path, ("2026-03-02", [a_channel(), *entries, a_walk("2026-03-02", "edge")]))

    assert "complete" not in states(found).values()


def test_the_month_in_which_the_last_whole_walk_ended_is_not_complete_once_it_is_over(tmp_path: Path) -> None:
    first: list[Note] = [a_channel(), a_channel(OTHER), a_walk("2026-01-20"), a_walk("2026-01-20", channel=OTHER)]
    found = covered(
        tmp_path, ("2026-01-20", first), ("2026-03-02", [a_channel(OTHER), a_walk("2026-03-02", channel=OTHER)])
    )

    assert states(found) == {"2026-01": "partial", "2026-02": "unobserved", "2026-03": "unobserved"}
    assert set(states(found, OTHER).values()) == {"complete"}


def test_a_month_ends_in_beijing(tmp_path: Path) -> None:
    at = "2026-02-28T16:30:00+00:00"  # 1 March, half past midnight
    found = covered(tmp_path, (at, [a_channel(), *listed("低保", "2026-02-28", at=at), a_walk(at)]), ("2026-04-01", []))

    assert states(found) == {"2026-02": "complete", "2026-03": "partial", "2026-04": "unobserved"}


def test_a_channel_that_left_the_catalogue_reads_unobserved_and_never_0(tmp_path: Path) -> None:
    """Both one that was crawled before, and one that a crawl noted and never walked."""
    noted = "http://mzj.qingshan.example/never/"
    first = [a_channel(), a_channel(noted), *listed("低保", "2026-01-05", at="2026-01-20"), a_walk("2026-01-20")]
    later: list[Note] = [a_channel(OTHER), a_walk("2026-04-02", channel=OTHER)]
    found = covered(tmp_path, ("2026-01-20", first), ("2026-04-02", later))
    after = [found[LIST, month] for month in ("2026-02", "2026-03", "2026-04")]
    never = [found[noted, month] for month in ("2026-01", "2026-02", "2026-03", "2026-04")]

    for row in (*after, *never):
        assert [row[name] for name in ("state", "stated", "listed", "captured", "readable")] == [
            "unobserved",
            *([None] * 4),
        ]


def test_a_list_that_came_by_another_scheme_is_one_channel(tmp_path: Path) -> None:
    https = LIST.replace("http:", "https:")
    found = covered(
        tmp_path,
        ("2026-01-20", [a_channel(), *listed("低保", "2026-01-05", at="2026-01-20"), a_walk("2026-01-20")]),
        (
            "2026-03-02",
            [
                a_channel(https),
                *listed("低保", "2026-01-05", at="2026-03-02", channel=https),
                a_walk("2026-03-02", "edge", channel=https),
            ],
        ),
    )

    assert {channel for channel, _ in found} == {https}
    assert [row["listed"] for row in found.values()] == [1, 0, 0]
