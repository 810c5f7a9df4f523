"""Rows of the statements of our own pages: how months are covered, and when the archive looked last."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from archive.browse.statements import statement
from archive.store.times import read_instant

Row = Mapping[str, Any]


def read_rows(conn: sqlite3.Connection, name: str, /, **bound: object) -> tuple[Row, ...]:
    """All rows of `queries/page/<name>.sql`, its parameters bound by name, whatever the connection makes of rows."""
    cursor = conn.execute(statement(f"page/{name}"), bound)
    cursor.row_factory = None
    columns = [column for column, *_ in cursor.description]
    return tuple(dict(zip(columns, row, strict=True)) for row in cursor)


def month_states(conn: sqlite3.Connection, sources: Sequence[str], *, of_all: bool = False) -> dict[str, str]:
    """Month (`2024-03`) → how these sources cover it together; what is not here is unobserved.

    `of_all` says that these are all sources, which is read faster than their names one by one.
    """
    given = None if of_all else json.dumps(sources)
    rows = read_rows(conn, "months", sources=given, many=len(sources))
    return {row["month"]: row["state"] for row in rows}


def last_look(conn: sqlite3.Connection) -> datetime:
    """When the archive looked last; the epoch where it never did."""
    return read_instant(read_rows(conn, "last_look")[0]["at"])
