"""Search: every word of any length is found, nothing else is, and nothing a person types is an error."""

import logging
import random
import re
import sqlite3
import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlite_utils import Database

from archive.store import search as search_module
from archive.store.migrations import migrations
from archive.store.search import (
    SearchError,
    check_search,
    create_search,
    rebuild_search,
    register,
    zh_index,
    zh_match,
    zh_snippet,
)
from archive.text import FOLD_VERSION, fold

WORDS = (
    "民政 养老服务 低保 通知 临水市 關於 社會救助 网格员 二〇二一年 〔2021〕15号 2021年11月 ２０２１年 第115号 "
    "助浴快车 𠮷祥 MZ-2021 养老院"
)
MARKS = ["，", "。", "\n", "、", "（", "）", "　", " ", ""]


def open_database(path=":memory:"):
    conn = sqlite3.connect(path, isolation_level=None)
    register(conn)
    db = Database(conn, execute_plugins=False)
    migrations.apply(db)
    create_search(db)
    return db


def put(db, *texts):
    rows = [{"n": n, "id": f"id{n}", "title": text, "text": "", "original_captured": 0} for n, text in enumerate(texts)]
    db.table("notices").insert_all(rows)


def found(db, query):
    sql = "select rowid from notices_fts where notices_fts match zh_match(?) order by rowid"
    return [row[0] for row in db.execute(sql, [query])]


@pytest.fixture
def db():
    database = open_database()
    yield database
    database.conn.close()


@pytest.fixture(scope="module")
def one_notice():
    database = open_database()
    put(database, "关于养老服务的通知")
    yield database
    database.conn.close()


def made_texts(count):
    """Texts of words and marks in chance order, the same every time."""
    chance = random.Random(20211104)
    words = WORDS.split()
    return ["".join(chance.choice(words) + chance.choice(MARKS) for _ in range(12)) for _ in range(count)]


def plain(text):
    """Folded text without blanks between Chinese characters: what a person compares by eye."""
    return re.sub("(?<=[〇一-龥𠀀-𪛖])[ \t]+(?=[〇一-龥𠀀-𪛖])", "", fold(text))


@pytest.mark.parametrize("length", range(1, 10))
def test_every_piece_of_chinese_is_found_where_it_stands_and_nowhere_else(length):
    texts = made_texts(80)
    db = open_database()
    put(db, *texts)
    runs = sorted({run for text in texts for run in re.findall(f"[一-龥〇𠀀-𪛖]{{{length},}}", plain(text))})
    pieces = {run[start : start + length] for run in runs for start in range(len(run) - length + 1)}
    wrong = {
        piece: (expected, actual)
        for piece in random.Random(length).sample(sorted(pieces), min(60, len(pieces)))
        if (expected := [n for n, text in enumerate(texts) if piece in plain(text)]) != (actual := found(db, piece))
    }
    db.conn.close()

    assert pieces
    assert wrong == {}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("養老服務", [0]),
        ("养老　服务", [0]),
        ("通知", [0, 1]),
        ("“通 知”", [0, 1]),
        ("２０２１年", [1]),
        ("2021年11月", [1]),
        ("〔2021〕15号", [0, 2]),
        ("[2021]15号", [0, 2]),
        ("（2021）15号", [0, 2]),
        ("【2021】15号", [0, 2]),
        ("2021 15", [0, 2]),
        ("115号", [3]),
        ("5号", []),
        ("mz*", [3]),
        ("mz", []),
        ("养老 通知", [0]),
        ("养老 OR 低保", [0, 2]),
        ("养老|低保", [0, 2]),
        ("通知 -养老", [1]),
        ("-通知", [2, 3]),
        ("－通知", [2, 3]),
        ("", [0, 1, 2, 3]),
        ("  ", [0, 1, 2, 3]),
        ("。", []),
        ("不存在", []),
    ],
)
def test_a_query_means_what_it_says(db, query, expected):
    put(
        db,
        "关于養老服务的通　知，渝民发〔2021〕15号",
        "通知：2021年11月3日",
        "低保 民发[2021]15号",
        "第115号 MZ2020",
    )

    assert found(db, query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("养老服务", '"养老 老服 服务"'),
        ("民", '"民" *'),
        ("〔2021〕15号", '"2021 15 号" *'),
        ("2021年11月", '"2021 年 11 月" *'),
        ("民政、养老", '"民政 政 养老"'),
        ("养老 低保", '("养老" AND "低保")'),
    ],
)
def test_a_query_becomes_quoted_phrases(query, expected):
    assert zh_match(query) == expected


