"""Reading in all cores: the rows are the same for any number of processes, whatever becomes of them."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import ahead, extract, intake, sightings
from archive.ahead import Ahead
from archive.archive import Archive
from archive.index import Helpers, Index
from archive.records import Entry, Exchange, Listed, Note
from archive.seen import Spot, see
from archive.store import open_draft, open_reader
from archive.warc import StoredExchange, scan
from archive.worker import IndexProcess
from tests.archive.test_order import write_each
from tests.captures import NOW, an_exchange, article, write_warc
from tests.dump import dump

CRAWL = "20260302T010000Z-aaaaaa"
LIST = "http://mzj.qingshan.example/tzgg/"
TWO = Helpers(workers=2, least=0, patience=20)
THREE = Helpers(workers=3, least=0, patience=20)


def page_url(number: int) -> str:
    return f"{LIST}t{number}.html"


def pages(count: int) -> list[Exchange | Note]:
    """Pages of which every third has an entry, some before the page and some behind it, and some cannot be read."""
    found: list[Exchange | Note] = []
    for number in range(count):
        title = f"第{number}号通知" if number % 4 else ""
        page = an_exchange(page_url(number), article(title, paragraphs=[f"正文{number // 2}。" * 30]))
        entry = Entry(url=page_url(number), title=f"列表上的第{number}号通知", date_raw="2026-02-01")
        listed = Listed(entry=entry, source="qingshan", channel=LIST, list_url=LIST, listed_at=NOW)
        found += [[page], [listed, page], [page, listed]][number % 3]
    found.append(an_exchange(f"{LIST}torn.html", "\x01\x02\x03\x04" * 200))
    found.append(an_exchange(f"{LIST}empty.html", " "))
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An archive of pages and entries that was never indexed."""
    archive = tmp_path / "archive"
    write_warc(archive / "warc", CRAWL, pages(30))
    return archive


def indexed(
    archive: Path, helpers: Helpers | None, skip: frozenset[Spot] = frozenset()
) -> dict[str, list[tuple[object, ...]]]:
    """The rows of a database made from nothing."""
    path = archive / "new.db"
    with contextlib.closing(open_draft(path)) as db:
        Index(archive, db, run="test", helpers=helpers, skip=skip).catch_up()
        rows = dump(db)
        assert db.execute("select count(*) from match_history").fetchone() == (0,)
    for made in archive.glob("new.db*"):
        made.unlink()
    return rows


def spots(archive: Path) -> Iterator[Spot]:
    """The places of all exchanges."""
    for file in sorted((archive / "warc").glob("*/*")):
        for record in scan(file):
            if isinstance(record, StoredExchange):
                yield record.place.warc_file, record.place.offset


@pytest.mark.parametrize("seed", range(3))
def test_the_rows_do_not_depend_on_how_many_processes_read(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed + 100)
    files = write_each(tmp_path / "made", chance, 40)
    (tmp_path / "archive" / "warc" / "2026").mkdir(parents=True)
    for file in files:
        shutil.copy(file, tmp_path / "archive" / "warc" / "2026")

    assert indexed(tmp_path / "archive", TWO) == indexed(tmp_path / "archive", None)


def test_entries_may_come_after_pages_and_pages_may_be_torn(folder: Path) -> None:
    assert indexed(folder, Helpers(workers=3, least=0)) == indexed(folder, None)


def test_a_page_that_is_skipped_is_skipped_by_all(folder: Path) -> None:
    skip = frozenset(list(spots(folder))[3:5])
    one, two = indexed(folder, None, skip), indexed(folder, TWO, skip)

    assert one == two
    assert len(one["copies"]) == 28


def test_no_page_is_read_twice_and_others_read_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked, opened_here = list[str](), list[str]()
    monkeypatch.setattr(ahead, "see", lambda stored, entry: looked.append(stored.url) or see(stored, entry))
    for room in (intake, sightings):
        monkeypatch.setattr(room, "open_page", lambda url, *_: opened_here.append(url))
    rows = indexed(folder, TWO)

    assert len(rows["copies"]) == 30
    assert opened_here == [f"{LIST}torn.html"]  # to say what is wrong with it
    assert len(looked) == len(set(looked)) < 30


