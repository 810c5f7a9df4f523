"""Table `coverage`: what each channel's list showed of each month, and what we hold of it.

With it "none" can be told from "not collected". A row is a function of walks, entries, captures and copies, worked
out anew at each settling. Months are Beijing's.

- `complete`: a whole walk ended after the month (or in it, while it is the archive's last), and every entry dated in
  it is captured and readable. A complete month without entries is a true 0. A notice that its bureau listed at two
  addresses, as after a move, is one entry.
- `partial`: some walk saw the month, but not wholly, or an entry of it is not captured or not readable.
- `unobserved`: no walk saw it. Its counts are NULL: nobody knows them.

What has no row is unobserved, too. `stated` is what the list itself said it has in all, at the last walk of that month.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlite_utils import Database

from archive.dates import BEIJING
from archive.store.nearby import end_of, is_copy
from archive.store.spellings import Key, channels_by_key, key_of
from archive.store.times import read_instant

_Row = tuple[str, str, int | None, int | None, int | None, int | None]
"""Month, state, and the counts: stated, listed, captured, readable."""


class _Walk(NamedTuple):
    """A walk as coverage needs it; instants as they stand in the database, whose order is that of time."""

    ended_at: str
    started_at: str
    how: str
    pages: int
    total: int | None


@dataclass(slots=True)
class _Count:
    """How many entries of a month were listed, captured, and read."""

    listed: int = 0
    captured: int = 0
    readable: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether we hold a readable copy of every entry."""
        return self.listed == self.captured == self.readable


@dataclass(slots=True)
class _Seen:
    """What is known of one channel. Months of `counts` are `2026-03`; entries without any day are in none."""

    walks: list[_Walk] = field(default_factory=list)
    counts: dict[str, _Count] = field(default_factory=dict)
    noted_at: str | None = None


def put_coverage(db: Database) -> None:
    """Make the table anew, unless no record was taken since it was made, and nobody ruled what is one notice."""
    counts = (
        "select count(*), sum(indexed_to), (select count(*) from decisions), (select count(retired_at) from decisions)"
        " from warc_files"
    )
    taken = json.dumps(db.execute(counts).fetchone())
    if db.execute("select value from archive_state where key = 'coverage'").fetchone() == (taken,):
        return
    last = _last_month(db)
    db.execute("delete from coverage")
    db.conn.executemany(
        "insert into coverage (source, channel, month, state, stated, listed, captured, readable)"
        " values (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (source, channel, *row)
            for (source, channel), seen in _look(db, _names(db)).items()
            for row in _months(seen, last or "")
        ),
    )
    db.table("archive_state").upsert({"key": "coverage", "value": taken}, pk="key")


def forget_coverage(db: Database) -> None:
    """Let the table be made anew next time, though no record may be taken until then."""
    db.execute("delete from archive_state where key = 'coverage'")


def month_of(at: str) -> str:
    """The month in Beijing of an instant as it stands in the database: `2026-03`."""
    return read_instant(at).astimezone(BEIJING).strftime("%Y-%m")


def months_from(first: str, last: str) -> Iterator[str]:
    """Every month from one to another, both included; none when the first is later."""
    year, month = map(int, first.split("-"))
    while (name := f"{year:04}-{month:02}") <= last:
        yield name
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _last_month(db: Database) -> str | None:
    """The month of the archive's last crawl or walk."""
    (found,) = db.execute(
        "select max(at) from (select max(coalesce(ended_at, started_at)) as at from crawls where kind <> 'ingest'"
        " union all select max(ended_at) from walks)"
    ).fetchone()
    return month_of(found) if found else None


def _names(db: Database) -> dict[Key, str]:
    """Every spelling of a channel's url that notes have (by source) → the one it goes by: the catalogue's latest."""
    known = channels_by_key(db)
    spelt = db.execute(
        "select source, url from channels union select source, channel from walks"
        " union select source, channel from entries where source in (select key from sources) order by 1, 2"
    ).fetchall()
    names: dict[Key, str] = {}
    for source, url in spelt:
        names[source, url] = known.setdefault((source, key_of(url)), url)
    return names


