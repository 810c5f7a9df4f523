"""What is new in a WARC file, cut into pieces that are taken together: as much as one transaction should hold."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive import warc

Record = warc.StoredExchange | warc.StoredNote | warc.Damage

_RECORDS = 200
_SECONDS = 1.0
_BYTES = 32 * 1024 * 1024


@dataclass(slots=True, kw_only=True)
class Batch:
    """Records of one file that are taken together. `start` and `end` are where they begin and end in it."""

    name: str
    path: Path
    start: int
    end: int
    records: list[Record]
    is_last: bool = False
    """Nothing comes behind it in the file, as that stands now; it may be empty."""


def cut_batches(name: str, path: Path, start: int) -> Iterator[Batch]:
    """Cut a file, from the record at `start` on, into batches of some records, bytes and seconds at most."""
    batch = Batch(name=name, path=path, start=start, end=start, records=[])
    size, began = 0, time.monotonic()
    for record in warc.scan(path, start):
        batch.records.append(record)
        if not isinstance(record, warc.Damage):
            batch.end = max(batch.end, record.place.end)
        size += len(record.body or b"") if isinstance(record, warc.StoredExchange) else 0
        if len(batch.records) >= _RECORDS or size > _BYTES or time.monotonic() - began > _SECONDS:
            yield batch
            batch = Batch(name=name, path=path, start=batch.end, end=batch.end, records=[])
            size, began = 0, time.monotonic()
    batch.is_last = True
    yield batch
