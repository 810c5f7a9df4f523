"""What leaves the archive no more because people ruled so: whole notices, and single files.

Told from the rulings and from what stands now, never kept: a notice that is merged, moved or rebuilt obeys as before,
and an address that nobody had captured is obeyed when it comes. The captures stay; they are evidence.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from archive.dates import BEIJING
from archive.decisions import TAKEDOWNS, standing_rulings
from archive.records import Decision
from archive.store.attachments import attached_text
from archive.store.decisions import all_decisions
from archive.store.nearby import follow
from archive.store.rows import ask
from archive.urls import url_key

TAKEN_DOWN: Final = "taken down"
"""Why a file is not there, in column `skipped` of a database that leaves the archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A ruling that leaves out a notice, or one of its files only."""

    ruling: Decision
    whole: bool

    @property
    def since(self) -> date:
        """The day on which it was ruled, in Beijing."""
        return self.ruling.at.astimezone(BEIJING).date()


def taken_down(db: Database) -> frozenset[str]:
    """The ids of the notices that are left out of whatever leaves the archive."""
    return frozenset(notice for key in ruled_keys(db) for notice in notices_at(db, key))


def taken_down_files(db: Database) -> frozenset[str]:
    """The url keys of the files whose text and bytes are left out, under whichever address the same bytes came."""
    return frozenset(file for key in ruled_keys(db) for file in files_at(db, key))


def addresses_left_out(db: Database) -> frozenset[str]:
    """The url keys whose exchanges are left out: pages of what is taken down, its files, and what redirects there."""
    ruled, files, notices = ruled_keys(db), taken_down_files(db), taken_down(db)
    if not ruled:
        return frozenset()
    given = [json.dumps(sorted(keys)) for keys in ({*ruled, *files}, notices)]
    return frozenset(row["url_key"] for row in ask(db, _ADDRESSES, given))


def notices_at(db: Database, key: str) -> list[str]:
    """The ids of the notices with a copy at an address, or where it leads, or that follow copies naming it."""
    rows = ask(db, _NOTICES_AT, [key, follow(db, key)])
    return sorted(row["notice"] for row in rows)


def files_at(db: Database, key: str) -> list[str]:
    """The url keys of linked files at an address, of those that lead there or here, and wherever their bytes stood."""
    named = [way for way in sorted(_ways(db, key)) if next(ask(db, _LINKED, [way]), None) is not None]
    digests = {row["payload_digest"] for file in named for row in ask(db, _VERSIONS, [file])}
    return sorted({*named, *(row["url_key"] for digest in digests for row in ask(db, _HOLDING, [digest]))})


def takedowns_of(db: Database, notice: str) -> Iterator[Taken]:
    """The rulings that leave out this notice or a file of it, in the order in which they were made."""
    mine = {row["url_key"] for row in ask(db, _FILES_OF, [notice])}
    for ruling in standing_takedowns(db):
        keys = [url_key(url) for url in ruling.urls]
        whole = any(notice in notices_at(db, key) for key in keys)
        if whole or any(mine.intersection(files_at(db, key)) for key in keys):
            yield Taken(ruling=ruling, whole=whole)


def ruled_keys(db: Database) -> frozenset[str]:
    """The url keys of the addresses that takedowns name, known to the archive or not."""
    return frozenset(url_key(url) for ruling in standing_takedowns(db) for url in ruling.urls)


def standing_takedowns(db: Database) -> list[Decision]:
    """The takedowns that nobody took back, in the order in which they were made."""
    return standing_rulings(all_decisions(db, "takedown"), of=TAKEDOWNS)


def withhold(copy: Path, addresses: Collection[str]) -> None:
    """Leave of some addresses nothing but that they are linked, in a copy of a database without its search index.

    Of a file text and bytes go, of any address its captures, what lists say of it, and doubts about it. The addresses
    are url keys: those that rulings name, and `taken_down_files`, of the database that was copied.
    """
    with closing(sqlite3.connect(copy)) as conn:
        conn.execute("pragma secure_delete = on")  # what is deleted is not left behind in the file
        conn.execute("create temp table withheld (url_key text primary key)")
        conn.executemany("insert into withheld values (?)", ((key,) for key in sorted(addresses)))
        db = Database(conn, execute_plugins=False)
        notices = [(row["id"], row["best_copy"]) for row in ask(db, _NOTICES_WITH)]
        conn.executescript(_WITHHOLD)
        for notice, best_copy in notices:
            mine = [row["url_key"] for row in ask(db, "select url_key from copies where notice = ?", [notice])]
            text = attached_text(db, mine, best_copy=best_copy)
            conn.execute("update notices set attachments_text = ? where id = ?", [text, notice])
        conn.commit()


def _ways(db: Database, key: str) -> set[str]:
    """An address, those that it ever redirected to over any number of steps, and those that redirected to it."""
    ways = {key}
    for step in (_LED, _LEADING):
        waiting = [key]
        while waiting:
            found = {row["url_key"] for row in ask(db, step, [waiting.pop()])} - ways
            ways |= found
            waiting += found
    return ways


_NOTICES_AT: Final = """
    select notice from copies where url_key in (?1, ?2) and notice is not null
    union select notice from aliases where alias = ?1 and kind <> 'id'
    union
    select copies.notice from copies join matches on matches.copy = copies.url_key
    where copies.claimed_key = ?1 and matches.class = 'link' and copies.notice is not null
