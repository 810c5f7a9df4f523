"""Files from their captures to rows: read once, searched with their notice, versions kept, the same in any order."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archive import attached, rebuild
from archive.index import Index
from archive.rebuild import Again, mark_again
from archive.records import Exchange, FileReading
from archive.store import Database, open_writer
from archive.store.wants import wanted
from tests.captures import NOW, PARAGRAPHS, an_exchange, article, write_warc
from tests.dump import dump

PAGE = "http://mzj.qingshan.example/tzgg/202603/t20260302_1.html"
FILE = "http://mzj.qingshan.example/tzgg/202603/P020260302.csv"
LATER = NOW + timedelta(days=9)


def test_a_linked_file_is_wanted_until_it_was_captured(tmp_path: Path) -> None:
    asked = _index(tmp_path / "a", [_page()])
    held = _index(tmp_path / "b", [_page(), _file("姓名,低保金\n张三,八百元\n")])

    assert [FILE] == [want.url for want in wanted(asked, NOW) if want.kind == "attachment"]
    assert [] == [want.url for want in wanted(held, NOW)]


def test_the_words_of_a_file_find_its_notice(tmp_path: Path) -> None:
    db = _index(tmp_path, [_page(), _file("姓名,低保金\n欧阳锦绣,八百元\n")])
    found = db.execute("select rowid from notices_fts where notices_fts match zh_match('欧阳锦绣')").fetchall()

    assert 1 == len(found)
    assert "欧阳锦绣" not in next(db.query("select text from notices"))["text"]


def test_a_changed_file_is_a_version_and_a_revision_of_its_copy(tmp_path: Path) -> None:
    db = _index(tmp_path, [_page(), _file("张三\n"), _page(at=LATER), _file("李四李四\n", at=LATER)])

    assert [1, 2] == [row["number"] for row in db.query("select number from file_versions order by number")]
    [_, edited] = db.query("select classes, headline from revisions order by number")
    assert '["attachment"]' == edited["classes"]
    assert re.fullmatch(r"低保对象名单 [0-9a-f]{12} → 低保对象名单 [0-9a-f]{12}", edited["headline"])


def test_the_same_file_again_makes_no_revision(tmp_path: Path) -> None:
    db = _index(tmp_path, [_page(), _file("张三\n"), _page(at=LATER), _file("张三\n", at=LATER)])

    assert [1] == [row["number"] for row in db.query("select number from revisions")]


@pytest.mark.parametrize("first", ["page", "file"])
def test_page_and_file_may_come_in_any_order(tmp_path: Path, first: str) -> None:
    records = [_page(), _file("张三丰收\n")]
    db = _index(tmp_path, records if first == "page" else records[::-1])
    row = next(db.query("select url, name, media_type, skipped from attachments"))

    assert {"url": FILE, "name": "低保对象名单", "media_type": "text/plain", "skipped": None} == row


@pytest.mark.parametrize("there", [FILE, f"{FILE}?down=1"], ids=["there", "elsewhere"])
def test_a_file_that_another_reader_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: str
) -> None:
    moved = [] if there == FILE else [an_exchange(FILE, status=302, location=there)]
    db = _index(tmp_path, [_page(), *moved, replace(_file("张三\n"), url=there)])
    monkeypatch.setattr(attached, "read_file", lambda _: FileReading(media_type="text/plain", text="李四李四"))
    for room in (attached, rebuild):
        monkeypatch.setattr(room, "FILES_VERSION", "another")
    mark_again(db, Again(stale=True))
    Index(tmp_path, db, run="again").catch_up()
    anew = open_writer(tmp_path / "new.db")
    Index(tmp_path, anew, run="test").catch_up()

    assert ["李四李四"] == [row["attachments_text"] for row in db.query("select attachments_text from notices")]
    assert dump(anew) == dump(db)


def test_what_an_address_led_to_is_a_version_while_it_did(tmp_path: Path) -> None:
    there, then = f"{FILE}?v=1", f"{FILE}?v=2"
    records = [
        _page(),
        an_exchange(FILE, status=302, location=there),
        replace(_file("张三\n"), url=there),
        _page(at=LATER),
        an_exchange(FILE, status=302, location=then, at=LATER),
        replace(_file("李四李四\n", at=LATER), url=then),
        replace(_file("王五\n", at=LATER + timedelta(days=1)), url=there),
    ]
    db = _index(tmp_path, records)

    assert [1, 2] == [row["number"] for row in db.query("select number from file_versions order by number")]
    assert ["李四李四"] == [row["text"] for row in db.query("select text from attachments")]
    assert [1, 2] == [row["number"] for row in db.query("select number from revisions order by number")]


def _index(path: Path, records: list[Exchange]) -> Database:
    write_warc(path / "warc", "20260302T010000Z-aaaaaa", records)
    db = open_writer(path / "notices.db")
    Index(path, db, run="test").catch_up()
    return db


def _page(*, at: datetime = NOW) -> Exchange:
    link = f'附件：<a href="{FILE}">低保对象名单</a>'
    return an_exchange(PAGE, article("关于公布低保对象名单的通知", paragraphs=(*PARAGRAPHS, link)), at=at)


def _file(text: str, *, at: datetime = NOW) -> Exchange:
    return Exchange(
        url=FILE,
        method="GET",
        request_headers=(),
        request_body=b"",
        status=200,
        reason="OK",
        headers=(("Content-Type", "text/csv"),),
        body=text.encode(),
        fetched_at=at,
    )
