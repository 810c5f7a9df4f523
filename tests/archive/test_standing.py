"""What asks for a person's look, over months as an operator would live them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner

from archive.cli import main
from archive.index import Index
from archive.labels import ISSUES
from archive.records import Crawl, Entry, Exchange, Issue, Listed, Note, Walked, WalkEnd
from archive.standing import Standing, standing
from archive.store import open_writer
from archive.warc import WarcWriter
from tests.archive.test_coverage import LIST, OTHER, a_channel, a_walk, instant, listed
from tests.captures import PORTAL, an_exchange, write_warc

SECURE = LIST.replace("http:", "https:")
BARE = "<html><body><p>栏目首页</p><a href='1'>甲</a><a href='2'>乙</a></body></html>"


def stood(root: Path, *crawls: tuple[str, Sequence[Exchange | Note]], at: str) -> Standing:
    """How everything stands on a day after these crawls, each on a day (or at an instant)."""
    for day, records in crawls:
        write_warc(root / "warc", f"{instant(day):%Y%m%dT%H%M%SZ}-aaaaaa", records, at=instant(day))
    return indexed(root, at=at)


def indexed(root: Path, *, at: str) -> Standing:
    with closing(open_writer(root / "notices.db")) as db:
        Index(root, db, run="test").catch_up()
        return standing(db, instant(at), [])


def walk(day: str, how: WalkEnd = "end", *, channel: str = LIST, entries: int = 40, total: int | None = None) -> Walked:
    return replace(a_walk(day, how, channel=channel, total=total), entries=entries)


def failed(day: str, channel: str = LIST) -> list[Note]:
    at = instant(day) + timedelta(minutes=30)
    issue = Issue(
        kind="list_failed", subject=channel, detail="timeout", raised_at=at, source="qingshan", channel=channel
    )
    return [a_channel(channel), issue, walk(day, "failed", channel=channel, entries=0)]


def unread(count: int, day: str) -> list[Exchange | Note]:
    """Entries whose pages read as no article."""
    found: list[Exchange | Note] = []
    for number in range(count):
        url = f"http://mzj.qingshan.example/b/{number}.html"
        entry = Entry(url=url, title=f"关于第{number}件事的通知", date_raw=day)
        found.append(Listed(entry=entry, source="qingshan", channel=LIST, list_url=LIST, listed_at=instant(day)))
        found.append(an_exchange(url, BARE, at=instant(day)))
    return found


def state_of(found: Standing, key: str = "qingshan") -> str:
    return next(one.state for one in found.sources if one.key == key)


def open_kinds(found: Standing) -> list[str]:
    return sorted(one.kind for one in found.issues if one.state == "open")


def test_a_doubt_about_one_page_is_listed_and_asks_for_no_look(tmp_path: Path) -> None:
    day = "2026-01-02"
    found = stood(tmp_path, (day, [a_channel(), *listed("低保", day, at=day), *unread(1, day), walk(day)]), at=day)

    assert (open_kinds(found), found.needs_look) == (["no_article"], False)


def test_a_new_source_none_of_whose_pages_can_be_read_is_broken(tmp_path: Path) -> None:
    day = "2026-01-02"
    found = stood(tmp_path, (day, [a_channel(), *unread(6, day), walk(day)]), at=day)

    assert (state_of(found), found.needs_look) == ("broken", True)


def test_a_list_whose_address_changed_its_scheme_is_one_list_to_health_too(tmp_path: Path) -> None:
    first = [a_channel(), *listed("低保", "2026-01-01", at="2026-01-01"), walk("2026-01-01", total=1)]
    second = [a_channel(SECURE), walk("2026-02-01", channel=SECURE, entries=9)]
    found = stood(tmp_path, ("2026-01-01", first), ("2026-02-01", second), at="2026-02-02")
    (source,) = found.sources

    assert (source.state, source.stored, source.stated) == ("shrunk", 1, 1)


def test_an_issue_of_a_list_closes_when_the_list_is_walked_under_another_scheme(tmp_path: Path) -> None:
    second = [a_channel(SECURE), walk("2026-01-02", channel=SECURE)]
    found = stood(tmp_path, ("2026-01-01", failed("2026-01-01")), ("2026-01-02", second), at="2026-01-02")

    assert [(one.kind, one.state) for one in found.issues] == [("list_failed", "closed")]


def test_an_issue_of_a_list_that_left_the_catalogue_closes_with_the_next_crawl_of_its_source(tmp_path: Path) -> None:
    first = [a_channel(OTHER), walk("2026-01-01", channel=OTHER), *failed("2026-01-01")]
    days = ("2026-01-02", "2026-01-03")
    later = [(day, [a_channel(OTHER), walk(day, channel=OTHER)]) for day in days]
    found = stood(tmp_path, ("2026-01-01", first), *later, at="2026-01-03")

    assert [(one.kind, one.state, (one.closed_at or "")[:10]) for one in found.issues] == [
        ("list_failed", "closed", "2026-01-02")
    ]
    assert not found.needs_look


def test_a_list_that_is_noted_each_day_and_never_walked_becomes_stale(tmp_path: Path) -> None:
    days = [f"2026-01-{day:02}" for day in range(1, 6)]
    crawls = [(day, [a_channel(), a_channel(OTHER), walk(day)]) for day in days]

    assert state_of(stood(tmp_path, *crawls, at=days[-1])) == "stale"


def test_a_list_of_every_hour_whose_walks_are_always_cut_becomes_stale(tmp_path: Path) -> None:
    hours = [f"2026-01-{1 + hour // 24:02}T{hour % 24:02}:00:00+08:00" for hour in range(0, 96, 2)]
    crawls = [(at, [replace(a_channel(), every=3600), walk(at, "cut")]) for at in hours]

    assert state_of(stood(tmp_path, *crawls, at="2026-01-05")) == "stale"


def test_entries_without_a_day_count_as_stored(tmp_path: Path) -> None:
    day = "2026-01-02"
    entries = [*listed("低保", day, at=day), *listed("养老", "2062-01-01", at=day), *listed("慈善", None, at=day)]
    found = stood(tmp_path, (day, [a_channel(), *entries, walk(day, total=3)]), at=day)

    assert (found.sources[0].stored, found.sources[0].stated) == (3, 3)


def test_a_source_does_not_leave_the_catalogue_when_another_place_crawls_without_it(tmp_path: Path) -> None:
    at = instant("2026-01-02")
    write_warc(tmp_path / "warc", "20260101T040000Z-aaaaaa", failed("2026-01-01"), at=instant("2026-01-01"))
    elsewhere = Crawl(id="20260102T040000Z-bbbbbb", kind="crawl", started_at=at, vantage="elsewhere", agent="test")
    writer = WarcWriter(tmp_path / "warc", elsewhere, earlier=lambda _key, _digest: None)
    for note in (elsewhere, PORTAL):
        writer.note(note, at=at)
    writer.close()
    found = indexed(tmp_path, at="2026-01-02")

    assert state_of(found) == "broken"


def test_days_are_told_as_the_clocks_of_china_have_them(tmp_path: Path) -> None:
    early = "2026-01-02T03:17:00+08:00"
    stood(tmp_path, (early, [*failed(early, OTHER), a_channel(), walk(early)]), at=early)
    run = CliRunner()
    words = ["--archive", str(tmp_path)]
    (listed_line,) = [
        line for line in run.invoke(main, [*words, "issues"]).stdout.splitlines() if " list_failed " in line
    ]
    document = run.invoke(main, [*words, "issues", "--json"]).stdout

    assert listed_line.split()[1] == "2026-01-02"
    assert '"last_raised_at": "2026-01-01T' in document


def test_a_good_crawl_before_eight_in_the_morning_is_of_that_day(tmp_path: Path) -> None:
    early = "2026-01-02T03:17:00+08:00"
    found = stood(tmp_path, (early, [a_channel(), walk(early)]), at=early)

    assert str(found.sources[0].last_good_on) == "2026-01-02"
    assert "2026-01-02" in CliRunner().invoke(main, ["--archive", str(tmp_path), "status", "--at", "2026-01-02"]).stdout


def test_every_kind_of_issue_that_a_crawl_raises_has_words() -> None:
    spiders = Path(__file__).parents[2] / "crawler" / "spiders"
    code = "".join(file.read_text("utf-8") for file in spiders.glob("*.py"))
    kinds = set(re.findall(r'\.put\(\s*"([a-z_]+)"', code))

    assert "blocked" in kinds
    assert kinds <= set(ISSUES)
