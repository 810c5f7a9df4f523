"""How a crawl ends: in order, by Ctrl-C, by kill -9, on a full disk, without a network."""

from __future__ import annotations

import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.records import Tally
from crawler.demo import Web
from crawler.run import CrawlResult
from tests.crawler.crawling import ROOT, crawl, finish, rows, start

CONCURRENCY = 16


def wait_for(web: Web, requests: int, process: subprocess.Popen[str]) -> None:
    """Wait until the proxy has been asked so often, or the crawl is over."""
    while len(web.log) < requests and process.poll() is None:
        time.sleep(0.01)


def asked(web: Web, since: int = 0) -> Counter[str]:
    return Counter(one.url for one in web.log[since:] if one.method == "GET" and not one.url.endswith("/robots.txt"))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, 0),
        ({"issues": 1}, 3),
        ({"reason": "closespider_timeout"}, 0),
        ({"reason": "shutdown"}, 130),
        ({"reason": "broken", "problem": "[Errno 28] No space left on device"}, 1),
        ({"reason": "index_ended", "problem": "the index died twice"}, 3),
        ({"reason": "index_ended", "problem": "notices.db: database or disk is full"}, 1),
        ({"tally": Tally(asked=2, failed=2)}, 4),
        ({"tally": Tally(asked=2, failed=1, refused=1)}, 4),
        ({"tally": Tally()}, 0),
    ],
)
def test_the_exit_code_says_how_it_went(given: dict[str, object], code: int) -> None:
    good: dict[str, object] = {"reason": "finished", "tally": Tally(asked=2, stored=2), "new_entries": 1, "issues": 0}

    assert CrawlResult(crawl="20261123T164200Z-abcdef", **{**good, **given}).exit_code == code  # type: ignore[arg-type]


def test_ctrl_c_ends_in_order_and_the_next_crawl_goes_on(web: Web, tmp_path: Path) -> None:
    process = start(tmp_path / "archive")
    wait_for(web, 15, process)
    process.send_signal(signal.SIGINT)
    stopped = finish(process)
    before = len(web.log)
    resumed = crawl(tmp_path / "archive")

    assert stopped.code == 130, stopped.err
    assert resumed.told is not None, resumed.err
    assert rows(tmp_path / "archive", "select state, resumes is not null from crawls order by started_at") == [
        ("interrupted", 0),
        ("complete", 1),
    ]
    assert {count for url, count in asked(web).items() if "/t20" in url} == {1}
    assert len(asked(web, before)) > 20


def test_a_second_ctrl_c_ends_at_once_and_says_the_same(web: Web, tmp_path: Path) -> None:
    web.sites.pause = 1.0
    process = start(tmp_path / "archive")
    wait_for(web, 1, process)
    process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    stopped = finish(process)

    assert stopped.code == 130, stopped.err
    assert "Traceback" not in stopped.err


def test_a_bug_in_the_spider_is_an_issue_and_the_entry_is_tried_again(web: Web, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    crawled = crawl(folder, only=[], articles=["http://mzj.qingshan.example/a.html"], broken=True)
    with sqlite3.connect(folder / "crawl.db") as db:
        left = db.execute("select state, tries from asks").fetchall()
    db.close()

    assert crawled.code == 3, crawled.err
    assert left == [("failed", 1)]
    ((kind, told),) = rows(folder, "select kind, detail from issues")
    assert (kind, "RuntimeError: a bug" in told) == ("crawler_error", True)


def test_a_full_disk_ends_the_crawl_and_loses_nothing(web: Web, tmp_path: Path) -> None:
    full = crawl(tmp_path / "archive", only=["qingshan"], file_size=120_000)
    whole = crawl(tmp_path / "archive", only=["qingshan"])

    assert full.code == 1, full.err
    assert whole.told is not None, whole.err
    listed = rows(tmp_path / "archive", "select count(*) from entries")
    assert rows(tmp_path / "archive", "select count(*) from notices where source = 'qingshan'") == listed


def test_no_network_is_nothing_usable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, address)
    monkeypatch.delenv("no_proxy", raising=False)
    crawled = crawl(tmp_path / "archive", only=[], articles=["http://mzj.qingshan.example/a.html"])

    assert crawled.code == 4, crawled.err


def test_an_archive_in_use_is_left_alone_and_its_holder_named(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    with Archive.lock(folder, holder="minzheng ingest"):
        (folder / "minzheng.toml").write_text('contact = "archivist@qingshan.example"\n')
        done = subprocess.run(
            [sys.executable, "-m", "crawler.cli", "--archive", str(folder), "crawl", "chongqing"],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )

    assert done.returncode == 4
    assert "minzheng ingest" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bug_while_the_crawl_is_idle_ends_it(tmp_path: Path, web: Web) -> None:
    crawled = crawl(tmp_path / "archive", only=["yunling"], wants_nothing_good=True)

    assert crawled.told is not None, crawled.err
    assert (1, "broken", "a bug") == (crawled.code, crawled.told["reason"], crawled.told["problem"])
