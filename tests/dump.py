"""Every derived row of a database by natural key, for laws that say two databases are equal."""

from __future__ import annotations

from sqlite_utils import Database

_LEFT_OUT = {"match_history", "warc_files", "dirty", "archive_state", "_sqlite_migrations"}
"""Logs and progress."""

_INTEGER_KEYS = {("notices", "n"), ("facets", "n"), ("captures", "id"), ("citations", "id")}


def dump(db: Database) -> dict[str, list[tuple[object, ...]]]:
    """Table → its rows, sorted, without integer keys, logs and progress."""
    found = {}
    for table in sorted(db.table_names()):
        if table in _LEFT_OUT or table.startswith("notices_fts"):
            continue
        columns = [name for name in db.table(table).columns_dict if (table, name) not in _INTEGER_KEYS]
        rows = db.execute(f"select {', '.join(f'[{name}]' for name in columns)} from [{table}]").fetchall()
        found[table] = sorted(rows, key=repr)
    return found
