"""Places by their code."""

import sqlite3

import pytest
from sqlite_utils import Database

from archive.store.divisions import load_divisions, place
from archive.store.migrations import migrations


@pytest.fixture
def db():
    conn = sqlite3.connect(":memory:", isolation_level=None)
    conn.execute("pragma foreign_keys = on")
    database = Database(conn, execute_plugins=False)
    migrations.apply(database)
    load_divisions(database)
    yield database
    conn.close()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("500000", ("重庆市", None)),
        ("420100", ("湖北省", "武汉市")),
        ("420106", ("湖北省", "武汉市")),
        ("441900", ("广东省", "东莞市")),
        ("620200", ("甘肃省", "嘉峪关市")),
        ("710000", ("台湾省", None)),
        ("820000", ("澳门特别行政区", None)),
        ("999999", (None, None)),
        ("", (None, None)),
        (None, (None, None)),
    ],
)
def test_a_code_names_its_province_and_prefecture(code, expected):
    assert place(code) == expected


@pytest.mark.parametrize("code", ["500115", "110101", "310101", "429004", "659001"])
def test_what_a_province_governs_directly_has_no_prefecture(code):
    province, city = place(code)

    assert province is not None
    assert city is None


def test_all_levels_are_there_and_every_place_has_its_parent(db):
    levels = dict(db.execute("select level, count(*) from divisions group by level").fetchall())

    assert levels == {"province": 34, "prefecture": 333, "county": 2850}
    assert db.execute("pragma foreign_key_check").fetchall() == []


def test_no_place_is_known_to_statistics_only(db):
    sql = (
        "select name from divisions where name in ('市辖区', '县') or name like '%直辖县级%' or name like '%经济开发区'"
    )

    assert db.execute(sql).fetchall() == []


def test_loading_twice_equals_once(db):
    before = db.execute("select * from divisions").fetchall()
    changes = db.conn.total_changes
    load_divisions(db)

    assert db.execute("select * from divisions").fetchall() == before
    assert db.conn.total_changes == changes
