"""Copying records from one WARC file to another as they are, member by member, so that their digests still hold."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from archive.warc.files import present
from archive.warc.reading import Damage, Record, read_records

_GZIP = b"\x1f\x8b"


def copy_members(path: Path, is_wanted: Callable[[Record], bool]) -> Iterator[tuple[Record, bytes]]:
    """Give each wanted record of a file and the requests that belong to wanted answers, in file order, each packed.

    Before the first of them comes what the file says of itself (`warcinfo`). A file with nothing wanted gives nothing.
    What is damaged is passed over.
    """
    path = present(path)
    with path.open("rb") as file:

        def member(record: Record) -> tuple[Record, bytes]:
            file.seek(record.place.offset)
            data = file.read(record.place.end - record.place.offset)
            return record, data if data.startswith(_GZIP) else gzip.compress(data, mtime=0)

        waiting: list[Record] = []  # what the file says of itself, and a request whose answer is still to come
        answer: Record | None = None
        for record in read_records(path):
            if isinstance(record, Damage):
                continue
            if record.kind == "warcinfo":
                waiting = [record]
            elif record.kind == "request":
                if answer is not None and is_request_of(record, answer):
                    yield member(record)
                else:
                    waiting = [*(one for one in waiting if one.kind == "warcinfo"), record]
            elif is_wanted(record):
                yield from (member(one) for one in waiting if one.kind != "request" or is_request_of(one, record))
                yield member(record)
                waiting, answer = [], record
            elif record.kind != "metadata":
                answer = None


def is_request_of(request: Record, answer: Record) -> bool:
    """Whether a request is that of an answer: by the id that either names, else by the address."""
    named = {request.header("WARC-Concurrent-To"), answer.header("WARC-Concurrent-To")} - {None}
    if named:
        return bool(named & {answer.place.record_id, request.place.record_id})
    return request.header("WARC-Target-URI") == answer.header("WARC-Target-URI")


def write_whole(target: Path, parts: Iterable[bytes]) -> None:
    """Write a file, whole or not at all, and on the disk when this returns."""
    part = target.with_name(target.name + ".part")
    try:
        with part.open("wb") as file:
            for data in parts:
                file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
