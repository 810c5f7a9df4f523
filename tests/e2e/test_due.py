"""Crawls by the clock: what is due, what is paused, what the night lets through."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.dates import BEIJING
from archive.records import Walked
from archive.store import open_reader
from crawler.catalogue import load_catalogue
from crawler.demo import Web
from tests.captures import NOW, an_exchange, article, write_warc
from tests.e2e.commands import minzheng, run
from tests.e2e.operating import operator_folder

_SHORT_NIGHT = """
from datetime import timedelta
from crawler.spiders import caps
caps.closes_at = lambda night, now: now + timedelta(seconds=4)  # a real night ends on the minute: too long for a test
from crawler.cli import main
main()
"""


def lists_of(done_out: str) -> list[str]:
    return sorted({row["source"] for row in json.loads(done_out)["lists"]})


def test_a_second_crawl_of_what_is_due_asks_nothing(web: Web, tmp_path: Path) -> None:
    folder = operator_folder(tmp_path / "archive", keys=("qingshan", "yunling"))
    foreseen = json.loads(minzheng(folder, "crawl", "--due", "--dry-run", "--json").out)
    first = minzheng(folder, "crawl", "--due")
    asked = len(web.log)
    second = minzheng(folder, "crawl", "--due")

    assert first.code in (0, 3), first.err
    assert {"lists": len(foreseen["lists"]), "rechecks": 0, "wanted": 0} == foreseen["counts"]
    assert (0, asked) == (second.code, len(web.log)), second.err
    assert "Nothing is due" in second.err


def test_a_recheck_is_foreseen_and_asked(web: Web, tmp_path: Path) -> None:
    folder = operator_folder(tmp_path / "archive", keys=("yunling",))
    minzheng(folder, "crawl", "yunling")
    (old, *_) = [one.url for one in web.log if "/gzdt/2" in one.url and one.status == 200]
    fresh = json.loads(minzheng(folder, "crawl", "yunling", "--recheck", "1", "--dry-run", "--json").out)
    bureau = load_catalogue(folder / "sources")["yunling"].source
    captures_of_march = [bureau, an_exchange(old, article("救助政策宣讲走进社区", paragraphs=["正文。" * 40]))]
    folder = operator_folder(tmp_path / "older", keys=("yunling",))
    write_warc(folder / "warc", "20260302T010000Z-aaaaaa", captures_of_march)
    minzheng(folder, "index")
    foreseen = json.loads(minzheng(folder, "crawl", "yunling", "--recheck", "30", "--dry-run", "--json").out)
    before = len(web.log)
    done = minzheng(folder, "crawl", "yunling", "--recheck", "30")

    assert ([], [old]) == (fresh["rechecks"], foreseen["rechecks"])
    assert 1 == sum(one.url == old for one in web.log[before:]), done.err


def test_a_crawl_out_of_time_has_asked_the_list_that_waited_longest(web: Web, tmp_path: Path) -> None:
    folder = operator_folder(tmp_path / "archive", keys=("yunling",))
    planned = json.loads(minzheng(folder, "crawl", "--due", "--dry-run", "--json").out)
    first, second = (row["url"] for row in planned["lists"])
    walks = [
        Walked(source="yunling", channel=url, started_at=at, ended_at=at, how="end")
        for url, at in ((first, NOW), (second, NOW - timedelta(days=9)))
    ]
    write_warc(folder / "warc", "20260302T010000Z-aaaaaa", walks)
    minzheng(folder, "index")
    web.sites.pause = 2.0
    done = minzheng(folder, "crawl", "--due", "--max-time", "3")

    assert "ended for its --max-time" in done.out
    assert [second] == [one.url for one in web.log if one.url in (first, second)]


def test_a_group_is_the_file_of_its_entries(web: Web, tmp_path: Path) -> None:
    folder = operator_folder(tmp_path / "archive")
    (folder / "sources" / "qinghai.toml").write_text(
        '[[source]]\nkey = "other"\nagency = "某县民政局"\nhome = "http://mz.other.example/"\ndelay = 0\n'
        'channel = [{ name = "通知", url = "http://mz.other.example/tz/" }]\n',
        encoding="utf-8",
    )
    foreseen = minzheng(folder, "crawl", "--group", "qinghai", "--dry-run", "--json")

    assert ["other"] == lists_of(foreseen.out)


def test_a_paused_source_is_passed_by_once_told_and_crawled_when_named(web: Web, tmp_path: Path) -> None:
    folder = operator_folder(tmp_path / "archive")
    minzheng(folder, "crawl", "yunling", "--limit", "1")
    paused = minzheng(folder, "sources", "pause", "yunling", "--why", "they are moving")
    every = minzheng(folder, "crawl", "--all", "--dry-run", "--json")
    named = minzheng(folder, "crawl", "yunling", "--dry-run", "--json")

    assert 0 == paused.code, paused.err
    assert "yunling" not in lists_of(every.out)
    assert 1 == every.err.count("yunling is paused (they are moving): not asked")
    assert ["yunling"] == lists_of(named.out)
    assert "because it was named" in named.err


def test_by_day_nothing_is_asked_and_the_opening_is_told(web: Web, tmp_path: Path) -> None:
    now = datetime.now(UTC).astimezone(BEIJING)
    night = f"{now + timedelta(hours=2):%H:%M}-{now + timedelta(hours=3):%H:%M}"
    folder = operator_folder(tmp_path / "archive", config=f'night = "{night}"\n')
    done = minzheng(folder, "crawl", "--all")

    assert (0, []) == (done.code, web.log), done.err
    assert f"opens at {now + timedelta(hours=2):%Y-%m-%d %H:%M} (China)" in done.err


def test_a_crawl_ends_when_the_night_does_and_the_next_goes_on(web: Web, tmp_path: Path) -> None:
    now = datetime.now(UTC).astimezone(BEIJING)
    night = f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=1):%H:%M}"
    folder = operator_folder(tmp_path / "archive", config=f'night = "{night}"\n')
    web.sites.pause = 1.0
    done = run([sys.executable, "-c", _SHORT_NIGHT, "--archive", folder, "crawl", "qingshan"])
    left = list(folder.rglob("*.open"))
    web.sites.pause = 0.0
    (folder / "minzheng.toml").write_text('contact = "a@example.org"\nshipped = false\nmin_free = 1\n')
    after = minzheng(folder, "crawl", "qingshan")

    assert (0, []) == (done.code, left), done.err
    assert "night_over" in done.out
    assert "the night of minzheng.toml is over" in done.err
    assert after.code in (0, 3), after.err


def test_without_the_shipped_catalogue_no_command_knows_it(web: Web, tmp_path: Path) -> None:
    folder = operator_folder(tmp_path / "archive")
    keys = {source["key"] for source in json.loads(minzheng(folder, "sources", "list", "--json").out)}

    assert {"qingshan", "yunling"} <= keys
    assert "chongqing" not in keys
    assert 2 == minzheng(folder, "crawl", "chongqing", "--dry-run").code


def test_captures_made_elsewhere_are_told_by_the_catalogue(tmp_path: Path) -> None:
    folder = operator_folder(tmp_path / "archive")
    page = an_exchange("http://mzj.qingshan.example/zwgk/tzgg/t1.html", article("通知", paragraphs=["正文。" * 40]))
    write_warc(tmp_path / "elsewhere", "20260302T010000Z-aaaaaa", [page])
    done = minzheng(folder, "ingest", tmp_path / "elsewhere")
    db = open_reader(folder / "notices.db")
    told = [row["source"] for row in db.query("select source from copies")]
    db.close()

    assert 0 == done.code, done.err
    assert ["qingshan"] == told
