"""What tables and columns of a release mean, in both languages: its own words, else those of the reading room."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from archive.labels import Words
from archive.store.tables import Column, Kind, Table

COPY: Final = (
    Column("url"),
    Column("role"),
    Column("rule"),
    Column("class"),
    Column("confidence", "number"),
    Column("title"),
    Column("published_on", "day"),
    Column("attribution"),
)
"""The fields of one record in a column of copies."""

FILE: Final = (Column("name"), Column("url"), Column("sha256"))
"""The fields of one record in a column of files."""

RECORDS: Final[Mapping[Kind, tuple[Column, ...]]] = {"copies": COPY, "files": FILE}
"""What the lists of those kinds hold."""


KEYWORDS: Final = ("民政", "通知公告", "civil affairs", "China", "government notices")
"""What the archive is found by."""

GUARD: Final = Words(
    "CSV 中会被当作公式或以撇号开头的文字，前面多一个撇号；去掉一个即为原文。",
    "In CSV a text that a spreadsheet would run, or that begins with an apostrophe, has one apostrophe more before it:"
    " take one away and it is as it was.",
)
"""What nobody can tell of a cell by looking at it."""


def archive_words() -> tuple[Words, Words]:
    """What the archive is called, and what it is."""
    return _both(_described()["title"]), _both(_described()["description"])


def table_words(table: Table) -> tuple[Words, Words]:
    """What a table is called, and what one of its rows is."""
    told = _described()["tables"].get(table.name, {})
    about = table.about or _ABOUT.get(table.name) or told["description"]
    return _both(table.called or told.get("title") or f"{table.name} · {table.name}"), _both(about)


def column_words(table: Table, column: Column) -> Words:
    """What a column means."""
    return _both(column.about) if column.about is not None else _column(table.name, column.name)


def field_words(column: Column) -> Words:
    """What a field of a record in a column of copies or files means."""
    held = {**dict.fromkeys(("rule", "class", "confidence"), "matches"), **dict.fromkeys(("name",), "attachments")}
    return _column("files" if column.name == "sha256" else held.get(column.name, "copies"), column.name)


_ABOUT: Final[Mapping[str, str]] = {
    "notices": "一行一份文件，不论有多少网页转载 · One row is one document, whoever shows it.",
    "masks": "遮盖了什么，按公告与规则计 · What was masked, by notice and rule.",
}
"""Tables of which the reading room tells what its own pages do."""


_COLUMNS: Final[Mapping[tuple[str, str], str]] = {
    ("notices", "original_captured"): "原文是否已采集 · Whether the original itself was captured",
    ("captures", "revisit"): "是否未变记录，即载荷与先前相同 · Whether the record says the same payload as before",
    ("captures", "warc_file"): "档案自己的 WARC 文件 · WARC file of the archive itself",
}
"""Columns that the reading room tells as the database has them, which a file of a release has otherwise."""


def _column(table: str, column: str) -> Words:
    return _both(_COLUMNS.get((table, column)) or _described()["tables"][table]["columns"][column])


def _both(text: str) -> Words:
    """`中文 · English` as its two languages."""
    zh, _, en = text.partition(" · ")
    return Words(zh, en)


@cache
def _described() -> Mapping[str, Any]:
    from datasette.utils import parse_metadata

    described: dict[str, Any] = parse_metadata((files("archive") / "browse" / "datasette.yaml").read_text("utf-8"))
    return described
