"""What the pages say that a source's lists led to, crawl by crawl: whether readers still find title, date and text."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlite_utils import Database

from archive.history import FIELDS, FILL_LEAST, Fill, latest_fill

_RECENT_CRAWLS = 60
"""Crawls whose pages are looked at: enough for a habit, few enough to ask at each look."""
_PAGES_BEFORE = 100


def fills_of(db: Database, sources: Sequence[str]) -> dict[str, tuple[Fill, Fill]]:
    """Of each of these sources: what its latest pages say, and what the pages before those said."""
    groups = _groups(db, sources)
    found = {}
    for key in sources:
        mine = groups.get(key, [])
        latest = latest_fill([fill for _, fill in mine])
        before = {"source": key, "before": _begin(mine, latest), "pages": _PAGES_BEFORE}
        found[key] = latest, _fill(next(db.query(_BEFORE, before)))
    return found


def _groups(db: Database, sources: Sequence[str]) -> dict[str, list[tuple[str, Fill]]]:
    """The pages of each source by crawl, the newest first, with when that began; no further than is judged by.

    Crawl after crawl is asked for the sources that still have too few: for most the last one or two are enough.
    """
    groups: dict[str, list[tuple[str, Fill]]] = defaultdict(list)
    waiting = set(sources)
    for crawl, started_at in db.execute(_LATE, [_RECENT_CRAWLS]).fetchall():
        if not waiting:
            break
        for row in db.query(_OF_CRAWL, {"crawl": crawl, "sources": json.dumps(sorted(waiting))}):
            groups[row["source"]].append((started_at, _fill(row)))
            if sum(fill.pages for _, fill in groups[row["source"]]) >= FILL_LEAST:
                waiting.discard(row["source"])
    return groups


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


_LATE = "select id, started_at from crawls where kind <> 'ingest' order by started_at desc, id desc limit ?"

_OF_CRAWL = """
    with pages as (
      select distinct entries.source, captures.id, captures.url_key, state_digest
      from captures join entries using (url_key)
      where captures.crawl = :crawl and outcome = 'ok' and captures.kind in ('article', 'other')
        and entries.source in (select value from json_each(:sources))
    )
    select pages.source, count(*) as pages,
           sum(title is not null) as title,
           sum(json_extract(fields, '$.published_on') is not null) as date,
           sum(json_extract(fields, '$.issuing_agency') is not null) as agency,
           sum(text <> '') as text
    from pages left join revisions on revisions.copy = pages.url_key and revisions.state_digest = pages.state_digest
    group by pages.source
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
