"""Table `revisions`: the states of a copy, each with its whole reading, so that old captures need no second reading."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict, cast

from sqlite_utils import Database

from archive.records import Link, Reading, Revision
from archive.store.copies import fields_of
from archive.store.times import instant, read_day, read_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A state as it was read once. `payloads` are the digests of what shows it: the page, then its parts."""

    payloads: tuple[str, ...]
    reading: Reading
    text_digest: str
    state_digest: str


def put_revisions(db: Database, key: str, revisions: Sequence[Revision]) -> None:
    """Keep the states of a copy in place of those it had."""
    db.execute("delete from revisions where copy = ?", [key])
    db.table("revisions").insert_all(_row(revision) for revision in revisions)


def kept_states(db: Database, key: str) -> list[Kept]:
    """The states of a copy that can be taken from their rows, in order; those of older databases cannot."""
    rows = db.query("select * from revisions where copy = ? and payloads <> '[]' order by number", [key])
    return [
        Kept(
            payloads=tuple(json.loads(row["payloads"])),
            reading=_reading(json.loads(row["fields"]), row["text"]),
            text_digest=row["text_digest"],
            state_digest=row["state_digest"],
        )
        for row in rows
    ]


class _Fields(TypedDict):
    """What `revisions.fields` holds."""

    url: str
    title: str | None
    published_on: str | None
    published_at: str | None
    published_raw: str | None
    written_on: str | None
    effective_on: str | None
    document_number: str | None
    document_number_raw: str | None
    document_type: str | None
    index_number: str | None
    issuing_agency: str | None
    issuing_agencies: list[str]
    attribution: str | None
    author: str | None
    site_name: str | None
    channel_name: str | None
    claimed_original: str | None
    validity: str | None
    subject_category: str | None
    attachments: list[list[str]]
    parts: list[str]
    evidence: dict[str, str]


def _row(revision: Revision) -> dict[str, object]:
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
        "payloads": _json(revision.payloads),
        "fields": _json(_fields(revision.reading)),
    }


def _fields(reading: Reading) -> _Fields:
    """The fields of a copy, and beside them raw forms, how the site files the notice, its files and parts."""
    said = {
        **fields_of(reading),
        "url": reading.url,
        "published_raw": reading.published_raw,
        "document_number_raw": reading.document_number_raw,
        "site_name": reading.site_name,
        "channel_name": reading.channel_name,
        "subject_category": reading.subject_category,
        "attachments": [[link.name, link.url] for link in reading.attachments],
        "parts": list(reading.parts),
        "evidence": dict(reading.evidence),
    }
    return cast("_Fields", said)


def _reading(said: _Fields, text: str) -> Reading:
    return Reading(
        url=said["url"],
        title=said["title"],
        published_on=read_day(said["published_on"]),
        published_at=read_instant(said["published_at"]) if said["published_at"] else None,
        published_raw=said["published_raw"],
        written_on=read_day(said["written_on"]),
        effective_on=read_day(said["effective_on"]),
        document_number=said["document_number"],
        document_number_raw=said["document_number_raw"],
        document_type=said["document_type"],
        index_number=said["index_number"],
        issuing_agency=said["issuing_agency"],
        issuing_agencies=tuple(said["issuing_agencies"]),
        attribution=said["attribution"],
        author=said["author"],
        site_name=said["site_name"],
        channel_name=said["channel_name"],
        validity=said["validity"],
        subject_category=said["subject_category"],
        claimed_original=said["claimed_original"],
        text=text,
        attachments=tuple(Link(name=name, url=url) for name, url in said["attachments"]),
        parts=tuple(said["parts"]),
        evidence=said["evidence"],
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
