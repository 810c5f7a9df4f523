"""A database of its own that holds the chosen notices, every row that belongs to them, and what describes the archive.

Rows are copied out and nothing is deleted: what is left out was never in the file. What belongs where is said once,
table by table, in `KEPT`; a table that is not named there stops the copy.
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
    `withheld` are url keys of linked files of which text and bytes are left out; that there was one is told.
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


_ALL: Final = "true"
_NONE: Final = "false"

KEPT: Final = {
    # what describes the archive, whatever is chosen
    "_sqlite_migrations": _ALL,
    "archive_state": _ALL,
    "channels": _ALL,
    "coverage": _ALL,
    "crawls": _ALL,
    "divisions": _ALL,
    "source_moves": _ALL,
    "sources": _ALL,
    "stamped_hosts": _ALL,
    "walks": _ALL,
    "warc_files": _ALL,
    # notices; what is cited, and one end of a relation, may be of none that is chosen
    "notices": "id in chosen_notices",
    "aliases": "notice in chosen_notices and (kind <> 'url' or alias in chosen_copies)",
    "masks": "notice in chosen_notices",
    "names": "notice in chosen_notices",
    "threads": "notice in chosen_notices and (kind = 'series' or key not in left_titles)",
    "citations": """notice in chosen_notices and coalesce(cited_notice, '') not in left_notices
        and (cited_notice is not null
          or (coalesce(title_key, '') not in left_titles and coalesce(number_key, '') not in left_numbers))""",
    "relations": "(a in chosen_notices or b in chosen_notices) and a not in left_notices and b not in left_notices",
    # copies
    "copies": "url_key in chosen_copies",
    "attachments": "copy in chosen_copies and url_key not in left_keys",
    "claims": "copy in chosen_copies and claimed_key not in left_keys",
    "fidelities": "copy in chosen_copies",
    "likenesses": "copy in chosen_copies and other in chosen_copies",
    "matches": "copy in chosen_copies",
    "match_history": """copy in chosen_copies
        and coalesce("from", '') not in left_notices and coalesce("to", '') not in left_notices""",
    "parts": "copy in chosen_copies and url_key not in left_keys",
    "rechecks": "copy in chosen_copies",
    "reviews": "copy in chosen_copies and other in chosen_copies",
    "revisions": "copy in chosen_copies",
    # what was seen at their addresses; with every notice, at those that are of none, too
    "captures": """(url_key in chosen_keys or url_key in loose_keys or record_id in repeated)
        and coalesce(location_key, '') not in left_keys""",
    "entries": "url_key in chosen_keys or url_key in loose_keys and coalesce(title, '') not in left_headings",
    "files": "payload_digest in chosen_files",
    "file_versions": "url_key in chosen_keys or url_key in loose_keys",
    # what people were asked and what they said: about these addresses, and about the archive itself
    "issues": "coalesce(subject_key(kind, subject), '') in subjects",
    "raisings": "coalesce(subject_key, '') in subjects",
    "decisions": """what <> 'takedown'
        and (urls = '[]' or exists (select 1 from json_each(urls) where url_key(value) in subjects))
        and not exists (select 1 from json_each(urls) where url_key(value) in left_keys)""",
    # work that waits, and pieces of texts to be compared: nobody goes on with them in a copy
    "dirty": _NONE,
    "postings": _NONE,
    # told anew from the rows above
    "facets": _NONE,
}
"""The rows of each table that go along, as a condition."""
OF_A_RELEASE: Final = {
    "changes": _ALL,
    "successors": _ALL,
    "family_links": "notice in chosen_notices",
    "sample": "notice in chosen_notices",
    "splits": "notice in chosen_notices",
}
"""The same of tables that only the draft of a release has."""
_TEMPORARY: Final = {
    "left_copies (url_key)": "select url_key from copies where notice in left_notices",
    "chosen_copies (url_key)": """
        select url_key from copies where notice in chosen_notices and (:min_confidence is null
          or exists (select 1 from matches where copy = url_key and confidence >= :min_confidence))""",
    "chosen_keys (url_key)": """
        with recursive led (url_key) as (
          select url_key from attachments where copy in chosen_copies and url_key > ''
          union select location_key from captures join led using (url_key)
            where outcome = 'moved' and location_key > ''
        ), addresses (url_key) as (
          select url_key from chosen_copies
          union select alias from aliases where kind <> 'id' and notice in chosen_notices
          union select url_key from parts where copy in chosen_copies
          union select url_key from led where not exists (
            select 1 from captures where captures.url_key = led.url_key and kind in ('home', 'list'))
        )
        select url_key from addresses
        where url_key in chosen_copies or not exists (select 1 from copies where copies.url_key = addresses.url_key)""",
    # an address that a chosen notice has, too, is no secret
    "left_keys (url_key)": """
        with addresses (url_key) as (
          select url_key from left_copies
          union select alias from aliases where kind <> 'id' and notice in left_notices
          union select url_key from parts where copy in left_copies
          union select url_key from attachments where copy in left_copies and url_key > ''
          union select claimed_key from claims where copy in left_copies
        ), all_addresses (url_key) as (
          select url_key from addresses union select url_key from captures where location_key in addresses
        )
        select url_key from all_addresses where url_key not in chosen_keys""",
    "left_headings (title)": """
        select title from notices where id in left_notices and title > ''
        union select title from revisions where copy in left_copies and title > ''
        union select title from entries where url_key in left_keys and title > ''""",
    "left_titles (key)": "select distinct key from names where notice in left_notices and kind <> 'number'",
    "left_numbers (key)": "select distinct key from names where notice in left_notices and kind = 'number'",
    "loose_keys (url_key)": """
        with addresses (url_key) as (
          select url_key from captures union select url_key from entries union select url_key from file_versions
        )
        select url_key from addresses where :whole and url_key not in left_keys and url_key not in chosen_keys""",
    # where an answer of another address has in full what one of these repeats, as programs of others write it
    "repeated (record_id)": """
        with missed (payload_digest) as (
          select payload_digest from captures as mine
          where revisit = 1 and url_key in chosen_keys and not exists (
            select 1 from captures as own where own.payload_digest = mine.payload_digest and own.revisit = 0
              and own.url_key = mine.url_key)
        ), held (record_id, fetched_at) as (
          select record_id, min(fetched_at) from captures join missed using (payload_digest)
          where revisit = 0 and url_key not in left_keys group by payload_digest
        )
        select record_id from held""",
    "chosen_files (payload_digest)": """
        select payload_digest from attachments where copy in chosen_copies and payload_digest > ''
        union select payload_digest from file_versions where url_key in chosen_keys or url_key in loose_keys""",
    "subjects (url_key)": """
        with addresses (url_key) as (
          select '' union select url_key from channels union select url_key from chosen_keys
          union select subject_key from raisings where :whole and subject_key > ''
          union select url_key(value) from decisions, json_each(urls) where :whole and url_key(value) > ''
        )
        select url_key from addresses where url_key not in left_keys""",
}
"""What the conditions ask, each made of those before it: of the chosen notices and of those that are left out the
copies, addresses and names. Loose are the addresses of no notice, which come along with every notice."""

_IDS: Final = "select id from left_notices"
_SPELLINGS: Final = """
    select url_key from left_keys
    union select url from copies where url_key in left_keys
    union select url from parts where url_key in left_keys
    union select url from attachments where url_key in left_keys
    union select url from entries where url_key in left_keys
    union select url from captures where url_key in left_keys
    union select raw_url from captures where url_key in left_keys and raw_url > ''
