"""How the archive stands: counts, sources, crawls, open issues."""

from __future__ import annotations

from typing import TypedDict, cast

from sqlite_utils import Database


class SourceState(TypedDict):
    """How one source stands; `last_seen_at` is when the archive last had an answer from it."""

    key: str
    agency: str
    kind: str
    state: str
    copies: int
    notices: int
    newest_on: str | None
    last_seen_at: str | None
    open_issues: int


class CrawlState(TypedDict):
    """One crawl, as it ended or stands."""

    id: str
    kind: str
    state: str
    started_at: str
    ended_at: str | None
    vantage: str | None
    asked: int | None
    stored: int | None
    failed: int | None
    refused: int | None


class IssueRow(TypedDict):
    """One issue, as a person reads it."""

    id: str
    kind: str
    source: str | None
    subject: str
    detail: str
    crawl: str | None
    channel: str | None
    raised_at: str
    last_raised_at: str | None
    state: str
    closed_at: str | None
    until: str | None
    why: str | None


def source_states(db: Database) -> list[SourceState]:
    """Give every source that has a copy, a list entry or an open issue, by key."""
    return [cast("SourceState", row) for row in db.query(_SOURCES)]


def crawl_states(db: Database, limit: int) -> list[CrawlState]:
    """Give the latest crawls, newest first."""
    sql = """select id, kind, state, started_at, ended_at, vantage, asked, stored, failed, refused
        from crawls order by started_at desc, id desc limit ?"""
    return [cast("CrawlState", row) for row in db.query(sql, [limit])]


def row_counts(db: Database) -> dict[str, int]:
    """Count what the archive holds, by our words; `named_only` are notices whose original was never captured."""
    (row,) = db.query(_COUNTS)
    return {name: int(count) for name, count in row.items()}


def outcome_counts(db: Database) -> dict[str, int]:
    """Count the captures by their outcome, the commonest first."""
    return dict(db.execute("select outcome, count(*) from captures group by outcome order by 2 desc, 1").fetchall())


def all_issues(db: Database) -> list[IssueRow]:
    """Give every issue, closed ones too, newest first."""
    return [cast("IssueRow", row) for row in db.query("select * from issues order by raised_at desc, id")]


def copy_counts(db: Database) -> dict[str, int]:
    """Count the copies of each source that has any."""
    return dict(db.execute("select source, count(*) from copies where source is not null group by source").fetchall())


def open_issues(db: Database, key: str | None = None) -> list[IssueRow]:
    """Give the open issues, newest first; of one source, or the one whose id is given, when `key` is."""
    return [cast("IssueRow", row) for row in db.query(_ISSUES, {"key": key})]


_SOURCES = """
    with
      held as (
        select source, count(*) as copies, count(distinct notice) as notices, max(published_on) as newest_on,
               max(last_seen_at) as seen_at
        from copies group by source
      ),
      listed as (select source, max(listed_at) as seen_at from entries group by source),
      doubts as (select source, count(*) as open_issues from issues where state = 'open' group by source)
    select s.key, s.agency, s.kind, s.state, coalesce(h.copies, 0) as copies, coalesce(h.notices, 0) as notices,
           h.newest_on, nullif(max(coalesce(h.seen_at, ''), coalesce(l.seen_at, '')), '') as last_seen_at,
           coalesce(d.open_issues, 0) as open_issues
    from sources s
      left join held h on h.source = s.key
      left join listed l on l.source = s.key
      left join doubts d on d.source = s.key
    where h.source is not null or l.source is not null or d.source is not null
    order by s.key
"""

_COUNTS = """
    select (select count(*) from notices) as notices,
           (select count(*) from notices where not original_captured and original_url is not null) as named_only,
           (select count(*) from copies) as copies,
           (select count(*) from copies where role = 'repost') as reposts,
           (select count(*) from revisions) as revisions,
           (select count(*) from captures) as captures,
           (select count(*) from attachments) as attachments,
           (select count(*) from issues where state = 'open') as open_issues
"""

_ISSUES = """
    select id, kind, source, subject, detail, crawl, raised_at, state, until, why from issues
    where state = 'open' and (:key is null or source = :key or id = :key)
    order by raised_at desc, id
"""
