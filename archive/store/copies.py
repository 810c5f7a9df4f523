"""Tables `copies`, `revisions` and `attachments`, and what waits to be read or settled again (`dirty`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from archive.records import Copy, Kind, Reading, Revision, Source, Witness
from archive.store.captures import redirects_from, redirects_to
from archive.store.times import day, instant, read_day, read_instant
from archive.text import MIN_COMPARED

Step = Literal["read", "settle"]

MANY = ("list", "home", "other")
"""Kinds of page that are no notice's original, whoever names them."""


def put_copy(db: Database, copy: Copy, revisions: Sequence[Revision]) -> None:
    """Keep a copy as its captures now say, with all its revisions and the attachments of the latest."""
    db.table("copies").upsert(_copy_row(copy), pk="url_key")
    db.execute("delete from revisions where copy = ?", [copy.url_key])
    db.table("revisions").insert_all(_revision_row(revision) for revision in revisions)
    db.execute("delete from attachments where copy = ?", [copy.url_key])
    db.table("attachments").insert_all(
        (
            {"copy": copy.url_key, "url": link.url, "name": link.name, "skipped": "not captured"}
            for link in copy.reading.attachments
        ),
        ignore=True,
        pk=("copy", "url"),
    )


def mark(db: Database, keys: Iterable[str], step: Step) -> None:
    """Note that these addresses have to be read again, or only settled again; reading includes settling."""
    db.conn.executemany(
        "insert into dirty (url_key, step) values (?, ?) on conflict do update set step = 'read'"
        " where excluded.step = 'read'",
        [(key, step) for key in keys],
    )


def marked(db: Database, step: Step, limit: int) -> list[str]:
    """Addresses that wait for a step, by url key."""
    rows = db.query("select url_key from dirty where step = ? order by url_key limit ?", [step, limit])
    return [row["url_key"] for row in rows]


def unmark(db: Database, keys: Iterable[str]) -> None:
    """These addresses are done."""
    db.conn.executemany("delete from dirty where url_key = ?", [(key,) for key in keys])


def under(db: Database, source: Source) -> set[str]:
    """Copies whose address is, or was, one of this source's."""
    held = db.query("select url_key from copies where source = ?", [source.key])
    return {row["url_key"] for row in held} | _beginning(db, "url_key", source.addresses)


def about(db: Database, source: Source) -> set[str]:
    """Copies that name an address of this source as their original, or its agency as the issuing one."""
    held = db.query("select url_key from copies where issuing_agency = ?", [source.agency])
    return {row["url_key"] for row in held} | _beginning(db, "claimed_key", source.addresses)


def sighted(db: Database, key: str) -> tuple[str, datetime]:
    """A copy's address and when it was first seen."""
    row = next(db.query("select url, first_seen_at from copies where url_key = ?", [key]))
    return row["url"], read_instant(row["first_seen_at"])


def urls_of(db: Database, keys: Iterable[str]) -> list[str]:
    """The addresses of copies, in fetch form."""
    return [sighted(db, key)[0] for key in keys]


def claimers(db: Database, keys: Iterable[str]) -> set[str]:
    """Copies that name one of these addresses as their original."""
    return {
        row["url_key"] for key in keys for row in db.query("select url_key from copies where claimed_key = ?", [key])
    }


def kind_of_page(db: Database, key: str) -> Kind | None:
    """What an address leads to was captured as last; None while it never answered as itself, or is a copy."""
    row = next(
        db.query(
            "select kind from captures where url_key = ? and outcome = 'ok' and kind is not null"
            " and not exists (select 1 from copies where copies.url_key = captures.url_key)"
            " order by fetched_at desc, record_id desc limit 1",
            [follow(db, key)],
        ),
        None,
    )
    return row["kind"] if row is not None else None


def touched_by_move(db: Database, key: str, to: str) -> set[str]:
    """Copies that name the address that moved, and the copy at the address it moved to."""
    held = db.query("select url_key from copies where url_key = ?", [to])
    return claimers(db, [key]) | {row["url_key"] for row in held}


