"""Table `facets`: what a search is narrowed by is what the rows it is told from say, whoever writes them."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.store.facets import create_facets, stray_facets
from archive.store.migrations import migrations
from archive.store.search import create_search, register
from archive.store.soundness import search_unsound
from tests.build import PORTAL, a_copy, a_notice, a_revision, a_source, an_archive


@pytest.fixture
def db() -> Iterator[Database]:
    """An empty archive in memory."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    register(conn)
    made = Database(conn, execute_plugins=False)
    migrations.apply(made)
    create_search(made)
    create_facets(made)
    yield made
    conn.close()


def facets(db: Database, notice: str) -> dict[str, object]:
    return next(db.query("select facets.* from facets join notices using (n) where id = ?", [notice]))


def test_a_joint_notice_has_each_of_its_agencies_once_and_in_their_order(db: Database) -> None:
    notice = a_notice(db, issuing_agency="民政局", issuing_agencies='["民政局", "财政局"]')
    twice = a_notice(db, issuing_agency="民政局", issuing_agencies='["民政局", "财政局", "民政局"]')
    alone = a_notice(db, issuing_agency="民政局")

    assert ["民政局\n财政局", "民政局\n财政局", "民政局"] == [
        facets(db, one)["agencies"] for one in (notice, twice, alone)
    ]


def test_the_sources_of_a_notice_are_those_of_all_its_copies(db: Database) -> None:
    a_source(db, "zhuanzai", kind="portal", home=PORTAL)
    notice = a_notice(db)
    a_copy(db, notice, f"{PORTAL}1.html", source="zhuanzai")
    a_copy(db, notice, f"{PORTAL}2.html", source="zhuanzai")

    assert "shili\nzhuanzai" == facets(db, notice)["sources"]
    assert 1 == facets(db, notice)["reposted"]


def test_an_edit_of_a_repost_is_none_of_the_notice_unless_it_is_read_from_there(db: Database) -> None:
    a_source(db, "zhuanzai", kind="portal", home=PORTAL)
    held = a_notice(db)
    lost = a_notice(db, original_captured=0)
    for notice in (held, lost):
        key = a_copy(db, notice, f"{PORTAL}{notice}.html", source="zhuanzai")
        a_revision(db, key, rank=1)
        if notice == lost:
            db["notices"].update(_n(db, lost), {"best_copy": key})

    assert [0, 1] == [facets(db, notice)["edited"] for notice in (held, lost)]


@pytest.mark.parametrize(("rank", "edited"), [(1, 1), (11, 1), (12, 0), (13, 0), (None, 0)])
def test_layout_and_order_alone_are_no_edit(db: Database, rank: int | None, edited: int) -> None:
    notice = a_notice(db)
    a_revision(db, db["notices"].get(_n(db, notice))["best_copy"], rank=rank)

    assert edited == facets(db, notice)["edited"]


def test_an_original_is_gone_when_its_own_page_is(db: Database) -> None:
    a_source(db, "zhuanzai", kind="portal", home=PORTAL)
    notice = a_notice(db)
    a_copy(db, notice, f"{PORTAL}1.html", source="zhuanzai", state="gone")

    assert 0 == facets(db, notice)["original_gone"]

    db.execute("update copies set state = 'gone' where role = 'original'")

    assert 1 == facets(db, notice)["original_gone"]


@pytest.mark.parametrize("links", ["on", "off"])
def test_the_rows_hold_whatever_is_written_in_whatever_order(db: Database, links: str) -> None:
    db.execute(f"pragma foreign_keys={links}")
    chance = random.Random(20261129)
    a_source(db, "zhuanzai", kind="portal", home=PORTAL)
    notices = [a_notice(db, f"公告{number}") for number in range(6)]
    copies = [
        a_copy(db, chance.choice(notices), f"{PORTAL}{number}.html", source="zhuanzai", role=role)
        for number, role in enumerate(("repost", "mirror", "unknown", "repost"))
    ]
    writes = (
        ("update copies set notice = ? where url_key = ?", lambda: [chance.choice(notices), chance.choice(copies)]),
        (
            "update copies set state = ?, role = ? where url_key = ?",
            lambda: ["gone", "original", chance.choice(copies)],
        ),
        (
            "insert or ignore into attachments (copy, url, name) values (?, ?, '附件')",
            lambda: [chance.choice(copies), "u"],
        ),
        ("delete from attachments where copy = ?", lambda: [chance.choice(copies)]),
        ("update revisions set rank = ? where copy = ?", lambda: [chance.choice((1, None)), chance.choice(copies)]),
        ("update revisions set number = number + 1 where copy = ?", lambda: [chance.choice(copies)]),
        (
            "update notices set best_copy = ?, province = ? where id = ?",
            lambda: [copies[0], "省", chance.choice(notices)],
        ),
        ("update notices set id = id || '2' where id = ?", lambda: [chance.choice(notices)]),
        ("update notices set n = n + 100 where id = ?", lambda: [chance.choice(notices)]),
        ("delete from revisions where copy = ?", lambda: [chance.choice(copies)]),
        ("update revisions set copy = ? where copy = ?", lambda: chance.sample(copies, 2)),
        (
            """insert into revisions (copy, number, seen_from, seen_to, text, text_digest, state_digest, rank)
            values (?, ?, '', '', '', '', '', ?)""",
            lambda: [chance.choice(copies), chance.choice((1, 9)), chance.choice((1, None))],
        ),
        ("update attachments set copy = ? where copy = ?", lambda: chance.sample(copies, 2)),
        ("update copies set url_key = url_key || '2' where url_key = ?", lambda: [chance.choice(copies)]),
        ("update copies set source = ? where url_key = ?", lambda: ["shili", chance.choice(copies)]),
    )
    for _ in range(400):
        sql, bound = chance.choice(writes)
        with suppress(sqlite3.IntegrityError):
            db.execute(sql, bound())
        notices = [row["id"] for row in db.query("select id from notices order by id")]
        copies = [row["url_key"] for row in db.query("select url_key from copies order by url_key")]

        assert 0 == stray_facets(db), sql

    db.execute("update copies set notice = null where notice = ?", [notices[0]])
    db.execute("delete from matches where notice = ?", [notices[0]])
    db.execute("delete from notices where id = ?", [notices[0]])

    assert 0 == stray_facets(db)
    assert db["notices"].count == db["facets"].count


def test_triggers_that_were_dropped_are_put_back_and_what_they_missed_is_told(db: Database) -> None:
    notice = a_notice(db)
    db.execute("drop trigger facets_notices_update")
    db.execute("update notices set province = '邻省'")

    assert 1 <= stray_facets(db)

    create_facets(db)

    assert 0 == stray_facets(db)
    assert "邻省" == facets(db, notice)["province"]


def test_verify_tells_facets_that_are_not_what_their_notices_say(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    made = an_archive(tmp_path / "notices.db")
    a_notice(made)

    assert search_unsound(made, tmp_path / "one") is None

    made.execute("update facets set edited = 1")

    assert "facets of 1 notices" in str(search_unsound(made, tmp_path / "other"))

    made.close()


def _n(db: Database, notice: str) -> int:
    return int(db.execute("select n from notices where id = ?", [notice]).fetchone()[0])
