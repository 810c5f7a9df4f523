"""The snapshot of a release that may come from anybody: opened so that it can do nothing but be read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from archive.store.search import register
from archive.store.tables import TABLES

_LONGEST: Final = 256 * 1024**2
"""Bytes of one value."""


@contextmanager
def released(path: Path) -> Iterator[Database]:
    """Open a snapshot that nobody writes. Raises: DatabaseError if it is none, or has views where tables should be."""
    conn = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
    try:
        conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        for pragma in ("query_only=on", "trusted_schema=off", "cell_size_check=on", "mmap_size=0"):
            conn.execute(f"pragma {pragma}").close()
        register(conn)
        if views := conn.execute(_VIEWS, [json.dumps(_READ)]).fetchall():
            raise sqlite3.DatabaseError(f"{views[0][0]} is no table")  # a view may compute without end
        yield Database(conn, execute_plugins=False)
    finally:
        conn.close()


def not_sound(db: Database) -> list[str]:
    """What is wrong with the structure of a snapshot's tables; nothing for a sound one."""
    here = [name for name in _READ if db.table(name).exists()]
    lines = (line for name in here for (line,) in db.execute(f"pragma quick_check({name})").fetchmany(5))
    return [str(line) for line in lines if line != "ok"]


_READ: Final = (*TABLES, "files", "channels", "splits", "release")
"""The tables that rows are read from."""

_VIEWS: Final = "select name from sqlite_master where type <> 'table' and name in (select value from json_each(?))"
