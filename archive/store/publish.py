"""Putting a database made anew in the place of the one that is served, and what changed between them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What became of the copies: in the same notice, in another, new, or gone."""

    kept: int
    moved: int
    added: int
    dropped: int


def is_readable(db: Database) -> bool:
    """Whether every page of a database can be read, and it holds copies. Raises: OperationalError if it is locked."""
    try:
        sound = [str(line) for (line,) in db.execute("pragma quick_check(1)")] == ["ok"]
        return sound and db.table("copies").exists() and db.table("match_history").exists()
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return False


def compare(old: Database, new: Database) -> Difference:
    """Compare two databases copy by copy."""
    before = {row["url_key"]: row["notice"] for row in old.query("select url_key, notice from copies")}
    after = {row["url_key"]: row["notice"] for row in new.query("select url_key, notice from copies")}
    both = before.keys() & after.keys()
    kept = sum(before[key] == after[key] for key in both)
    return Difference(kept=kept, moved=len(both) - kept, added=len(after) - len(both), dropped=len(before) - len(both))


def carry_log(old: Database, new: Database) -> None:
    """Bring the log of moves along: it is not derived. What was moved while making the new one was moved for nobody."""
    with new.atomic():
        new.execute("delete from match_history")
        new.table("match_history").insert_all(old.query("select * from match_history order by id"))


def publish(new: Path, served: Path) -> None:
    """Copy a database over the one that is served, page by page, in one transaction that readers never see half of.

    SQLite's own backup: a rename would part an open database from its write-ahead log.
    """
    _copy(new, served)


def copy_out(served: Path, new: Path) -> None:
    """Copy the database that is served, as it stands now, to a place of its own. Raises: DatabaseError if it cannot."""
    _copy(served, new)


def _copy(origin: Path, goal: Path) -> None:
    source, target = sqlite3.connect(origin, timeout=60), sqlite3.connect(goal, timeout=60)
    try:
        source.backup(target)
    finally:
        target.close()
        source.close()