def test_while_others_are_at_it_the_one_who_writes_reads_what_they_were_not_asked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Spot | None] = []
    monkeypatch.setattr("archive.pool._AT_ONCE", 2)
    with contextlib.closing(open_draft(folder / "new.db")) as db:
        Index(folder, db, run="test", helpers=TWO, at=told.append).catch_up()

    looked = [spot for spot in told if spot is not None]
    assert len(looked) > 5
    assert set(looked) <= set(spots(folder))


def test_for_few_pages_no_process_is_started(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.index.Ahead", None)

    assert len(indexed(folder, Helpers(workers=2))["copies"]) == 30


def test_what_another_version_read_is_read_again_here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract, "READER_VERSION", "another")
    rows = indexed(folder, TWO)

    assert rows == indexed(folder, None)


@pytest.mark.parametrize("killed", [1, 2])
def test_a_process_that_is_killed_costs_nothing_but_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch, killed: int
) -> None:
    take, kills = Ahead.take, [killed] * 3

    def take_or_kill(self: Ahead, spot: Spot) -> object:
        if kills:
            for pid in self.pids[: kills.pop()]:
                os.kill(pid, signal.SIGKILL)
        return take(self, spot)

    monkeypatch.setattr(Ahead, "take", take_or_kill)
    rows = indexed(folder, THREE)
    monkeypatch.undo()

    assert rows == indexed(folder, None)
    assert kills == []


SLOW = """
import time
import archive.page

open_page = archive.page.open_page

def open_page_or_hang(url, body, headers):
    if url.endswith("t7.html"):
        {}
    return open_page(url, body, headers)

archive.page.open_page = open_page_or_hang
"""
PATIENT = Helpers(workers=2, least=0, patience=1)


@pytest.mark.parametrize("fate", ["time.sleep(60)", "import os; os._exit(3)", "bytearray(1 << 40)"])
def test_a_page_that_takes_its_reader_down_is_read_by_the_one_who_writes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fate: str
) -> None:
    (tmp_path / "sitecustomize.py").write_text(SLOW.format(fate), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))  # for the processes that are started, not for this one
    monkeypatch.setattr("archive.pool._STARTING", 5.0)

    assert indexed(folder, PATIENT) == indexed(folder, None)


@pytest.fixture
def large(tmp_path: Path) -> Iterator[Archive]:
    """An archive of so many bytes that its index has pages read by others."""
    with Archive.lock(tmp_path / "large", holder="test") as made:
        noise = random.Random(1)
        found: list[Exchange | Note] = []
        for number in range(24):
            ballast = f"<!-- {noise.randbytes(200_000).hex()} -->"
            html = article(f"第{number}号通知", paragraphs=[f"正文{number}。" * 30]).replace("</body>", ballast)
            found.append(an_exchange(page_url(number), html))
        write_warc(made.warc, CRAWL, found)
        yield made


def children(pid: int) -> list[int]:
    """The processes that one has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]


def test_no_reader_outlives_an_index_that_is_killed(
    large: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(SLOW.format("time.sleep(60)"), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    index = IndexProcess(large.path, database=large.database, workers=3)
    deadline = time.monotonic() + 30
    while len(readers := children(index._child.pid)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    monkeypatch.setattr(index, "_spawn", lambda: (_ for _ in ()).throw(AssertionError("closed")))
    index._closed = True
    os.kill(index._child.pid, signal.SIGKILL)
    index.close()
    while any(map(is_running, readers)) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert len(readers) == 2
    assert [pid for pid in readers if is_running(pid)] == []


def is_running(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    return False


def test_a_page_that_hangs_reader_and_index_is_skipped_with_an_issue(
    large: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(SLOW.format("time.sleep(60)"), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr("archive.worker._LEAST_PATIENCE", 1.0)
    index = IndexProcess(large.path, database=large.database, seconds=3, workers=2)
    report = index.catch_up().result(120)
    index.close()
    db = open_reader(large.database)

    assert report.settled == 23
    assert [(row["kind"], row["subject"]) for row in db.query("select kind, subject from issues")] == [
        ("unreadable", page_url(7))
    ]
    db.close()
