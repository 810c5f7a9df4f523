"""What is on record of each source, for `archive.health` to judge."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypedDict

from sqlite_utils import Database

from archive.history import FIELDS, WHOLE, Doubt, Fill, History, Past, latest_fill
from archive.records import Walked
from archive.store.times import instant, read_day, read_instant
from archive.urls import host, owner

_RECENT_CRAWLS = 60
"""Crawls whose pages are looked at: enough for a habit, few enough to ask at each look."""
_WALKS = 30
"""Latest walks of a channel that are looked at, with all that came to an end within a year."""
_PAGES_BEFORE = 100
_DAYS = 61
_STOPPED = ("blocked", "challenge", "geo")


class _Run(NamedTuple):
    """When a crawl began and ended, as the database has it; the last instant of all while it has no end."""

    started_at: str
    ended_at: str


class _Changes(TypedDict):
    """What a crawl found of a source."""

    new: int
    changed: int
    gone: int


def histories(db: Database) -> Iterator[History]:
    """What is on record of each source, by key."""
    sources = list(db.query("select * from sources order by key"))
    channels, walks, fills = _channels(db), _walks(db), _fills(db)
    prefixes = {prefix: row["key"] for row in sources for prefix in json.loads(row["addresses"])}
    runs = {
        row["id"]: _Run(row["started_at"], row["ended_at"] or "9999")
        for row in db.query("select id, started_at, ended_at from crawls")
    }
    last = {key: max(found, key=lambda one: (one[1].ended_at, one[0]))[0] for key, found in walks.items()}
    asked = {crawl: _asked(db, crawl, prefixes) for crawl in set(last.values())}
    stored: dict[str, int] = dict(db.execute(_STORED).fetchall())
    doubts = list(db.query("select * from issues where state = 'open' and kind in ('blocked', 'source_moved')"))
    (noted,) = db.execute("select max(started_at) from crawls where kind <> 'ingest'").fetchone()
    for row in sources:
        key = row["key"]
        mine, crawl = walks.get(key, []), last.get(key, "")
        run, requests = runs.get(crawl), asked.get(crawl, {}).get(key, Counter())
        groups = fills.get(key, [])
        latest = latest_fill([fill for _, fill in groups])
        hosts = {host(prefix) for prefix, source in prefixes.items() if source == key}
        yield History(
            key=key,
            agency=row["agency"],
            kind=row["kind"],
            home=row["home"],
            is_in_catalogue=noted is None or row["noted_at"] >= noted,
            channels=tuple(_past(channel, mine) for channel in channels.get(key, [])),
            last_crawl=crawl or None,
            last_crawl_at=read_instant(run.started_at) if run else None,
            last_good_at=_last_good(mine),
            **_changes(db, key, run),
            asked=requests.total(),
            blocked=sum(requests[name] for name in _STOPPED),
            days=_days(db, key),
            stored=stored.get(key, 0),
            fill=latest,
            fill_before=_fill_before(db, key, _begin(groups, latest, runs)),
            doubts=tuple(
                Doubt(kind=one["kind"], detail=one["detail"], raised_at=read_instant(one["raised_at"]))
                for one in doubts
                if (
                    host(one["subject"]).removeprefix("www.") in hosts
                    if one["kind"] == "blocked"
                    else one["source"] == key
                )
            ),
        )


def _channels(db: Database) -> dict[str, list[Mapping[str, str]]]:
    """The channels that the latest crawl of each source noted: those of before are no longer in the catalogue."""
    found: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in db.query(_CHANNELS):
        found[row["source"]].append(row)
    return found


def _walks(db: Database) -> dict[str, list[tuple[str, Walked]]]:
    """Each source's walks with the crawl they are of, the newest first."""
    year = db.execute("select max(ended_at) from walks").fetchone()[0]
    since = instant(read_instant(year) - timedelta(days=366)) if year else ""
    found: dict[str, list[tuple[str, Walked]]] = defaultdict(list)
    for row in db.query(_LATEST_WALKS, {"count": _WALKS, "since": since}):
        walk = Walked(
            source=row["source"],
            channel=row["channel"],
            started_at=read_instant(row["started_at"]),
            ended_at=read_instant(row["ended_at"]),
            how=row["how"],
            pages=row["pages"],
            entries=row["entries"],
            new=row["new"],
            total=row["total"],
            total_pages=row["total_pages"],
            detail=row["detail"],
        )
        found[walk.source].append((row["crawl"], walk))
    return found


def _past(channel: Mapping[str, str], walks: Sequence[tuple[str, Walked]]) -> Past:
    mine = tuple(walk for _, walk in walks if walk.channel == channel["url"])
    noted_at = read_instant(channel["noted_at"])
    return Past(
        url=channel["url"],
        name=channel["name"],
        every=timedelta(seconds=int(channel["every"])),
        known_since=min([noted_at, *(walk.started_at for walk in mine)]),
        walks=mine,
    )


