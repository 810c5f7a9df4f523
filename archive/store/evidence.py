"""Which records of the WARC files are the evidence of some notices, and what they show."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from sqlite_utils import Database

from archive.store.rows import ask


class Shown(NamedTuple):
    """One state of a copy, and the capture that first showed it."""

    record_id: str
    url: str
    title: str | None
    fetched_at: str


class KeptPayload(NamedTuple):
    """A file that copies link, by its own digest, and where the payload that it came in is kept in full."""

    sha256: str
    payload_digest: str
    media_type: str | None
    name: str
    warc_file: str
    offset: int


class Evidence:
    """Chosen captures, as `gathered` gives them: asked file by file, so that memory does not grow with their number."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def warc_files(self) -> list[str]:
        """The names of the WARC files with chosen records, sorted."""
        return [row["warc_file"] for row in ask(self._db, f"{_OF_CHOSEN} group by 1 order by 1".format("warc_file"))]

    def crawls(self) -> set[str]:
        """The crawls that chosen records are of."""
        return {row["crawl"] for row in ask(self._db, f"{_OF_CHOSEN} group by 1".format("crawl"))}

    def sources(self) -> set[str]:
        """The keys of the sources that have a copy among what is chosen."""
        return {row["source"] for row in ask(self._db, _SOURCES)}

    def records_in(self, warc_file: str) -> dict[int, str]:
        """Offset → record id of what is chosen of one file."""
        found = ask(self._db, f"{_OF_CHOSEN} where warc_file = ?".format("warc_offset, record_id"), [warc_file])
        return {row["warc_offset"]: row["record_id"] for row in found}

    def is_about(self, key: str) -> bool:
        """Whether an address, by its url key, has a chosen record."""
        return next(ask(self._db, "select 1 from temp.chosen_keys where url_key = ?", [key]), None) is not None

    def count(self) -> int:
        """How many captures are chosen."""
        return int(next(ask(self._db, "select count(*) as n from temp.chosen"))["n"])

    def last_look(self) -> str:
        """The instant of the latest chosen record, as the database has it; empty for none."""
        return str(next(ask(self._db, _OF_CHOSEN.format("coalesce(max(fetched_at), '') as at")))["at"])

    def shown(self) -> Iterator[Shown]:
        """The states of the copies, each with the record that first showed it: by notice, the original first."""
        return (Shown(**row) for row in ask(self._db, _SHOWN))


@contextmanager
def gathered(
    db: Database, notices: Collection[str] | None = None, *, left_out: Collection[str] = ()
) -> Iterator[Evidence]:
    """Choose the captures behind notices (ids); None: every capture, of a database that holds but what is chosen.

    These are the captures of their copies and files, of the parts of a split text, of redirects that lead to a copy
    or a file, of named originals that did not come, and where a revisit repeats a payload, the record that has it in
    full. What stands at the addresses `left_out` (url keys) is never chosen.
    """
    db.execute("drop table if exists temp.chosen")
    db.execute("drop table if exists temp.chosen_keys")
    db.execute("create temp table chosen (id integer primary key)")
    db.execute("create temp table chosen_keys (url_key text primary key) without rowid")
    try:
        with db.atomic():
            without = {"left_out": json.dumps(sorted(left_out))}
            if notices is None:
                db.execute(_CHOOSE_ALL, without)
            else:
                ids = {"notices": json.dumps(sorted(notices))}
                for sql in (_COPY_KEYS, _FILE_KEYS, _NAMED_KEYS):
                    db.execute(sql, ids | without)
                db.execute(_CHOOSE, without)
            db.execute(_REPEATED, without)
            db.execute(_ALL_KEYS)
        yield Evidence(db)
    finally:
        db.execute("drop table temp.chosen")
        db.execute("drop table temp.chosen_keys")


def payloads(db: Database, *, left_out: Collection[str] = ()) -> Iterator[KeptPayload]:
    """The files that copies link and that were captured, in the order of their digests, each once.

    What any of the addresses `left_out` (url keys) ever showed is not among them, wherever else it stands.
    """
    return (KeptPayload(**row) for row in ask(db, _PAYLOADS, [json.dumps(sorted(left_out))]))


_OF_CHOSEN = "select {} from captures join temp.chosen using (id)"