def test_a_run_is_indexed_as_its_pairs_and_its_last_character():
    assert zh_index("养老服务2021年") == "养老 老服 服务 务 2021 年"


def test_a_hit_in_the_title_ranks_above_many_in_the_text(db):
    rows = [
        {"n": 1, "id": "a", "title": "年度公报", "text": "养老" * 5 + "公报" * 20, "original_captured": 0},
        {"n": 2, "id": "b", "title": "养老", "text": "公报" * 30, "original_captured": 0},
    ]
    db.table("notices").insert_all(rows)
    ranked = db.execute(
        "select rowid from notices_fts where notices_fts match zh_match('养老') order by rank"
    ).fetchall()

    assert ranked == [(2,), (1,)]


HOSTILE = [
    '"',
    '""',
    '"""养老',
    "*",
    "养老*",
    "NEAR(养老 低保)",
    "title:养老",
    "-",
    "- -",
    "OR",
    "OR OR",
    "|",
    "||养老||",
    "AND NOT",
    "(((",
    ")" * 5000,
    "民" * 100_000,
    "民 " * 300,
    "养老\x00低保",
    "\ud800养老\udfff",
    "\ue000",
    "\ue001",
    "\u202e养老\u202c",
    "👨‍👩‍👧",
    "𰻞𰻞面",
    "'; drop table notices; --",
    "C++",
    "e-mail",
    "2021-11-05",
    "^养老",
    "{a b}: x",
    "a" * 10_000,
    None,
    3,
    2.5,
    b"\xff\x00",
]


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_typed_is_an_error(db, query):
    put(db, "养老")
    sql = "select rowid from notices_fts where notices_fts match ?"

    assert db.execute(sql, [zh_match(query)]).fetchall() in ([], [(0,)])
    zh_snippet("关于养老服务的通知", query)
    zh_index(query)


@given(st.text() | st.text('养老低保民 "*-|OR()〔〕2021年号ab:^{}+\x00'))
@example("\x00")
@example("-养老 -")
def test_no_text_breaks_the_search(one_notice, query):
    sql = "select count(*) from notices_fts where notices_fts match ?"

    assert one_notice.execute(sql, [zh_match(query)]).fetchone() in [(0,), (1,)]


@given(st.text("养老服务通知低保2021年 　，\na"), st.text("养老服务通知低2021年a ", max_size=6), st.integers(1, 40))
def test_a_snippet_without_its_marks_is_a_piece_of_the_text(text, query, width):
    snippet = zh_snippet(text, query, width)
    marked = re.findall("\ue000(.*?)\ue001", snippet, re.DOTALL)

    assert re.sub("[\ue000\ue001]", "", snippet) in text
    assert all(re.sub(r"[\W_]", "", word) in re.sub(r"[\W_]", "", query) for word in marked)


@pytest.mark.parametrize(
    ("text", "query", "width", "expected"),
    [
        ("关于養老服务的通　知", "养老 通知", 60, "关于[養老]服务的[通　知]"),
        ("渝民发〔2021〕15号", "2021", 60, "渝民发〔[2021]〕15号"),
        ("渝民发〔2021〕15号", "[2021]15号", 60, "渝民发〔[2021〕15号]"),
        ("第115号", "15号", 60, "第115号"),
        ("前" * 50 + "低保" + "后" * 50, "低保", 6, "前前[低保]后后"),
        ("低保" + "间" * 50 + "低保和养老", "养老 低保", 8, "间间间[低保]和[养老]"),
        ("养老 -低保", "养老 -低保", 60, "[养老] -低保"),
        ("没有的", "低保", 2, "没有"),
        ("㈠养老", "养老", 60, "㈠[养老]"),
        ("", "低保", 60, ""),
        (None, None, None, ""),
    ],
)
def test_a_snippet_marks_the_words_of_the_query(text, query, width, expected):
    assert zh_snippet(text, query, width).translate({0xE000: "[", 0xE001: "]"}) == expected


