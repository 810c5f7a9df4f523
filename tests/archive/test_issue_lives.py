"""An issue closes when its cause is gone and opens again when it comes back, in whatever order the records arrive."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive.cli import main
from archive.decisions import append_decision, holding, read_decisions
from archive.index import Index
from archive.records import Decision, Exchange, Issue, Note, Walked
from archive.store import open_writer
from tests.archive.test_coverage import LIST, OTHER, a_channel, a_walk, instant
from tests.captures import an_exchange, article, write_warc

HOST = "mzj.qingshan.example"
PAGE = f"http://{HOST}/a/1.html"


def lived(root: Path, *crawls: tuple[str, Sequence[Exchange | Note]]) -> list[dict[str, Any]]:
    """The issues of an archive of these crawls, each on a day; the same taken in backwards and bit by bit."""
    names, dumps = [], []
    root.mkdir(exist_ok=True)
    with closing(open_writer(root / "grown.db")) as db:
        for day, records in crawls:
            crawl = f"{instant(day):%Y%m%dT%H%M%SZ}-aaaaaa"
            write_warc(root / "warc", crawl, records, at=instant(day))
            names.append(f"{day[:4]}/{crawl}-00000.warc.gz")
            Index(root, db, run="test").catch_up()
        dumps.append(list(db.table("issues").rows))
    with closing(open_writer(root / "new.db")) as db:
        Index(root, db, run="test").catch_up(names[::-1])
        dumps.append(list(db.table("issues").rows))

    assert dumps[0] == dumps[1]
    return dumps[0]


def raised(kind: str, subject: str, day: str, *, channel: str | None = None) -> Issue:
    """An issue of half an hour after the day's crawl began."""
    at = instant(day) + timedelta(minutes=30)
    return Issue(kind=kind, subject=subject, detail=f"seen {day}", raised_at=at, source="qingshan", channel=channel)


def told(issues: list[dict[str, Any]]) -> list[tuple[str, str, str, str | None]]:
    """State, and the days on which it was raised first and last and was closed."""
    return [
        (one["state"], one["raised_at"][:10], one["last_raised_at"][:10], (one["closed_at"] or "")[:10] or None)
        for one in issues
    ]


def page(day: str, body: str | None = None) -> Exchange:
    return an_exchange(PAGE, body or article("关于低保的通知"), at=instant(day))


def failed(day: str) -> list[Note]:
    return [a_channel(), raised("list_failed", LIST, day, channel=LIST), a_walk(day, "failed")]


def walked(day: str) -> list[Note]:
    return [a_channel(), a_walk(day)]


def test_an_issue_of_a_list_closes_with_the_next_whole_walk_of_that_list(tmp_path: Path) -> None:
    other: list[Note] = [a_channel(OTHER), a_walk("2026-01-03", channel=OTHER), a_walk("2026-01-03", "cut")]
    found = lived(
        tmp_path,
        ("2026-01-01", failed("2026-01-01")),
        ("2026-01-02", failed("2026-01-02")),
        ("2026-01-03", other),
        ("2026-01-04", walked("2026-01-04")),
    )

    assert told(found) == [("closed", "2026-01-01", "2026-01-02", "2026-01-04")]


def test_an_issue_opens_again_with_a_spell_of_its_own(tmp_path: Path) -> None:
    found = lived(
        tmp_path,
        ("2026-01-01", failed("2026-01-01")),
        ("2026-01-02", walked("2026-01-02")),
        ("2026-01-03", failed("2026-01-03")),
    )

    assert told(found) == [("open", "2026-01-03", "2026-01-03", None)]
    assert found[0]["detail"] == "seen 2026-01-03"


def test_a_whole_walk_that_raised_the_issue_itself_does_not_close_it(tmp_path: Path) -> None:
    notes = [a_channel(), raised("list_endless", LIST, "2026-01-01", channel=LIST), a_walk("2026-01-01")]

    assert told(lived(tmp_path, ("2026-01-01", notes))) == [("open", "2026-01-01", "2026-01-01", None)]