def neighbours(db: Database, key: str) -> set[str]:
    """Copies whose notice may depend on this address: same text, same claim, claiming or claimed, same notice now."""
    found = set() if kind_of_page(db, key) in MANY else claimers(db, [key, *redirects_from(db, key)])
    row = next(
        db.query("select claimed_key, text_digest, text_length, notice from copies where url_key = ?", [key]), None
    )
    if row is None:
        return found
    if row["text_length"] >= MIN_COMPARED:
        mates = db.query(
            "select url_key from copies where text_digest = ? and text_length >= ?", [row["text_digest"], MIN_COMPARED]
        )
        found.update(mate["url_key"] for mate in mates)
    if row["claimed_key"]:
        end = follow(db, row["claimed_key"])
        if kind_of_page(db, end) not in MANY:  # else nobody's claim holds, and thousands may name it
            found |= claimers(db, [row["claimed_key"], end, *redirects_from(db, end)])
        found.update(held["url_key"] for held in db.query("select url_key from copies where url_key = ?", [end]))
    if row["notice"]:
        found.update(
            mate["url_key"] for mate in db.query("select url_key from copies where notice = ?", [row["notice"]])
        )
    return found


def follow(db: Database, key: str) -> str:
    """Where an address leads through the redirects we captured; at most five."""
    for _ in range(5):
        step = redirects_to(db, [key]).get(key)
        if step is None:
            return key
        key = step
    return key


def witnesses(db: Database, keys: Iterable[str]) -> list[Witness]:
    """The copies at these addresses, as tracing sees them."""
    found: list[Witness] = []
    for key in keys:
        rows = db.query(
            "select copies.*, coalesce(sources.kind, 'unknown') as source_kind, revisions.text as text"
            " from copies left join sources on sources.key = copies.source"
            " join revisions on revisions.copy = copies.url_key where url_key = ?"
            " order by revisions.number desc limit 1",
            [key],
        )
        found.extend(
            Witness(
                url=row["url"],
                url_key=row["url_key"],
                kind=row["source_kind"],
                title=row["title"],
                published_on=read_day(row["published_on"]),
                claimed_url=row["claimed_original"],
                claimed_key=follow(db, row["claimed_key"]) if row["claimed_key"] else None,
                claim_evidence=json.loads(row["evidence"]).get("claimed_original"),
                claim_kind=kind_of_page(db, row["claimed_key"]) if row["claimed_key"] else None,
                text=row["text"],
                text_digest=row["text_digest"],
                text_length=row["text_length"],
            )
            for row in rows
        )
    return found


def fields_of(reading: Reading) -> dict[str, str | list[str] | None]:
    """The fields of a reading as they stand in `copies`, and among others in `revisions.fields`."""
    return {
        "title": reading.title,
        "published_on": day(reading.published_on),
        "published_at": instant(reading.published_at) if reading.published_at else None,
        "written_on": day(reading.written_on),
        "effective_on": day(reading.effective_on),
        "document_number": reading.document_number,
        "document_type": reading.document_type,
        "index_number": reading.index_number,
        "issuing_agency": reading.issuing_agency,
        "issuing_agencies": list(reading.issuing_agencies),
        "attribution": reading.attribution,
        "author": reading.author,
        "claimed_original": reading.claimed_original,
        "validity": reading.validity,
    }


def _beginning(db: Database, column: Literal["url_key", "claimed_key"], prefixes: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for prefix in prefixes:
        rows = db.query(
            f"select url_key from copies where {column} = ? or ({column} >= ? and {column} < ?)",  # noqa: S608 (a literal)
            [prefix.rstrip("/"), prefix, prefix + "\U0010ffff"],
        )
        found.update(row["url_key"] for row in rows)
    return found


def _copy_row(copy: Copy) -> dict[str, object]:
    fields = fields_of(copy.reading)
    return {
        **fields,
        "issuing_agencies": _json(fields["issuing_agencies"]),
        "url": copy.url,
        "url_key": copy.url_key,
        "source": copy.source,
        "claimed_key": copy.claimed_key,
        "text_digest": copy.text_digest,
        "text_length": copy.text_length,
        "state": copy.state,
        "evidence": _json(dict(copy.reading.evidence)),
        "first_seen_at": instant(copy.first_seen_at),
        "last_seen_at": instant(copy.last_seen_at),
    }


def _revision_row(revision: Revision) -> dict[str, object]:
    return {
        "copy": revision.copy,
        "number": revision.number,
        "seen_from": instant(revision.seen_from),
        "seen_to": instant(revision.seen_to),
        "changed": _json(revision.changed),
        "title": revision.reading.title,
        "text": revision.reading.text,
        "text_digest": revision.text_digest,
        "state_digest": revision.state_digest,
        "fields": _json({**fields_of(revision.reading), **_twins_of(revision.reading)}),
    }


def _twins_of(reading: Reading) -> dict[str, str | None]:
    """What a page says beside the fields of a copy: raw forms, and how the site files the notice."""
    return {
        "published_raw": reading.published_raw,
        "document_number_raw": reading.document_number_raw,
        "site_name": reading.site_name,
        "channel_name": reading.channel_name,
        "subject_category": reading.subject_category,
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
