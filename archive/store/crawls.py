"""Tables `sources`, `channels`, `crawls`, `walks` and `entries`: what crawls noted beside their exchanges.

Every write is a function of the set of notes, not of their order: of two notes about one thing the later one
holds for a source, a channel or a walk, the earlier one for an entry.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from sqlite_utils import Database

from archive.dates import read_day
from archive.records import Channel, Crawl, CrawlEnd, Entry, Listed, Source, SourceKind, Walked
from archive.store.rows import ask
from archive.store.times import day, instant, read_instant
from archive.urls import url_key


def put_source(db: Database, source: Source, noted_at: datetime) -> tuple[str, ...]:
    """Keep the latest note about a source.

    Gives the names of its agency, now and before, when what the note says of kind, name, place, addresses or files is
    new.
    """
    row = {
        "key": source.key,
        "agency": source.agency,
        "kind": source.kind,
        "division": _known_division(db, source.division),
        "home": source.home,
        "family": source.family,
        "addresses": json.dumps(source.addresses, ensure_ascii=False),
        "seen": source.seen,
        "note": source.note,
        "attachments": source.attachments,
        "terms": source.terms,
        "terms_url": source.terms_url,
        "noted_at": instant(noted_at),
    }
    old = next(ask(db, "select * from sources where key = ?", [source.key]), None)
    if old is not None and _rank(old) >= _rank(row):
        return ()
    db.table("sources").upsert(row, pk="key")
    if old is None:
        return (source.agency,)
    changed = any(old[name] != row[name] for name in ("agency", "kind", "division", "addresses", "attachments"))
    return (source.agency, str(old["agency"])) if changed else ()


def put_channel(db: Database, channel: Channel, noted_at: datetime) -> None:
    """Keep the latest note about a channel, and when it was noted first."""
    at = instant(noted_at)
    key = url_key(channel.url)
    db.execute(
        "insert into channels (source, name, url, url_key, family, every, noted_at, first_noted_at)"
        " values (?, ?, ?, ?, ?, ?, ?, ?)"
        " on conflict do update set name = excluded.name, url = excluded.url, family = excluded.family,"
        " every = excluded.every, noted_at = excluded.noted_at"
        " where (excluded.noted_at, excluded.name, excluded.url, excluded.family, excluded.every)"
        " > (noted_at, name, url, family, every)",
        [channel.source, channel.name, channel.url, key, channel.family, channel.every, at, at],
    )
    db.execute(
        "update channels set first_noted_at = ?1 where source = ?2 and url_key = ?3 and first_noted_at > ?1",
        [at, channel.source, key],
    )


def put_walk(db: Database, walked: Walked, crawl: str) -> None:
    """Keep how the walk of a channel went in a crawl; of two notes about one walk the later ended one holds."""
    row = {
        "source": walked.source,
        "channel": walked.channel,
        "crawl": crawl,
        "started_at": instant(walked.started_at),
        "ended_at": instant(walked.ended_at),
        "how": walked.how,
        "pages": walked.pages,
        "entries": walked.entries,
        "new": walked.new,
        "total": walked.total,
        "total_pages": walked.total_pages,
        "detail": walked.detail,
    }
    held = next(
        ask(
            db,
            "select * from walks where source = ? and channel = ? and crawl = ?",
            [walked.source, walked.channel, crawl],
        ),
        None,
    )
    if held is None or _rank_walk(held) < _rank_walk(row):
        db.table("walks").upsert(row, pk=("source", "channel", "crawl"))


def last_walks(db: Database) -> dict[tuple[str, str], datetime]:
    """When the last walk of each channel (source key, url) began that came to a list page, however it ended."""
    rows = ask(
        db,
        "select source, channel, max(started_at) as started_at from walks"
        " where not (how = 'cut' and pages = 0) group by source, channel",
    )
    return {(row["source"], row["channel"]): read_instant(row["started_at"]) for row in rows}


def put_crawl(db: Database, crawl: Crawl) -> None:
    """Keep a crawl's beginning; its end, if it was met before, stays. Our own crawl is ours, taken in again or not."""
    db.execute(
        "insert into crawls (id, kind, state, started_at, resumes, vantage, agent)"
        " values (?, ?, 'interrupted', ?, ?, ?, ?)"
        " on conflict do update set kind = min(kind, excluded.kind), started_at = excluded.started_at,"
        " resumes = excluded.resumes, vantage = excluded.vantage, agent = excluded.agent",
        [crawl.id, crawl.kind, instant(crawl.started_at), crawl.resumes, crawl.vantage, crawl.agent],
    )


def begun_as(db: Database, crawl: str) -> str:
    """The crawl that one went on with, over any number of times that it was stopped; itself if it resumed none."""
    rows = db.execute(
        "with recursive chain (id, step) as (select ?, 0"
        " union select resumes, step + 1 from crawls join chain using (id) where resumes is not null and step < 1000)"
        " select id from chain order by step desc limit 1",
        [crawl],
    )
    return str(rows.fetchone()[0])


