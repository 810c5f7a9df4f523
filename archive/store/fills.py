"""What the pages say that a source's lists led to, crawl by crawl: whether readers still find title, date and text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlite_utils import Database

from archive.history import FIELDS, Fill, latest_fill

_RECENT_CRAWLS = 60
"""Crawls whose pages are looked at: enough for a habit, few enough to ask at each look."""
_PAGES_BEFORE = 100


def fills_of(db: Database, sources: Sequence[str]) -> dict[str, tuple[Fill, Fill]]:
    """Of each of these sources: what its latest pages say, and what the pages before those said."""
    groups: dict[str, list[tuple[str, Fill]]] = defaultdict(list)
    for row in db.query(_BY_CRAWL, {"crawls": _RECENT_CRAWLS}):
        groups[row["source"]].append((row["started_at"], _fill(row)))
    found = {}
    for key in sources:
        mine = groups.get(key, [])
        latest = latest_fill([fill for _, fill in mine])
        before = {"source": key, "before": _begin(mine, latest), "pages": _PAGES_BEFORE}
        found[key] = latest, _fill(next(db.query(_BEFORE, before)))
    return found


def _begin(groups: Sequence[tuple[str, Fill]], latest: Fill) -> str:
    """When the first of the crawls began whose pages are the latest."""
    pages = 0
    began = "9999"
    for started_at, fill in groups:
        if pages >= latest.pages:
            break
        pages += fill.pages
        began = min(began, started_at)
    return began


def _fill(row: Mapping[str, int | None]) -> Fill:
    return Fill(pages=row["pages"] or 0, filled={name: row[name] or 0 for name in FIELDS})


_BY_CRAWL = """
    with late as (
      select id, started_at from crawls where kind <> 'ingest' order by started_at desc, id desc limit :crawls
    ),
    pages as (
      select distinct entries.source, captures.crawl, late.started_at, captures.id, captures.url_key, state_digest
      from late join captures on captures.crawl = late.id join entries using (url_key)
      where outcome = 'ok' and captures.kind in ('article', 'other')
    )
    select pages.source, started_at, count(*) as pages,
           sum(title is not null) as title,
           sum(json_extract(fields, '$.published_on') is not null) as date,
           sum(json_extract(fields, '$.issuing_agency') is not null) as agency,
           sum(text <> '') as text
    from pages left join revisions on revisions.copy = pages.url_key and revisions.state_digest = pages.state_digest
    group by pages.source, crawl order by 1, started_at desc, crawl desc
"""

_BEFORE = """
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
