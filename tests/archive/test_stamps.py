"""A site that dates its reposts with the day on which they are fetched is noticed, and its dates are not believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.index import Index
from archive.records import Exchange
from archive.store import open_writer
from tests.captures import NOW, PARAGRAPHS, an_exchange, article, write_warc
from tests.dump import dump

TODAY = f"{NOW + timedelta(hours=8):%Y-%m-%d}"
STAMPED = "http://www.zhuanzai.example/a/1.html"
DATED = "http://www.huizong.example/b/1.html"


def reposts(count: int) -> list[Exchange]:
    """Pages of one host, each dated with the day of its capture; the first one prints what another host does, too."""
    pages = [an_exchange(STAMPED, article("关于规范低保工作的通知", on=TODAY), at=NOW)]
    pages += [
        an_exchange(
            f"http://www.zhuanzai.example/a/{number}.html",
            article(
                f"第{number}次社区活动",
                paragraphs=[f"{number}号社区的{'春夏秋冬'[number % 4]}季活动。" * 20],
                on=TODAY,
            ),
            at=NOW,
        )
        for number in range(2, count + 1)
    ]
    return pages


def indexed(path: Path, pages: list[Exchange]) -> Database:
    """A database of these pages."""
    write_warc(path / "warc", "20260302T010000Z-aaaaaa", pages)
    db = open_writer(path / "notices.db")
    Index(path, db, run="test").catch_up()
    return db


def best_of(db: Database, url: str) -> str:
    """The address whose text and fields stand for the notice of a copy."""
    [row] = db.query(
        "select best.url from copies join notices on notices.id = copies.notice"
        " join copies best on best.url_key = notices.best_copy where copies.url = ?",
        [url],
    )
    return str(row["url"])


LATER = an_exchange(DATED, article("关于规范低保工作的通知", on="2026-03-05", paragraphs=PARAGRAPHS), at=NOW)


@pytest.mark.parametrize(("count", "stamped", "best"), [(19, [], STAMPED), (20, ["zhuanzai.example"], DATED)])
def test_a_day_of_capture_is_no_day_of_publication_where_a_site_has_no_other(
    tmp_path: Path, count: int, stamped: list[str], best: str
) -> None:
    db = indexed(tmp_path, [*reposts(count), LATER])

    assert stamped == [row["host"] for row in db.query("select host from stamped_hosts")]
    assert best == best_of(db, STAMPED)


def test_a_site_is_noticed_in_whatever_order_its_pages_come(tmp_path: Path) -> None:
    pages = [LATER, *reposts(20)]
    db = open_writer(tmp_path / "notices.db")
    for number, page in enumerate(pages):
        write_warc(tmp_path / "warc", f"20260302T0100{number:02}Z-aaaaaa", [page])
        Index(tmp_path, db, run="test").catch_up()
    anew = open_writer(tmp_path / "new.db")
    Index(tmp_path, anew, run="test").catch_up()

    assert dump(anew) == dump(db)
    assert best_of(db, STAMPED) == DATED


def test_a_host_is_known_with_its_port(tmp_path: Path) -> None:
    pages = [replace(page, url=page.url.replace(".example/", ".example:8080/")) for page in reposts(20)]
    db = indexed(tmp_path, [*pages, LATER])

    assert best_of(db, pages[0].url) == DATED
