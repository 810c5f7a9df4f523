"""A copy of the database without personal data: every text of every table masked, and told so per notice and rule.

What is masked could be guessed back from a digest of the text around it, for an identity number has few unknown digits.
So the digests of a masked text are those of the text as it is shown, and the pieces by which texts are compared are
left out. The digests of what crossed the wire stay: they are of bytes that are not in the copy.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any, Final

from sqlite_utils import Database

from archive.masks import NOTHING_KNOWN, SHORTEST, VERSION, Known, Rule, mask, mask_known
from archive.store import open_draft, open_reader
from archive.store.dataset import vacuum_into
from archive.store.outgoing import write_outgoing
from archive.text import digest_of, text_digest

Progress = Callable[[int, int], object]
"""Told how many rows of how many are done."""


def write_masked(db: Database, target: Path, progress: Progress | None = None) -> None:
    """Write a masked copy of a database to `target`, whole or not at all, without what was taken down.

    Equal databases give equal bytes.

    Raises: OSError if the disk is full or the folder cannot be written to.
    """
    with TemporaryDirectory(prefix=".masking-", dir=target.parent) as folder:
        draft, whole = Path(folder) / "draft.db", Path(folder) / "whole.db"
        write_outgoing(db, draft)
        mask_draft(draft, progress)
        with closing(open_reader(draft)) as copy:
            vacuum_into(copy, whole)
        with whole.open("rb") as file:
            os.fsync(file.fileno())
        whole.replace(target)


def mask_draft(path: Path, progress: Progress | None = None) -> None:
    """Mask a database in its place; stopped midway, it is as it was.

    What is masked may be found in the file until `vacuum_into` has copied what counts: nobody is to be given the draft.
    """
    with closing(open_draft(path)) as copy:
        copy.execute("pragma foreign_keys = off")  # an address that is masked is masked everywhere
        with copy.atomic(), TemporaryFile("w+", encoding="utf-8", dir=path.parent) as spool:
            _Copy(copy, spool, progress).mask()
        # words that are deleted stay in the segments of the index until these are merged
        copy.execute("insert into notices_fts (notices_fts) values ('optimize')")
        copy.execute("pragma journal_mode = delete").close()


@contextmanager
def masked_copy(db: Database, folder: Path, progress: Progress | None = None) -> Iterator[Database]:
    """Give a masked copy to read from, made inside `folder` and gone afterwards."""
    with TemporaryDirectory(prefix=".masked-", dir=folder) as place:
        path = Path(place) / "notices.db"
        write_masked(db, path, progress)
        copy = open_reader(path)
        try:
            yield copy
        finally:
            copy.close()


def masked_by(db: Database) -> str | None:
    """The version of the rules that a database was masked by; None if it shows everything."""
    if not db.table("archive_state").exists():
        return None
    row = db.execute("select value from archive_state where key = 'masked'").fetchone()
    return None if row is None else str(row[0])


def mask_counts(db: Database) -> dict[str, tuple[int, int]]:
    """What was masked in a database, by rule: in how many notices, at how many places. A rule that found nothing is
    not there; a place that several texts of one notice show counts once for the text that has most of its rule."""
    rows = db.execute("select rule, count(*), sum(places) from masks group by rule order by rule")
    return {rule: (notices, places) for rule, notices, places in rows}


_LEAST: Final = 2
"""Characters of the shortest name."""
_ADDRESS: Final = re.compile(r"[^\s/]+\.[^\s/]+/\S*|https?://\S+")
_FOLDERS: Final = re.compile(r"(?<![\w.:/-])(?:/[\w.+@~-]+)+/(?=[\w.+@~-])")
_OF_THE_OPERATOR: Final = frozenset({"crawls", "decisions", "issues", "raisings"})
"""Tables whose words may name files of the machine that keeps the archive."""
_OF_A_FAILURE: Final = ("captures", "detail")
"""What a failure said may do so, too; addresses beside it are the web's."""
_INDEX: Final = "notices_fts"
_LOOK: Final = 1000
"""Rows between two reports of progress."""

