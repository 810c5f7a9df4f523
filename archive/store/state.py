"""How the archive stands: counts, crawls, issues."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TypedDict, cast

from sqlite_utils import Database


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


def facts_digest(db: Database) -> str:
    """SHA-256 over the facts that the database was made of: WARC files as far as they are indexed, and rulings."""
    files = db.execute("select name, sha256, indexed_to from warc_files order by name").fetchall()
    rulings = db.execute("select at, who, what, urls, until, retired_at, about from decisions order by line").fetchall()
    return "sha256:" + sha256(json.dumps([files, rulings]).encode()).hexdigest()


_COUNTS = """
    select (select count(*) from notices) as notices,
           (select count(*) from notices where not original_captured and original_url is not null) as named_only,
           (select count(*) from copies) as copies,
           (select count(*) from copies where role = 'repost') as reposts,
           (select count(*) from revisions) as revisions,
           (select count(*) from captures) as captures,
           (select count(*) from attachments) as attachments,
           (select count(*) from reviews) as doubtful_matches,
           (select count(*) from issues where state = 'open') as open_issues
"""
