"""Redesign day: a bureau moves every address and cleans its markup, and keeps its notices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.archive import Archive
from archive.index import Index
from archive.records import Exchange, Note
from archive.store import open_writer
from archive.warc import warc_files
from tests.captures import NOW, an_exchange, write_warc
from tests.dump import dump
from tests.redesign import BUREAU, HOST, Planned, new_page, old_page, site

NOTICES = site()
GONE = ("404", "soft 404", "home", "new", "unasked")
"""What the old addresses do since: the last is that nobody asks for them."""


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """A new archive, locked."""
    with Archive.lock(tmp_path / "archive", holder="test") as made:
        yield made


def crawl(archive: Archive, day: int, answers: Sequence[Exchange]) -> Database:
    """What a crawl of that day got, indexed."""
    records: list[Exchange | Note] = [BUREAU, *answers]
    write_warc(archive.warc, f"2026{day:04}T010000Z-aaaaaa", records, at=NOW + timedelta(day))
    db = open_writer(archive.database)
    Index(archive.path, db, run="test").catch_up()
    return db


def before(day: int = 0) -> list[Exchange]:
    return [an_exchange(one.old_url, old_page(one), at=NOW + timedelta(day)) for one in NOTICES]


def after(day: int, *, removed: Sequence[Planned] = ()) -> list[Exchange]:
    at = NOW + timedelta(day)
    return [
        an_exchange(one.new_url, status=404, at=at)
        if one in removed
        else an_exchange(one.new_url, new_page(one), at=at)
        for one in NOTICES
    ]


def old_ones(day: int, how: str) -> list[Exchange]:
    at = NOW + timedelta(day)
    soft = "<html><body><h1>抱歉，您访问的页面不存在或已删除</h1><p>请返回首页</p></body></html>"
    made = {
        "404": lambda one: an_exchange(one.old_url, status=404, at=at),
        "soft 404": lambda one: an_exchange(one.old_url, soft, at=at),
        "home": lambda one: an_exchange(one.old_url, status=302, location=f"{HOST}/", at=at),
        "new": lambda one: an_exchange(one.old_url, status=301, location=one.new_url, at=at),
    }
    return [made[how](one) for one in NOTICES] if how in made else []


def ids(db: Database) -> dict[str, str]:
    return {row["original_url"]: row["id"] for row in db.query("select id, original_url from notices")}


def losses(db: Database) -> list[str]:
    """Addresses whose page is called withdrawn."""
    return [url for (url,) in db.execute("select url from copies where state in ('missing', 'gone') order by url")]


@pytest.mark.parametrize("how", GONE)
def test_a_site_that_moves_every_address_keeps_its_notices(archive: Archive, how: str) -> None:
    first = ids(crawl(archive, 0, before()))
    db = crawl(archive, 30, [*after(30), *old_ones(30, how)])

    assert len(first) == 45
    assert ids(db) == first
    assert losses(db) == []
    assert db.execute("select count(*) from revisions where number > 1").fetchone() == (0,)
    assert [archive.find(one.new_url) for one in NOTICES] == [archive.find(one.old_url) for one in NOTICES]
    assert db.execute("select kind, state from issues").fetchall() == []
