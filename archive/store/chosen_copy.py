"""A database of its own that holds the chosen notices, every row that belongs to them, and what describes the archive.

Rows are copied out and nothing is deleted: what is left out was never in the file. What belongs where is said once,
table by table, in `KEPT` (`archive.store.belonging`); a table that is not named there stops the copy.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlite_utils import Database

from archive.store import open_draft, open_reader, path_of
from archive.store.archive_facts import COPIED_OF, archive_facts
from archive.store.attachments import attached_text
from archive.store.belonging import AS_PRINTED, GATHERED, IDS, KEPT, OF_A_RELEASE, SAYINGS, SPELLINGS, TITLES
from archive.store.choosing import EVERYTHING, Choice, choose, gather_left_out
from archive.store.dataset import telling_disk_errors, vacuum_into
from archive.store.issues import subject_key
from archive.store.left_out import COVERED, Cover
from archive.store.takedowns import withhold
from archive.urls import url_key

Progress = Callable[[int, int], object]
"""Told how many tables of how many are done."""


def write_chosen(
    db: Database,
    target: Path,
    choice: Choice,
    *,
    left_out: Collection[str] = (),
    withheld: Collection[str] = (),
    progress: Progress | None = None,
) -> int:
    """Write the chosen notices to `target`, a new database, whole or not at all; gives how many there are.

    `left_out` are ids, of now or of once, of notices of which nothing may be found in the file: neither rows of theirs
    nor what rows of others say of them by address, id or name. What another page prints in its text stays as it is.
    `withheld` are url keys of which no more is told than that they are linked: of a file neither text nor bytes.
    Equal databases give equal bytes. Raises: ChoiceError, OSError.
    """
    if choice == EVERYTHING and not left_out and not _hides_anything(db):
        vacuum_into(db, target)
        return db.table("notices").count
    with TemporaryDirectory(prefix=".choosing-", dir=target.parent) as folder, telling_disk_errors(target):
        draft = Path(folder) / "draft.db"
        with closing(open_reader(path_of(db))) as source:
            _make_schema(source, draft, "table")
            count = _copy(source, draft, choice, left_out, progress)
            _make_schema(source, draft, "index")
        if choice.min_confidence is not None:
            _tell_of_the_sure(draft)
        if withheld:
            withhold(draft, withheld)
        with closing(open_draft(draft)) as made:  # which makes search and facets, when all rows are there
            made.execute("pragma journal_mode = delete").close()
        draft.replace(target)
    return count


def cover_of(db: Database, left_out: Collection[str]) -> Cover:
    """What covers the names of notices that are left out, by their ids, where words of no row may have them."""
    with closing(open_reader(path_of(db))) as source, source.atomic():
        _choose(source, EVERYTHING, left_out)
        return _cover(source)


def _hides_anything(db: Database) -> bool:
    """Whether there are takedowns: such a ruling names what nobody is to find, and so does one that takes it back."""
    return bool(db.execute("select 1 from decisions where what = 'takedown'").fetchone())


def _make_schema(source: Database, draft: Path, kind: str) -> None:
    """Make the tables or the indexes of a database in another; search and facets make their own."""
    with closing(sqlite3.connect(draft)) as made:
        for _, sql in _schema(source, kind):
            made.execute(sql)


def _schema(source: Database, kind: str) -> list[tuple[str, str]]:
    """Name and statement of each table or index; FTS5 makes its tables itself, and so does SQLite."""
    return source.execute(
        "select name, sql from sqlite_master where type = ? and sql is not null"
        " and name not glob 'notices_fts*' and name not glob 'sqlite_*' order by rowid",
        [kind],
    ).fetchall()


def _copy(source: Database, draft: Path, choice: Choice, left_out: Collection[str], progress: Progress | None) -> int:
    """Copy the rows that go along, all of one instant."""
    source.execute("attach database ? as made", [f"{draft.resolve().as_uri()}?mode=rw"])
    for pragma in ("journal_mode = off", "synchronous = off"):  # of a draft that is begun anew if it is not finished
        source.execute(f"pragma made.{pragma}").close()
    with source.atomic():
        count = _choose(source, choice, left_out)
        if left_out:
            cover = _cover(source)
            source.conn.create_function("may_name", 1, cover.may_name, deterministic=True)
            source.conn.create_function("covered", 1, cover.covered, deterministic=True)
            source.conn.create_function("covered_saying", 1, cover.covered_saying, deterministic=True)
        tables = [name for name, _ in _schema(source, "table")]
        for done, table in enumerate(tables):
            if progress is not None:
                progress(done, len(tables))
            _copy_table(source, table, covering=bool(left_out))
        made_of = [COPIED_OF, json.dumps(archive_facts(source))]
        source.execute("insert or ignore into made.archive_state (key, value) values (?, ?)", made_of)
    return count


def _choose(source: Database, choice: Choice, left_out: Collection[str]) -> int:
    """Make the temporary tables that the conditions ask; gives how many notices are chosen."""
    source.conn.create_function("subject_key", 2, subject_key, deterministic=True)
    source.conn.create_function("url_key", 1, _key, deterministic=True)
    gathered = {
        "left_notices": gather_left_out(source, left_out),
        "chosen_notices": choose(source, choice, left_out=left_out),
    }
    for name, table in gathered.items():
        source.execute(f"alter table {table} rename to {name}")
    bound = {"min_confidence": choice.min_confidence, "whole": choice == EVERYTHING}
    for named, select in GATHERED.items():
        name, _, column = named.partition(" ")
        source.execute(f"create temp table {name} ({column[1:-1]} text primary key) without rowid")
        source.execute(f"insert into {name} {select}", bound)
    return int(source.execute("select count(*) from chosen_notices").fetchone()[0])


def _cover(source: Database) -> Cover:
    ids, addresses, titles = ([name for (name,) in source.execute(sql)] for sql in (IDS, SPELLINGS, TITLES))
    return Cover(ids, addresses, titles)


def _copy_table(source: Database, table: str, *, covering: bool) -> None:
    """Copy what goes along of a table; rows keep their numbers, which tell their order."""
    about = source.execute('select name, type, pk, "notnull" from pragma_table_info(?)', [table]).fetchall()
    names = [f'"{name}"' for name, *_ in about]
    if not any(pk and kind.upper() == "INTEGER" for _, kind, pk, _ in about) and _has_numbers(source, table):
        names.insert(0, "rowid")
    kept = {**KEPT, **OF_A_RELEASE}[table]
    covers = dict(_covers(table, about)) if covering else {}
    if not covers:
        source.execute(_insert(table, names, names, kept))
        return
    texts = " || char(10) || ".join(f"coalesce({name}, '')" for name in covers)
    covered = [covers.get(name, name) for name in names]
    source.execute(_insert(table, names, names, f"({kept}) and not may_name({texts})"))
    source.execute(_insert(table, names, covered, f"({kept}) and may_name({texts})"))


def _covers(table: str, about: list[tuple[str, str, int, int]]) -> Iterator[tuple[str, str]]:
    """The columns of a table in which something may have to be covered, and how it is."""
    cover = "covered_saying" if table in SAYINGS else "covered"
    for name, kind, _, must_be in about:
        if kind.upper() == "TEXT" and name not in AS_PRINTED.get(table, ()):
            covered = f'{cover}("{name}")'
            yield f'"{name}"', f"coalesce({covered}, '{COVERED}')" if must_be else covered


def _insert(table: str, names: list[str], values: list[str], kept: str) -> str:
    columns, shown = ", ".join(names), ", ".join(values)
    return f"insert into made.{table} ({columns}) select {shown} from main.{table} where {kept}"  # noqa: S608 (ours)


def _has_numbers(source: Database, table: str) -> bool:
    try:
        source.execute(f"select rowid from main.{table} limit 0")  # noqa: S608 (a name of the schema)
    except sqlite3.OperationalError:
        return False
    return True


def _key(url: str) -> str | None:
    with suppress(ValueError):
        return url_key(url)
    return None


def _tell_of_the_sure(draft: Path) -> None:
    """Say of notices that came without some of their copies what those that are there say."""
    with closing(sqlite3.connect(draft)) as conn:
        made = Database(conn, execute_plugins=False)
        for notice, best, keys, first, last in made.execute(_FEWER).fetchall():
            copies = json.loads(keys)
            conn.execute(
                "update notices set copies = ?, first_seen_at = ?, last_seen_at = ?, attachments_text = ? where id = ?",
                [len(copies), first, last, attached_text(made, copies, best_copy=best), notice],
            )
        conn.commit()


_FEWER: Final = """
    select id, best_copy, json_group_array(url_key), min(copies.first_seen_at), max(copies.last_seen_at)
    from notices join copies on notice = id
    group by id having count(*) <> notices.copies
"""
