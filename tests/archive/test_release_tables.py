"""The tables of a release: every column is in the database, described in both languages, and of a known kind."""

from __future__ import annotations

from importlib.resources import files
from typing import get_args

import pytest
import yaml
from sqlite_utils import Database

from archive.store.migrations import migrations
from archive.store.tables import TABLES, Kind, Table, table_rows, tables_of

DESCRIBED = yaml.safe_load((files("archive.browse") / "datasette.yaml").read_text("utf-8"))["tables"]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_column_is_described_in_both_languages(table: Table) -> None:
    said = {column.name: column.about or DESCRIBED[table.name]["columns"][column.name] for column in table.columns}

    assert [name for name, about in said.items() if " · " not in " ".join(about.split())] == []


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_column_is_of_a_known_kind(table: Table) -> None:
    assert {column.kind for column in table.columns} <= set(get_args(Kind))


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_keys_and_references_name_columns_that_are_there(table: Table) -> None:
    found = {(other, column) for other, column in table.refers.values()}

    assert set(table.key) | set(table.refers) <= set(table.names)
    assert [(other, column) for other, column in found if column not in TABLES[other].names] == []


def test_every_table_of_the_archive_can_be_read() -> None:
    db = Database(memory=True)
    migrations.apply(db)
    db.table("divisions").delete_where()

    assert [list(table_rows(db, table)) for table in tables_of(db)] == [[] for _ in tables_of(db)]
    assert {table.name for table in tables_of(db)} >= {"notices", "copies", "captures", "masks"}


def test_few_rows_are_read_at_a_time_where_they_are_long(monkeypatch: pytest.MonkeyPatch) -> None:
    db = Database(memory=True)
    migrations.apply(db)
    db.table("aliases").insert_all({"alias": f"{number:04}", "kind": "id", "notice": "长" * 100} for number in range(9))
    monkeypatch.setattr("archive.store.tables._CHARACTERS", 300)
    pages = [[row["alias"] for row in page] for page in table_rows(db, TABLES["aliases"])]

    assert [len(page) for page in pages] == [3, 3, 3]
    assert [alias for page in pages for alias in page] == [f"{number:04}" for number in range(9)]
