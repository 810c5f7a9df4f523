"""A masked copy of a database: nothing of a person is left in it, and all else is as it was."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cli import main
from archive.export.release.masking import masked_rules
from archive.masks import VERSION
from archive.store import Database, open_reader, open_writer
from archive.store.masked import masked_by, write_masked
from archive.store.search import check_search
from archive.text import text_digest
from tests.build import a_citation, a_notice, a_revision, an_archive
from tests.persons import CARD, CITIZEN, MOBILE, PERSONS, full_width, in_a_table, resident_id

LIST = f"{in_a_table(PERSONS)}\n手机{MOBILE}、{full_width(MOBILE)}，身份证{CITIZEN}，卡号{CARD}。"
TEXT = f"各区县民政局：\n{LIST}"
PLAIN = "咨询电话：0731-88881234，服务热线12345。"
PLANTED = (CITIZEN, MOBILE, CARD, full_width(MOBILE), *PERSONS)
URL = f"https://mzj.shili.example/mingdan/{CITIZEN}.html"
TWIN = f"https://mzj.shili.example/mingdan/{resident_id('43010519900307001')}.html"
KEYS = {"id", "notice", "cited_notice", "a", "b", "copy", "best_copy", "url_key", "payload_digest", "text_digest"}
"""Columns that say which row is meant; addresses among them hold an identity number all the same."""


def plant(path: Path) -> None:
    """An archive with personal data in every column of text of every table, and in the small pieces of a long text."""
    db = an_archive(path)
    notice = a_notice(db, "低保名单公示", TEXT, url=URL, attachments_text=LIST, text_digest=text_digest(TEXT))
    a_notice(db, "无关的通知", PLAIN, url=TWIN, text_digest=text_digest(PLAIN))
    key = URL.removeprefix("https://")
    html = "<table>" + "".join(f"<tr><td>{name}</td><td>{MOBILE}</td></tr>" for name in PERSONS) + "</table>"
    fields = {"author": f"{PERSONS[0]} {MOBILE}", "tables": [{"first": 1, "last": 9, "html": html}], "url": URL}
    db["revisions"].update((key, 1), {"fields": json.dumps(fields, ensure_ascii=False)})
    a_revision(db, key, text=TEXT.replace("650", "700"), headline=f"{PERSONS[0]} → {PERSONS[1]}", title=MOBILE)
    a_citation(db, notice, sentence=f"{PERSONS[3]}、{PERSONS[4]}见《名单》", copy=key)
    db["attachments"].insert({"copy": key, "url": URL, "name": f"{PERSONS[0]}{CITIZEN}.xlsx", "payload_digest": "d"})
    db["matches"].update(key, {"evidence": json.dumps({"text_digest": text_digest(TEXT)})})
    plant_everywhere(db)
    db.close()


def plant_everywhere(db: Database) -> None:
    db.execute("pragma foreign_keys = off")
    for table, columns in texts_of(db).items():
        if not db.table(table).count:
            every = [name for (name,) in db.execute("select name from pragma_table_info(?)", [table])]
            db.table(table).insert({name: "x" if name in columns else 1 for name in every})
        for column in set(columns) - KEYS - (PLANTED_BEFORE if table in {"notices", "revisions"} else set()):
            longer = f'iif(json_valid("{column}"), json_array("{column}", ?1), "{column}" || ?1)'
            db.execute(f'update {table} set "{column}" = coalesce({longer}, ?1) where {FIRST[table]}', [LIST])


PLANTED_BEFORE = {"text", "attachments_text", "fields"}
FIRST = defaultdict(lambda: "rowid = 1", likenesses="copy = 'x'")
"""Which row of a table is planted in: the first, and of the one that has no numbers the only one."""


def texts_of(db: Database) -> dict[str, list[str]]:
    """Table → its columns of text, without those of the search index."""
    sql = """select m.name, c.name from sqlite_master m, pragma_table_info(m.name) c
        where m.type = 'table' and upper(c.type) = 'TEXT' and m.name not glob 'notices_fts*' and m.name not glob '_*'"""
    found: dict[str, list[str]] = defaultdict(list)
    for table, column in db.execute(sql):
        found[table].append(column)
    return found


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An archive full of personal data, and its masked copy."""
    folder = tmp_path_factory.mktemp("masked")
    plant(folder / "notices.db")
    with closing(open_reader(folder / "notices.db")) as db:
        write_masked(db, folder / "public.db")
    return folder / "notices.db", folder / "public.db"


