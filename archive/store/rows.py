"""Rows asked for and written without ado, for what is done many times a page.

sqlite-utils opens a savepoint around every query, and asks for a table's columns at every insert. Here a statement is
one statement, put together once. A row to write is a mapping of column → value that SQLite can hold as it is; all rows
of one call have the same columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlite_utils import Database

Row = Mapping[str, object]


def ask(db: Database, sql: str, params: Sequence[object] = ()) -> Iterator[dict[str, Any]]:
    """The rows that a query finds, by column, read as they are asked for."""
    cursor = db.conn.execute(sql, params)
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor)


def insert(db: Database, table: str, row: Row) -> None:
    """Add a row."""
    db.conn.execute(_insert(table, tuple(row)), list(row.values()))


def insert_all(db: Database, table: str, rows: Iterable[Row], *, ignoring: bool = False) -> None:
    """Add rows. With `ignoring`, one whose key is there is left out."""
    found = list(rows)
    if found:
        tail = " on conflict do nothing" if ignoring else ""
        db.conn.executemany(_insert(table, tuple(found[0])) + tail, [list(row.values()) for row in found])


def upsert(db: Database, table: str, row: Row, key: str) -> None:
    """Add a row, or say of the one with its key what this one says."""
    db.execute(_upsert(table, tuple(row), key), list(row.values()))


def update(db: Database, table: str, row: Row, key: str) -> None:
    """Write the columns of a row that differ from what stands: triggers then see only what really changed."""
    [held] = db.execute(_select(table, tuple(row), key), [row[key]]).fetchall()
    changed = [name for name, before in zip(row, held, strict=True) if row[name] != before]
    if changed:
        db.execute(_update(table, tuple(changed), key), [*(row[name] for name in changed), row[key]])


@cache
def _insert(table: str, columns: tuple[str, ...]) -> str:
    return f"insert into {table} ({_names(columns)}) values ({', '.join('?' * len(columns))})"  # noqa: S608 (ours)


@cache
def _upsert(table: str, columns: tuple[str, ...], key: str) -> str:
    sets = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name != key)
    return f"{_insert(table, columns)} on conflict ({key}) do update set {sets}"


@cache
def _select(table: str, columns: tuple[str, ...], key: str) -> str:
    return f"select {_names(columns)} from {table} where {key} = ?"  # noqa: S608 (names of ours)


@cache
def _update(table: str, columns: tuple[str, ...], key: str) -> str:
    sets = ", ".join(f'"{name}" = ?' for name in columns)
    return f"update {table} set {sets} where {key} = ?"  # noqa: S608 (names of ours)


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in columns)
