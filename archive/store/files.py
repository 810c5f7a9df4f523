"""Tables `files` and `file_versions`: what each payload says that is linked, and which an address showed when.

Both hold what a copy links now; what nobody links any more is dropped.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from archive.records import FileReading
from archive.store.rows import ask, insert_all, upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A payload as it was read: `digest` is of the body as sent, `sha256` of the file itself."""

    digest: str
    sha256: str
    size: int
    reading: FileReading


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What an address showed from one instant to another, both as in the rows."""

    digest: str
    sha256: str
    seen_from: str
    seen_to: str


def kept_file(db: Database, digest: str, version: str) -> KeptFile | None:
    """A payload that these readers have read."""
    row = next(ask(db, "select * from files where payload_digest = ? and reader_version = ?", [digest, version]), None)
    if row is None:
        return None
    reading = FileReading(
        media_type=row["media_type"],
        read_as=row["read_as"],
        text=row["text"],
        unread=row["unread"],
        pages=row["pages"],
        members=tuple(json.loads(row["members"])),
    )
    return KeptFile(digest=digest, sha256=row["sha256"], size=row["size"], reading=reading)


def put_file(db: Database, file: KeptFile, version: str) -> None:
    """Keep what a payload says."""
    upsert(
        db,
        "files",
        {
            "payload_digest": file.digest,
            "sha256": file.sha256,
            "size": file.size,
            "media_type": file.reading.media_type,
            "read_as": file.reading.read_as,
            "text": file.reading.text,
            "unread": file.reading.unread,
            "pages": file.reading.pages,
            "members": json.dumps(file.reading.members, ensure_ascii=False),
            "reader_version": version,
        },
        "payload_digest",
    )


def put_versions(db: Database, key: str, versions: Sequence[Version]) -> bool:
    """Keep what an address of a file showed. Whether it showed another file before, or does no longer."""
    old = versions_of(db, key)
    db.execute("delete from file_versions where url_key = ?", [key])
    insert_all(
        db,
        "file_versions",
        (
            {
                "url_key": key,
                "number": number,
                "payload_digest": version.digest,
                "seen_from": version.seen_from,
                "seen_to": version.seen_to,
            }
            for number, version in enumerate(versions, 1)
        ),
    )
    gone = {version.digest for version in old} - {version.digest for version in versions}
    for digest in sorted(gone):
        db.execute(
            "delete from files where payload_digest = ?1"
            " and not exists (select 1 from file_versions where payload_digest = ?1)",
            [digest],
        )
    return list(versions) != old and max(len(old), len(versions)) > 1


def versions_of(db: Database, key: str) -> list[Version]:
    """What an address of a file showed, oldest first."""
    rows = ask(
        db,
        "select payload_digest as digest, sha256, seen_from, seen_to from file_versions"
        " join files using (payload_digest) where url_key = ? order by number",
        [key],
    )
    return [Version(**row) for row in rows]


def read_otherwise(db: Database, version: str) -> list[str]:
    """Addresses of linked files, by url key, of which readers of another version read something."""
    found = ask(
        db,
        "select url_key from file_versions join files using (payload_digest) where reader_version <> ?1"
        " union select attachments.url_key from files join captures using (payload_digest)"
        " join attachments on attachments.url_key = captures.url_key where files.reader_version <> ?1",
        [version],
    )
    return [row["url_key"] for row in found]


def plain_digest(digest: str | None) -> str | None:
    """The hex digits of a SHA-256, as every tool prints them."""
    return digest.removeprefix("sha256:") if digest else None
