"""Copies are compared with those that share sentences with them; what is decided does not depend on who came first."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive import comparing
from archive.index import Index
from archive.records import Exchange
from archive.store import copies, likenesses, open_writer
from archive.trace import forms
from archive.trace.postings import postings
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
WHOLE = "http://www.zixun.example/a/1.html"
HALF = "http://www.zixun.example/a/2.html"
OTHER = "http://www.zixun.example/a/3.html"


def page(url: str, lines: tuple[str, ...], title: str = TITLE, on: str = "2026-01-12") -> Exchange:
    """A page of some lines."""
    return an_exchange(url, article(title, paragraphs=lines, on=on), at=NOW)


PAGES = {
    ORIGINAL: page(ORIGINAL, LINES),
    WHOLE: page(
        WHOLE, ("编者按：本网从有关部门获悉，特转发供参考。", *LINES, "更多政策请关注青山资讯。"), on="2026-01-14"
    ),
    HALF: page(HALF, (*LINES[:3], "点击查看全文"), on="2026-01-15"),
    OTHER: page(OTHER, tuple(line.replace("368.20", "412.70") for line in LINES), on="2026-01-16"),
}


def indexed(path: Path, *urls: str) -> Database:
    """A database of some pages, each of which came in a crawl of its own."""
    db = open_writer(path / "notices.db")
    for number, url in enumerate(urls):
        write_warc(path / "warc", f"20260302T0100{number:02}Z-aaaaaa", [BUREAU, PORTAL, PAGES[url]])
        Index(path, db, run="test").catch_up()
    return db


def rules(db: Database) -> dict[str, str]:
    """url → by which rule it belongs to the original's notice."""
    rows = db.query(
        "select copies.url, matches.rule, matches.class from copies join matches on matches.copy = copies.url_key"
        " where copies.notice = (select notice from copies where url = ?)",
        [ORIGINAL],
    )
    return {row["url"]: f"{row['rule']} {row['class']}" for row in rows}


@pytest.mark.parametrize("urls", list(itertools.permutations(PAGES)))
def test_reposts_without_a_link_find_their_original_in_any_order(tmp_path: Path, urls: tuple[str, ...]) -> None:
    db = indexed(tmp_path, *urls)

    assert {ORIGINAL: "original self", WHOLE: "near_text full", HALF: "near_text part"} == rules(db)


def test_an_archive_that_grew_equals_one_made_at_once(tmp_path: Path) -> None:
    db = indexed(tmp_path, WHOLE, OTHER, HALF, ORIGINAL)
    anew = open_writer(tmp_path / "new.db")
    Index(tmp_path, anew, run="test").catch_up()

    assert dump(anew) == dump(db)


def test_why_two_notices_of_a_series_are_apart_is_kept(tmp_path: Path) -> None:
    db = indexed(tmp_path, ORIGINAL, OTHER)
    [row] = db.query("select veto from likenesses where copy like '%a/3.html'")

    assert "368.20" in row["veto"]
    assert "412.70" in row["veto"]


