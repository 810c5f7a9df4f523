"""What an Issue is about: its row, the answers of its crawl, and where a repeated payload is kept in full."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRow:
    """One issue as it stands; `subject_key` is None where its subject is no address."""

    id: str
    kind: str
    subject: str
    subject_key: str | None
    source: str | None
    channel: str | None
    crawl: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """One capture of a crawl, and where its record is kept."""

    url_key: str
    location_key: str | None
    outcome: str
    kind: str | None
    warc_file: str
    offset: int
    end: int
    record_id: str
    payload_digest: str | None
    revisit: bool


def issue_row(db: Database, issue: str) -> IssueRow | None:
    """The issue of this id, open or closed; None if there is none."""
    from archive.store.issues import subject_key

    row = next(db.query("select id, kind, subject, source, channel, crawl from issues where id = ?", [issue]), None)
    return IssueRow(**row, subject_key=subject_key(row["kind"], row["subject"])) if row is not None else None


def answers_of(db: Database, crawl: str) -> list[AnswerRow]:
    """Every answer of a crawl, failures included, in the order of asking."""
    rows = db.query(f"{_ANSWERS} where crawl = ? order by fetched_at, record_id", [crawl])
    return [_answer(row) for row in rows]


def answers_about(db: Database, key: str) -> list[AnswerRow]:
    """Every answer about one address in any crawl, newest first."""
    rows = db.query(f"{_ANSWERS} where url_key = ? order by fetched_at desc, record_id", [key])
    return [_answer(row) for row in rows]


def full_answer(db: Database, repeated: AnswerRow) -> AnswerRow | None:
    """The first answer that has a repeated payload in full; None if the archive does not hold it."""
    rows = db.query(
        f"{_ANSWERS} where payload_digest = ? and url_key = ? and revisit = 0 order by fetched_at, record_id limit 1",
        [repeated.payload_digest, repeated.url_key],
    )
    return next((_answer(row) for row in rows), None)


def channel_keys(db: Database, source: str) -> dict[str, str]:
    """Url → url key of every channel of a source."""
    return {
        row["url"]: row["url_key"] for row in db.query("select url, url_key from channels where source = ?", [source])
    }


_ANSWERS = """select url_key, location_key, outcome, kind, warc_file, warc_offset as offset, warc_end as "end",
    record_id, payload_digest, revisit from captures"""


def _answer(row: dict[str, object]) -> AnswerRow:
    return AnswerRow(**{**row, "revisit": bool(row["revisit"])})  # type: ignore[arg-type]  # columns as selected above
