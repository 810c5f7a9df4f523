"""What the archive asks for: originals that copies name and nobody has captured, parts of split texts, and files.

An original or a file that did not come is asked for again, ever more rarely: it stays wanted for ever, and its host is
not bothered by every crawl.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlite_utils import Database

from archive.records import Want
from archive.store.copies import wanted_parts
from archive.store.nearby import kind_of_page
from archive.store.times import read_instant
from archive.urls import url_key

WAITS = (0, 1, 2, 4, 8, 16, 30, 60)
"""Days to wait after so many crawls that asked in vain: none after the first, two months after the eighth and on."""
AGAIN = timedelta(days=6)
"""How long a file is left alone that was held: it is asked for again with its copy, a week after and more rarely."""
_EARLY = timedelta(hours=4)
"""How much sooner a wait may end: daily crawls do not begin on the minute."""


def wanted(db: Database, now: datetime) -> list[Want]:
    """Originals by url key, then parts, then files. An original that turned out to be a file is no longer asked for.

    Originals and files that did not come lately are left out until their wait is over. An original that was asked for
    before is probed: it may be reachable from here by now, or its site may have come back.
    """
    rows = db.query(
        "select original_url, best_copy from notices where original_captured = 0 and original_url is not null"
    )
    originals = [_original(db, row["original_url"], row["best_copy"], now) for row in list(rows)]
    asked = [want for want in originals if want is not None]
    return [*sorted(asked, key=lambda want: want.url_key), *wanted_parts(db), *wanted_files(db, now)]


def wanted_files(db: Database, now: datetime) -> list[Want]:
    """Files that copies link and nobody has, and those whose copy was looked at again since, by url key.

    Each for every source whose copies link it. One that did not come is wanted ever more rarely, unless it was never
    sent for, because its source had given enough or its host had stopped; one that was held is asked for again, if
    it changed, when it was not asked for in the `AGAIN` days before its copy was checked.
    """
    rows = db.query(_WANTED, [AGAIN.days])
    return [
        Want(
            url=row["url"],
            url_key=row["url_key"],
            kind="attachment",
            because=row["copy"],
            source=row["source"],
            since=read_instant(row["since"]),
            etag=row["etag"] if row["payload_digest"] else None,
            last_modified=row["last_modified"] if row["payload_digest"] else None,
        )
        for row in rows
        if row["payload_digest"] is not None or _is_over(row["crawls"], row["asked_at"], now)
    ]


def _original(db: Database, url: str, because: str, now: datetime) -> Want | None:
    """An original that may be asked for (again), all its captures, of whatever outcome, having been in vain."""
    key = url_key(url)
    query = "select count(distinct crawl) as crawls, max(fetched_at) as last from captures where url_key = ?"
    row = next(db.query(query, [key]))
    if kind_of_page(db, key) is not None or not _is_over(row["crawls"], row["last"], now):
        return None
    return Want(url=url, url_key=key, kind="probe" if row["crawls"] else "original", because=because)


def _is_over(crawls: int, asked_at: str | None, now: datetime) -> bool:
    """Whether the wait is over after so many crawls that asked in vain, the last one then."""
    if not crawls or asked_at is None:
        return True
    days = WAITS[min(crawls, len(WAITS)) - 1]
    return days == 0 or now >= read_instant(asked_at) + timedelta(days=days) - _EARLY


# a bare column beside one max() is of the row that has the maximum: the copy that was seen first last
_WANTED = """
    with linked as (
      select attachments.url, attachments.url_key, copy, source, attachments.payload_digest,
             max(copies.first_seen_at) as since, max(copies.checked_at) as checked_at
      from attachments join copies on copies.url_key = copy
      where copies.state = 'live'
        and not exists (select 1 from copies page where page.url_key = attachments.url_key)
      group by attachments.url_key, source
    ), asked as (
      select linked.*,
             (select count(distinct crawl) from captures
              where captures.url_key = linked.url_key and outcome <> 'refused') as crawls,
             (select max(fetched_at) from captures
              where captures.url_key = linked.url_key and outcome <> 'refused') as asked_at,
             (select id from captures where captures.url_key = linked.url_key and outcome = 'ok'
              order by fetched_at desc, record_id desc limit 1) as latest
      from linked
    )
    select asked.*, etag, last_modified from asked left join captures on captures.id = latest
    where asked.payload_digest is null
      or checked_at > strftime('%Y-%m-%dT%H:%M:%fZ', asked_at, '+' || ? || ' days')
    order by asked.url_key, source
"""
