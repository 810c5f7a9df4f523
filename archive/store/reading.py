"""What a reader of the archive looks up: hits of a search, the copies of a notice with their evidence, citations."""

from __future__ import annotations

import json
from typing import Any, TypedDict, cast

from sqlite_utils import Database

from archive.store.files import plain_digest
from archive.store.words import MARK_START


class Hit(TypedDict):
    """One notice that a search found; `snippet` marks what matched with U+E000 and U+E001."""

    id: str
    title: str | None
    published_on: str | None
    issuing_agency: str | None
    document_number: str | None
    source: str | None
    original_url: str | None
    snippet: str
    in_files: bool
    """Whether the snippet is of a file that the notice links, because its own text has nothing of what was asked."""


class ShownFile(TypedDict):
    """One file that a notice links, as its best copy names it, and what became of it."""

    name: str
    url: str
    media_type: str | None
    size: int | None
    """In bytes; None until the file has been captured."""
    sha256: str | None
    read_as: str | None
    pages: int | None
    skipped: str | None
    """Why it was not read, or not wholly."""
    versions: int
    """How many different files the address has shown; 0 until it was captured."""


class ShownCopy(TypedDict):
    """One copy of a notice: what it says, where that was read, and why it belongs to the notice."""

    url: str
    url_key: str
    is_best: bool
    """Whether title, text and dates of the notice are taken from this copy."""
    role: str
    state: str
    source: str | None
    agency: str | None
    title: str | None
    published_on: str | None
    attribution: str | None
    author: str | None
    claimed_original: str | None
    rule: str | None
    match_class: str | None
    confidence: float | None
    match_evidence: dict[str, str]
    evidence: dict[str, str]
    revisions: int
    first_seen_at: str
    last_seen_at: str


class ShownCitation(TypedDict):
    """One document that a notice cites; `cited_notice` is the id of the notice that is meant, where we hold it."""

    kind: str
    document_number: str | None
    title: str | None
    cited_notice: str | None
    cited_title: str | None
    """The title of that notice as it is held."""
    raw: str
    sentence: str
    copy: str
    """Url key of the copy in which it was read."""


class ShownCiting(TypedDict):
    """One citation by which another notice names this one."""

    kind: str
    notice: str
    title: str | None
    document_number: str | None
    published_on: str | None
    sentence: str


def search_notices(
    db: Database, query: str, *, source: str | None, since: str | None, until: str | None, limit: int
) -> list[Hit]:
    """Give the best notices for a query, best first (title counts ten times the text); days are ISO, inclusive."""
    rows = db.query(_SEARCH, {"query": query, "source": source, "since": since, "until": until, "limit": limit})
    return [_hit(row) for row in rows]


def count_hits(db: Database, query: str, *, source: str | None, since: str | None, until: str | None) -> int:
    """Count all notices that a search finds."""
    bound = {"query": query, "source": source, "since": since, "until": until}
    (count,) = db.execute(f"select count(*) {_FOUND}", bound).fetchone()
    return int(count)


def shown_copies(db: Database, notice: str) -> list[ShownCopy]:
    """Give the copies of a notice, the original first, each with its evidence."""
    return [_shown(row) for row in db.query(_COPIES, [notice])]


def shown_files(db: Database, notice: str) -> list[ShownFile]:
    """Give the files that the copies of a notice link, each address once, those of the best copy first."""
    files: dict[str, ShownFile] = {}
    for row in db.query(_FILES, [notice]):
        files.setdefault(row["url"], cast("ShownFile", {**row, "sha256": plain_digest(row["sha256"])}))
    return list(files.values())


def shown_citations(db: Database, notice: str) -> list[ShownCitation]:
    """Give what a notice cites, in the order of its text."""
    return [cast("ShownCitation", row) for row in db.query(_CITATIONS, [notice])]


def shown_citing(db: Database, notice: str) -> list[ShownCiting]:
    """Give the citations that name a notice: those that do something with it first, then the newest."""
    return [cast("ShownCiting", row) for row in db.query(_CITING, [notice])]


def source_keys(db: Database) -> list[str]:
    """Give the keys of all sources that the archive knows, sorted."""
    return [key for (key,) in db.execute("select key from sources order by key")]


_FOUND = """
    from notices_fts f join notices n on n.n = f.rowid
    where notices_fts match zh_match(:query)
      and (:source is null or n.source = :source)
      and (:since is null or n.published_on >= :since)
      and (:until is null or n.published_on <= :until)
"""

# Rank and cut first, then make snippets: a snippet costs more than a rank.
_SEARCH = f"""
    with found as materialized (select f.rowid as n, f.rank as rank {_FOUND} order by f.rank, n.id limit :limit)
    select n.id, n.title, n.published_on, n.issuing_agency, n.document_number, n.source, n.original_url,
           zh_snippet(n.text, :query) as snippet, zh_snippet(n.attachments_text, :query) as in_files
    from found join notices n on n.n = found.n
    order by found.rank, n.id
"""  # noqa: S608  fixed text

_FILES = """
    select a.name, a.url, a.media_type, a.size, coalesce(f.sha256, a.payload_digest) as sha256, f.read_as, f.pages,
           a.skipped, (select count(*) from file_versions v where v.url_key = a.url_key) as versions
    from attachments a join copies c on c.url_key = a.copy join notices n on n.id = c.notice
      left join files f on f.payload_digest = a.payload_digest
    where c.notice = ?
    order by a.copy is not n.best_copy, a.copy, a.rowid
"""

_COPIES = """
    select c.url, c.url_key, c.url_key is n.best_copy as is_best, c.role, c.state, c.source, s.agency,
           c.title, c.published_on, c.attribution, c.author,
           c.claimed_original, m.rule, m.class as match_class, m.confidence,
           coalesce(m.evidence, '{}') as match_evidence, c.evidence,
           (select count(*) from revisions r where r.copy = c.url_key) as revisions,
           c.first_seen_at, c.last_seen_at
    from copies c left join matches m on m.copy = c.url_key left join sources s on s.key = c.source
      join notices n on n.id = c.notice
    where c.notice = ?
    order by case c.role when 'original' then 0 when 'mirror' then 1 when 'repost' then 2 else 3 end, c.url_key
"""

_CITATIONS = """
    select c.kind, c.document_number, c.title, c.cited_notice, n.title as cited_title, c.raw, c.sentence, c.copy
    from citations c left join notices n on n.id = c.cited_notice
    where c.notice = ? order by c.number
"""

_CITING = """
    select c.kind, c.notice, n.title, n.document_number, n.published_on, c.sentence
    from citations c join notices n on n.id = c.notice
    where c.cited_notice = ?
    order by c.kind = 'mentions', n.published_on desc, c.notice, c.number
"""


def _hit(row: dict[str, Any]) -> Hit:
    """The snippet of the text; of a file where only that has what was asked."""
    is_elsewhere = MARK_START not in row["snippet"] and MARK_START in row["in_files"]
    snippet = row["in_files"] if is_elsewhere else row["snippet"]
    return cast("Hit", {**row, "snippet": snippet, "in_files": is_elsewhere})


def _shown(row: dict[str, Any]) -> ShownCopy:
    decoded = {name: json.loads(row[name]) for name in ("match_evidence", "evidence")}
    return cast("ShownCopy", {**row, **decoded, "is_best": bool(row["is_best"])})
