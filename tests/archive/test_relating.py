"""What notices are to each other depends on the set of them alone, and a long series has few relations."""

from __future__ import annotations

import contextlib
import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.index import Index
from archive.records import Exchange
from archive.store import open_draft, open_writer, relations
from archive.store.relations import shown_relations
from tests.captures import BUREAU, NOW, PORTAL, an_exchange, article, write_warc
from tests.dump import dump

HOST = "http://mzj.qingshan.example/tzgg"
ELSEWHERE = "http://www.zixun.example/a"
QUARTERS = [(year, number) for year in range(2019, 2025) for number in (1, 2, 3, 4)]
LETTER = "现将通知转发给你们，请结合实际认真贯彻执行，并于月底前将落实情况报市局社会救助科。"
CHECK = (
    "各区民政局、各养老机构：为坚决防范遏制重特大事故发生，现就开展养老机构消防安全大检查有关事项通知如下。",
    "一、检查范围。全市登记备案的养老机构和日间照料中心，重点检查疏散通道、电气线路、厨房燃气和消防设施。",
    "二、工作要求。各单位要建立问题清单，能立即整改的立即整改，不能立即整改的要明确责任人和完成时限。",
)
SOURCES = (replace(BUREAU, kind="portal"), replace(PORTAL, kind="bureau"), replace(BUREAU, division="420200"))
CHECK_TITLE = "青山市民政局关于开展养老机构消防安全大检查的通知"


def lines(year: int, quarter: int) -> tuple[str, ...]:
    """The text of one notice of the series."""
    when, sum_ = f"{year}年第{'一二三四'[quarter - 1]}季度", f"{200 + year % 100}.{quarter}0"
    return (
        f"为主动接受社会监督，根据社会救助有关规定，现将青山市{when}低保资金发放情况公示如下。",
        f"截至季度末，全市共有城市低保对象812户，农村低保对象655户，本季度累计发放低保金{sum_}万元。",
        "公示期间如有异议，请通过来信、来电、来访等形式向青山市民政局社会救助科反映。",
    )


def title(year: int, quarter: int) -> str:
    """Its title."""
    return f"青山市民政局关于{year}年第{'一二三四'[quarter - 1]}季度低保资金发放情况的公示"


def quarterly(year: int, quarter: int, *, url: str = "", days: int = 0) -> Exchange:
    """A page of it."""
    on = date(year, quarter * 3, 28) + timedelta(days=12)
    html = article(title(year, quarter), paragraphs=lines(year, quarter), on=on.isoformat())
    return an_exchange(url or f"{HOST}/{year}{quarter}.html", html, at=NOW + timedelta(days=days))


def indexed(path: Path, *crawls: list[Exchange]) -> Database:
    """A database of some crawls, caught up after each."""
    db = open_writer(path / "notices.db")
    for number, pages in enumerate(crawls):
        write_warc(path / "warc", f"20260302T0100{number:02}Z-aaaaaa", pages)
        Index(path, db, run="test").catch_up()
    return db


def related(db: Database) -> set[tuple[str, str, str]]:
    """Relations that texts tell, by the titles of both."""
    rows = db.query(
        "select a.title as a, kind, b.title as b from relations join notices a on a.id = relations.a"
        " join notices b on b.id = relations.b where found_in = 'text'"
    )
    return {(row["a"], row["kind"], row["b"]) for row in rows}


