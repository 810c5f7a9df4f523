"""Which of the databases that a Datasette serves are archives of ours."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from archive.browse.statements import statement

if TYPE_CHECKING:
    from datasette.app import Datasette

_NOTED = "minzheng_archives"

logger = logging.getLogger(__name__)


def is_archive(conn: sqlite3.Connection) -> bool:
    """Whether the tables that make an archive are there. A file that is no database is none of ours.

    Raises: sqlite3.OperationalError if the file cannot be read now (locked), for then nobody knows.
    """
    try:
        return bool(conn.execute(statement("page/is_archive")).fetchone()[0])
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return False


def find_archives(datasette: Datasette) -> tuple[str, ...]:
    """Names of the databases that are archives, in the order in which they were given. Looks into each file."""
    found = []
    for name, database in datasette.databases.items():
        if database.path is None:
            continue
        try:
            with closing(database.connect()) as conn:
                if is_archive(conn):
                    found.append(name)
        except sqlite3.OperationalError as error:
            logger.warning("%s cannot be read (%s): shown as a plain database", database.path, error)
    return tuple(found)


def note_archives(datasette: Datasette) -> tuple[str, ...]:
    """Find the archives once, at startup, and keep the answer on the Datasette they belong to."""
    found = find_archives(datasette)
    setattr(datasette, _NOTED, found)
    return found


def archives(datasette: Datasette) -> tuple[str, ...]:
    """What `note_archives` found; before startup it is found now, for the first request comes before it."""
    noted: tuple[str, ...] | None = getattr(datasette, _NOTED, None)
    return note_archives(datasette) if noted is None else noted
