"""Spiders over the miniature web: what they ask, where they stop, what they leave alone."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.demo import Web
from crawler.spiders.answers import MOST_BYTES
from tests.crawler.crawling import ROOT, Crawled, crawl, finish, rows, start

QINGSHAN = "http://mzj.qingshan.example"
LIST = f"{QINGSHAN}/zwgk/tzgg/"
ARTICLE = f"{QINGSHAN}/zwgk/tzgg/202111/t20211118_312353.html"


def asked(web: Web, since: int = 0) -> Counter[str]:
    """What the proxy was asked, robots.txt aside."""
    return Counter(one.url for one in web.log[since:] if not one.url.endswith("/robots.txt") and one.method == "GET")


def told(crawled: Crawled) -> dict[str, int]:
    """The tally of a crawl that ended in order."""
    assert crawled.told is not None, crawled.err
    assert crawled.told["problem"] is None, crawled.err
    tally: dict[str, int] = crawled.told["tally"]
    return tally


def articles(web: Web, since: int = 0) -> set[str]:
    return {url for url in asked(web, since) if urlsplit(url).path.endswith(".html") and "index" not in url}


def test_every_request_ends_as_a_record(web: Web, tmp_path: Path) -> None:
    tally = told(crawl(tmp_path / "archive"))

    assert tally["asked"] == tally["stored"] + tally["failed"] + tally["refused"]
    assert tally["refused"] == 2  # robots.txt, and a link to a special address


def test_a_second_crawl_asks_the_first_list_page_and_nothing_that_is_known(web: Web, tmp_path: Path) -> None:
    crawl(tmp_path / "archive", only=["qingshan"])
    before = len(web.log)
    crawl(tmp_path / "archive", only=["qingshan"])

    assert asked(web, before) == {LIST: 1}


def test_a_new_entry_is_found_by_the_second_crawl(web: Web, tmp_path: Path) -> None:
    crawl(tmp_path / "archive", only=["qingshan"])
    before = len(web.log)
    new = f"{QINGSHAN}/zwgk/tzgg/202112/t20211201_312400.html"
    web.sites.put(new, web.sites.answer(ARTICLE).body)
    entry = '<li><a href="./202112/t20211201_312400.html">关于一个新通知的通知</a><span>2021-12-01</span></li>'
    web.sites.edit(LIST, '<ul class="tab-item">', f'<ul class="tab-item">{entry}')
    crawl(tmp_path / "archive", only=["qingshan"])

    assert asked(web, before)[new] == 1
    assert articles(web, before) == {new}


def test_a_limited_crawl_hides_nothing_from_the_next(web: Web, tmp_path: Path) -> None:
    limited = crawl(tmp_path / "archive", only=["qingshan"], limit=3)
    first = articles(web)
    crawl(tmp_path / "archive", only=["qingshan"])

    assert limited.told is not None
    assert limited.told["new_entries"] == len(first) == 3
    assert len(articles(web)) == len(rows(tmp_path / "archive", "select 1 from notices")) > 15
    assert {asked(web)[url] for url in articles(web)} == {1}


def test_a_crawl_since_a_day_asks_no_older_entry(web: Web, tmp_path: Path) -> None:
    crawl(tmp_path / "archive", only=["qingshan"], since="2021-11-01")

    assert {url.split("/t20")[1][:4] for url in articles(web)} == {"2111"}


def test_a_bounded_crawl_that_was_killed_hides_nothing_from_the_next(web: Web, tmp_path: Path) -> None:
    """The walk of the killed one passed over the newest entries, and its first page was done with."""
    folder = tmp_path / "archive"
    second = f"{LIST}index_1.html"
    process = start(folder, only=["qingshan"], until="2021-06-30")
    while second not in asked(web) and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    finish(process)
    crawl(folder, only=["qingshan"])

    assert rows(folder, "select count(*) from entries") == rows(
        folder, "select count(*) from notices where source = 'qingshan'"
    )
    assert ARTICLE in articles(web)


def test_a_host_that_blocks_is_left_alone_and_taken_up_by_a_later_crawl(web: Web, tmp_path: Path) -> None:
    page = web.sites.answer(ARTICLE).body
    web.sites.put(ARTICLE, "<html><head><script>$_ts=window</script></head><body></body></html>", status=412)
    tally = told(crawl(tmp_path / "archive", only=["qingshan"]))
    asked_while_blocked = asked(web)
    web.sites.put(ARTICLE, page)
    before = len(web.log)
    crawl(tmp_path / "archive", only=["qingshan"])

    assert asked_while_blocked == {LIST: 1, ARTICLE: 1}
    assert tally["refused"] > 3
    assert rows(tmp_path / "archive", "select kind, subject from issues") == [("blocked", "mzj.qingshan.example")]
    assert len(articles(web, before)) > 15
    assert ARTICLE in articles(web, before)


def test_a_list_that_does_not_come_is_an_issue_and_other_channels_go_on(web: Web, tmp_path: Path) -> None:
    web.sites.put("http://www.yunlingmz.example/gzdt/", "<h1>404 Not Found</h1>", status=404)
    crawled = crawl(tmp_path / "archive", only=["yunling"])

    assert crawled.code == 3
    assert ("list_failed",) in rows(tmp_path / "archive", "select kind from issues")
    assert any("/gsgg/2021" in url for url in asked(web))


def test_a_page_without_a_list_is_an_issue_and_its_capture_is_kept(web: Web, tmp_path: Path) -> None:
    text = "<p>" + "栏目正在建设，暂无内容，请您稍后再来访问。" * 8 + "</p>"
    web.sites.put(LIST, f"<html><head><title>通知公告</title></head><body>{text}</body></html>")
    crawl(tmp_path / "archive", only=["qingshan"])

    assert ("list_unreadable",) in rows(tmp_path / "archive", "select kind from issues")
    assert rows(tmp_path / "archive", f"select count(*) from captures where url = '{LIST}'") == [(1,)]


def test_a_list_that_unpacks_to_more_than_any_page_is_an_issue(web: Web, tmp_path: Path) -> None:
    packed = gzip.compress(b"<html><body>" + b" " * (MOST_BYTES + 1))
    web.sites.put(LIST, packed, headers={"Content-Encoding": "gzip"})
    crawled = crawl(tmp_path / "archive", only=["qingshan"])

    assert told(crawled)["stored"] == 2
    assert ("list_failed", LIST) in rows(tmp_path / "archive", "select kind, subject from issues")


def test_an_original_that_a_repost_names_is_asked_in_the_same_crawl_once(web: Web, tmp_path: Path) -> None:
    crawl(tmp_path / "archive", only=["minshengzc"])

    assert asked(web)[ARTICLE] == 1
    assert rows(tmp_path / "archive", f"select original_captured from notices where original_url = '{ARTICLE}'") == [
        (1,)
    ]


def test_the_other_scheme_is_asked_once_where_one_does_not_answer(web: Web, tmp_path: Path) -> None:
    https = ARTICLE.replace("http:", "https:")
    crawl(tmp_path / "archive", articles=[https], only=[])

    assert asked(web) == {ARTICLE: 1}
    assert rows(tmp_path / "archive", "select url, outcome from captures where kind = 'article'") == [(ARTICLE, "ok")]


def test_the_address_of_one_article_is_kept_and_nothing_else_is_asked(web: Web, tmp_path: Path) -> None:
    crawled = crawl(tmp_path / "archive", addresses=[ARTICLE])

    assert crawled.code == 0, crawled.err
    assert asked(web) == {ARTICLE: 1}
    assert rows(tmp_path / "archive", "select count(*) from notices") == [(1,)]


def test_a_list_that_nobody_configured_is_walked(web: Web, tmp_path: Path) -> None:
    crawl(tmp_path / "archive", addresses=["http://www.minshengzc.example/msxw/"])

    assert len([url for url in articles(web) if "minshengzc" in url]) > 10


def test_scrapy_lists_the_two_spiders() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert done.stdout.split() == ["bureau", "portal"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["bureau", "-a", "sorce=chongqing"], "no argument 'sorce' (did you mean 'source'?)"),
        (["bureau", "-a", "source=chongqin"], "did you mean 'chongqing'?"),
        (["bureau", "-a", "source=mszx"], "scrapy crawl portal -a source=mszx"),
        (["portal"], "-a source=KEY"),
        (["bureau", "-a", "source=chongqing"], "contact ="),
    ],
)
def test_scrapy_crawl_refuses_what_it_does_not_understand(tmp_path: Path, arguments: list[str], message: str) -> None:
    env = {name: value for name, value in os.environ.items() if name != "MINZHENG_CONTACT"}
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**env, "MINZHENG_ARCHIVE": str(tmp_path / "archive")},
    )

    assert done.returncode == 1
    assert message in done.stderr
    assert not (tmp_path / "archive" / "warc").exists()