def _look(db: Database, names: dict[Key, str]) -> dict[Key, _Seen]:
    found: dict[Key, _Seen] = {}
    sources = {row["key"] for row in db.query("select key from sources")}
    for (source, _), name in names.items():
        if source in sources:
            found.setdefault((source, name), _Seen())
    for row in db.query("select source, url, noted_at from channels"):
        found[row["source"], row["url"]].noted_at = row["noted_at"] or None
    for row in db.query("select * from walks order by ended_at, started_at, crawl"):
        if row["source"] in sources:
            walk = _Walk(row["ended_at"], row["started_at"], row["how"], row["pages"], row["total"])
            found[row["source"], names[row["source"], row["channel"]]].walks.append(walk)
    spelt = json.dumps([[source, url, name] for (source, url), name in names.items() if source in sources])
    for source, name, month, listed, captured, readable in db.execute(_COUNTS, [spelt]).fetchall():
        found[source, name].counts[month] = _Count(listed, captured, readable)
    for source, name, month, key in db.execute(_LED_ON, [spelt]).fetchall():
        end = end_of(db, key)
        count = found[source, name].counts[month]
        count.captured += _is_captured(db, end)
        count.readable += is_copy(db, end)
    return found


def _is_captured(db: Database, key: str) -> bool:
    row = db.execute("select 1 from captures where url_key = ? and outcome = 'ok'", [key]).fetchone()
    return row is not None


def _months(seen: _Seen, last: str) -> Iterator[_Row]:
    """The rows of one channel, from its oldest entry (or first walk, or note) to the archive's last crawl."""
    begins = [*seen.counts, *(month_of(walk.started_at) for walk in seen.walks)]
    if not begins and seen.noted_at:
        begins.append(month_of(seen.noted_at))
    whole_at = _last_whole(seen.walks)
    is_broken_off = bool(seen.walks) and seen.walks[-1].ended_at != whole_at
    looked = {month_of(at) for walk in seen.walks if walk.pages for at in (walk.started_at, walk.ended_at)}
    whole = month_of(whole_at) if whole_at else ""
    stated = {month_of(walk.ended_at): walk.total for walk in seen.walks if walk.total is not None}
    for month in months_from(min(begins), last) if begins else ():
        count = seen.counts.get(month, _Count())
        is_walked = month < whole or (month == whole == last and not is_broken_off)
        is_seen = month <= whole or month in looked or count.listed > 0
        state = "complete" if is_walked and count.is_whole else "partial" if is_seen else "unobserved"
        counts = (count.listed, count.captured, count.readable) if is_seen else (None, None, None)
        yield (month, state, stated.get(month), *counts)


def _last_whole(walks: Sequence[_Walk]) -> str | None:
    """When the last walk ended that left no gap. One that came to an edge leans on one that had come to the end."""
    found = None
    for walk in walks:
        if walk.how == "end" or (found is not None and walk.how in ("edge", "unchanged")):
            found = walk.ended_at
    return found


_COUNTS = """
    with names(source, channel, name) as (
      select json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') from json_each(?)
    ),
    dated as (
      select distinct names.source, names.name, copies.url_key is not null as readable,
             case when copies.role in ('original', 'mirror') then copies.notice else entries.url_key end as document,
             substr(coalesce(listed_on, copies.published_on), 1, 7) as month,
             exists (select 1 from captures where captures.url_key = entries.url_key and outcome = 'ok') as captured
      from entries join names using (source, channel) left join copies using (url_key)
      where coalesce(listed_on, copies.published_on) is not null
    )
    select source, name, month, count(*), sum(captured or readable), sum(readable) from dated group by 1, 2, 3
"""

_LED_ON = """
    with names(source, channel, name) as (
      select json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') from json_each(?)
    )
    select distinct names.source, names.name, substr(listed_on, 1, 7), entries.url_key
    from (select distinct url_key from captures where outcome = 'moved') as moved
      join entries using (url_key) join names using (source, channel) left join copies using (url_key)
    where listed_on is not null and copies.url_key is null
      and not exists (select 1 from captures where captures.url_key = moved.url_key and outcome = 'ok')
"""
