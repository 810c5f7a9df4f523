"""What triggers keep in step with the rows that it is told from: the view, the triggers, the index, made as one."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlite_utils import Database


def is_in_place(db: Database, schema: Mapping[str, str]) -> bool:
    """Whether everything of a schema (name → statement that makes it) is there as the schema has it."""
    return {name: _one_line(sql) for name, _, sql in _present(db, schema)} == {
        name: _one_line(sql) for name, sql in schema.items()
    }


def put_in_place(db: Database, schema: Mapping[str, str]) -> None:
    """Make everything of a schema anew; for a transaction of the caller's."""
    for name, kind, _ in _present(db, schema):
        db.execute(f"drop {kind} {name}")
    for sql in schema.values():
        db.execute(sql)


def _present(db: Database, schema: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Name, kind and SQL of what there is of it, triggers first: the order to drop it in."""
    sql = """select name, type, sql from sqlite_master where name in (select value from json_each(?))
        order by type = 'view', type = 'table'"""
    return db.execute(sql, [json.dumps(list(schema))]).fetchall()


def _one_line(sql: str) -> str:
    return " ".join(sql.split()).lower()