# what a whole text lists is known of its notice, wherever else it is printed
_TEXTS: Final = """
    select id, text from notices
    union all select id, attachments_text from notices where attachments_text <> ''
    union all select notices.id, revisions.text
      from revisions join copies on copies.url_key = copy join notices on notices.id = copies.notice
      where revisions.text_digest is not notices.text_digest
"""
# of a copy that other rules had masked before, what they masked stays told
_TELL: Final = """
    insert into masks (notice, rule, places) values (?, ?, ?)
    on conflict (notice, rule) do update set places = max(places, excluded.places)
"""
_FIRST: Final = ("revisions", "notices")
"""Tables whose texts have digests that others name."""
_OWNERS: Final[Mapping[str, str]] = {
    "notices": "id",
    "files": "(select min(notice) from attachments join copies on copies.url_key = copy"
    " where attachments.payload_digest = files.payload_digest)",
}
"""By which notice a row is, where neither a column `notice` nor the address of a copy says so."""


class _Copy:
    """A copy of a database that is being masked."""

    def __init__(self, db: Database, spool: IO[str], progress: Progress | None) -> None:
        self._db = db
        self._spool = spool
        """What is to be changed, a line each, as it may be more than there is memory for."""
        self._progress = progress
        self._known: dict[str, Known] = {}
        self._digests: dict[str, str] = {}
        self._places: dict[tuple[str, Rule], int] = {}
        self._given: dict[str, str] = {}
        """Masked address → the one it stands for: two may differ in what is masked and stay two."""

    def mask(self) -> None:
        """Mask every text of every table, and tell what was masked where."""
        db = self._db
        found: dict[str, dict[str, Rule]] = {}
        for notice, text in db.execute(_TEXTS):
            if listed := mask(text).found:
                found.setdefault(notice, {}).update(listed)
        self._known = {notice: Known(printed) for notice, printed in found.items()}
        tables = _tables(db)
        rows = sum(table.rows for table in tables)
        done = 0
        for table in tables:
            for read in self._mask_table(table):
                if self._progress is not None:
                    self._progress(done + read, rows)
            done += table.rows
        self._spool.seek(0)
        for line in self._spool:  # when all is read: rows are told apart by what is masked in them
            sql, values = json.loads(line)
            db.execute(sql, values)
        db.execute("delete from postings")
        places = sorted((notice, rule, number) for (notice, rule), number in self._places.items())
        db.conn.executemany(_TELL, places)
        db.execute("insert or replace into archive_state (key, value) values ('masked', ?)", [VERSION])

    def _mask_table(self, table: _Table) -> Iterator[int]:
        """Mask the rows of a table; gives now and then how many were read."""
        names = ", ".join(f'"{name}"' for name in (*table.key, *table.columns))
        asked = self._db.execute(f"select {table.owner}, {names} from {table.name}")  # noqa: S608 (names of the schema)
        where = " and ".join(f'"{name}" = ?' for name in table.key)
        for number, (owner, *values) in enumerate(asked, 1):
            key = values[: len(table.key)]
            texts = dict(zip(table.columns, values[len(table.key) :], strict=True))
            shown = {
                name: put
                for name, text in texts.items()
                if isinstance(text, str) and (put := self._mask(table.name, name, owner, text)) != text
            }
            if table.name in _FIRST:
                shown.update(self._tell_digests(texts, shown))
            if shown:
                sets = ", ".join(f'"{name}" = ?' for name in shown)
                sql = f"update {table.name} set {sets} where {where}"  # noqa: S608 (names of the schema)
                self._spool.write(json.dumps([sql, [*shown.values(), *key]]) + "\n")
            if number % _LOOK == 0:
                yield number
        yield table.rows

    def _tell_digests(self, texts: Mapping[str, Any], shown: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """The digests of a row whose texts are masked: those of what it shows, wherever they are named."""
        if "text" in shown and texts["text_digest"] is not None:
            of_text = self._digests.setdefault(texts["text_digest"], text_digest(shown["text"]))
            yield "text_digest", of_text
        if "state_digest" in texts and shown.keys() & {"text", "fields"}:
            said = f"{len(self._digests)} {shown.get('text', '')}"  # states may differ in what is masked
            yield "state_digest", self._digests.setdefault(texts["state_digest"], digest_of(said))

    def _mask(self, table: str, column: str, owner: str | None, text: str) -> str:
        """A text without personal data, and counted what it had if it is of a notice."""
        known = self._known.get(owner or "", NOTHING_KNOWN)
        if len(text) < (SHORTEST if known is NOTHING_KNOWN else _LEAST):
            return text
        places: Counter[Rule] = Counter()
        shown = self._mask_value(text, known, places)
        for rule, number in places.items():
            if owner is not None:
                self._places[owner, rule] = max(number, self._places.get((owner, rule), 0))
        is_of_the_machine = table in _OF_THE_OPERATOR or (table, column) == _OF_A_FAILURE
        return _FOLDERS.sub("…/", shown) if is_of_the_machine else shown

    def _mask_value(self, text: str, known: Known, places: Counter[Rule]) -> str:
        if text.startswith(("{", "[")):
            try:
                said = json.loads(text)
            except ValueError:
                pass
            else:
                shown = self._mask_json(said, known, places)
                return text if shown == said else json.dumps(shown, ensure_ascii=False)
        if text.startswith("sha256:"):
            return self._digests.get(text, text)
        masked = mask_known(text, known)
        if not masked.found:
            return text
        places.update(masked.places)
        if _ADDRESS.fullmatch(text):
            return self._give(text, masked.text)
        return masked.text

    def _mask_json(self, said: Any, known: Known, places: Counter[Rule]) -> Any:
        if isinstance(said, str):
            return self._mask_value(said, known, places) if len(said) >= _LEAST else said
        if isinstance(said, list):
            return [self._mask_json(item, known, places) for item in said]
        if isinstance(said, dict):
            return {
                self._mask_json(name, known, places): self._mask_json(value, known, places)
                for name, value in said.items()
            }
        return said

    def _give(self, address: str, masked: str) -> str:
        while self._given.setdefault(masked, address) != address:
            masked += "*"
        return masked


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """A table, its columns of text, what names one of its rows, and whose notice that row is."""

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    owner: str
    rows: int


def _tables(db: Database) -> list[_Table]:
    """Every table that holds texts, those with digests first; the search index follows by its triggers."""
    names = [name for (name,) in db.execute("select name from sqlite_master where type = 'table' order by name")]
    ours = [*_FIRST, *(name for name in names if name not in _FIRST and not name.startswith((_INDEX, "sqlite_")))]
    return [found for name in ours if (found := _table(db, name)) is not None]


def _table(db: Database, name: str) -> _Table | None:
    about = db.execute("select name, type, pk from pragma_table_info(?)", [name]).fetchall()
    every = {column for column, _, _ in about}
    columns = tuple(column for column, kind, _ in about if kind.upper() == "TEXT")
    if not columns:
        return None
    try:
        db.execute(f"select rowid from {name} limit 0")  # noqa: S608 (a name of the schema)
        key: tuple[str, ...] = ("rowid",)
    except sqlite3.OperationalError:
        key = tuple(column for column, _, place in about if place)
    owner = "null"
    if name in _OWNERS:
        owner = _OWNERS[name]
    elif "notice" in every:
        owner = "notice"
    elif at := next((column for column in ("copy", "url_key") if column in every), None):
        owner = f"(select copies.notice from copies where copies.url_key = {name}.{at})"  # noqa: S608 (names of the schema)
    return _Table(name=name, key=key, columns=columns, owner=owner, rows=db.table(name).count)