def rebuilt(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of a database made from nothing."""
    with contextlib.closing(open_draft(path / "new.db")) as db:
        Index(path, db, run="test").catch_up()
        rows = dump(db)
    for made in path.glob("new.db*"):
        made.unlink()
    return rows


def test_each_of_a_series_of_24_is_tied_to_the_one_before_it(tmp_path: Path) -> None:
    pages = [quarterly(*when) for when in QUARTERS]
    random.Random(1).shuffle(pages)
    db = indexed(tmp_path, pages[:9], pages[9:10], pages[10:])
    found = related(db)
    titles = [title(*when) for when in QUARTERS]

    assert {(own, "sibling", before) for before, own in pairwise(titles)} <= found
    assert len(found) <= 3 * len(titles)
    assert {"sibling"} == {kind for _, kind, _ in found}
    assert rebuilt(tmp_path)["relations"] == dump(db)["relations"]


def test_one_that_comes_between_two_of_a_series_stands_between_them(tmp_path: Path) -> None:
    db = indexed(tmp_path, [quarterly(2024, 1), quarterly(2024, 3)], [quarterly(2024, 2)])
    first, second, third = (title(2024, number) for number in (1, 2, 3))

    assert {(second, "sibling", first), (third, "sibling", second)} <= related(db)


@pytest.mark.parametrize("first", ["others", "notices", "both"])
def test_a_letter_a_digest_and_a_piece_are_tied_to_their_notice_whoever_comes_first(first: str, tmp_path: Path) -> None:
    others = {
        f"江北区民政局关于转发{CHECK_TITLE}的通知": (LETTER, *CHECK),
        "民政信息汇总（2024年5月）": (*CHECK, *lines(2024, 1)),
        f"一图读懂｜{CHECK_TITLE}": ("本图由青山市民政局宣传科制作，欢迎收藏转发，让更多人了解养老机构消防安全。" * 3,),
    }
    pages = [
        an_exchange(f"{HOST}/{at}.html", article(name, paragraphs=text, on="2024-05-20"))
        for at, (name, text) in enumerate(others.items())
    ]
    notices = [
        an_exchange(f"{HOST}/c.html", article(CHECK_TITLE, paragraphs=CHECK, on="2024-05-06")),
        quarterly(2024, 1),
    ]
    letter, digest, piece = others
    expected = {
        (letter, "forwards", CHECK_TITLE),
        (digest, "digest_of", CHECK_TITLE),
        (digest, "digest_of", title(2024, 1)),
        (piece, "explains", CHECK_TITLE),
    }
    crawls = {"others": (pages, notices), "notices": (notices, pages), "both": ([*pages, *notices],)}[first]

    assert expected <= related(indexed(tmp_path, *crawls))


def test_a_digest_is_one_of_every_notice_whose_title_and_text_it_prints(tmp_path: Path) -> None:
    whens = QUARTERS[:12]
    printed = [line for when in whens for line in (title(*when), *lines(*when))]
    name = "民政信息汇编（2024年）"
    page = article(name, paragraphs=(*printed, title(*QUARTERS[12])), on="2024-12-20")
    db = indexed(tmp_path, [an_exchange(f"{HOST}/d.html", page)], [quarterly(*when) for when in QUARTERS])

    assert {title(*when) for when in whens} == {b for a, kind, b in related(db) if (a, kind) == (name, "digest_of")}


def test_relations_are_shown_from_both_sides(tmp_path: Path) -> None:
    db = indexed(tmp_path, [quarterly(2024, 1), quarterly(2024, 2)])
    [(first, second)] = db.execute("select b, a from relations").fetchall()
    [mine], [theirs] = shown_relations(db, second), shown_relations(db, first)

    assert (True, first, title(2024, 1)) == (mine["is_from"], mine["notice"], mine["title"])
    assert (False, second, "sibling") == (theirs["is_from"], theirs["notice"], theirs["kind"])
    assert mine["why"].endswith("differs in 第1季度 / 第2季度")


@pytest.mark.parametrize("seed", range(8))
def test_relations_that_grew_equal_those_made_anew(seed: int, tmp_path: Path) -> None:
    """Pages come, change their title and text, turn out to be none, are another's; of few titles, so that they meet."""
    chance = random.Random(seed)
    titles = {
        **{title(*when): lines(*when) for when in QUARTERS[:5]},
        CHECK_TITLE: CHECK,
        f"转发{CHECK_TITLE}": (LETTER, *CHECK),
        "民政信息汇总（2024年5月）": (
            CHECK_TITLE,
            *CHECK,
            title(*QUARTERS[0]),
            *lines(*QUARTERS[0]),
            title(*QUARTERS[1]),
        ),
        f"解读：{CHECK_TITLE}": ("本刊记者就消防安全大检查采访了有关负责人，现将有关问题摘登如下。" * 4,),
        f"{CHECK_TITLE}（2025年修订）": (
            *CHECK[:2],
            "三、本通知自印发之日起施行，原通知同时停止执行，请认真遵照办理。",
        ),
    }
    urls = [f"{HOST}/{at}.html" for at in range(5)] + [f"{ELSEWHERE}/{at}.html" for at in range(3)]
    db = open_writer(tmp_path / "notices.db")
    for number in range(14):
        name = chance.choice(list(titles))
        on = f"2024-0{chance.randint(1, 3)}-1{chance.randint(0, 3)}"
        html = article(name, paragraphs=titles[name], on=on)
        if chance.random() < 0.15:
            html = "<html><body><p>栏目首页</p></body></html>"
        page = an_exchange(chance.choice(urls), html, at=NOW + timedelta(days=number))
        changed = [chance.choice(SOURCES)] if chance.random() < 0.2 else []
        at = NOW + timedelta(days=number)
        write_warc(tmp_path / "warc", f"20260302T0100{number:02}Z-aaaaaa", [page, *changed], at=at)
        Index(tmp_path, db, run="test").catch_up()
        if number % 4 == 3 or number == 13:
            mine, theirs = dump(db), rebuilt(tmp_path)
            for table in ("threads", "relations", "fidelities"):
                assert theirs[table] == mine[table]

    assert 0 == db.execute("select count(*) from dirty where step = 'relate'").fetchone()[0]


def test_what_a_repost_changed_is_no_difference_of_the_notices(tmp_path: Path) -> None:
    more = "另附本季度临时救助情况：全市共救助遭遇突发困难的家庭若干户，救助金已通过社会化方式发放到户。"
    page = article(title(2023, 1), paragraphs=(*lines(2023, 1), more), on="2023-04-09")
    first, second = an_exchange(f"{HOST}/20231.html", page, at=NOW), quarterly(2023, 2)
    told = [line.replace("223.10", "999.99") for line in lines(2023, 1)]
    html = article(title(2023, 1), paragraphs=told, on="2023-04-12", original=first.url)
    db = indexed(tmp_path, [first, second, an_exchange(f"{ELSEWHERE}/1.html", html, at=NOW)])
    [notice] = [row["notice"] for row in db.query("select notice from copies where url = ?", [second.url])]
    [near] = relations.near(db, notice)

    assert 2 == db.execute("select count(distinct notice) from copies").fetchone()[0]
    assert near.of_other < 0.8
