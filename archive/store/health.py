"""What is on record of each source, for `archive.health` to judge."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypedDict

from sqlite_utils import Database

from archive.history import WHOLE, Doubt, History, Past
from archive.records import Walked
from archive.store.fills import fills_of
from archive.store.nearby import end_of, is_copy
from archive.store.spellings import channels_by_key, key_of, spellings_of
from archive.store.times import instant, read_day, read_instant
from archive.urls import host, owner

_WALKS = 30
"""Latest walks of a channel that are looked at, with all that came to an end within a year."""
_DAYS = 61
_STOPPED = ("blocked", "challenge", "geo")


class _Run(NamedTuple):
    """When a crawl began and ended, as the database has it; the last instant of all while it has no end."""

    started_at: str
    ended_at: str


class _Changes(TypedDict):
    """What a crawl found of a source."""

    new: int
    gone: int


def histories(db: Database) -> Iterator[History]:
    """What is on record of each source, by key."""
    sources = list(db.query("select * from sources order by key"))
    channels, walks = _channels(db), _walks(db)
    fills = fills_of(db, [row["key"] for row in sources])
    prefixes = {prefix: row["key"] for row in sources for prefix in json.loads(row["addresses"])}
    runs = {
        row["id"]: _Run(row["started_at"], row["ended_at"] or "9999")
        for row in db.query("select id, started_at, ended_at from crawls")
    }
    last = {key: max(found, key=lambda one: (one[1].ended_at, one[0]))[0] for key, found in walks.items()}
    asked = {crawl: _asked(db, crawl, prefixes) for crawl in set(last.values())}
    edited = {crawl: _edited(db, runs[crawl]) for crawl in set(last.values()) if crawl in runs}
    noted = _noted(db)
    doubts = list(db.query("select * from issues where state = 'open' and kind in ('blocked', 'source_moved')"))
    for row in sources:
        key = row["key"]
        mine, crawl = walks.get(key, []), last.get(key, "")
        run, requests = runs.get(crawl), asked.get(crawl, {}).get(key, Counter())
        pasts = tuple(_past(channel, mine) for channel in channels.get(key, []))
        fill, fill_before = fills[key]
        hosts = {host(prefix) for prefix, source in prefixes.items() if source == key}
        yield History(
            key=key,
            agency=row["agency"],
            kind=row["kind"],
            home=row["home"],
            is_in_catalogue=row["noted_at"] >= noted.get(key, noted[""]),
            channels=pasts,
            last_crawl=crawl or None,
            last_crawl_at=read_instant(run.started_at) if run else None,
            last_good_at=_last_good(mine),
            **_changes(db, key, run),
            changed=edited.get(crawl, {}).get(key, 0),
            asked=requests.total(),
            blocked=sum(requests[name] for name in _STOPPED),
            days=_days(db, key),
            stored=sum(_stored(db, key, past.url) for past in pasts if past.total is not None),
            fill=fill,
            fill_before=fill_before,
            doubts=tuple(
                Doubt(kind=one["kind"], detail=_detail(one), raised_at=read_instant(one["raised_at"]))
                for one in doubts
                if (
                    host(one["subject"]).removeprefix("www.") in hosts
                    if one["kind"] == "blocked"
                    else one["source"] == key
                )
            ),
        )


def _detail(issue: Mapping[str, str]) -> str:
    """What an issue says; of a block its host, too, since a source may have several."""
    return f"{issue['subject']}: {issue['detail']}" if issue["kind"] == "blocked" else issue["detail"]


def _noted(db: Database) -> dict[str, str]:
    """When the last crawl began that had to note a source if it was in the catalogue: by key, and of all under "".

    Places may have catalogues of their own: of a source that was walked, only crawls from where it was walked count.
    """
    (last,) = db.execute("select max(started_at) from crawls where kind <> 'ingest'").fetchone()
    return {"": last or "", **dict(db.execute(_LAST_FROM_THERE).fetchall())}


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
    known = channels_by_key(db)
    found: dict[str, list[tuple[str, Walked]]] = defaultdict(list)
    for row in db.query(_LATEST_WALKS, {"count": _WALKS, "since": since}):
        walk = Walked(
            source=row["source"],
            channel=known.get((row["source"], key_of(row["channel"])), row["channel"]),
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
    return Past(
        url=channel["url"],
        name=channel["name"],
        every=timedelta(seconds=int(channel["every"])),
        known_since=read_instant(channel["first_noted_at"]),
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


def _stored(db: Database, source: str, channel: str) -> int:
    """Entries that a list showed and that we hold readable, those included that redirect to where we do.

    A notice that a list showed at several addresses, one after the other, counts once.
    """
    about = [source, json.dumps(spellings_of(db, source, channel))]
    (count,) = db.execute(_STORED, about).fetchone()
    return int(count) + sum(is_copy(db, end_of(db, key)) for (key,) in db.execute(_LED_ON, about).fetchall())


def _changes(db: Database, key: str, run: _Run | None) -> _Changes:
    if run is None:
        return _Changes(new=0, gone=0)
    row = next(db.query(_FOUND, {"source": key, "since": run.started_at, "until": run.ended_at}))
    return _Changes(new=row["new"], gone=row["gone"])


def _edited(db: Database, run: _Run) -> dict[str, int]:
    """How many copies of each source were seen otherwise than before during a run."""
    return dict(db.execute(_EDITED, {"since": run.started_at, "until": run.ended_at}).fetchall())


def _days(db: Database, key: str) -> tuple[date, ...]:
    rows = db.execute(
        "select distinct published_on from copies where source = ? and published_on is not null"
        " order by 1 desc limit ?",
        [key, _DAYS],
    )
    return tuple(found for (day,) in rows if (found := read_day(day)) is not None)


_CHANNELS = """
    select source, name, url, every, first_noted_at from channels
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
    select count(distinct case when role in ('original', 'mirror') then notice else url_key end)
    from entries join copies using (url_key)
    where entries.source = ? and channel in (select value from json_each(?))
"""

_LED_ON = """
    select distinct url_key from entries join captures using (url_key) left join copies using (url_key)
    where entries.source = ? and channel in (select value from json_each(?)) and outcome = 'moved'
      and copies.url_key is null
"""

_LAST_FROM_THERE = """
    with places as (select distinct walks.source, vantage from walks join crawls on crawls.id = walks.crawl)
    select places.source, max(started_at) from places join crawls on crawls.vantage is places.vantage
    where kind <> 'ingest' group by places.source
"""

_FOUND = """
    select (select count(*) from copies
            where source = :source and first_seen_at between :since and :until and role <> 'mirror') as new,
           (select count(*) from copies
            where source = :source and state in ('gone', 'missing') and state = 'gone'
              and checked_at between :since and :until) as gone
"""

_EDITED = """
    select source, count(distinct copy) from revisions join copies on copies.url_key = revisions.copy
    where number > 1 and seen_from between :since and :until and source is not null group by source
"""
