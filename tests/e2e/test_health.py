"""Silence is never mistaken for health: what went wrong between two crawls is named, until a person puts it off."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.dates import BEIJING
from crawler.demo import DEMO_SOURCES, Web
from tests.crawler.crawling import crawl, rows
from tests.e2e.commands import minzheng
from tests.e2e.operating import operator_folder
from tests.web import served

SOURCES = ["qingshan", "yunling", "minshengzc", "lanxi"]
QINGSHAN = "http://mzj.qingshan.example/zwgk/tzgg/"
YUNLING = "http://www.yunlingmz.example/gzdt/"
LANXI = ("http://mzj.lanxi.example/zwgk/tzgg/", "http://mzj.lanxi.example/mtsj/")
NEW_LAYOUT = "<html><head><title>青山市民政局</title></head><body><div id='app'><p>加载中</p>{}</div></body></html>"
EMPTY = "<html><head><title>云岭县民政局</title></head><body><div class='liebiao'><ul>{}</ul></div>{}</body></html>"
ONE = "<li><a href='/gzdt/20211109/1230.html'>县民政局走访慰问百岁老人</a> <span>[2021-11-09]</span></li>"
BLOCK = """<html><head><title>访问被阻断</title></head><body>
<h3>您的访问请求可能对网站造成安全威胁，请求已被云防护阻断</h3>
<p>如需帮助，请将事件编号提供给网站管理员。</p></body></html>"""


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An archive of two crawls, between which one site changed, one shrank, one began to block, and one stayed well."""
    folder = tmp_path_factory.mktemp("health") / "archive"
    with pytest.MonkeyPatch.context() as patch, served(patch) as web:
        assert crawl(folder, only=SOURCES).code in (0, 3)
        _break(web)
        assert crawl(folder, only=SOURCES).code == 3
        yield folder


def _break(web: Web) -> None:
    plain = {"Content-Type": "text/html; charset=utf-8"}
    web.sites.put(QINGSHAN, NEW_LAYOUT.format("<span>·</span>" * 40), headers=plain)
    web.sites.put(YUNLING, EMPTY.format(ONE, "<a href='/'>首页</a>" * 9), headers=plain)
    for url in LANXI:
        web.sites.put(url, BLOCK, headers=plain)


def status(folder: Path, *words: str) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON of `minzheng status`."""
    done = minzheng(folder, "status", "--json", *words)
    return done.code, json.loads(done.out)


def test_each_is_named_while_the_others_complete(crawled: Path) -> None:
    code, found = status(crawled)
    plain = minzheng(crawled, "status")
    states = {one["key"]: one["state"] for one in found["sources"]}

    assert (code, plain.code) == (3, 3)
    assert states == {"qingshan": "broken", "yunling": "shrunk", "lanxi": "blocked", "minshengzc": "quiet"}
    for key, word in (("qingshan", "故障 broken"), ("yunling", "变少 shrunk"), ("lanxi", "被拦截 blocked")):
        assert [line for line in plain.out.splitlines() if line.startswith(f"{key}: {word} — ")], plain.out
    assert "lanxi: 被拦截 blocked — the site stopped the crawl: mzj.lanxi.example: " in plain.out
    assert "minshengzc:" not in plain.out, "a quiet source is told by the table alone"


def test_a_crawl_that_finds_only_a_list_shrunk_ends_with_a_look(web: Web, tmp_path: Path) -> None:
    folder = operator_folder(tmp_path / "archive", keys=("yunling",))
    minzheng(folder, "crawl", "yunling")
    _, found = status(folder)
    minzheng(folder, "issues", "ack", *(one["id"] for one in found["issues"]), "--why", "known")
    quiet = minzheng(folder, "crawl", "yunling")
    plain = {"Content-Type": "text/html; charset=utf-8"}
    web.sites.put(YUNLING, EMPTY.format(ONE, "<a href='/'>首页</a>" * 9), headers=plain)
    shrunk = minzheng(folder, "crawl", "yunling")

    assert (quiet.code, shrunk.code) == (0, 3), quiet.err
    assert "needs a look: yunling is shrunk: the list 工作动态 shows 1 where it showed 8 entries" in shrunk.err


def test_a_look_is_asked_for_until_it_is_put_off_and_again_after_the_day(crawled: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(crawled, tmp_path / "archive"))
    today = datetime.now(BEIJING).date()
    until, after = str(today + timedelta(days=2)), str(today + timedelta(days=3))
    code, found = status(folder, "--at", str(today))
    acked = minzheng(
        folder, "issues", "ack", *(one["id"] for one in found["issues"]), "--until", until, "--why", "写信"
    )
    codes = [code, status(folder, "--at", str(today))[0], status(folder, "--at", until)[0]]
    expired = status(folder, "--at", after)
    minzheng(folder, "rebuild")

    assert acked.code == 0, acked.err
    assert [*codes, expired[0], status(folder, "--at", until)[0]] == [3, 0, 0, 3, 0]
    assert "写信" in minzheng(folder, "status", "--at", until).out
    assert {one["id"] for one in found["issues"]} <= {one["id"] for one in expired[1]["issues"]}


def test_a_paused_source_is_shown_and_asks_for_no_look(crawled: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(crawled, tmp_path / "archive"))
    shutil.copytree(DEMO_SOURCES, folder / "sources")
    (folder / "minzheng.toml").write_text("shipped = false\n", "utf-8")
    _, found = status(folder)
    others = [one["id"] for one in found["issues"] if one["source"] not in ("lanxi", "qingshan")]
    assert minzheng(folder, "issues", "ack", *others, "--why", "known").code == 0
    codes = [status(folder)[0]]
    for key in ("lanxi", "qingshan"):
        done = minzheng(folder, "sources", "pause", key, "--why", "换新版", "--until", "2999-01-01")
        assert done.code == 0, done.err
    codes.append(status(folder)[0])
    shown = minzheng(folder, "status").out
    assert minzheng(folder, "sources", "pause", "lanxi", "--end").code == 0

    assert [*codes, status(folder)[0]] == [3, 0, 3]
    assert "paused until 2999-01-01: 换新版" in shown
    assert rows(folder, "select key, state, until from sources where state <> 'active'") == [
        ("qingshan", "paused", "2999-01-01")
    ]