_MINE = "select url_key from copies where notice in (select value from json_each(:notices))"

# redirects that lead to a copy; and of a text in parts, the parts
_COPY_KEYS = f"""
    insert or ignore into temp.chosen_keys
    with recursive mine (url_key) as (
      {_MINE} union select parts.url_key from parts where copy in ({_MINE})
    ), leading (url_key) as (
      select url_key from mine
      union select captures.url_key from captures join leading on location_key = leading.url_key
        where outcome = 'moved'
    )
    select url_key from leading where url_key not in (select value from json_each(:left_out))
"""  # noqa: S608 (ours)

# files, and where their addresses lead
_FILE_KEYS = f"""
    insert or ignore into temp.chosen_keys
    with recursive led (url_key) as (
      select attachments.url_key from attachments
        where copy in ({_MINE}) and copy not in (select value from json_each(:left_out))
      union select location_key from captures join led using (url_key) where outcome = 'moved' and location_key > ''
    )
    select url_key from led where url_key not in (select value from json_each(:left_out))
"""  # noqa: S608 (ours)

# an original that copies name and that was asked for, but is no copy: it is gone, or did not answer
_NAMED_KEYS = f"""
    insert or ignore into temp.chosen_keys
    select claimed_key from copies where url_key in ({_MINE}) and claimed_key is not null
      and claimed_key not in (select url_key from copies)
      and claimed_key not in (select value from json_each(:left_out))
      and exists (select 1 from captures where captures.url_key = claimed_key)
      and not exists (select 1 from captures where captures.url_key = claimed_key and outcome = 'ok')
"""  # noqa: S608 (ours)

# a redirect that ends at a list or a front page says that the page is gone; the list itself is nobody's evidence
_CHOOSE = """
    insert or ignore into temp.chosen
    select id from captures join temp.chosen_keys using (url_key)
    where coalesce(kind, '') not in ('list', 'home')
"""

_CHOOSE_ALL = """
    insert into temp.chosen select id from captures where url_key not in (select value from json_each(:left_out))
"""

_WHOLE = """
    select id from captures as whole where whole.payload_digest = mine.payload_digest and whole.revisit = 0
      and whole.url_key not in (select value from json_each(:left_out))
"""

# of its own address, else of another, as programs of others have it
_REPEATED = f"""
    insert or ignore into temp.chosen
    select full_id from (
      select coalesce(
        ({_WHOLE} and whole.url_key = mine.url_key order by whole.fetched_at, whole.record_id limit 1),
        ({_WHOLE} order by whole.fetched_at, whole.record_id limit 1)
      ) as full_id
      from temp.chosen join captures as mine on mine.id = chosen.id
      where mine.revisit = 1 and mine.payload_digest is not null
    )
    where full_id is not null
"""  # noqa: S608 (ours)

_ALL_KEYS = "insert or ignore into temp.chosen_keys select url_key from captures join temp.chosen using (id)"

_SOURCES = """
    select distinct source from copies join temp.chosen_keys using (url_key) where source is not null
"""

_SHOWN = """
    select min(captures.record_id) as record_id, copies.url, revisions.title, revisions.seen_from as fetched_at
    from revisions join copies on copies.url_key = revisions.copy
      join captures on captures.url_key = revisions.copy and captures.fetched_at = revisions.seen_from
        and captures.kind = 'article'
      join temp.chosen using (id)
    group by revisions.copy, revisions.number
    order by copies.notice, copies.role <> 'original', revisions.copy, revisions.number
"""

_PAYLOADS = """
    select files.sha256, files.payload_digest, files.media_type, min(attachments.name) as name,
      kept.warc_file, kept.warc_offset as offset
    from files join attachments on attachments.payload_digest = files.payload_digest
      join captures as kept on kept.id = (
        select id from captures where captures.payload_digest = files.payload_digest and revisit = 0
        order by warc_file, warc_offset limit 1
      )
    where files.sha256 not in (
      select sha256 from files join captures using (payload_digest)
      where captures.url_key in (select value from json_each(?1))
      union
      select sha256 from files join attachments using (payload_digest)
      where attachments.url_key in (select value from json_each(?1))
    )
    group by files.sha256
    order by files.sha256
"""
