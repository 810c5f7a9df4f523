"""Putting a database made anew in the place of the one that is served, and what changed between them."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

MOVES = 20
"""Moved copies that are shown, of each rule and class a few."""
_ALIKE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A copy that is in another notice now: ids and titles before and after, and by which rule."""

    url: str
    before: str
    title_before: str | None
    after: str
    title_after: str | None
    rule: str
    match_class: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What became of the copies: in the same notice, in another, new, or gone."""

    kept: int
    moved: int
    added: int
    dropped: int
    moves: tuple[Move, ...] = ()
    """Some of those that moved."""


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
    before, after = _notices(old), _notices(new)
    both = before.keys() & after.keys()
    moved = sorted(key for key in both if before[key] != after[key])
    return Difference(
        kept=len(both) - len(moved),
        moved=len(moved),
        added=len(after) - len(both),
        dropped=len(before) - len(both),
        moves=_examples(moved, old, new),
    )


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


def _notices(db: Database) -> dict[str, str | None]:
    return dict(db.execute("select url_key, notice from copies").fetchall())


def _examples(moved: Sequence[str], old: Database, new: Database) -> tuple[Move, ...]:
    """Of the copies that moved some, a few of each rule and class."""
    found: list[Move] = []
    shown = Counter[tuple[str, str]]()
    for key in moved:
        if len(found) == MOVES:
            break
        rule, match_class = new.execute("select rule, class from matches where copy = ?", [key]).fetchone() or ("", "")
        if shown[rule, match_class] == _ALIKE:
            continue
        shown[rule, match_class] += 1
        (_, before, title_before), (url, after, title_after) = _placed(old, key), _placed(new, key)
        found.append(
            Move(
                url=url,
                before=before,
                title_before=title_before,
                after=after,
                title_after=title_after,
                rule=rule,
                match_class=match_class,
            )
        )
    return tuple(found)


def _placed(db: Database, key: str) -> tuple[str, str, str | None]:
    sql = (
        "select copies.url, coalesce(notice, ''), notices.title from copies left join notices on notices.id = notice"
        " where url_key = ?"
    )
    url, notice, title = db.execute(sql, [key]).fetchone()
    return url, notice, title


def _copy(origin: Path, goal: Path) -> None:
    source, target = sqlite3.connect(origin, timeout=60), sqlite3.connect(goal, timeout=60)
    try:
        source.backup(target)
    finally:
        target.close()
        source.close()
