"""Every table and column that a reader meets is described, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from archive.browse.stock.defaults import known_words, read_defaults
from archive.labels import FIELDS
from tests.build import an_archive

TABLES: dict[str, dict[str, Any]] = read_defaults()["tables"]
DOCUMENT = Path(__file__).parents[2] / "docs" / "fields.md"


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, set[str]]]:
    """The tables and views of an archive, with their columns."""
    db: Database = an_archive(tmp_path_factory.mktemp("described") / "notices.db")
    names = [row["name"] for row in db.query("select name from sqlite_master where type in ('table', 'view')")]
    yield {name: {row["name"] for row in db.query(f'pragma table_xinfo("{name}")')} for name in names}
    db.close()


def test_every_table_is_described_or_hidden(schema: dict[str, set[str]]) -> None:
    assert set() == set(schema) - set(TABLES), "describe them in archive/browse/datasette.yaml, or hide them there"
    assert set() == set(TABLES) - set(schema), "they are no more"
    assert [] == [
        name for name, told in TABLES.items() if not told.get("hidden") and not {"title", "description"} <= told.keys()
    ]


def test_every_column_of_a_table_that_is_not_hidden_is_described(schema: dict[str, set[str]]) -> None:
    silent = {
        f"{name}.{column}"
        for name, told in TABLES.items()
        if not told.get("hidden")
        for column in schema[name] - set(told.get("columns", {}))
    }

    assert set() == silent, "describe them in archive/browse/datasette.yaml"


def test_no_column_is_described_that_is_not_there(schema: dict[str, set[str]]) -> None:
    told = {f"{name}.{column}" for name, table in TABLES.items() for column in table.get("columns", {})}

    assert set() == told - {f"{name}.{column}" for name, columns in schema.items() for column in columns}


def test_every_title_and_description_is_in_both_languages() -> None:
    texts = [read_defaults()["title"], read_defaults()["description"]]
    for told in TABLES.values():
        texts += [told[name] for name in ("title", "description") if name in told]
        texts += told.get("columns", {}).values()

    assert [] == [text for text in texts if text.count(" · ") != 1]
    assert set(texts) <= set(known_words())
    assert [] == [words for words in known_words().values() if not words.zh or not words.en]
    assert [] == [
        words for words in known_words().values() if words.zh.isascii() and words.zh not in {"ETag", "Last-Modified"}
    ]


def test_what_the_page_of_fields_tells_of_a_table_is_described_there() -> None:
    rows = [line.split("|") for line in DOCUMENT.read_text("utf-8").splitlines() if line.startswith("| `")]
    for cells in rows:
        given, name = cells[-2], cells[1].strip(" `")
        for table in ("notices", "copies"):
            if f"`{table}`" in given and name in FIELDS:
                assert name in TABLES[table]["columns"]