def gone_on_with(db: Database, crawl: str) -> list[str]:
    """This crawl, and all that went on with it."""
    rows = db.execute(
        "with recursive later (id) as (select ? union select crawls.id from crawls join later on resumes = later.id)"
        " select id from later",
        [crawl],
    )
    return [found for (found,) in rows]


def put_crawl_end(db: Database, crawl_id: str, end: CrawlEnd) -> None:
    """Keep how a crawl ended; its beginning may come later."""
    db.execute(
        "insert into crawls (id, kind, state, started_at, ended_at, asked, stored, failed, refused, reason)"
        " values (:id, 'ingest', 'complete', :ended_at, :ended_at, :asked, :stored, :failed, :refused, :reason)"
        " on conflict do update set state = 'complete', ended_at = excluded.ended_at, asked = excluded.asked,"
        " stored = excluded.stored, failed = excluded.failed, refused = excluded.refused, reason = excluded.reason",
        {
            "id": crawl_id,
            "ended_at": instant(end.ended_at),
            "asked": end.tally.asked,
            "stored": end.tally.stored,
            "failed": end.tally.failed,
            "refused": end.tally.refused,
            "reason": end.reason,
        },
    )


def last_unfinished(db: Database) -> str | None:
    """The id of the newest crawl, when it has no end."""
    row = next(ask(db, "select id, state from crawls where kind <> 'ingest' order by started_at desc, id desc"), None)
    return row["id"] if row is not None and row["state"] == "interrupted" else None


def listed(db: Database, channel: str) -> dict[str, str]:
    """Url key → title of every entry that a channel ever showed."""
    rows = ask(db, "select url_key, ifnull(title, '') as title from entries where channel = ?", [channel])
    return {str(row["url_key"]): str(row["title"]) for row in rows}


def put_entry(db: Database, listed: Listed) -> str:
    """Keep the first sighting of an entry in a channel. Returns the entry's url key."""
    key = url_key(listed.entry.url)
    db.execute(
        "insert into entries (url_key, channel, source, url, title, date_raw, listed_on, fields, listed_at)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " on conflict do update set url = excluded.url, title = excluded.title, date_raw = excluded.date_raw,"
        " listed_on = excluded.listed_on, fields = excluded.fields, listed_at = excluded.listed_at"
        " where (excluded.listed_at, excluded.url, ifnull(excluded.title, ''), ifnull(excluded.date_raw, ''),"
        " excluded.fields) < (listed_at, url, ifnull(title, ''), ifnull(date_raw, ''), fields)",
        [
            key,
            listed.channel,
            listed.source,
            listed.entry.url,
            listed.entry.title,
            listed.entry.date_raw,
            day(read_day(listed.entry.date_raw)) if listed.entry.date_raw else None,
            json.dumps(dict(listed.entry.fields), ensure_ascii=False, sort_keys=True),
            instant(listed.listed_at),
        ],
    )
    return key


def entry_of(db: Database, key: str) -> Entry | None:
    """The entry that led to a page: its first sighting in any channel."""
    rows = ask(db, "select * from entries where url_key = ? order by listed_at, source, channel limit 1", [key])
    for row in rows:
        return Entry(url=row["url"], title=row["title"], date_raw=row["date_raw"], fields=json.loads(row["fields"]))
    return None


def kind_of(db: Database, source: str | None) -> SourceKind:
    """What kind of source it is; `unknown` for none."""
    row = next(ask(db, "select kind from sources where key = ?", [source]), None) if source else None
    return row["kind"] if row is not None else "unknown"


def addresses(db: Database) -> dict[str, str]:
    """Address prefix → source key, for `archive.urls.owner`."""
    return {
        prefix: row["key"]
        for row in ask(db, "select key, addresses from sources order by key desc")
        for prefix in json.loads(row["addresses"])
    }


def _rank(row: Mapping[str, object]) -> tuple[str, ...]:
    """Of two notes about one source the greater holds: the later, and of two of one instant the same one always."""
    said = ("noted_at", "agency", "kind", "division", "home", "family", "addresses", "seen", "note", "attachments")
    return tuple(str(row[name] or "") for name in (*said, "terms", "terms_url"))


def _rank_walk(row: Mapping[str, object]) -> tuple[str, ...]:
    """Of two notes about one walk the greater holds: the later ended, and of two of one instant the same one always."""
    return str(row["ended_at"]), *(str(row[name] or "") for name in sorted(row))


def _known_division(db: Database, code: str | None) -> str | None:
    found = next(ask(db, "select code from divisions where code = ?", [code]), None) if code else None
    return code if found else None