def test_a_block_closes_when_the_host_answers_in_a_later_crawl(tmp_path: Path) -> None:
    block = [page("2026-01-01"), raised("blocked", HOST, "2026-01-01")]
    late = replace(page("2026-01-01"), fetched_at=instant("2026-01-01") + timedelta(hours=2))
    found = lived(tmp_path, ("2026-01-01", [*block, late]))
    assert told(found) == [("open", "2026-01-01", "2026-01-01", None)]

    found = lived(tmp_path / "later", ("2026-01-01", [*block, late]), ("2026-01-05", [page("2026-01-05")]))

    assert told(found) == [("closed", "2026-01-01", "2026-01-01", "2026-01-05")]


def test_an_error_of_the_crawler_closes_when_the_page_comes_again(tmp_path: Path) -> None:
    crash = [page("2026-01-01"), raised("crawler_error", PAGE, "2026-01-01")]
    found = lived(tmp_path, ("2026-01-01", crash), ("2026-01-02", [page("2026-01-02")]))

    assert told(found)[0][0] == "closed"


def test_a_page_that_could_not_be_read_closes_when_it_is_read_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive import extract

    read = extract.read

    def fails_on_old(*given: Any, **named: Any) -> Any:
        if "旧版" in given[0].html:
            raise ValueError("a bug")
        return read(*given, **named)

    monkeypatch.setattr(extract, "read", fails_on_old)
    old, new = article("旧版关于低保的通知"), article("关于低保的通知")
    found = lived(tmp_path, ("2026-01-01", [page("2026-01-01", old)]), ("2026-01-02", [page("2026-01-02", new)]))

    assert told(found) == [("closed", "2026-01-01", "2026-01-01", "2026-01-02")]


