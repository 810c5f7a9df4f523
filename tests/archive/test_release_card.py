"""What a release says of itself: every column told in both languages, figures from its own rows, a search that runs."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from archive.export.described import RECORDS, column_words, field_words, table_words
from archive.export.release.card import write_card
from archive.export.release.card.limits import SHOWN_GAPS
from archive.export.release.card.lines import counted
from archive.export.release.citation_cff import write_citation
from archive.export.release.croissant import write_croissant
from archive.export.release.datapackage import write_datapackage
from archive.export.release.dictionary import write_dictionary
from archive.export.release.facts import Facts, facts_of
from archive.export.release.values import MEANINGS, VALUES
from archive.export.release.yaml_text import yaml_text
from archive.export.sums import write_sums
from archive.store import open_reader, path_of
from archive.store.facts import Gaps, value_counts
from archive.store.tables import TABLES, Table, tables_of
from archive.store.words import zh_match
from tests.described_release import a_release


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder = a_release(tmp_path_factory.mktemp("card"), formats=())
    with closing(open_reader(folder / "notices.sqlite")) as frozen:
        yield frozen


@pytest.fixture(scope="module")
def tables(db: Database) -> list[Table]:
    return tables_of(db)


@pytest.fixture(scope="module")
def facts(db: Database, tables: list[Table]) -> Facts:
    return facts_of(db, tables)


def card(folder: Path, facts: Facts, tables: list[Table]) -> str:
    """The card, as text."""
    write_card(folder, facts, tables)
    return (folder / "README.md").read_text("utf-8")


def head(card: str) -> dict[str, Any]:
    """What machines read of it."""
    found: dict[str, Any] = yaml.safe_load(card.split("---\n")[1])
    return found


def test_every_table_and_column_of_a_release_is_told_in_both_languages() -> None:
    words = [words for table in TABLES.values() for words in table_words(table)]
    words += [column_words(table, column) for table in TABLES.values() for column in table.columns]
    words += [field_words(field) for fields in RECORDS.values() for field in fields]

    assert [] == [told for told in words if not told.zh or not told.en]


def test_every_table_of_a_release_has_a_name_in_chinese() -> None:
    assert [] == [name for name, table in TABLES.items() if table_words(table)[0].zh.isascii()]


def test_no_truth_is_told_as_a_number_that_csv_has_not() -> None:
    truths = [(table, column) for table in TABLES.values() for column in table.columns if column.kind == "boolean"]

    assert truths
    assert [] == [words for words in (column_words(*truth) for truth in truths) if "1" in words.zh or "1" in words.en]


def test_the_dictionary_has_a_line_for_every_column(tmp_path: Path, facts: Facts, tables: list[Table]) -> None:
    write_dictionary(tmp_path, facts, tables)
    parts = (tmp_path / "DICTIONARY.md").read_text("utf-8").split("\n## ")
    told = {part.split("\n", 1)[0]: re.findall(r"^\| `(\w+)` ", part, re.MULTILINE) for part in parts}

    assert {table.name: list(table.names) for table in tables} == {table.name: told[table.name] for table in tables}


def test_the_searches_of_the_dictionary_find_in_plain_sqlite_what_ours_finds(
    tmp_path: Path, db: Database, facts: Facts, tables: list[Table]
) -> None:
    write_dictionary(tmp_path, facts, tables)
    text = (tmp_path / "DICTIONARY.md").read_text("utf-8")
    [both, one] = re.findall(r"```sql\n(.*?)```", text, re.DOTALL)
    ours = "select id from notices where n in (select rowid from notices_fts where notices_fts match ?)"
    plain = sqlite3.connect(path_of(db))
    found = [{row[0] for row in plain.execute(sql)} for sql in (both, one)]
    plain.close()

    assert [{row[0] for row in db.execute(ours, [zh_match(words)])} for words in ("养老服务 低保", "养老服务")] == found
    assert [1, 2] == [len(ids) for ids in found]


def test_the_card_loads_every_table_that_has_rows(tmp_path: Path, facts: Facts, tables: list[Table]) -> None:
    (tmp_path / "data").mkdir()
    for stem in ("notices-test", "notices-train", "notices-validation", *(table.name for table in tables[1:])):
        (tmp_path / f"data/{stem}-00000-of-00001.parquet").write_bytes(b"x")
    found = head(card(tmp_path, facts, tables))
    loaded = {config["config_name"]: [file["split"] for file in config["data_files"]] for config in found["configs"]}

    assert {"notices": ["train", "validation", "test"]} | {
        table.name: ["train"] for table in tables[1:] if facts.rows[table.name]
    } == loaded
    assert 0 == facts.rows["changes"]
    assert ["notices"] == [config["config_name"] for config in found["configs"] if config.get("default")]


def test_a_month_is_a_gap_of_its_source_until_all_its_channels_are_complete(facts: Facts) -> None:
    [shili, zhuanzai] = facts.gaps

    assert ("shili", 1, 2, 2, 1) == (shili.source, shili.channels, shili.complete, shili.partial, shili.unobserved)
    assert [("2023-12", "2024-01"), ("2024-04", "2024-04")] == shili.spans
    assert ("zhuanzai", 0, []) == (zhuanzai.source, zhuanzai.missing, zhuanzai.spans)


def test_the_card_lists_the_widest_gaps_and_sums_up_the_rest(tmp_path: Path, facts: Facts, tables: list[Table]) -> None:
    months = [("2024-01", "2024-01")]
    many = [Gaps(source=f"s{n:02}", agency=f"{n}|局", channels=1, partial=n, spans=months) for n in range(20)]
    text = card(tmp_path, replace(facts, gaps=many), tables)
    listed = re.findall(r"\(`(s\d\d)`\)", text)

    assert [f"s{n:02}" for n in range(19, 19 - SHOWN_GAPS, -1)] == listed
    assert f"4 more sources with {4 + 3 + 2 + 1} such months" in text
    assert "| 19\\|局 (`s19`) | 1 | 0 | 19 | 0 | 2024-01 |" in text


def test_a_release_that_shows_everything_says_so(tmp_path: Path, facts: Facts, tables: list[Table]) -> None:
    assert "**Nothing is masked.**" in card(tmp_path, replace(facts, masked_by=None), tables)
    assert "Nothing is masked" not in card(tmp_path, facts, tables)


def test_the_card_shows_no_command_for_a_format_that_is_not_there(
    tmp_path: Path, facts: Facts, tables: list[Table]
) -> None:
    (tmp_path / "notices.csv").write_text("id\r\n")
    text = card(tmp_path, facts, tables)

    assert {"frictionless": True, "read.csv": True, "mlcroissant": False, "load_dataset": False} == {
        word: word in text for word in ("frictionless", "read.csv", "mlcroissant", "load_dataset")
    }


def test_the_card_tells_of_raw_evidence_and_of_what_it_lacks(tmp_path: Path, facts: Facts, tables: list[Table]) -> None:
    without = card(tmp_path, facts, tables)
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence/r1.warc.gz").write_bytes(b"x")
    (tmp_path / "evidence/missing.jsonl").write_text("{}\n{}\n")
    (tmp_path / "files").mkdir()
    told = card(tmp_path, facts, tables)

    assert "Raw evidence" not in without
    assert "The records of 2 captures are not there" in told
    assert "`attachments.file` names them" in told


def test_a_release_of_a_part_says_so(tmp_path: Path, facts: Facts, tables: list[Table]) -> None:
    chosen = {
        **facts.said,
        "selection.options": '{"--query": "低保"}',
        "changes_only": "true",
        "previous.name": "2025.2",
    }
    part = card(tmp_path, replace(facts, said=chosen), tables)
    told = ("tell of the whole archive", "not as they were in 2025.2")

    assert [True, True] == [words in part for words in told]
    assert [False, False] == [words in card(tmp_path, facts, tables) for words in told]


def test_the_citation_of_a_part_does_not_pass_for_that_of_all(tmp_path: Path, facts: Facts) -> None:
    abstracts = []
    for said in ({}, {"selection.options": '{"--query": "低保"}', "selection.words": "--query 低保"}):
        write_citation(tmp_path, replace(facts, said={**facts.said, **said}))
        abstracts.append(yaml.safe_load((tmp_path / "CITATION.cff").read_text("utf-8"))["abstract"])

    assert [False, True] == ["--query 低保" in abstract for abstract in abstracts]


def test_counts_of_the_card_say_how_many_have_no_value() -> None:
    assert "通知 3 · 公示 2 · 其他 other 1 · 空 empty 4" == counted({"公告": 1, "公示": 2, "通知": 3}, 2, of=10)
    assert "通知 3" == counted({"通知": 3}, 2, of=3)


def test_a_sample_says_of_how_many_it_was_drawn(tmp_path: Path, facts: Facts, tables: list[Table]) -> None:
    drawn = replace(facts, rows={**facts.rows, "sample": 5}, strata={"year=2023": 40, "year=2024": 60})

    assert "5 of 100 notices, drawn in 2 strata" in card(tmp_path, drawn, tables)
    assert "This is a sample" not in card(tmp_path, facts, tables)


def test_only_references_that_every_row_keeps_are_promised(
    tmp_path: Path, db: Database, tables: list[Table], facts: Facts
) -> None:
    path = Path(shutil.copy(path_of(db), tmp_path / "cut.sqlite"))
    cut = Database(sqlite3.connect(path))
    cut.execute("drop trigger notices_fts_delete")
    cut.execute("delete from notices where id = (select notice from citations)")
    left = facts_of(cut, tables).references
    cut.close()

    assert {table.name: dict(table.points_to) for table in tables if table.points_to} == facts.references
    assert "notice" not in left["citations"]
    assert "a" not in left.get("relations", {})
    assert {"source": ("sources", "key")} == left["copies"]


def test_values_that_are_promised_are_all_there_are(db: Database) -> None:
    for (table, column), values in VALUES.items():
        if table != "notices":
            assert set(value_counts(db, table, column)) <= set(values)


def test_every_value_that_is_promised_is_explained() -> None:
    dumb = {place: set(values) - set(MEANINGS[place]) for place, values in VALUES.items() if place in MEANINGS}

    assert {} == {place: values for place, values in dumb.items() if values}
    assert [] == [
        words for meanings in MEANINGS.values() for words in meanings.values() if not words.zh or not words.en
    ]


def test_every_column_of_json_has_its_shape_told(tmp_path: Path, facts: Facts, tables: list[Table]) -> None:
    write_dictionary(tmp_path, facts, tables)
    text = (tmp_path / "DICTIONARY.md").read_text("utf-8")
    columns = [f"{table.name}.{column.name}" for table in tables for column in table.columns if column.kind == "json"]

    assert [] == [name for name in columns if f"- `{name}`: " not in text]
    assert columns


def test_the_same_release_is_described_by_the_same_bytes(tmp_path: Path, facts: Facts, tables: list[Table]) -> None:
    made = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "notices.csv").write_text("id\r\n")
        for write in (write_card, write_dictionary, write_datapackage, write_croissant):
            write(folder, facts, tables)
        write_citation(folder, facts)
        write_sums(folder)
        made.append({path.name: path.read_bytes() for path in folder.iterdir()})

    assert made[0] == made[1]
    assert {"README.md", "DICTIONARY.md", "datapackage.json", "CITATION.cff", "SHA256SUMS", "notices.csv"} == set(
        made[0]
    )


def test_descriptions_state_the_digest_of_each_file_and_which_columns_may_not_be_empty(
    tmp_path: Path, facts: Facts, tables: list[Table]
) -> None:
    (tmp_path / "data").mkdir()
    files = ("notices.csv", "data/copies-00000-of-00001.parquet")
    for name in files:
        (tmp_path / name).write_text(name)
    write_datapackage(tmp_path, facts, tables)
    write_croissant(tmp_path, facts, tables)
    [package] = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))["resources"]
    [shard, _] = json.loads((tmp_path / "croissant.json").read_text("utf-8"))["distribution"]
    digests = [hashlib.sha256(name.encode()).hexdigest() for name in files]
    needed = [field["name"] for field in package["schema"]["fields"] if field.get("constraints", {}).get("required")]

    assert digests == [package["hash"].removeprefix("sha256:"), shard["sha256"]]
    assert ["id"] == needed == package["schema"]["primaryKey"]


def test_sums_name_every_file_but_their_own_in_order(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name in ("b.csv", "data/a.parquet", "SHA256SUMS", "a.csv"):
        (tmp_path / name).write_text(name)
    write_sums(tmp_path)
    named = [(hashlib.sha256(name.encode()).hexdigest(), name) for name in ("a.csv", "b.csv", "data/a.parquet")]

    assert named == [tuple(line.split("  ")) for line in (tmp_path / "SHA256SUMS").read_text("utf-8").splitlines()]


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]) | st.sampled_from("\n\t\"'#:-")
)
SCALARS = TEXTS | st.integers() | st.booleans() | st.none()
LISTS = st.lists(
    st.dictionaries(st.from_regex("[a-z_]+", fullmatch=True), SCALARS | st.lists(SCALARS), min_size=1) | SCALARS
)


@given(st.dictionaries(st.from_regex("[a-z][a-z-]*[a-z]", fullmatch=True), SCALARS | LISTS, min_size=1))
def test_what_is_written_as_yaml_is_read_again(value: dict[str, Any]) -> None:
    assert value == yaml.safe_load(yaml_text(value))
