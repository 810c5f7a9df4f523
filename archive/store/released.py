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
    """Open a snapshot that nobody writes. Raises: DatabaseError if it is none, or computes what is to be read."""
    conn = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
    try:
        conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        for pragma in ("query_only=on", "trusted_schema=off", "cell_size_check=on", "mmap_size=0"):
            conn.execute(f"pragma {pragma}").close()
        register(conn)
        if computed := conn.execute(_COMPUTED, [json.dumps(_READ)]).fetchone() or conn.execute(_YEARS).fetchone():
            raise sqlite3.DatabaseError(f"{computed[0]} was not written but is computed")  # maybe without end
        yield Database(conn, execute_plugins=False)
    finally:
        conn.close()


def not_sound(db: Database) -> list[str]:
    """What is wrong with the structure of a snapshot's tables; nothing for a sound one."""
    here = [name for name in _READ if db.table(name).exists()]
    lines = (line for name in here for (line,) in db.execute(f"pragma quick_check({name})").fetchmany(5))
    return [str(line) for line in lines if line != "ok"]


_READ: Final = (*TABLES, "files", "channels", "splits", "held_files", "release")
"""The tables that rows are read from."""

_COMPUTED: Final = """
    with read (name) as (select value from json_each(?))
    select name from sqlite_master where (type <> 'table' or rootpage = 0) and lower(name) in read
    union all
    select read.name || '.' || made.name from read join pragma_table_xinfo(read.name) as made
    where hidden in (2, 3) and (read.name, made.name) <> ('notices', 'year')
"""
"""Views and virtual tables, and columns that are made of others."""

_YEARS: Final = "select 'notices.year' from notices where typeof(year) not in ('integer', 'null') limit 1"
"""The year is made of a day: where it is none, anything may come out."""
