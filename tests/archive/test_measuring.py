"""What copies did to their notice is told when it is settled, in any order, and told again when a text changes."""

from __future__ import annotations

import itertools
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.fidelity_words import fidelity_words
from archive.index import Index
from archive.records import Exchange
from archive.store import open_writer
from archive.store.fidelities import fidelities_of, fidelity_of
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
    monkeypatch.setattr("archive.measuring.measure_among", lambda _, copy: measured.append(copy.key) or 1 / 0)
    db.execute("insert into dirty (step, url_key) select 'settle', url_key from copies")
    Index(tmp_path, db, run="test").catch_up()

    assert [] == measured


def test_what_the_original_edited_later_is_no_change_of_its_copies(tmp_path: Path) -> None:
    edited = article(
        TITLE, paragraphs=[line.replace("368.20", "391.50").replace("逐户", "分批") for line in LINES], on="2026-01-12"
    )
    between = article(TITLE, paragraphs=[line.replace("368.20", "391.50") for line in LINES], on="2026-01-12")
    pages = page(ORIGINAL), page(LINKED), page(ORIGINAL, between, days=3), page(ORIGINAL, edited, days=7)
    db = indexed(tmp_path, *pages)
    linked = fidelity_of(db, url_key(LINKED))

    assert linked is not None
    assert (1, [("368.20", "386.20")], 0) == (
        linked.revision, [(change.before, change.after) for change in linked.numbers], linked.wording_changed,
    )  # fmt: skip
    assert any("revision 1, which was edited later" in str(words) for words in fidelity_words(linked))


def test_a_copy_of_the_latest_revision_is_told_from_that(tmp_path: Path) -> None:
    before = article(TITLE, paragraphs=[line.replace("24小时", "12小时") for line in LINES], on="2026-01-12")
    db = indexed(tmp_path, page(ORIGINAL, before), page(ORIGINAL, days=1), page(SAME, days=2), page(LINKED, days=2))

    assert {None} == {one.revision for key in (SAME, LINKED) if (one := fidelity_of(db, url_key(key)))}


def test_an_earlier_state_that_comes_late_is_heard(tmp_path: Path) -> None:
    mended = article(TITLE, paragraphs=[line.replace("逐户", "分批") for line in LINES], on="2026-01-12")
    db = indexed(tmp_path, page(ORIGINAL, mended, days=7), page(LINKED, days=1), page(ORIGINAL))
    anew = open_writer(tmp_path / "new.db")
    Index(tmp_path, anew, run="test").catch_up()
    linked = fidelity_of(db, url_key(LINKED))

    assert linked is not None
    assert (1, 0) == (linked.revision, linked.wording_changed)
    assert dump(anew)["fidelities"] == dump(db)["fidelities"]