@pytest.fixture
def shown(paths: tuple[Path, Path]) -> Iterator[Database]:
    db = open_reader(paths[1])
    yield db
    db.close()


def test_everything_is_planted_that_must_not_be_found(paths: tuple[Path, Path]) -> None:
    with closing(open_reader(paths[0])) as db:
        found = {(table, column) for table, column, word in words_in(db)}
        every = {(table, column) for table, columns in texts_of(db).items() for column in columns}

        assert {column for _, column in every - found} <= KEYS


def test_no_column_of_any_table_holds_what_was_planted(shown: Database) -> None:
    assert [] == list(words_in(shown))


def test_the_index_knows_none_of_it_and_agrees_with_the_text(paths: tuple[Path, Path], tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(paths[1].read_bytes())
    with closing(open_writer(copy)) as db:
        check_search(db)
        for word in PLANTED:
            hits = db.execute("select count(*) from notices_fts where notices_fts match zh_match(?)", [word])
            assert hits.fetchone()[0] == 0, word
        assert db.execute(
            "select count(*) from notices_fts where notices_fts match zh_match('低保名单')"
        ).fetchone() == (1,)
        db.execute("create virtual table words using fts5vocab('notices_fts', 'row')")
        terms = {term for (term,) in db.execute("select term from words")}
    assert terms & {"低保", "名单"}
    assert set() == terms & {CITIZEN.lower(), MOBILE, CARD, *(name[-2:] for name in PERSONS)}


def test_the_bytes_of_the_file_hold_none_of_it(paths: tuple[Path, Path]) -> None:
    before, after = (path.read_bytes() for path in paths)

    assert all(word.encode() in before for word in PLANTED)
    assert [] == [word for word in PLANTED if word.encode() in after]


def test_what_was_masked_is_told_by_notice_and_rule(shown: Database) -> None:
    sql = "select substr(title, 1, 5) as title, rule, places from masks join notices on id = notice order by rule"
    told = {(row["title"], row["rule"]): row["places"] for row in shown.query(sql)}

    twin = {("无关的通知", "resident_id")}  # in its address
    assert twin | {("低保名单公", rule) for rule in ("bank_card", "mobile", "name_list", "resident_id")} == told.keys()
    assert len(PERSONS) <= told["低保名单公", "name_list"]
    assert VERSION == masked_by(shown)


def test_the_card_is_told_every_rule_with_its_counts(tmp_path: Path) -> None:
    with closing(an_archive(tmp_path / "notices.db")) as db:
        first, second = (a_notice(db, title) for title in ("甲", "乙"))
        for notice, rule, places in ((first, "mobile", 1), (first, "name_list", 12), (second, "name_list", 30)):
            db["masks"].insert({"notice": notice, "rule": rule, "places": places})
        told = [(one.rule, one.notices, one.places) for one in masked_rules(db)]

    assert [
        ("resident_id", 0, 0),
        ("bank_card", 0, 0),
        ("mobile", 1, 1),
        ("landline", 0, 0),
        ("name_list", 2, 42),
    ] == told


def test_what_is_of_nobody_stays_as_it_was(shown: Database) -> None:
    [row] = shown.query("select text, text_digest from notices where title like '无关的通知%'")

    assert (PLAIN, text_digest(PLAIN)) == (row["text"], row["text_digest"])


def test_addresses_that_differ_in_what_is_masked_stay_two_and_all_rows_hang_together(shown: Database) -> None:
    assert shown.execute("select count(distinct url_key) from copies join notices on id = notice").fetchone() == (2,)
    assert shown.execute("select count(*) from revisions join copies on url_key = copy").fetchone() == (3,)
    assert shown.execute("select count(*) from notices join copies on url_key = best_copy").fetchone() == (2,)
    assert shown.execute("select count(*) from matches join copies on url_key = copy").fetchone() == (2,)


def test_no_digest_is_left_by_which_what_is_masked_could_be_guessed(paths: tuple[Path, Path], shown: Database) -> None:
    with closing(open_reader(paths[0])) as db:
        secret = {row[0] for row in db.execute("select state_digest from revisions where copy like '%4301%7651%'")}
    secret |= {text_digest(TEXT), text_digest(TEXT.replace("650", "700"))}

    [row] = shown.query("select text, text_digest from notices where title like '低保名单公示%'")
    assert text_digest(row["text"]) == row["text_digest"]
    assert [] == [value for value in secret if value.encode() in paths[1].read_bytes()]
    assert shown.execute("select count(*) from postings").fetchone() == (0,)


def test_the_machine_is_not_told(tmp_path: Path) -> None:
    with closing(an_archive(tmp_path / "notices.db")) as db:
        said = "at /home/editor/archive/warc/x.gz: no record; see https://mzj.shili.example/home/editor/x.html"
        db["issues"].insert({"id": "i", "kind": "crawler_error", "subject": "x", "detail": said, "raised_at": ""})
        write_masked(db, tmp_path / "public.db")
    with closing(open_reader(tmp_path / "public.db")) as db:
        [row] = db.query("select detail from issues")

    assert "at …/x.gz: no record; see https://mzj.shili.example/home/editor/x.html" == row["detail"]


def test_a_masked_copy_is_the_same_bytes_twice_and_once_more_of_itself(
    paths: tuple[Path, Path], tmp_path: Path
) -> None:
    with closing(open_reader(paths[0])) as db:
        write_masked(db, tmp_path / "again.db")

    assert paths[1].read_bytes() == (tmp_path / "again.db").read_bytes()
    assert ["again.db"] == [path.name for path in tmp_path.iterdir()]


def test_a_copy_that_cannot_be_made_leaves_what_was_there(paths: tuple[Path, Path], tmp_path: Path) -> None:
    target = tmp_path / "public.db"
    target.write_bytes(b"before")

    def stop(done: int, rows: int) -> None:
        raise OSError(28, "No space left on device")

    with closing(open_reader(paths[0])) as db, pytest.raises(OSError, match="No space"):
        write_masked(db, target, stop)
    assert [b"before"] == [path.read_bytes() for path in tmp_path.iterdir()]


def words_in(db: Database) -> Iterator[tuple[str, str, str]]:
    """Table, column and word of whatever was planted and is found, the tables of the search index among them."""
    for (table,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
        for row in db.query(f"select * from {table}"):
            for column, value in row.items():
                text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                yield from ((table, column, word) for word in PLANTED if word in text)


@pytest.mark.parametrize("form", ["csv", "jsonl", "sqlite"])
def test_every_format_of_an_export_is_masked_unless_it_is_asked_not_to_be(
    paths: tuple[Path, Path], tmp_path: Path, form: str
) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "notices.db").write_bytes(paths[0].read_bytes())
    out = tmp_path / "out"
    asked = ["--archive", str(tmp_path / "archive"), "export", str(out), "--format", form]

    assert CliRunner().invoke(main, asked).exit_code == 0
    [file] = out.iterdir()
    assert [] == [word for word in PLANTED if word.encode() in file.read_bytes()]
    assert CliRunner().invoke(main, [*asked, "--unmasked"]).exit_code == 0
    assert [] == [word for word in (MOBILE, *PERSONS) if word.encode() not in file.read_bytes()]
