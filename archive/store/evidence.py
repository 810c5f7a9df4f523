"""The captures of a database that leaves the archive: where their records are, and what they show.

The database is one that holds what was chosen and no more (`archive.store.chosen_copy`), or a copy of the whole.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlite_utils import Database

from archive.store.rows import ask


class Shown(NamedTuple):
    """One state of a copy, and the capture that first showed it."""

    record_id: str
    url: str
    title: str | None
    fetched_at: str


class RecordAt(NamedTuple):
    """A record of a WARC file."""

    record_id: str
    warc_file: str
    offset: int


class KeptPayload(NamedTuple):
    """A file that copies link, by its own digest, and where the payload that it came in is kept in full."""

    sha256: str
    payload_digest: str
    media_type: str | None
    name: str
    url: str
    warc_file: str
    offset: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """The captures of a database, but for those at the addresses `left_out` (url keys).

    Asked file by file, so that memory does not grow with their number.
    """

    db: Database
    left_out: frozenset[str] = frozenset()

    def warc_files(self) -> list[str]:
        """The names of the WARC files that have records of them, sorted."""
        return [row["warc_file"] for row in self._ask("select distinct warc_file from kept order by 1")]

    def crawls(self) -> set[str]:
        """The crawls that they are of."""
        return {row["crawl"] for row in self._ask("select distinct crawl from kept")}

    def sources(self) -> set[str]:
        """The keys of the sources that have a copy among them."""
        found = self._ask("select distinct source from copies join kept using (url_key) where source is not null")
        return {row["source"] for row in found}

    def records_in(self, warc_file: str) -> dict[int, str]:
        """Offset → record id of those in one file."""
        found = self._ask("select warc_offset, record_id from kept where warc_file = ?2", warc_file)
        return {row["warc_offset"]: row["record_id"] for row in found}

    def without(self) -> Iterator[RecordAt]:
        """The records that are left out."""
        found = ask(self.db, _WITHOUT, [json.dumps(sorted(self.left_out))])
        return (RecordAt(**row) for row in found)

    def is_about(self, key: str) -> bool:
        """Whether there is a capture of an address, given by its url key."""
        return key not in self.left_out and bool(
            self.db.execute("select 1 from captures where url_key = ? limit 1", [key]).fetchone()
        )

    def count(self) -> int:
        """How many there are."""
        return int(next(self._ask("select count(*) as n from kept"))["n"])

    def last_look(self) -> str:
        """The instant of the latest, as the database has it; empty for none."""
        return str(next(self._ask("select coalesce(max(fetched_at), '') as at from kept"))["at"])

    def shown(self) -> Iterator[Shown]:
        """The states of the copies, each with the record that first showed it: by notice, the original first."""
        return (Shown(**row) for row in self._ask(_SHOWN))

    def _ask(self, sql: str, *more: str) -> Iterator[dict[str, Any]]:
        return ask(self.db, _KEPT + sql, [json.dumps(sorted(self.left_out)), *more])


def listing_keys(db: Database) -> frozenset[str]:
    """The url keys of pages that list others: they show titles of notices that may not leave the archive."""
    rows = db.execute("select distinct url_key from captures where kind in ('list', 'home')")
    return frozenset(key for (key,) in rows)


class Crawled(NamedTuple):
    """The crawl that captures are of: from where, and as whom it asked."""

    id: str
    kind: str
    started_at: str
    vantage: str | None
    agent: str | None


def crawls_of_captures(db: Database) -> list[Crawled]:
    """The crawls that made the captures of a database, by id."""
    rows = ask(
        db,
        "select id, kind, started_at, vantage, agent from crawls"
        " where id in (select distinct crawl from captures) order by id",
    )
    return [Crawled(**row) for row in rows]


def payloads(db: Database, *, left_out: Collection[str] = ()) -> Iterator[KeptPayload]:
    """The files that copies link and that were captured, in the order of their digests, each once.

    What any of the addresses `left_out` (url keys) ever showed is not among them, wherever else it stands.
    """
    return (KeptPayload(**row) for row in ask(db, _PAYLOADS, [json.dumps(sorted(left_out))]))


_KEPT: Final = """
    with kept as not materialized (
      select * from captures where url_key not in (select value from json_each(?1))
    )
"""

_WITHOUT: Final = """
    select record_id, warc_file, warc_offset as offset from captures
    where url_key in (select value from json_each(?)) order by warc_file, warc_offset
"""

_SHOWN: Final = """
    select min(kept.record_id) as record_id, copies.url, revisions.title, revisions.seen_from as fetched_at
    from revisions join copies on copies.url_key = revisions.copy
      join kept on kept.url_key = revisions.copy and kept.fetched_at = revisions.seen_from and kept.kind = 'article'
    group by revisions.copy, revisions.number
    order by copies.notice, copies.role <> 'original', revisions.copy, revisions.number
"""

_PAYLOADS: Final = """
    select files.sha256, files.payload_digest, files.media_type, min(attachments.name) as name, attachments.url,
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
