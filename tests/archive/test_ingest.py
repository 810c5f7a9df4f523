"""Taking in what another archive kept: its crawls stay its own."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from archive.archive import Archive
from archive.index import Index
from archive.ingest import ingest
from archive.store import open_writer
from tests.captures import an_exchange, article, write_warc
from tests.dump import dump

CRAWL = "20260302T010000Z-aaaaaa"
PAGE = an_exchange("http://mzj.qingshan.example/1.html", article("关于规范低保工作的通知"))


def taken_in(archive: Archive, folder: Path, *, name: str = "notices.db") -> Database:
    """Take in a folder, and give the archive's rows."""
    list(ingest(archive, [folder], [], vantage="test"))
    db = open_writer(archive.path / name)
    Index(archive.path, db, run="test").catch_up()
    return db


def test_a_crawl_of_another_archive_keeps_its_end(tmp_path: Path) -> None:
    write_warc(tmp_path / "other", CRAWL, [PAGE])
    with Archive.lock(tmp_path / "mine", holder="test") as archive:
        db = taken_in(archive, tmp_path / "other")
        rows = db.query("select id, kind, state, asked from crawls where id = ?", [CRAWL])

        assert list(rows) == [{"id": CRAWL, "kind": "ingest", "state": "complete", "asked": 1}]
        db.close()


def test_an_interrupted_crawl_of_another_archive_is_not_ours_to_resume(tmp_path: Path) -> None:
    write_warc(tmp_path / "other", CRAWL, [PAGE], ended=False)
    with Archive.lock(tmp_path / "mine", holder="test") as archive:
        taken_in(archive, tmp_path / "other").close()

        assert archive.unfinished() is None


def test_our_own_files_taken_in_again_change_no_crawl(tmp_path: Path) -> None:
    with Archive.lock(tmp_path / "mine", holder="test") as archive:
        write_warc(archive.warc, CRAWL, [PAGE])
        db = taken_in(archive, archive.warc)
        again = open_writer(archive.path / "again.db")
        files = sorted(str(path.relative_to(archive.warc)) for path in archive.warc.glob("*/*"))
        Index(archive.path, again, run="test").catch_up(files[::-1])

        [crawl] = db.query("select kind, state from crawls where id = ?", [CRAWL])
        assert crawl == {"kind": "crawl", "state": "complete"}
        assert dump(again) == dump(db)
        assert db.table("captures").count == 1
        db.close()
        again.close()
