"""The database: how it is opened, and one module per group of tables. All SQL of the archive stands in this room."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlite_utils import Database

from archive.store.facets import create_facets
from archive.store.migrations import migrations
from archive.store.search import create_search, register

__all__ = ["Database", "DatabaseError", "fold_log", "is_current", "open_draft", "open_reader", "open_writer", "path_of"]

DatabaseError = sqlite3.Error
"""Whatever SQLite cannot do; sqlite-utils lets it through."""

_BUSY_SECONDS = 10

_WRITER_PRAGMAS = (
    "journal_mode=wal",
    # in WAL, NORMAL can lose the last commits on power loss; batched FULL costs nothing that matters
    "synchronous=full",
    "cache_size=-65536",
    "wal_autocheckpoint=4000",
    "journal_size_limit=67108864",
    "temp_store=memory",
    "foreign_keys=on",
)


def open_reader(path: Path) -> Database:
    """Open `notices.db` read-only, with our SQL functions. Raises: sqlite3.OperationalError if there is none."""
    conn = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
    register(conn)
    return Database(conn, execute_plugins=False)


def open_writer(path: Path) -> Database:
    """Open `notices.db` for its one writer: made and migrated if need be, WAL, every commit on disk.

    Transactions are begun by `db.atomic()` alone.
    """
    # by `uri` what is laid beside it can be opened read-only, too (`archive.store.beside`)
    conn = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, uri=True)
    register(conn)
    db = Database(conn, execute_plugins=False)
    for pragma in _WRITER_PRAGMAS:
        conn.execute(f"pragma {pragma}").close()
    migrations.apply(db)
    create_search(db)
    create_facets(db)
    return db


def open_draft(path: Path) -> Database:
    """Open a database that is begun anew if it does not get done: commits need not outlive a power cut."""
    db = open_writer(path)
    db.conn.execute("pragma synchronous=off").close()
    return db


def path_of(db: Database) -> Path:
    """The file of a database; a relative nothing for one in memory."""
    return Path(db.execute("select file from pragma_database_list where name = 'main'").fetchone()[0])


def is_current(db: Database) -> bool:
    """Tell whether a database has all tables and columns that we ask for; while it is being made it has some."""
    return not migrations.pending(db)


def fold_log(db: Database) -> None:
    """Bring what the write-ahead log holds into `notices.db` itself, so that the one file is whole.

    Never waits: what a reader is looking at stays in the log until the next time.
    """
    db.execute("pragma wal_checkpoint(passive)").close()
