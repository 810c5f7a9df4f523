"""The exchanges behind notices as WARC files: records are copied as they are, so their digests still hold.

A page is shown as it was sent, so nothing in it can be masked: raw evidence goes with what is unmasked only.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final, Literal

from archive.records import Channel, Crawl, CrawlEnd, Listed, Source
from archive.store import Database
from archive.store.evidence import Evidence
from archive.store.masked import masked_by
from archive.store.times import read_instant
from archive.urls import url_key
from archive.warc import is_ours, noting_crawl, warc_files
from archive.warc.copying import copy_members
from archive.warc.notes import NOTE_TYPE, decode_note
from archive.warc.reading import Record
from archive.warc.writing import info_record

SHARD: Final = 1024**3
"""Bytes after which another file is begun."""


MISSING: Final = "missing.jsonl"
"""The file that names captures of a release whose records its evidence does not have."""


class RawIsUnmasked(ValueError):  # noqa: N818  it says what is, not that we failed
    """Raw pages are asked for in what is masked."""

    def __init__(self, what: str = "--format warc or wacz, or --files") -> None:
        super().__init__(f"{what}: what was sent stands there as it was, personal data and all. Give --unmasked, too")


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A record that the database names and that was not written, and why."""

    record_id: str
    warc_file: str
    offset: int
    why: Literal["left out", "cannot be read"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written: the files in order, how many captures they hold, and what of them was not written."""

    files: tuple[Path, ...]
    captures: int
    missing: tuple[Missing, ...]


def refuse_masked(db: Database, *what: str) -> None:
    """Raises: RawIsUnmasked for a database that was masked; it names `what`, if that is not its usual."""
    if masked_by(db) is not None:
        raise RawIsUnmasked(*what)


def write_warc(
    folder: Path,
    root: Path,
    db: Database,
    *,
    name: str,
    left_out: Collection[str] = (),
    shard: int = SHARD,
    progress: Callable[[int, int], object] | None = None,
) -> Written:
    """Write every capture of `db` to `folder/<name>.warc.gz`, several files above `shard` bytes; none makes no file.

    `root` is the archive's folder of WARC files; `db` holds what was chosen and no more. What stands at the addresses
    `left_out` (url keys) is not written.
    Each file begins with what it is; then come, in the order of the archive's files, requests, answers, revisits with
    what they repeat, and our notes about them: crawls, sources, channels, entries of lists, failures. The same captures
    give the same bytes. Raises: RawIsUnmasked, OSError.
    """
    refuse_masked(db)
    evidence = Evidence(db, frozenset(left_out))
    unread: list[Missing] = []
    copied = _copy(root, evidence, unread, progress)
    files = tuple(_write(folder, name, copied, at=evidence.last_look(), shard=shard))
    without = [Missing(**place._asdict(), why="left out") for place in evidence.without()]
    return Written(files=files, captures=evidence.count() - len(unread), missing=(*without, *unread))


def write_missing(path: Path, missing: Iterable[Missing]) -> None:
    """Say in a file which records were not written, a line each, for whoever checks; no file where there is none."""
    if lines := [json.dumps(asdict(one)) + "\n" for one in missing]:
        path.write_text("".join(lines), "utf-8")


def _copy(
    root: Path, evidence: Evidence, unread: list[Missing], progress: Callable[[int, int], object] | None
) -> Iterator[tuple[Record, bytes]]:
    """The records to write, file by file; what should be there and was not met is told to `unread`."""
    named = evidence.warc_files()
    crawls = evidence.crawls() | {noting_crawl(file) for file in named}
    ours = {file: path for file, path in warc_files(root) if is_ours(file)}
    on_disk = {file: path for file, path in ours.items() if file in named or noting_crawl(file) in crawls}
    sources = evidence.sources()
    todo = sorted({*named, *on_disk})
    for number, file in enumerate(todo, 1):
        places = evidence.records_in(file)
        if file in on_disk:
            is_wanted = partial(_is_wanted, dict(places), evidence, sources)
            for record, member in copy_members(on_disk[file], is_wanted):
                places.pop(record.place.offset, None)
                yield record, member
        unread += (
            Missing(record_id=one, warc_file=file, offset=at, why="cannot be read")
            for at, one in sorted(places.items())
        )
        if progress is not None:
            progress(number, len(todo))


def _is_wanted(places: Mapping[int, str], evidence: Evidence, sources: Collection[str], record: Record) -> bool:
    """Whether a record is chosen, or is a note about what is. A failure is a capture itself, so it is found as one."""
    if places.get(record.place.offset) == record.place.record_id:
        return True
    if record.kind != "metadata" or record.header("Content-Type") != NOTE_TYPE:
        return False
    with suppress(ValueError):  # of a newer version, or of an address that is none
        match decode_note(record.block):
            case Crawl() | CrawlEnd():
                return True
            case Source(key=key) | Channel(source=key):
                return key in sources
            case Listed(entry=entry):
                return evidence.is_about(url_key(entry.url))
    return False


def _write(folder: Path, name: str, copied: Iterable[tuple[Record, bytes]], *, at: str, shard: int) -> Iterator[Path]:
    """Write the records into files of about `shard` bytes; an answer and the request behind it stay together."""
    files: list[Path] = []
    with ExitStack() as opened:
        file: BinaryIO | None = None
        for record, member in copied:
            if file is None or (file.tell() > shard and record.kind != "request"):
                opened.close()
                files.append(folder / f"{name}-{len(files):05}.warc.gz")
                file = opened.enter_context(_synced(files[-1]))
                file.write(_about(name, len(files), at))
            file.write(member)
    if len(files) == 1:
        yield files[0].replace(folder / f"{name}.warc.gz")
    else:
        yield from files


@contextmanager
def _synced(path: Path) -> Iterator[BinaryIO]:
    with path.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _about(name: str, number: int, at: str) -> bytes:
    """What a file says of itself: no clock, so the date is that of the last look."""
    record_id = uuid.uuid5(uuid.NAMESPACE_URL, f"minzheng:{name}:{number}:{at}").urn
    fields = {
        "isPartOf": name,
        "description": "Exchanges behind notices, copied record by record from the archive's own WARC files.",
    }
    return info_record(fields, record_id=record_id, at=read_instant(at))
