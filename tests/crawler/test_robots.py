"""robots.txt: its rules hold for everyone who waits for it, and where it cannot be read nothing is asked."""

from __future__ import annotations

import gzip
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from crawler.demo import Web
from tests.crawler.crawling import crawl, rows
from tests.crawler.small_crawl import crawl as crawl_small

QINGSHAN = "http://mzj.qingshan.example"
LIST = f"{QINGSHAN}/zwgk/tzgg/"
ROBOTS = f"{QINGSHAN}/robots.txt"
ARTICLE = f"{QINGSHAN}/zwgk/tzgg/202111/t20211118_312353.html"
NO_ENTRY = "User-agent: *\nDisallow: /zwgk/\n"


def asked(web: Web) -> Counter[str]:
    return Counter(one.url for one in web.log if one.method == "GET")


def test_every_request_that_waits_for_the_rules_gets_them(web: Web, tmp_path: Path) -> None:
    web.sites.put(ROBOTS, NO_ENTRY)
    urls = [f"{QINGSHAN}/zwgk/{number}" for number in range(12)]
    web.sites.pause = 0.1
    told = crawl_small(
        tmp_path,
        urls,
        names={},
        proxy=web.proxy,
        settings={"ROBOTS": True, "CONCURRENT_REQUESTS_PER_DOMAIN": 12},
    )

    assert {ROBOTS: 1} == asked(web)
    assert (["Forbidden"] * 12, 12) == (told.errors, told.tally.refused)


def test_the_other_scheme_has_rules_of_its_own_and_both_are_obeyed(web: Web, tmp_path: Path) -> None:
    """https does not answer here, so its twin is asked: by the rules of http."""
    web.sites.put(ROBOTS, NO_ENTRY)
    crawled = crawl(tmp_path / "archive", articles=[ARTICLE.replace("http:", "https:")], only=[])

    assert {ROBOTS: 1} == asked(web)
    assert crawled.told is not None
    assert 1 == crawled.told["tally"]["refused"]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"\xef\xbb\xbf" + NO_ENTRY.encode(), {}),
        (gzip.compress(NO_ENTRY.encode(), mtime=0), {"Content-Encoding": "gzip"}),
        ("User-agent: MinzhengArchive\nDisallow:/zwgk/ #目录\n".encode("gbk"), {}),
        (b"User-agent:*\r\nDisallow:/back_up_20170401/  #an old dump\r\nDisallow:/zwgk/  # lists\r\n", {}),
    ],
)
def test_rules_are_read_in_any_coding(web: Web, tmp_path: Path, body: bytes, headers: dict[str, str]) -> None:
    web.sites.put(ROBOTS, body, headers={"Content-Type": "text/plain", **headers})
    crawl(tmp_path / "archive", articles=[ARTICLE], only=[])

    assert {ROBOTS: 1} == asked(web)


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_whose_rules_cannot_be_read_waits_for_the_next_crawl(web: Web, tmp_path: Path, status: int) -> None:
    folder = tmp_path / "archive"
    web.sites.put(ROBOTS, "later", status=status)
    waiting = crawl(folder, only=["qingshan"])
    asked_while_waiting = asked(web)
    web.sites.put(ROBOTS, "gone", status=404)
    crawl(folder, only=["qingshan"], limit=1)

    assert {ROBOTS} == set(asked_while_waiting)
    assert 3 <= waiting.code <= 4, waiting.err
    assert ("list_failed", LIST) in rows(folder, "select kind, subject from issues")
    assert 1 == asked(web)[LIST]


def test_a_page_where_rules_should_be_is_no_rule(web: Web, tmp_path: Path) -> None:
    web.sites.put(ROBOTS, f"<html><body>User-agent: *\nDisallow: /\n{'x' * 100}</body></html>")
    crawl(tmp_path / "archive", articles=[ARTICLE], only=[])

    assert 1 == asked(web)[ARTICLE]


@pytest.mark.parametrize(
    ("status", "page"),
    [
        (412, "<html><head><script>$_ts=window</script></head><body></body></html>"),
        (403, "<html><body>当前访问疑似黑客攻击，已被创宇盾拦截</body></html>"),
        (200, "<html><body>当前访问疑似黑客攻击，已被创宇盾拦截</body></html>"),
    ],
)
def test_a_shield_at_the_rules_is_a_stop_sign(web: Web, tmp_path: Path, status: int, page: str) -> None:
    web.sites.put(ROBOTS, page, status=status)
    crawled = crawl(tmp_path / "archive", only=["qingshan"])

    assert {ROBOTS: 1} == asked(web), crawled.err
    assert [("blocked", "mzj.qingshan.example")] == rows(tmp_path / "archive", "select kind, subject from issues")


def test_a_bare_refusal_of_the_rules_means_that_there_are_none(web: Web, tmp_path: Path) -> None:
    web.sites.put(ROBOTS, "<h1>403 Forbidden</h1>", status=403)
    crawl(tmp_path / "archive", articles=[ARTICLE], only=[])

    assert 1 == asked(web)[ARTICLE]


def test_rules_that_do_not_come_are_waited_for_once(web: Web, tmp_path: Path) -> None:
    web.sites.pause = 3.0
    settings = {"ROBOTS": True, "RETRY_TIMES": 1, "DOWNLOAD_TIMEOUT": 1, "DOWNLOAD_MAXSIZE": 100_000}
    told = crawl_small(tmp_path, [f"{QINGSHAN}/1", f"{QINGSHAN}/2"], names={}, proxy=web.proxy, settings=settings)

    assert ["RulesUnknown"] * 2 == told.errors
    assert (3, 3) == (told.tally.asked, told.tally.failed)  # robots.txt once, and both pages that wait for it


def test_an_entry_behind_unknown_rules_is_asked_by_a_later_crawl(web: Web, tmp_path: Path) -> None:
    """The list is on a host that answers, its entry on one whose rules cannot be read for now."""
    other = "http://fujian.qingshan.example"
    entry = f"{other}/t20211201_1.html"
    link = f'<ul class="tab-item"><li><a href="{entry}">关于印发一个办法的通知</a><span>2021-12-01</span></li></ul>'
    web.sites.put(LIST, f"<html><body>{link}</body></html>")
    web.sites.put(f"{other}/robots.txt", "later", status=500)
    crawl(tmp_path / "archive", only=["qingshan"])

    with sqlite3.connect(tmp_path / "archive" / "crawl.db") as db:
        assert [("failed", 1)] == db.execute("select state, tries from asks").fetchall()
    db.close()
    assert 0 == asked(web)[entry]
