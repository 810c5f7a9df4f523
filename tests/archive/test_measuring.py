"""What copies did to their notice is told when it is settled, in any order, and told again when a text changes."""

from __future__ import annotations

import itertools
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.index import Index
from archive.records import Exchange
from archive.store import open_writer
from archive.store.fidelities import fidelities_of, fidelity_of, texts_of
from archive.trace.side_by_side import side_by_side
from archive.urls import url_key
from tests.captures import BUREAU, NOW, PORTAL, an_exchange, article, write_warc
from tests.dump import dump

TITLE = "青山市民政局关于做好2026年春节期间困难群众救助工作的通知"
LINES = (
    "为切实保障困难群众基本生活，现就做好2026年春节期间困难群众救助工作有关事项通知如下。",
    "一、全面排查走访。各区要在2026年2月5日前对辖区内低保对象、特困人员逐户走访，建立台账，不漏一户一人。",
    "二、及时发放资金。1月和2月的救助资金合并发放，共计368.20万元，务必于2026年2月1日前拨付到户。",
    "三、严格值班值守。救助管理机构实行24小时值班，遇有紧急情况先行救助，并及时报告市局。",
)
ORIGINAL = "http://mzj.qingshan.example/tzgg/202601/t20260112_1.html"
SAME = "http://www.zixun.example/a/1.html"
HALF = "http://www.zixun.example/a/2.html"
LINKED = "http://www.zixun.example/a/3.html"
FALSE = tuple(line.replace("368.20", "386.20") for line in LINES)

PAGES = {
    ORIGINAL: article(TITLE, paragraphs=LINES, on="2026-01-12"),
    SAME: article(f"转载：{TITLE}", paragraphs=LINES, on="2026-01-15"),
    HALF: article(TITLE, paragraphs=(*LINES[:2], "点击查看全文"), on="2026-01-11"),
    LINKED: article(TITLE, paragraphs=FALSE, on="2026-01-12", original=ORIGINAL),
}


def page(url: str, html: str | None = None, *, days: int = 0) -> Exchange:
    """What an address showed so many days after the first look."""
    return an_exchange(url, html or PAGES[url], at=NOW + timedelta(days=days))


def indexed(path: Path, *pages: Exchange) -> Database:
    """A database of some pages, each of which came in a crawl of its own."""
    db = open_writer(path / "notices.db")
    for number, one in enumerate(pages):
        write_warc(path / "warc", f"20260302T0100{number:02}Z-aaaaaa", [BUREAU, PORTAL, one])
        Index(path, db, run="test").catch_up()
    return db


@pytest.mark.parametrize("urls", [list(PAGES), *list(itertools.permutations(PAGES))[5::6]])
def test_copies_are_measured_against_the_original_in_any_order(tmp_path: Path, urls: list[str]) -> None:
    db = indexed(tmp_path, *map(page, urls))
    same, half, linked = (fidelity_of(db, url_key(url)) for url in (SAME, HALF, LINKED))

    assert fidelity_of(db, url_key(ORIGINAL)) is None
    assert same is not None
    assert half is not None
    assert linked is not None
    assert (True, "framed", 3, 0) == (same.is_complete, same.retitling, same.days_later, same.numbers_changed)
    assert (False, None, -1, 0) == (half.is_complete, half.retitling, half.days_later, half.numbers_changed)
    assert [("368.20", "386.20")] == [(change.before, change.after) for change in linked.numbers]
    assert {same.against, half.against, linked.against} == {url_key(ORIGINAL)}
    [notice] = {row["notice"] for row in db.query("select notice from copies")}
    assert {one.copy: one for one in (same, half, linked)} == fidelities_of(db, notice)


def test_an_archive_that_grew_has_the_fidelities_of_one_made_at_once(tmp_path: Path) -> None:
    db = indexed(tmp_path, *map(page, (HALF, LINKED, ORIGINAL, SAME)))
    anew = open_writer(tmp_path / "new.db")
    Index(tmp_path, anew, run="test").catch_up()

    assert dump(anew)["fidelities"] == dump(db)["fidelities"]


def test_a_copy_that_mends_its_number_is_measured_again(tmp_path: Path) -> None:
    mended = article(TITLE, paragraphs=LINES, on="2026-01-12", original=ORIGINAL)
    db = indexed(tmp_path, page(ORIGINAL), page(LINKED), page(LINKED, mended, days=7))
    found = fidelity_of(db, url_key(LINKED))

    assert found is not None
    assert (0, True) == (found.numbers_changed, found.is_complete)


def test_an_original_that_changes_makes_its_copies_differ(tmp_path: Path) -> None:
    later = article(TITLE, paragraphs=FALSE, on="2026-01-12")
    db = indexed(tmp_path, page(ORIGINAL), page(SAME, days=1), page(LINKED), page(ORIGINAL, later, days=7))
    found = fidelity_of(db, url_key(LINKED))

    assert found is not None
    assert 0 == found.numbers_changed


def test_what_is_no_copy_any_more_has_no_fidelity(tmp_path: Path) -> None:
    alone = article(
        "白河市关于2025年养老机构等级评定结果的公告", paragraphs=["评定结果如下，共计三家机构。" * 9], on="2026-02-01"
    )
    db = indexed(tmp_path, page(ORIGINAL), page(SAME), page(SAME, alone, days=7))

    assert fidelity_of(db, url_key(SAME)) is None


def test_only_what_changed_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db = indexed(tmp_path, page(ORIGINAL), page(LINKED))
    measured: list[str] = []
    monkeypatch.setattr("archive.measuring.measure", lambda _, copy: measured.append(copy.key) or 1 / 0)
    db.execute("insert into dirty (step, url_key) select 'settle', url_key from copies")
    Index(tmp_path, db, run="test").catch_up()

    assert [] == measured


def test_both_texts_can_be_shown_side_by_side(tmp_path: Path) -> None:
    db = indexed(tmp_path, page(ORIGINAL), page(LINKED))
    texts = texts_of(db, url_key(LINKED))

    assert texts is not None
    assert [("368.20", "386.20")] == [
        (span.one.strip("万元，"), span.other.strip("万元，"))
        for span in side_by_side(*texts)
        if span.kind == "changed"
    ]
    assert texts_of(db, url_key(ORIGINAL)) is None
