"""Which notices a choice means: the same as the search page's where both can ask it, and nothing can be written."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest

from archive.browse.search.asked import Asked
from archive.browse.search.found import find_all
from archive.store import Database, open_reader
from archive.store.choosing import Choice, ChoiceError, choose
from archive.store.dataset import notice_pages
from archive.store.divisions import load_divisions, place
from tests.build import BUREAU, PORTAL, a_copy, a_notice, an_archive

NOTICES = (
    # title, division, day, type, agencies, whether the original was captured
    ("关于养老服务的通知", "430000", "2024-01-31", "通知", ["湖南省民政厅"], 1),
    ("关于低保标准的公告", "430100", "2024-02-01", "公告", ["长沙市民政局", "长沙市财政局"], 1),
    ("养老机构备案公告", "430102", "2025-06-01", "公告", ["芙蓉区民政局"], 1),
    ("关于养老服务补贴的通知", "330100", "2025-06-02", "通知", ["杭州市民政局"], 0),
    ("无日期的公示", None, None, None, [], 1),
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("choice") / "notices.db"
    db = an_archive(path)
    with db.atomic():
        load_divisions(db)
        for number, (title, division, day, kind, agencies, held) in enumerate(NOTICES):
            province, city = place(division)
            notice = a_notice(
                db,
                title,
                url=f"{BUREAU}{number}.html",
                source=f"s{number % 2}",
                division=division,
                province=province,
                city=city,
                published_on=day,
                document_type=kind,
                issuing_agency=agencies[0] if agencies else None,
                issuing_agencies=json.dumps(agencies, ensure_ascii=False),
                original_captured=held,
            )
            if number != 1:
                key = a_copy(db, notice, f"{PORTAL}{number}.html", source="menhu", text="转载")
                db["matches"].update(key, {"confidence": 0.9 + number / 100, "rule": "near_text"})
                if not held:
                    db.execute("update notices set best_copy = ? where id = ?", [key, notice])
    db.close()
    return path


@pytest.fixture(scope="module")
def db(path: Path) -> Iterator[Database]:
    opened = open_reader(path)
    yield opened
    opened.close()


def numbers(db: Database, choice: Choice) -> list[int]:
    """What is chosen, by the number of the notice from 0."""
    titles = [notice["title"] for page in notice_pages(db, choice, page=2) for notice in page]
    return sorted([title for title, *_ in NOTICES].index(str(title)) for title in titles)


@pytest.mark.parametrize(
    ("choice", "asked"),
    [
        (Choice(sources=("s0",)), Asked(source=("s0",))),
        (Choice(sources=("menhu",)), Asked(source=("menhu",))),
        (Choice(sources=("s1", "menhu")), Asked(source=("s1", "menhu"))),
        (Choice(agencies=("长沙市财政局",)), Asked(agency=("长沙市财政局",))),
        (Choice(agencies=("湖南省民政厅", "杭州市民政局")), Asked(agency=("湖南省民政厅", "杭州市民政局"))),
        (Choice(places=("湖南省",)), Asked(province=("湖南省",))),
        (Choice(places=("430000",)), Asked(province=("湖南省",))),
        (Choice(places=("长沙市",)), Asked(city=("长沙市",))),
        (Choice(places=("长沙市", "浙江省")), Asked(city=("长沙市", "杭州市"))),
        (Choice(document_types=("公告",)), Asked(type=("公告",))),
        (Choice(since="2024-02-01"), Asked(since="2024-02-01")),
        (Choice(until="2024-02-01"), Asked(until="2024-02-01")),
        (Choice(captured_only=True), Asked(role="original")),
        (Choice(words="养老服务"), Asked(q="养老服务")),
        (Choice(words="养老 -补贴"), Asked(q="养老 -补贴")),
        (Choice(words="低保 | 补贴"), Asked(q="低保 | 补贴")),
        (Choice(words='"老服"'), Asked(q='"老服"')),
        (Choice(words="……"), Asked(q="……")),
        (Choice(words="  "), Asked(q="  ")),
        (
            Choice(words="养老", places=("湖南省",), document_types=("公告",), since="2025-01-01"),
            Asked(q="养老", province=("湖南省",), type=("公告",), since="2025-01-01"),
        ),
    ],
    ids=repr,
)
def test_a_filter_means_what_the_search_page_means(db: Database, choice: Choice, asked: Asked) -> None:
    chosen = db.execute(f"select n from notices where id in {choose(db, choice)} order by n").fetchall()

    assert sorted(find_all(db.conn, asked)) == [n for (n,) in chosen]


def test_a_county_is_named_by_its_code_or_by_a_name_that_no_other_has(db: Database) -> None:
    assert [2] == numbers(db, Choice(places=("430102",)))
    assert [2] == numbers(db, Choice(places=("芙蓉区",)))
    with pytest.raises(ChoiceError, match=r"'鼓楼区' is the name of several places.*320106 \(南京市\)"):
        choose(db, Choice(places=("鼓楼区",)))


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        (Choice(sources=("s",)), "'s' is no source of this archive; near it: s0, s1"),
        (Choice(agencies=("长沙民政局",)), "near it: 长沙市民政局"),
        (Choice(places=("湖南",)), "near it: 湖南省"),
        (Choice(document_types=("通知书",)), "'通知书' is no document type of this archive; near it: 通知"),
        (Choice(document_types=("xyz",)), "'xyz' is no document type of this archive$"),
        (Choice(min_confidence=1.5), "between 0 and 1, not 1.5"),
    ],
    ids=repr,
)
def test_what_no_notice_has_is_refused_with_what_is_near(db: Database, choice: Choice, told: str) -> None:
    with pytest.raises(ChoiceError, match=told):
        choose(db, choice)


def test_ids_that_are_gone_are_passed_over(db: Database) -> None:
    [(first,)] = db.execute("select id from notices where n = 1")

    assert [0] == numbers(db, Choice(ids=(first, "gone", first)))
    assert [] == numbers(db, Choice(ids=()))


def test_a_notice_goes_with_the_copy_that_its_text_is_from(db: Database) -> None:
    assert [0, 1, 2, 4] == numbers(db, Choice(min_confidence=0.95))
    assert [0, 1, 2, 3, 4] == numbers(db, Choice(min_confidence=0.93))


def test_copies_that_are_less_sure_are_not_listed(db: Database) -> None:
    choice = Choice(min_confidence=0.92)
    copies = {notice["title"]: len(notice["copies"]) for page in notice_pages(db, choice) for notice in page}

    assert [1, 1, 2, 1, 2] == [copies[title] for title, *_ in NOTICES]


@pytest.mark.parametrize(
    "statement",
    [
        "select id from notices where title like '%养老%'",
        "select title, ID from notices where title like '%养老%'",
        "select notice from copies join notices on id = notice where notices.title like '%养老%' union select null",
        """with found as (select rowid as n from notices_fts where notices_fts match zh_match('养老'))
          select id from notices join found using (n) -- all of them""",
    ],
)
def test_a_statement_gives_ids_in_its_column_id_or_else_its_first(db: Database, statement: str) -> None:
    assert [0, 2, 3] == numbers(db, Choice(sql=statement))
    assert [2] == numbers(db, Choice(sql=statement, document_types=("公告",)))


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("delete from notices", "not authorized"),
        ("insert into notices (id, original_captured) values ('x', 0) returning id", "not authorized"),
        ("with gone as (select 1) update notices set title = '' returning id", "not authorized"),
        ("create temp table mine (id)", "not authorized"),
        ("drop table notices", "not authorized"),
        ("attach database 'other.db' as other", "not authorized"),
        ("vacuum into 'other.db'", "authorization denied"),
        ("pragma query_only", "not authorized"),
        ("begin immediate", "not authorized"),
        ("select id from notices; delete from notices", "one statement at a time"),
        ("select id from nowhere", "no such table: nowhere"),
        ("selekt id", "syntax error"),
        ("select load_extension('x')", "not authorized|no such function"),
        ("select id from notices order by Random() limit 2", "not authorized to use function"),
        ("-- nothing", "gives no rows"),
        ("select n from notices", "'1', '2', '3', which no notice has as its id"),
        ("select title as id from notices", "which no notice has as its id"),
    ],
)
def test_a_statement_that_does_not_only_ask_is_refused_by_name(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: str, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "notices.db"
    own.write_bytes(path.read_bytes())
    db = an_archive(own)
    before = db.execute("select * from notices").fetchall(), set(db.table_names())
    with pytest.raises(ChoiceError, match=told) as refused:
        choose(db, Choice(sql=statement))

    assert statement in str(refused.value)
    assert before == (db.execute("select * from notices").fetchall(), set(db.table_names()))
    assert not (tmp_path / "other.db").exists()
    db.execute("update notices set title = title")  # what holds for the statement holds no longer
    db.close()


def test_a_statement_may_be_the_first_that_asks_the_index_of_words(path: Path) -> None:
    db = open_reader(path)
    found = "select rowid from notices_fts where notices_fts match zh_match('养老')"

    assert [0, 2, 3] == numbers(db, Choice(sql=f"select id from notices where n in ({found})"))
    db.close()


@pytest.mark.usefixtures("hears_ctrl_c")
# where a program has sqlite3 tell of what callbacks raise, as Datasette does, it tells of this, too
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_statement_without_end_is_stopped_by_ctrl_c(db: Database) -> None:
    endless = "with recursive n (x) as (select 1 union all select x + 1 from n limit 100000000) select count(*) from n"
    press = Timer(0.1, signal.raise_signal, [signal.SIGINT])
    press.start()
    with pytest.raises(KeyboardInterrupt) as stopped:
        choose(db, Choice(sql=endless))
    press.join()

    assert str(stopped.value.__cause__) == "interrupted"


def test_a_choice_leaves_no_table_behind_when_all_pages_are_read(db: Database) -> None:
    before = db.execute("select count(*) from temp.sqlite_master").fetchone()
    numbers(db, Choice(words="养老", sql="select id from notices", ids=()))

    assert before == db.execute("select count(*) from temp.sqlite_master").fetchone()


def test_many_ids_are_no_parameter(db: Database) -> None:
    ids = tuple(f"n{number}" for number in range(100_000))

    assert [] == numbers(db, Choice(ids=ids))