def test_a_page_that_is_read_after_all_is_no_issue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was raised while less was known is withdrawn when the page is read anew."""
    from archive import extract

    read, calls = extract.read, []

    def fails_once(*given: Any, **named: Any) -> Any:
        calls.append(given)
        if len(calls) == 1:
            raise ValueError("a bug")
        return read(*given, **named)

    monkeypatch.setattr(extract, "read", fails_once)
    write_warc(tmp_path / "warc", "20260101T000000Z-aaaaaa", [page("2026-01-01")])
    with closing(open_writer(tmp_path / "notices.db")) as db:
        index = Index(tmp_path, db, run="test")
        index.catch_up()
        assert [row["kind"] for row in db.table("issues").rows] == ["unreadable"]
        write_warc(tmp_path / "warc", "20260102T000000Z-aaaaaa", [page("2026-01-02")])
        index.catch_up()

        assert list(db.table("issues").rows) == []


def test_damage_and_strays_have_honest_dates(tmp_path: Path) -> None:
    write_warc(tmp_path / "warc", "20260101T000000Z-aaaaaa", [page("2026-01-01")])
    file = tmp_path / "warc" / "2026" / "20260101T000000Z-aaaaaa-00000.warc.gz"
    file.write_bytes(file.read_bytes()[:-40])
    stray = tmp_path / "warc" / "2026" / "other.warc.gz"
    stray.write_bytes(b"")
    with closing(open_writer(tmp_path / "notices.db")) as db:
        Index(tmp_path, db, run="test").catch_up()
        found = {row["kind"]: row["raised_at"] for row in db.table("issues").rows}

    assert found["damaged_warc"] == "2026-01-01T00:00:00.000Z"
    assert found["stray_file"][:10] == datetime.fromtimestamp(stray.stat().st_mtime, UTC).date().isoformat()


def test_an_acknowledgement_outlives_judging_anew_and_can_be_taken_back(tmp_path: Path) -> None:
    write_warc(tmp_path / "warc", "20260101T000000Z-aaaaaa", failed("2026-01-01"))
    said = Decision(
        at=instant("2026-01-02"), who="wang", what="ack", urls=(LIST,), about="list_failed",
        until=instant("2026-02-01").date(), why="written to",
    )  # fmt: skip
    append_decision(tmp_path / "decisions.jsonl", said)
    with closing(open_writer(tmp_path / "notices.db")) as db:
        for _ in range(2):
            Index(tmp_path, db, run="test").catch_up()
            [row] = db.table("issues").rows
            assert (row["until"], row["why"]) == ("2026-02-01", "written to")
        append_decision(tmp_path / "decisions.jsonl", replace(said, retired_at=instant("2026-01-03")))
        Index(tmp_path, db, run="test").catch_up()
        [row] = db.table("issues").rows

    assert (row["until"], row["why"]) == (None, None)
    assert holding(read_decisions(tmp_path / "decisions.jsonl"), "ack", instant("2026-01-04").date()) == []


def test_of_two_notes_about_one_walk_the_same_holds_in_any_order(tmp_path: Path) -> None:
    one: Walked = a_walk("2026-01-01")
    other = replace(one, entries=7)
    found = []
    for number, notes in enumerate(([one, other], [other, one])):
        write_warc(tmp_path / str(number) / "warc", "20260101T000000Z-aaaaaa", [a_channel(), *notes])
        with closing(open_writer(tmp_path / f"{number}.db")) as db:
            Index(tmp_path / str(number), db, run="test").catch_up()
            found.append(list(db.table("walks").rows))

    assert found[0] == found[1]


def test_a_block_of_a_source_is_not_over_because_its_list_on_another_host_was_walked(tmp_path: Path) -> None:
    block = raised("blocked", HOST, "2026-01-01", channel=LIST)
    away = raised("blocked", "elsewhere.example", "2026-01-01", channel=LIST)
    found = lived(tmp_path, ("2026-01-01", [block, away, *walked("2026-01-01")]), ("2026-01-02", walked("2026-01-02")))

    assert {one["subject"]: one["state"] for one in found} == {HOST: "open", "elsewhere.example": "closed"}


def test_nothing_is_put_off_until_a_day_that_is_past(tmp_path: Path) -> None:
    words = ["--archive", str(tmp_path), "issues", "ack", "abcdefgh", "--why", "known", "--until", "2026-01-01"]
    past = CliRunner().invoke(main, [*words, "--at", "2026-01-02"])
    today = CliRunner().invoke(main, [*words, "--at", "2026-01-01"])

    assert (2, True, False) == (past.exit_code, "is past" in past.output, "is past" in today.output)


def test_a_host_that_fell_silent_is_back_when_it_answers_even_that_nothing_is_new(tmp_path: Path) -> None:
    silent = raised("host_silent", HOST, "2026-01-01")
    answer = an_exchange(PAGE, "", at=instant("2026-01-02"), status=304)
    found = lived(tmp_path, ("2026-01-01", [silent]), ("2026-01-02", [answer]))

    assert [one["state"] for one in found] == ["closed"]


def test_a_source_that_was_too_large_is_not_when_a_crawl_of_it_ends_without_saying_so(tmp_path: Path) -> None:
    large = raised("source_too_large", "qingshan", "2026-01-01")
    found = lived(tmp_path, ("2026-01-01", [large]), ("2026-01-02", walked("2026-01-02")))

    assert [one["state"] for one in found] == ["closed"]


def two_days(on: str) -> str:
    """An article whose tag says that it was published on the 1st."""
    tag = '<meta name="PubDate" content="2026-01-01 09:00">'
    return article("关于低保的通知", on=on).replace("<head>", f"<head>{tag}")


def test_a_page_that_says_its_day_in_two_ways_is_an_issue_until_it_says_one(tmp_path: Path) -> None:
    twice = [page("2026-01-03", two_days("2026-01-02")), page("2026-01-04", two_days("2026-01-02"))]
    found = lived(tmp_path / "twice", ("2026-01-03", twice[:1]), ("2026-01-04", twice[1:]))
    mended = lived(
        tmp_path / "mended", ("2026-01-03", twice[:1]), ("2026-01-05", [page("2026-01-05", two_days("2026-01-01"))])
    )

    assert [("field_conflict", PAGE)] == [(one["kind"], one["subject"]) for one in found]
    assert [("open", "2026-01-03", "2026-01-03", None)] == told(found)
    assert "meta:PubDate says 2026-01-01" in found[0]["detail"]
    assert [] == mended
