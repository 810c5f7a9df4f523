"""Redesign day: a bureau moves every address and cleans its markup, and keeps its notices."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlite_utils import Database

from archive import fate
from archive.archive import Archive
from archive.index import Index
from archive.records import Exchange
from archive.store import open_writer
from archive.urls import url_key
from archive.warc import warc_files
from tests.captures import NOW, an_exchange, crawled
from tests.dump import dump
from tests.redesign import BUREAU, HOST, Planned, new_page, old_page, site

NOTICES = site()
OLD = [one.old_url for one in NOTICES]
SOFT_404 = "<html><body><h1>抱歉，您访问的页面不存在或已删除</h1><p>请返回首页</p></body></html>"


def crawl(archive: Archive, day: int, answers: Sequence[Exchange]) -> Database:
    """What a crawl of that day got, indexed."""
    return crawled(archive, day, [BUREAU, *answers])


def before(day: int = 0, notices: Sequence[Planned] = NOTICES) -> list[Exchange]:
    return [an_exchange(one.old_url, old_page(one), at=NOW + timedelta(day)) for one in notices]


def after(day: int, notices: Sequence[Planned] = NOTICES) -> list[Exchange]:
    return [an_exchange(one.new_url, new_page(one), at=NOW + timedelta(day)) for one in notices]


def taken_away(day: int, urls: Sequence[str], how: str = "404") -> list[Exchange]:
    at = NOW + timedelta(day)
    new = {one.old_url: one.new_url for one in NOTICES}
    answers = {
        "404": [an_exchange(url, status=404, at=at) for url in urls],
        "soft 404": [an_exchange(url, SOFT_404, at=at) for url in urls],
        "home": [an_exchange(url, status=302, location=f"{HOST}/", at=at) for url in urls],
        "new": [an_exchange(url, status=301, location=new.get(url), at=at) for url in urls],
        "unasked": [],
    }
    return answers[how]


def ids(db: Database) -> dict[str, str]:
    return {row["original_url"]: row["id"] for row in db.query("select id, original_url from notices")}


def losses(db: Database) -> dict[str, str]:
    """Addresses whose page is called withdrawn, with their states."""
    return dict(db.execute("select url, state from copies where state in ('missing', 'gone')").fetchall())


def issues(db: Database) -> list[tuple[str, str]]:
    return list(db.execute("select kind, state from issues").fetchall())


def check_order(archive: Archive, db: Database) -> None:
    """The rows are those of a database made at once, whatever file comes first."""
    names = [name for name, _ in warc_files(archive.warc)]
    orders = itertools.islice(itertools.permutations(names), 0, 24, 7)
    for number, order in enumerate([*orders, names[::-1]]):
        other = open_writer(archive.path / f"other{number}.db")
        Index(archive.path, other, run="test").catch_up(order)

        assert dump(other) == dump(db)
        other.close()


@pytest.mark.parametrize("how", ["404", "soft 404", "home", "new", "unasked"])
def test_a_site_that_moves_every_address_keeps_its_notices(archive: Archive, how: str) -> None:
    """The old addresses are dead, lead home, lead to the new ones, or are not asked for."""
    first = ids(crawl(archive, 0, before()))
    db = crawl(archive, 30, [*after(30), *taken_away(30, OLD, how)])

    assert len(first) == 45
    assert ids(db) == first
    assert losses(db) == {}
    assert db.execute("select count(*) from revisions where number > 1").fetchone() == (0,)
    assert [archive.find(one.new_url) for one in NOTICES] == [archive.find(one.old_url) for one in NOTICES]
    assert issues(db) == []
    check_order(archive, db)


def test_five_that_are_really_removed_later_are_found_and_no_others(archive: Archive) -> None:
    crawl(archive, 0, before())
    crawl(archive, 30, after(30))
    removed, rest = NOTICES[3:8], [*NOTICES[:3], *NOTICES[8:]]
    dead = [one.new_url for one in removed]
    db = crawl(archive, 60, [*after(60, rest), *taken_away(60, [*dead, *OLD])])

    assert losses(db) == dict.fromkeys(dead, "missing")
    for day in (67, 75):
        db = crawl(archive, day, [*after(day, rest), *taken_away(day, dead)])

    assert losses(db) == dict.fromkeys(dead, "gone")
    assert issues(db) == []
    assert len(ids(db)) == 45
    check_order(archive, db)


def test_a_source_that_moved_is_well_again_when_its_pages_are_found_elsewhere(archive: Archive) -> None:
    """The lists were mended a week after the site had moved."""
    crawl(archive, 0, before())
    lost = crawl(archive, 30, taken_away(30, OLD))

    assert (losses(lost), issues(lost)) == ({}, [("source_moved", "open")])
    found = crawl(archive, 37, after(37))

    assert (losses(found), issues(found)) == ({}, [("source_moved", "closed")])
    assert found.execute("select distinct state from copies order by 1").fetchall() == [("live",), ("moved",)]
    check_order(archive, found)


def test_a_site_that_moves_twice_keeps_its_notices(archive: Archive) -> None:
    first = ids(crawl(archive, 0, before()))
    crawl(archive, 30, after(30))
    third = [replace(page, url=page.url.replace("/art/", "/zwgk/art/")) for page in after(90)]
    db = crawl(archive, 90, third)

    assert ids(db) == first
    assert {archive.find(page.url) for page in third} == set(first.values())
    check_order(archive, db)


def test_a_notice_stays_one_when_its_new_address_changes_and_has_the_text_of_that(archive: Archive) -> None:
    one = NOTICES[0]
    changed = replace(one, new_title="关于名单和号码的更正", paragraphs=("更正：联系电话改为政务公开栏所列号码。" * 9,))
    crawl(archive, 0, before(notices=[one]))
    crawl(archive, 30, after(30, [one]))
    db = crawl(archive, 60, after(60, [changed]))

    [row] = db.query("select original_url, text from notices")
    assert row["original_url"] == one.old_url
    assert row["text"].startswith("更正")
    assert db.execute("select copy, number from revisions where number > 1").fetchall() == [(url_key(one.new_url), 2)]
    check_order(archive, db)


@pytest.mark.parametrize("what", ["both are there", "two could have been it", "it could be two now", "another day"])
def test_what_is_not_certain_stays_apart(archive: Archive, what: str) -> None:
    """Short texts of one title, of which a person has to say whether they are one."""
    one = next(one for one in NOTICES if one.paragraphs == ("名单见附件。",))
    twin = replace(one, number=one.number + 100)
    old, new = [one], [one]
    if what == "two could have been it":
        old.append(twin)
    elif what == "it could be two now":
        new.append(twin)
    elif what == "another day":
        new = [replace(one, on="2024-09-04")]
    crawl(archive, 0, before(notices=old))
    db = crawl(archive, 30, after(30, new))
    if what == "both are there":
        db = crawl(archive, 31, before(31, [one]))

    assert len(ids(db)) == len(old) + len(new)
    check_order(archive, db)


@pytest.mark.parametrize("seed", range(10))
def test_moves_do_not_depend_on_the_order_in_which_captures_arrive(
    seed: int, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few addresses, texts and days, so that pages come, go, change, redirect and come back at each other's places."""
    monkeypatch.setattr(fate, "RECHECKED", 2)
    chance = random.Random(seed)
    urls = [f"{HOST}/{path}" for path in ("a/1.html", "b/1.html", "info/1/7.htm", "info/2/7.htm")]
    one = NOTICES[0]
    more = replace(one, paragraphs=(*one.paragraphs, "本公告自发布之日起施行。"), new_title=f"通知：{one.title}")
    short = replace(one, paragraphs=("名单见附件。",))
    for number in range(14):
        day, url = chance.choice((0, 7, 14, 21, 30)), chance.choice(urls)
        page = chance.choice((old_page, new_page))(chance.choice((one, one, more, short)))
        answers = [
            *[an_exchange(url, page, at=NOW + timedelta(day, number))] * 5,
            an_exchange(url, status=404, at=NOW + timedelta(day, number)),
            an_exchange(url, status=301, location=chance.choice(urls), at=NOW + timedelta(day, number)),
        ]
        crawl(archive, number, [chance.choice(answers)])

    check_order(archive, open_writer(archive.database))
