"""Rows of the statements of our own pages, and when the archive looked last."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from archive.browse.statements import statement
from archive.store.times import read_instant

Row = Mapping[str, Any]


def read_rows(conn: sqlite3.Connection, name: str, **bound: object) -> tuple[Row, ...]:
    """All rows of `queries/page/<name>.sql`, its parameters bound by name."""
    return tuple(conn.execute(statement(f"page/{name}"), bound).fetchall())


def last_look(conn: sqlite3.Connection) -> datetime:
    """When the archive looked last; the epoch where it never did."""
    return read_instant(read_rows(conn, "last_look")[0]["at"])
