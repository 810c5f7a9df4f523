"""kill -9 at any instant, of the crawl or of the index: nothing is missing, nothing is there twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from archive.store import open_reader
from archive.urls import url_key
from crawler.demo import Web
from crawler.settings import CONCURRENT_REQUESTS
from tests.dump import dump

KILLS = 10
SLOW_ANSWER = 0.02
"""Seconds; a crawl that is over in one would be hit by no kill."""

_WHEN = {
    "notices": ("first_seen_at", "last_seen_at"),
    "copies": ("first_seen_at", "last_seen_at", "checked_at"),
    "revisions": ("seen_from", "seen_to"),
}
_ONCE = ("notices", "copies", "revisions", "matches", "aliases", "attachments", "channels", "divisions")


def start(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.one_crawl", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
    )


def crawl_to_the_end(folder: Path) -> int:
    """Crawl until a crawl ends by itself; its exit code."""
    child = start(folder)
    assert child.wait(timeout=120) in (0, 3), "the crawl did not end well"
    return child.returncode


def rows_of(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """What is derived, without when it was seen and which record shows it."""
    db = open_reader(folder / "notices.db")
    for table in _ONCE:
        assert db.table(table).exists()
    found = dump(db)
    kept = {}
    for table in _ONCE:
        names = [n for n in db.table(table).columns_dict if (table, n) != ("notices", "n")]
        drop = {*_WHEN.get(table, ()), "evidence", "noted_at", "first_noted_at"} & set(names)
        kept[table] = [tuple(v for n, v in zip(names, row, strict=True) if n not in drop) for row in found[table]]
    db.close()
    return kept


def index_of(crawl: subprocess.Popen[bytes]) -> int | None:
    """The process id of the crawl's index, if it runs."""
    found = subprocess.run(
        ["pgrep", "-P", str(crawl.pid), "-f", "archive.worker"], capture_output=True, text=True, check=False
    )
    return int(found.stdout.split()[0]) if found.stdout.split() else None


def _key(url: str) -> str:
    try:
        return url_key(url)
    except ValueError:  # a CONNECT names no address
        return url


@pytest.fixture
def expected(web: Web, tmp_path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of a crawl that nobody disturbed."""
    crawl_to_the_end(tmp_path / "undisturbed")
    web.log.clear()
    return rows_of(tmp_path / "undisturbed")


def test_killing_the_crawl_loses_nothing_and_asks_little_twice(
    web: Web, tmp_path: Path, expected: dict[str, list[tuple[object, ...]]]
) -> None:
    folder, chance = tmp_path / "archive", random.Random(2021)
    web.sites.pause = SLOW_ANSWER
    killed = 0
    for _ in range(KILLS):
        before = len(web.log)
        child = start(folder)
        while len(web.log) == before and child.poll() is None:
            time.sleep(0.01)
        time.sleep(chance.uniform(0.0, 0.5))
        if child.poll() is None:
            child.send_signal(signal.SIGKILL)
            killed += 1
        child.wait()
    web.sites.pause = 0.0
    crawl_to_the_end(folder)

    assert killed >= KILLS // 2
    assert rows_of(folder) == expected
    articles = {value for row in expected["copies"] for value in row}
    asked = Counter(key for key in (_key(asked.url) for asked in web.log) if key in articles)
    again = sum(times - 1 for times in asked.values())
    assert again <= 2 * CONCURRENT_REQUESTS * killed


def test_killing_the_index_loses_nothing(
    web: Web, tmp_path: Path, expected: dict[str, list[tuple[object, ...]]]
) -> None:
    folder, chance = tmp_path / "archive", random.Random(2022)
    web.sites.pause = SLOW_ANSWER
    killed = 0
    while killed < KILLS:
        before = len(web.log)
        child = start(folder)
        while len(web.log) == before and child.poll() is None:
            time.sleep(0.01)
        while child.poll() is None:
            time.sleep(chance.uniform(0.0, 0.3))
            index = index_of(child)
            if index is not None and killed < KILLS:
                os.kill(index, signal.SIGKILL)
                killed += 1
        assert child.wait(timeout=120) in (0, 3)
    web.sites.pause = 0.0
    crawl_to_the_end(folder)

    assert rows_of(folder) == expected
