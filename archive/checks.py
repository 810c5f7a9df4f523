"""Whether captures, rows and digests agree: everything `minzheng verify` can prove without the network."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from archive import warc
from archive.store import Database
from archive.store.soundness import Indexed, Row, indexed_files, is_held, rows_of, search_unsound, unsound


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that does not agree: `where` is a WARC file with its offset, or the database."""

    where: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """One WARC file that was read to its end: how many records and rows were compared."""

    warc_file: str
    records: int
    rows: int


def check_captures(root: Path, db: Database) -> Iterator[Finding | Sound]:
    """Compare every WARC file under `root` with its own digests and with the rows, in the order of their names.

    A file gives its findings, then one `Sound` with the counts. What the index has not reached yet is not compared.
    """
    indexed = indexed_files(db)
    on_disk = dict(warc.warc_files(root))
    for name in sorted(indexed.keys() | on_disk.keys()):
        if name not in on_disk:
            yield Finding(where=name, detail="indexed, but the file is gone; put it back from a backup")
        else:
            yield from _check_file(name, on_disk[name], indexed.get(name), db)


def check_database(db: Database, folder: Path) -> Iterator[Finding]:
    """Check the structure of the database and its search index; needs room for a copy of it in `folder`."""
    for detail in unsound(db):
        yield Finding(where="notices.db", detail=f"{detail}; `minzheng rebuild` makes it anew")
    with TemporaryDirectory(prefix=".verify-", dir=folder) as scratch:
        difference = search_unsound(db, Path(scratch))
    if difference is not None:
        yield Finding(where="notices.db", detail=difference)


def _check_file(name: str, path: Path, indexed: Indexed | None, db: Database) -> Iterator[Finding | Sound]:
    if indexed is not None and indexed.sha256 is not None and indexed.sha256 != _sha256(path):
        yield Finding(where=name, detail=f"the file is no longer the one with SHA-256 {indexed.sha256}")
    records = 0
    for record in warc.verify(path):
        records += 1
        if isinstance(record, warc.Damage):
            yield Finding(where=f"{name} at {record.offset}", detail=record.detail)
        elif record.problem is not None:
            yield Finding(where=f"{name} at {record.place.offset}", detail=record.problem)
    rows = {row.offset: row for row in rows_of(db, name)}
    counted = len(rows)
    for found in warc.scan(path):
        if isinstance(found, warc.Damage):
            continue
        row = rows.pop(found.place.offset, None)
        if isinstance(found, warc.StoredExchange) and indexed is not None and found.place.end <= indexed.to:
            yield from _compare(found, row, db)
    for row in rows.values():
        yield Finding(where=f"{name} at {row.offset}", detail=f"row {row.record_id} has no readable record there")
    yield Sound(warc_file=name, records=records, rows=counted)


def _compare(found: warc.StoredExchange, row: Row | None, db: Database) -> Iterator[Finding]:
    where = f"{found.place.warc_file} at {found.place.offset}"
    if row is None:
        if not is_held(db, found.place.record_id):
            yield Finding(where=where, detail=f"{found.url} has no row; `minzheng rebuild` reads it again")
    elif row.record_id != found.place.record_id:
        yield Finding(where=where, detail=f"holds {found.place.record_id}, the row says {row.record_id}")
    elif row.digest != found.payload_digest:
        yield Finding(where=where, detail=f"payload is {found.payload_digest}, the row says {row.digest}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