def _last_good(walks: Sequence[tuple[str, Walked]]) -> datetime | None:
    """When the last crawl ended all of whose walks of this source left no gap."""
    crawls: dict[str, list[Walked]] = defaultdict(list)
    for crawl, walk in walks:
        crawls[crawl].append(walk)
    return max(
        (max(one.ended_at for one in found) for found in crawls.values() if all(one.how in WHOLE for one in found)),
        default=None,
    )


def _asked(db: Database, crawl: str, prefixes: Mapping[str, str]) -> dict[str, Counter[str]]:
    """How the requests of one crawl came out, by source."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for key, outcome in db.execute("select url_key, outcome from captures where crawl = ?", [crawl]):
        source = owner(key, prefixes)
        if source is not None:
            found[source][outcome] += 1
    return found


def _changes(db: Database, key: str, run: _Run | None) -> _Changes:
    if run is None:
        return _Changes(new=0, changed=0, gone=0)
    row = next(db.query(_FOUND, {"source": key, "since": run.started_at, "until": run.ended_at}))
    return _Changes(new=row["new"], changed=row["changed"], gone=row["gone"])


def _days(db: Database, key: str) -> tuple[date, ...]:
    rows = db.execute(
        "select distinct published_on from copies where source = ? and published_on is not null"
        " order by 1 desc limit ?",
        [key, _DAYS],
    )
    return tuple(found for (day,) in rows if (found := read_day(day)) is not None)


def _fills(db: Database) -> dict[str, list[tuple[str, Fill]]]:
    """Of each source's late crawls, the newest first: what the pages say that its lists led to."""
    found: dict[str, list[tuple[str, Fill]]] = defaultdict(list)
    for row in db.query(_FILLS, {"crawls": _RECENT_CRAWLS}):
        found[row["source"]].append((row["crawl"], _fill(row)))
    return found


def _begin(groups: Sequence[tuple[str, Fill]], latest: Fill, runs: Mapping[str, _Run]) -> str:
    """When the first of the crawls began whose pages are the latest."""
    pages = 0
    began = "9999"
    for crawl, fill in groups:
        if pages >= latest.pages:
            break
        pages += fill.pages
        began = min(began, runs[crawl].started_at)
    return began


def _fill_before(db: Database, key: str, before: str) -> Fill:
    return _fill(next(db.query(_FILL_BEFORE, {"source": key, "before": before, "pages": _PAGES_BEFORE})))


def _fill(row: Mapping[str, int | None]) -> Fill:
    return Fill(pages=row["pages"] or 0, filled={name: row[name] or 0 for name in FIELDS})


_CHANNELS = """
    select source, name, url, every, noted_at from channels
    where noted_at = (select max(noted_at) from channels as others where others.source = channels.source)
    order by source, rowid
"""

_LATEST_WALKS = """
    with ordered as (
      select *, row_number() over (partition by source, channel order by ended_at desc, crawl desc) as place from walks
    )
    select * from ordered where place <= :count or (how = 'end' and ended_at >= :since)
    order by source, ended_at desc, crawl desc
"""

_STORED = """
    with stating as (select distinct source, channel from walks where total is not null)
    select source, sum(readable) from coverage join stating using (source, channel) group by source
"""

_FOUND = """
    select count(*) filter (where first_seen_at between :since and :until) as new,
           (select count(distinct copy) from revisions join copies on copies.url_key = revisions.copy
            where source = :source and number > 1 and seen_from between :since and :until) as changed,
           count(*) filter (where state = 'gone' and checked_at between :since and :until) as gone
    from copies where source = :source
"""

_FILLS = """
    with late as (
      select id, started_at from crawls where kind <> 'ingest' order by started_at desc, id desc limit :crawls
    ),
    pages as (
      select distinct entries.source, captures.crawl, late.started_at, captures.id, captures.url_key, state_digest
      from late join captures on captures.crawl = late.id join entries using (url_key)
      where outcome = 'ok' and captures.kind in ('article', 'other')
    )
    select pages.source, crawl, count(*) as pages,
           sum(title is not null) as title,
           sum(json_extract(fields, '$.published_on') is not null) as date,
           sum(json_extract(fields, '$.issuing_agency') is not null) as agency,
           sum(text <> '') as text
    from pages left join revisions on revisions.copy = pages.url_key and revisions.state_digest = pages.state_digest
    group by 1, 2 order by 1, started_at desc, crawl desc
"""

_FILL_BEFORE = """
    with earlier as (
      select url_key from copies where source = :source and first_seen_at < :before
      order by first_seen_at desc, url_key limit :pages
    )
    select count(*) as pages,
           sum(title is not null) as title,
           sum(json_extract(fields, '$.published_on') is not null) as date,
           sum(json_extract(fields, '$.issuing_agency') is not null) as agency,
           sum(text <> '') as text
    from earlier join revisions on revisions.copy = earlier.url_key and number = 1
"""
