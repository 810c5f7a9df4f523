"""What can be proved of the database alone, its search index included, and what it says of the WARC files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from archive.store.dataset import vacuum_into
from archive.store.facets import stray_facets
from archive.store.search import SearchError, check_search, register


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a row of `captures` says of its record; `digest` is None for a request without an exchange."""

    record_id: str
    offset: int
    digest: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """How far a WARC file was indexed, and its digest if it was closed by then."""

    to: int
    sha256: str | None


def indexed_files(db: Database) -> dict[str, Indexed]:
    """Give every WARC file that the database has read from, by name."""
    rows = db.execute("select name, indexed_to, sha256 from warc_files order by name")
    return {name: Indexed(to=to, sha256=sha256) for name, to, sha256 in rows}


def rows_of(db: Database, warc_file: str) -> Iterator[Row]:
    """Give the capture rows that point into one file, in file order."""
    sql = "select record_id, warc_offset, payload_digest from captures where warc_file = ? order by warc_offset"
    for record_id, offset, digest in db.execute(sql, [warc_file]).fetchall():
        yield Row(record_id=record_id, offset=offset, digest=digest)


def is_held(db: Database, record_id: str) -> bool:
    """Tell whether a record has a row, under whatever file: one taken in twice has one row."""
    return db.execute("select 1 from captures where record_id = ?", [record_id]).fetchone() is not None


def unsound(db: Database) -> list[str]:
    """Check structure and links of the database; give what is wrong, nothing if it is sound."""
    try:
        found = [str(line) for (line,) in db.execute("pragma integrity_check(20)") if line != "ok"]
        broken = db.execute("pragma foreign_key_check").fetchmany(20)
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return found + [f"{table} row {row} names a {parent} that is not there" for table, row, parent, _ in broken]


def search_unsound(db: Database, scratch: Path) -> str | None:
    """Compare every word of the search index with the text, and what searches are narrowed by with the rows it is
    told from; give what is wrong, None if they are equal.

    FTS5 checks itself only through a connection that may write, so it is done on a copy in the folder `scratch`.
    """
    copy = scratch / "notices.db"
    try:
        vacuum_into(db, copy)
        conn = sqlite3.connect(copy, isolation_level=None)
        try:
            register(conn)
            db = Database(conn, execute_plugins=False)
            check_search(db)
            stray = stray_facets(db)
        finally:
            conn.close()
    except (SearchError, sqlite3.DatabaseError) as error:
        return str(error)
    return f"the facets of {stray} notices are not what their rows say: run `minzheng rebuild`" if stray else None
