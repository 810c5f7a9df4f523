"""The search functions as a sqlite-utils plugin: `zh_match` and its fellows in every `sqlite-utils` command."""

from __future__ import annotations

import sqlite3

from sqlite_utils import hookimpl

from archive.store.search import register


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Give a connection of sqlite-utils our SQL functions."""
    register(conn)
