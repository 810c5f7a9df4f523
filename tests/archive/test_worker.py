"""The index as a child: it ends with its parent, survives its own death, and a poisonous page costs one issue."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.rebuild import rebuild
from archive.store import open_reader
from archive.worker import IndexFailed, IndexProcess
from tests.captures import an_exchange, article, write_warc

CRAWL = "20260302T010000Z-aaaaaa"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive with thirty captured pages and no database."""
    with Archive.lock(tmp_path / "archive", holder="test") as made:
        pages = [
            an_exchange(
                f"http://mzj.qingshan.example/tzgg/t{n}.html", article(f"第{n}号通知", paragraphs=[f"正文{n}。" * 30])
            )
            for n in range(30)
        ]
        write_warc(made.warc, CRAWL, pages)
        yield made


def children_of(index: IndexProcess) -> int:
    return index._child.pid


def test_it_catches_up_and_says_what_it_did(archive: Archive) -> None:
    index = archive.start_index()
    report = index.catch_up().result(60)
    index.close()

    assert (report.read, report.settled) == (30, 30)
    assert archive.known(["mzj.qingshan.example/tzgg/t7.html"])


def test_when_it_has_caught_up_the_database_file_alone_is_whole(archive: Archive, tmp_path: Path) -> None:
    index = archive.start_index()
    index.catch_up().result(60)
    index.close()
    alone = tmp_path / "alone.db"
    alone.write_bytes(archive.database.read_bytes())
    db = open_reader(alone)

    assert db.table("notices").count == 30
    db.close()


def test_no_page_is_blamed_when_its_parent_is_killed(archive: Archive) -> None:
    command = [sys.executable, "-m", "archive.worker", str(archive.path)]
    given = ["--database", str(archive.database), "--memory", str(4 << 30)]
    child = subprocess.Popen([*command, *given], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdout.close()  # nobody hears it any more, and its stdin is not closed yet
    child.stdin.write("go\n")
    child.stdin.flush()
    assert child.wait(timeout=60) == 0
    child.stdin.close()
    index = archive.start_index()
    report = index.catch_up().result(60)
    index.close()
    db = open_reader(archive.database)

    assert (db.table("issues").count, db.table("notices").count) == (0, 30)
    assert report.settled == 30
    db.close()


def test_it_is_started_again_once_when_somebody_kills_it(archive: Archive) -> None:
    index = archive.start_index()
    os.kill(children_of(index), signal.SIGKILL)
    assert index.catch_up().result(60).settled == 30
    os.kill(children_of(index), signal.SIGKILL)

    with pytest.raises(IndexFailed, match="died twice") as raised:
        index.catch_up().result(60)

    assert raised.value.exit_code == 3
    assert index.dead


def test_it_ends_when_its_parent_lets_go(archive: Archive) -> None:
    index = archive.start_index()
    index.catch_up().result(60)
    child = children_of(index)
    index.close()

    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    assert not index.dead


SLOW = """
import time
import archive.page

open_page = archive.page.open_page

def open_page_or_hang(url, body, headers):
    if url.endswith("slow.html"):
        time.sleep(60)
    return open_page(url, body, headers)

archive.page.open_page = open_page_or_hang
"""


def test_a_page_that_takes_too_long_twice_is_skipped_with_an_issue(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(SLOW, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))  # so that the child, and nobody else, hangs on one page
    slow = "http://mzj.qingshan.example/slow.html"
    write_warc(archive.warc, "20260303T010000Z-bbbbbb", [an_exchange(slow, article("永远读不完的通知"))])
    index = IndexProcess(archive.path, database=archive.database, seconds=3)
    report = index.catch_up().result(120)
    index.close()
    db = open_reader(archive.database)

    assert report.settled == 30
    assert [(row["kind"], row["subject"]) for row in db.query("select kind, subject from issues")] == [
        ("unreadable", slow)
    ]
    assert db.table("notices").count == 30


def test_a_broken_line_of_rulings_is_named_and_nothing_is_lost(archive: Archive) -> None:
    archive.decisions.write_text('{"what": "merge"}\n', encoding="utf-8")
    index = archive.start_index()

    with pytest.raises(IndexFailed, match=r"decisions\.jsonl line 1"):
        index.catch_up().result(60)
    index.close()


def test_it_can_be_closed_while_it_is_started_again(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    index = archive.start_index()
    spawn, spawning = index._spawn, threading.Event()

    def spawn_slowly() -> subprocess.Popen[str]:
        spawning.set()
        time.sleep(0.2)
        return spawn()

    monkeypatch.setattr(index, "_spawn", spawn_slowly)
    os.kill(children_of(index), signal.SIGKILL)
    spawning.wait(10)
    closing = threading.Thread(target=index.close, daemon=True)
    closing.start()
    closing.join(10)

    assert not closing.is_alive()


def test_who_asks_after_its_end_hears_why_it_ended(archive: Archive) -> None:
    archive.decisions.write_text('{"what": "merge"}\n', encoding="utf-8")
    index = archive.start_index()
    for _ in range(2):
        with pytest.raises(IndexFailed, match=r"^decisions.jsonl line 1: .*Mend or remove that line"):
            index.catch_up().result(60)
    index.close()


def test_a_database_that_cannot_be_read_is_made_anew(archive: Archive) -> None:
    archive.database.write_bytes(b"no database" * 1000)
    found = rebuild(archive)

    assert (found.added, found.dropped) == (30, 0)
    assert archive.known(["mzj.qingshan.example/tzgg/t7.html"])
