"""Table `captures`: one row for each stored or failed exchange, and the progress of reading WARC files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlite_utils import Database

from archive.outcome import Verdict
from archive.records import Capture
from archive.store.rows import ask, insert
from archive.store.times import instant
from archive.urls import url_key

Row = dict[str, str | int | None]


def put_capture(db: Database, capture: Capture, *, revisit: bool) -> bool:
    """Keep a capture. False when its record is held already: keeping an exchange twice equals once."""
    held = next(
        ask(db, "select warc_file, warc_offset from captures where record_id = ?", [capture.place.record_id]), None
    )
    here = (capture.place.warc_file, capture.place.offset)
    if held is not None:
        if here < (held["warc_file"], held["warc_offset"]):
            db.execute(
                "update captures set warc_file = ?, warc_offset = ?, warc_end = ?, crawl = ? where record_id = ?",
                [*here, capture.place.end, capture.crawl, capture.place.record_id],
            )
        return False
    insert(
        db,
        "captures",
        {
            "url": capture.url,
            "url_key": capture.url_key,
            "raw_url": capture.raw_url,
            "fetched_at": instant(capture.fetched_at),
            "status": capture.status,
            "outcome": capture.outcome,
            "kind": capture.kind,
            "content_type": capture.content_type,
            "charset": capture.charset,
            "payload_digest": capture.payload_digest,
            "location": capture.location,
            "location_key": url_key(capture.location) if capture.location else None,
            "detail": capture.detail,
            "transport": capture.transport,
            "etag": capture.etag,
            "last_modified": capture.last_modified,
            "record_id": capture.place.record_id,
            "revisit": int(revisit),
            "warc_file": capture.place.warc_file,
            "warc_offset": capture.place.offset,
            "warc_end": capture.place.end,
            "crawl": capture.crawl,
        },
    )
    return True


def put_verdict(db: Database, capture: Capture) -> bool:
    """Keep how a record that is held is judged now. Whether it was judged otherwise before."""
    judged = [capture.outcome, capture.kind, capture.charset, capture.detail]
    done = db.execute(
        "update captures set outcome = ?1, kind = ?2, charset = ?3, detail = ?4 where record_id = ?5"
        " and (outcome is not ?1 or kind is not ?2 or charset is not ?3 or detail is not ?4)",
        [*judged, capture.place.record_id],
    )
    return done.rowcount > 0


def places(db: Database, key: str) -> list[tuple[str, int]]:
    """Where the full records of an address are: WARC file and offset, in the order of time."""
    return db.execute(f"{_PLACES} order by fetched_at, record_id", [key]).fetchall()


def page_places(db: Database, key: str) -> list[tuple[str, int]]:
    """The same of those that were read as a page."""
    return db.execute(f"{_PLACES} and charset is not null order by fetched_at, record_id", [key]).fetchall()


def read_otherwise(db: Database, reader_version: str) -> list[str]:
    """Addresses, by url key, with a record that the reader of this version did not read, or that was no article.

    Files are left out (see `files_read_otherwise`), and answers without a body: no reader of pages has a say there.
    """
    found = db.execute(
        "select distinct url_key from captures where revisit = 0 and status is not null"
        " and status not between 300 and 399 and kind is not 'file' and reader_version is not ?",
        [reader_version],
    )
    return [key for (key,) in found]


def files_read_otherwise(db: Database, reader_version: str) -> list[str]:
    """Addresses, by url key, that answered with a file which readers of another version than this one read."""
    found = db.execute(
        "select distinct url_key from captures join files using (payload_digest) where files.reader_version <> ?",
        [reader_version],
    )
    return [key for (key,) in found]


def article_captures(db: Database, key: str) -> list[Row]:
    """The article captures of one address, oldest first."""
    return list(
        ask(db, "select * from captures where url_key = ? and kind = 'article' order by fetched_at, record_id", [key])
    )


def showing(db: Database, key: str) -> list[Row]:
    """The article captures of one address, and the answers that it is as before, oldest first."""
    return list(
        ask(
            db,
            "select * from captures where url_key = ? and (kind = 'article' or outcome = 'not_modified')"
            " order by fetched_at, record_id",
            [key],
        )
    )


def payload_places(db: Database, digest: str, key: str) -> Iterator[tuple[str, int]]:
    """Where a payload of this address is kept in full, best first. Empty while only revisits of it were met."""
    yield from db.execute(
        "select warc_file, warc_offset from captures where payload_digest = ? and url_key = ? and revisit = 0"
        " order by warc_file, warc_offset",
        [digest, key],
    ).fetchall()


def judged_as(db: Database, digest: str, key: str) -> Verdict | None:
    """How an equal payload of this address was judged; a revisit is judged the same."""
    row = next(
        ask(
            db,
            "select outcome, kind from captures where payload_digest = ? and url_key = ? and revisit = 0"
            " and status between 200 and 299 order by fetched_at, record_id limit 1",
            [digest, key],
        ),
        None,
    )
    return Verdict(outcome=row["outcome"], kind=row["kind"], detail=None) if row is not None else None


def judge_revisits(db: Database, capture: Capture) -> None:
    """Judge the revisits of a payload again, now that one more full record of it is there."""
    verdict = judged_as(db, capture.payload_digest or "", capture.url_key)
    if verdict is None:
        return
    db.execute(
        "update captures set outcome = ?, kind = ? where payload_digest = ? and url_key = ? and revisit = 1"
        " and status between 200 and 299",
        [verdict.outcome, verdict.kind, capture.payload_digest, capture.url_key],
    )


def put_state(db: Database, record_id: str, state_digest: str, reader_version: str) -> None:
    """Keep what state of its copy a capture shows, and which reader said so."""
    db.execute(
        "update captures set state_digest = ?, reader_version = ? where record_id = ?",
        [state_digest, reader_version, record_id],
    )


def forget_states(db: Database, key: str) -> bool:
    """Let the captures of an address be read again: by another entry, or from other places. Whether it has any."""
    forgot = db.execute("update captures set state_digest = null, reader_version = null where url_key = ?", [key])
    return forgot.rowcount > 0


def is_repeated(db: Database, key: str, digest: str | None) -> bool:
    """Whether a payload of this address is kept in full more than once."""
    found = db.execute(
        "select 1 from captures where payload_digest = ? and url_key = ? and revisit = 0 limit 2", [digest, key]
    )
    return len(found.fetchall()) > 1


def earlier(db: Database, key: str, digest: str) -> Row | None:
    """The first full capture of this payload at this address, for a revisit record to refer to."""
    return next(
        ask(
            db,
            "select url, fetched_at, record_id from captures where url_key = ? and payload_digest = ? and revisit = 0"
            " order by fetched_at limit 1",
            [key, digest],
        ),
        None,
    )


def latest(db: Database, key: str) -> Row | None:
    """The full capture of what an address was last, for an answer 304 to refer to."""
    last = next(
        ask(
            db,
            "select url, fetched_at, record_id, payload_digest, revisit from captures where url_key = ?"
            " and outcome = 'ok' order by fetched_at desc, record_id desc limit 1",
            [key],
        ),
        None,
    )
    return last if last is None or not last["revisit"] else earlier(db, key, str(last["payload_digest"]))


def known(db: Database, keys: Iterable[str]) -> set[str]:
    """Those of the url keys that were captured as what they are: not as a block, a failure or a missing page."""
    found: set[str] = set()
    batch = list(keys)
    for at in range(0, len(batch), 500):
        part = batch[at : at + 500]
        marks = ", ".join("?" * len(part))
        held = ask(
            db,
            f"select distinct url_key from captures where url_key in ({marks})"  # noqa: S608 (only question marks)
            " and outcome in ('ok', 'moved', 'not_modified')",
            part,
        )
        found.update(row["url_key"] for row in held)
    return found


def indexed_to(db: Database) -> dict[str, int]:
    """WARC file → the offset up to which its records are in the database."""
    return {row["name"]: row["indexed_to"] for row in ask(db, "select name, indexed_to from warc_files")}


def is_closed(db: Database, name: str) -> bool:
    """Whether a WARC file was read to its end after it was closed."""
    return next(ask(db, "select 1 from warc_files where name = ? and sha256 is not null", [name]), None) is not None


def put_indexed_to(db: Database, name: str, offset: int, sha256: str | None) -> None:
    """Keep how far a WARC file is read; the digest of a file is known when it is closed and read to its end."""
    db.execute(
        "insert into warc_files (name, indexed_to, sha256) values (?, ?, ?) on conflict do update set"
        " indexed_to = excluded.indexed_to, sha256 = coalesce(excluded.sha256, sha256)",
        [name, offset, sha256],
    )


_PLACES = "select warc_file, warc_offset from captures where url_key = ? and revisit = 0 and status is not null"