"""
_TITLES: Final = """
    select title from left_headings
    where not exists (select 1 from copies where copies.title = left_headings.title and url_key in chosen_copies)
"""
"""What is covered of those that are left out: every id and address, and the titles that no chosen notice has."""


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
    source.conn.create_function("subject_key", 2, subject_key, deterministic=True)
    source.conn.create_function("url_key", 1, _key, deterministic=True)
    with source.atomic():
        count = _choose(source, choice, left_out)
        if left_out:
            ids, addresses, titles = ([name for (name,) in source.execute(sql)] for sql in (_IDS, _SPELLINGS, _TITLES))
            cover = Cover(ids, addresses, titles)
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
    gathered = {
        "left_notices": gather_left_out(source, left_out),
        "chosen_notices": choose(source, choice, left_out=left_out),
    }
    for name, table in gathered.items():
        source.execute(f"alter table {table} rename to {name}")
    bound = {"min_confidence": choice.min_confidence, "whole": choice == EVERYTHING}
    for named, select in _TEMPORARY.items():
        name, _, column = named.partition(" ")
        source.execute(f"create temp table {name} ({column[1:-1]} text primary key) without rowid")
        source.execute(f"insert into {name} {select}", bound)
    return int(source.execute("select count(*) from chosen_notices").fetchone()[0])


def _copy_table(source: Database, table: str, *, covering: bool) -> None:
    """Copy what goes along of a table; rows keep their numbers, which tell their order."""
    about = source.execute('select name, type, pk, "notnull" from pragma_table_info(?)', [table]).fetchall()
    names = [f'"{name}"' for name, *_ in about]
    if not any(pk and kind.upper() == "INTEGER" for _, kind, pk, _ in about) and _has_numbers(source, table):
        names.insert(0, "rowid")
    kept = (KEPT | OF_A_RELEASE)[table]
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
    cover = "covered_saying" if table in _SAYINGS else "covered"
    for name, kind, _, must_be in about:
        if kind.upper() == "TEXT" and name not in _AS_PRINTED.get(table, ()):
            covered = f'{cover}("{name}")'
            yield f'"{name}"', f"coalesce({covered}, '{COVERED}')" if must_be else covered


def _insert(table: str, names: list[str], values: list[str], kept: str) -> str:
    columns, shown = ", ".join(names), ", ".join(values)
    return f"insert into made.{table} ({columns}) select {shown} from main.{table} where {kept}"  # noqa: S608 (ours)


_AS_PRINTED: Final = {
    "attachments": ("text",),
    "citations": ("raw", "sentence"),
    "files": ("text",),
    "notices": ("text", "attachments_text"),
    "revisions": ("text",),
}
"""Columns that say what a page or a file prints, word for word."""
_SAYINGS: Final = frozenset(
    {"crawls", "decisions", "issues", "raisings", "reviews", "source_moves", "sources", "walks"}
)
"""Tables that say in words of people or of ours what became of notices."""


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