def test_the_index_follows_every_change_of_the_text(db):
    put(db, "养老", "低保")
    db.table("notices").update(0, {"title": "救助"})
    db.table("notices").upsert({"n": 1, "id": "id1", "title": "慈善", "text": "", "original_captured": 0}, pk="n")
    db.table("notices").insert({"n": 2, "id": "id2", "title": "殡葬", "text": "", "original_captured": 0})
    db.table("notices").delete(2)

    check_search(db)
    assert {word: found(db, word) for word in ("养老", "救助", "低保", "慈善", "殡葬")} == {
        "养老": [],
        "救助": [0],
        "低保": [],
        "慈善": [1],
        "殡葬": [],
    }


def test_a_connection_without_our_functions_can_read_and_cannot_change_the_text(tmp_path):
    db = open_database(tmp_path / "notices.db")
    put(db, "养老服务")
    db.conn.close()
    stock = sqlite3.connect(tmp_path / "notices.db", isolation_level=None)
    hits = stock.execute("select rowid from notices_fts where notices_fts match '养老'").fetchall()
    stock.execute("update notices set last_seen_at = '2021-11-04T00:00:00Z'")
    with pytest.raises(sqlite3.OperationalError, match="zh_index"):
        stock.execute("update notices set title = '改'")
    stock.close()

    assert hits == [(0,)]


def test_a_row_changed_behind_the_index_is_noticed_and_a_rebuild_mends_it(db):
    put(db, "养老")
    db.execute("drop trigger notices_fts_update")
    db.table("notices").update(0, {"title": "救助"})
    with pytest.raises(SearchError, match="minzheng rebuild"):
        check_search(db)
    rebuild_search(db)
    check_search(db)

    assert found(db, "救助") == [0]


def test_lost_triggers_are_made_again_and_the_index_filled(db):
    put(db, "养老")
    for name in ("insert", "delete", "update"):  # as `sqlite-utils transform` does
        db.execute(f"drop trigger notices_fts_{name}")
    db.table("notices").update(0, {"title": "救助"})
    create_search(db)
    check_search(db)

    assert found(db, "救助") == [0]


def test_the_operator_is_told_when_the_index_of_an_archive_is_made_anew(db, caplog):
    put(db, "养老")
    db.execute("drop trigger notices_fts_insert")
    with caplog.at_level(logging.INFO):
        create_search(db)
        create_search(db)

    assert ["making the search index of 1 notices anew, which is done once"] == caplog.messages


def test_making_the_search_twice_writes_nothing(db):
    put(db, "养老")
    changes = db.conn.total_changes
    create_search(db)

    assert db.conn.total_changes == changes


def test_an_index_of_another_fold_table_is_not_written_to(db, monkeypatch):
    monkeypatch.setattr(search_module, "FOLD_VERSION", "another")
    with pytest.raises(SearchError, match=rf"{FOLD_VERSION}.*another.*minzheng rebuild"):
        create_search(db)


def test_sqlite_utils_takes_the_table_for_the_index_of_notices(db):
    assert db.table("notices").detect_fts() == "notices_fts"


def test_datasette_takes_the_table_for_the_index_of_notices(db):
    from datasette.utils import detect_fts

    assert detect_fts(db.conn, "notices") == "notices_fts"


def test_sqlite_utils_has_the_functions_as_a_plugin(tmp_path):
    db = open_database(tmp_path / "notices.db")
    put(db, "关于養老服务的通　知", "低保")
    db.conn.close()
    sql = """select n, zh_snippet(title, :q) as s from notices
        where n in (select rowid from notices_fts where notices_fts match zh_match(:q))"""
    command = [sys.executable, "-m", "sqlite_utils", "query", str(tmp_path / "notices.db"), sql, "-p", "q", "养老服务"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip().startswith('[{"n": 0')
