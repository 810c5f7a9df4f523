"""Checking that a WARC file still holds the bytes it was given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.records import Place
from archive.warc.blocks import digest_agrees, payload_of, read_answer, unchunk
from archive.warc.reading import Damage, Record, read_records


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One record that could be read. `problem` is None if every digest it states is right."""

    place: Place
    kind: str
    problem: str | None


def verify(path: Path) -> Iterator[Checked | Damage]:
    """Compare each record of a file, ours or foreign, with the digests it states, in file order."""
    for record in read_records(path):
        if isinstance(record, Damage):
            yield record
        else:
            yield Checked(place=record.place, kind=record.kind, problem=problem_of(record))


def problem_of(record: Record) -> str | None:
    """What is wrong with the digests that a record states; None where each is right, or none is stated."""
    try:
        block = record.header("WARC-Block-Digest")
        if block is not None and not digest_agrees(block, record.block):
            return f"the block is not what {block} was made of"
        payload = record.header("WARC-Payload-Digest")
        if payload is not None and record.kind != "revisit":  # a revisit's payload is elsewhere
            if any(digest_agrees(payload, data) for data in _payloads(record)):
                return None
            return f"the payload is not what {payload} was made of"
    except ValueError as error:
        return str(error)
    return None


def _payloads(record: Record) -> Iterator[bytes]:
    """What a payload digest may be of: programs differ on whether a chunked body counts with its chunk sizes."""
    if not record.of_web or record.kind not in ("response", "request"):
        yield record.block
        return
    yield payload_of(record.block)
    if record.kind == "response":
        yield unchunk(read_answer(record.block))