@pytest.mark.parametrize("seed", range(12))
def test_pages_that_share_more_than_counts_are_compared_alike_in_any_order(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(likenesses, "CAP", 3)
    for room in (likenesses, comparing):
        monkeypatch.setattr(room, "BUREAUS", 1)
        monkeypatch.setattr(room, "OTHERS", 1)
    chance = random.Random(seed)
    sentences = [f"{word}工作要落实到每一个社区，由专人负责，按月报告进展情况。" * 2 for word in "甲乙丙丁戊己"]
    pages = []
    for number in range(14):
        host = "http://mzj.qingshan.example" if number % 2 else "http://www.zixun.example"
        lines = chance.sample(sentences, 4)
        title = f"关于做好{chance.choice('春夏')}季工作的通知"
        pages.append(an_exchange(f"{host}/a/{number}.html", article(title, paragraphs=lines), at=NOW))
    db = open_writer(tmp_path / "notices.db")
    for number, found in enumerate(pages):
        sources = [BUREAU, PORTAL] if number == chance.randrange(14) or number == 13 else []
        write_warc(tmp_path / "warc", f"20260302T0100{number:02}Z-aaaaaa", [*sources, found])
        Index(tmp_path, db, run="test").catch_up()
    anew = open_writer(tmp_path / "new.db")
    Index(tmp_path, anew, run="test").catch_up()

    assert dump(anew) == dump(db)
    assert db.execute("select count(*) from likenesses").fetchone()[0] > 0


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_marks_that_end_other_sentences_are_what_a_copy_is_found_under(order: tuple[int, int], tmp_path: Path) -> None:
    """The digest leaves marks out, so that they make no revision; the text that is kept is the last one seen."""
    lines = tuple(line.replace("，", "。") for line in LINES)
    shown = [page(WHOLE, LINES), replace(page(WHOLE, lines), fetched_at=NOW + timedelta(1))]
    db = open_writer(tmp_path / "notices.db")
    for number in order:
        write_warc(tmp_path / "warc", f"2026030{2 + number}T010000Z-aaaaaa", [BUREAU, PORTAL, shown[number]])
        Index(tmp_path, db, run="test").catch_up()
    write_warc(tmp_path / "last" / "warc", "20260303T010000Z-aaaaaa", [BUREAU, PORTAL, shown[1]])
    last = open_writer(tmp_path / "last" / "notices.db")
    Index(tmp_path / "last", last, run="test").catch_up()

    assert dump(db)["postings"] == dump(last)["postings"]


@pytest.mark.parametrize("before", [(), (OTHER,)], ids=["first", "later"])
def test_a_text_longer_than_is_compared_is_found_under_what_is_compared_of_it(
    before: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "MOST", 90)
    db = indexed(tmp_path, *before, ORIGINAL)
    printed = likenesses.printed(db, url_key(ORIGINAL))
    assert printed is not None
    found = {hash_ for (hash_,) in db.execute("select hash from postings where mark < 1 << 46")}

    assert found == postings(printed.title, forms.cut(forms.read_form(printed.text)))


def test_a_copy_is_settled_again_when_the_rival_of_its_original_is_gone(tmp_path: Path) -> None:
    """While there were two that it is as like, it was a person's to decide."""
    rival = "http://mzj.qingshan.example/tzgg/202601/t20260113_2.html"
    shown = {ORIGINAL: (*LINES, "本通知由甲科负责解释。"), rival: (*LINES, "本通知由乙科负责解释。"), HALF: LINES[:3]}
    pages = [page(url, lines) for url, lines in shown.items()]
    write_warc(tmp_path / "warc", "20260302T010000Z-aaaaaa", [BUREAU, PORTAL, *pages])
    db = open_writer(tmp_path / "notices.db")
    Index(tmp_path, db, run="test").catch_up()
    assert HALF not in rules(db)
    with db.atomic():  # as `archive.sightings` does for what is no article any more
        comparing.place(db, likenesses.printed(db, url_key(rival)), None)
        copies.mark(db, copies.drop_copy(db, url_key(rival)), "settle")
    Index(tmp_path, db, run="test").settle()

    assert rules(db)[HALF] == "near_text part"


def test_of_two_reposts_as_long_as_each_other_one_follows_the_other_whatever_their_days(tmp_path: Path) -> None:
    """One has a character mistyped. Which of them was laid beside the other, their addresses tell."""
    mistyped = tuple(line.replace("台账", "台帐本") if "台账" in line else line for line in LINES)
    pages = [
        page(WHOLE, tuple(line.replace("台账", "台账簿") for line in LINES), on="2026-01-20"),
        page(OTHER, mistyped),
    ]
    write_warc(tmp_path / "warc", "20260302T010000Z-aaaaaa", [BUREAU, PORTAL, *pages])
    db = open_writer(tmp_path / "notices.db")
    Index(tmp_path, db, run="test").catch_up()

    assert db.execute("select count(*) from notices").fetchone() == (1,)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_reposts_stay_when_the_bureau_edits_its_notice(order: tuple[int, ...], tmp_path: Path) -> None:
    edited = page(ORIGINAL, tuple(line.replace("368.20", "368.50") for line in LINES))
    came = [PAGES[ORIGINAL], PAGES[WHOLE], replace(edited, fetched_at=NOW + timedelta(9))]
    db = open_writer(tmp_path / "notices.db")
    for number in order:
        write_warc(tmp_path / "warc", f"2026030{2 + number}T010000Z-aaaaaa", [BUREAU, PORTAL, came[number]])
        Index(tmp_path, db, run="test").catch_up()
    anew = open_writer(tmp_path / "new.db")
    Index(tmp_path, anew, run="test").catch_up()

    assert rules(db) == {ORIGINAL: "original self", WHOLE: "near_text full"}
    assert dump(anew) == dump(db)
