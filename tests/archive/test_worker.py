"""The index as a child: it ends with its parent, survives its own death, and a poisonous page costs one issue."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.archive import Archive
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


def test_a_page_that_takes_too_long_twice_is_skipped_with_an_issue(archive: Archive) -> None:
    poison = "<html><body>" + "<div class='a'><p>x</p>" * 60 + "</body></html>"
    write_warc(archive.warc, "20260303T010000Z-bbbbbb", [an_exchange("http://mzj.qingshan.example/slow.html", poison)])
    index = IndexProcess(archive.path, database=archive.database, seconds=0.6)
    stopped_at = None
    future = index.catch_up()
    while not future.done():
        at = index._at
        if at is not None and at[0].endswith("bbbbbb-00000.warc.gz"):
            stopped_at = at
            os.kill(children_of(index), signal.SIGSTOP)  # as if it were at work on the page for ever
        time.sleep(0.002)
    index.close()
    db = open_reader(archive.database)

    if stopped_at is None:
        pytest.fail("the child was never caught at the page")
    assert [row["subject"] for row in db.query("select subject from issues")] == [
        "http://mzj.qingshan.example/slow.html"
    ]
    assert db.table("notices").count == 30


def test_a_broken_line_of_rulings_is_named_and_nothing_is_lost(archive: Archive) -> None:
    archive.decisions.write_text('{"what": "merge"}\n', encoding="utf-8")
    index = archive.start_index()

    with pytest.raises(IndexFailed, match=r"decisions\.jsonl line 1"):
        index.catch_up().result(60)
    index.close()
