"""A release's tables made a database again, where its snapshot is not there: as much as telling changes needs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from sqlite_utils import Database

from archive.store.rows import insert_all
from archive.store.tables import TABLES, Table

NEEDED: Final = ("notices", "copies")
"""Tables without which nothing can be told."""


def load_former(path: Path, tables: Mapping[str, Iterable[list[dict[str, Any]]]]) -> None:
    """Make a database at `path` of rows as `archive.store.tables.table_rows` gives them, some at a time."""
    path.unlink(missing_ok=True)
    conn = sqlite3.connect(path, isolation_level=None)
    db = Database(conn, execute_plugins=False)
    try:
        for pragma in ("journal_mode = off", "synchronous = off"):
            conn.execute(f"pragma {pragma}").close()
        for name, pages in tables.items():
            _load(db, TABLES[name], pages)
        if db.table("notices").exists() and db.table("copies").exists():
            for statement in _INDEXES:
                db.execute(statement)
    finally:
        db.close()


def _load(db: Database, table: Table, pages: Iterable[list[dict[str, Any]]]) -> None:
    made = False
    for rows in pages:
        held = [{name: _held(value) for name, value in row.items()} for row in rows]
        if not made and held:
            key = ", ".join(f'"{name}"' for name in table.key)
            columns = ", ".join(f'"{name}"' for name in held[0])
            db.execute(f"create table {table.name} ({columns}, primary key ({key}))")
            made = True
        insert_all(db, table.name, held)
    if not made:
        db.execute(f"create table {table.name} ({', '.join(table.names)})")


def _held(value: object) -> object:
    """A value as the database of an archive has it."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


_INDEXES: Final = (
    "create index copies_notice on copies(notice)",
    # the files tell the address of the copy that the text is from, the database its key
    "alter table notices add column best_copy text",
    """update notices set best_copy = (select url_key from copies
      where copies.notice = notices.id and copies.url = text_from order by url_key limit 1)""",
)