"""

# of files those that no other notice links, wherever their links lead
_ADDRESSES: Final = """
    with recursive mine (url_key) as (
      select url_key from copies where notice in (select value from json_each(?2))
    ), led (url_key, is_mine) as (
      select url_key, copy in (select url_key from mine) from attachments where url_key > ''
      union select location_key, is_mine from captures join led using (url_key)
        where outcome = 'moved' and location_key > ''
    ), pages (url_key) as (
      select value from json_each(?1)
      union select url_key from mine
      union select alias from aliases where kind <> 'id' and notice in (select value from json_each(?2))
      union select url_key from parts where copy in (select url_key from mine)
      union select url_key from led where not exists (select 1 from captures
          where captures.url_key = led.url_key and kind in ('home', 'list'))
        and url_key not in (select url_key from copies) group by url_key having min(is_mine) = 1
    )
    select url_key from pages
    union select url_key from captures where location_key in (select url_key from pages)
"""

_LED: Final = (
    "select location_key as url_key from captures where url_key = ? and outcome = 'moved' and location_key > ''"
)
# where few captures redirect, statistics tell SQLite that the index does not tell much: it has to be named
_LEADING: Final = """
    select url_key from captures indexed by captures_location_key where location_key = ? and outcome = 'moved'
"""
_LINKED: Final = "select 1 from attachments where url_key = ? limit 1"
_VERSIONS: Final = """
    select payload_digest from file_versions where url_key = ?1
    union select payload_digest from attachments where url_key = ?1 and payload_digest is not null
"""
# where a link redirects, the bytes came from an address that nobody links
_HOLDING: Final = """
    select url_key from file_versions where payload_digest = ?1
    union select url_key from captures where payload_digest = ?1 and outcome = 'ok' and kind in ('file', 'other')
"""

_WITHHOLD: Final = f"""
    update attachments set media_type = null, payload_digest = null, size = null, text = null, skipped = '{TAKEN_DOWN}'
      where url_key in withheld;
    delete from files where payload_digest in (select payload_digest from file_versions where url_key in withheld);
    delete from file_versions where url_key in withheld;
    delete from captures where url_key in withheld or location_key in withheld;
    delete from entries where url_key in withheld;
    delete from issues where id in (select issue from raisings where subject_key in withheld);
    delete from raisings where subject_key in withheld;
"""  # noqa: S608 (ours)

_FILES_OF: Final = """
    select distinct attachments.url_key from attachments join copies on copies.url_key = copy where copies.notice = ?
"""

_NOTICES_WITH: Final = """
    select distinct notices.id, notices.best_copy
    from attachments join copies on copies.url_key = copy join notices on notices.id = copies.notice
    where attachments.url_key in withheld
"""
