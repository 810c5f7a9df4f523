"""Making the database anew from captures and rulings alone, or reading a part of it again, and publishing the result.

Either is done beside the database that is served: from nothing, or in a copy of it, where the addresses to be read
again are marked and the index does the rest. So it can be looked at before anybody else sees it, and readers never see
half: the result comes over the old database in one transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive import extract
from archive.archive import Archive
from archive.files import FILES_VERSION
from archive.store import Database, DatabaseError, attachments, captures, copies, coverage, open_reader, open_writer
from archive.store.changes import FieldChange, Loss, compare_fields, find_losses
from archive.store.publish import Difference, carry_log, compare, copy_out, is_readable, publish
from archive.worker import IndexFailed, IndexProcess

logger = logging.getLogger(__name__)

_NEW = "notices.new.db"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """What is read again where the rest stays: all of some sources, by key, and what another reader read."""

    sources: tuple[str, ...] = ()
    stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a rebuild made of the fields, and whether it was published: not when it lost too much of one."""

    difference: Difference
    fields: tuple[FieldChange, ...]
    losses: tuple[Loss, ...]
    published: bool


def rebuild(
    archive: Archive,
    *,
    again: Again | None = None,
    progress: Progress | None = None,
    order: Sequence[str] = (),
    workers: int | None = None,
) -> Difference:
    """Rebuild a locked archive's database, or read a part of it `again`; the old one is served until that is done.

    `order` names WARC files to take first; `workers` processes read pages, by default one a core. Raises: IndexFailed
    when the index cannot finish, or there is nothing to read again; the old database is then as it was.
    """
    with _made(archive, again, progress, order, workers) as new:
        difference, _, is_whole = _compare(archive.database, new)
        _publish(new, archive.database, is_whole=is_whole)
    return difference


def rebuild_checked(
    archive: Archive,
    *,
    again: Again | None = None,
    progress: Progress | None = None,
    workers: int | None = None,
    accept_loss: bool = False,
) -> Checked:
    """Do the same, compare every field of every copy, and publish only what lost nothing that matters.

    With `accept_loss` it is published whatever was lost.
    """
    with _made(archive, again, progress, (), workers) as new:
        difference, fields, is_whole = _compare(archive.database, new)
        losses = tuple(find_losses(fields))
        published = accept_loss or not losses
        if published:
            _publish(new, archive.database, is_whole=is_whole)
    return Checked(difference=difference, fields=fields, losses=losses, published=published)


def mark_again(db: Database, again: Again) -> None:
    """Mark what the index is to judge and read again when it is run next."""
    with db.atomic():
        for key in again.sources:
            copies.mark(db, copies.addresses_of(db, key), "look")
        if again.stale:
            copies.mark(db, captures.read_otherwise(db, extract.READER_VERSION), "look")
            for key in captures.files_read_otherwise(db, FILES_VERSION):
                attachments.mark_answered(db, key)
        coverage.forget_coverage(db)


@contextmanager
def _made(
    archive: Archive, again: Again | None, progress: Progress | None, order: Sequence[str], workers: int | None
) -> Iterator[Path]:
    """The database made anew, beside the one that is served; it is gone afterwards."""
    new = archive.path / _NEW
    _remove(new)
    try:
        if again is not None:
            _copy_marked(archive.database, new, again)
        index = IndexProcess(archive.path, database=new, progress=progress, order=order, workers=workers, is_draft=True)
        try:
            index.catch_up().result()
        finally:
            index.close()
        _carry(archive.database, new, is_copy=again is not None)
        yield new
    finally:
        _remove(new)


def _copy_marked(served: Path, new: Path, again: Again) -> None:
    """Copy the database that is served, and mark in the copy what is to be judged and read again."""
    if not served.is_file():
        raise IndexFailed(f"{served} is not there: nothing to read again; `minzheng rebuild` makes it", 4)
    try:
        copy_out(served, new)
        made = open_writer(new)
    except DatabaseError as error:
        raise IndexFailed(f"{served}: {error}; `minzheng rebuild` without options makes it anew", 1) from error
    try:
        mark_again(made, again)
    finally:
        made.close()


def _carry(served: Path, new: Path, *, is_copy: bool) -> None:
    """Bring the log of moves along, which is not derived; what a part read again moved stands in the copy's own log."""
    if is_copy or not served.is_file():
        return
    old, made = open_reader(served), open_writer(new)
    try:
        if is_readable(old):
            carry_log(old, made)
    finally:
        made.close()
        old.close()


def _compare(served: Path, new: Path) -> tuple[Difference, tuple[FieldChange, ...], bool]:
    """What changed from the database that is served, field by field too, and whether that one could be read."""
    made = open_reader(new)
    try:
        if served.is_file():
            old = open_reader(served)
            try:
                if is_readable(old):
                    return compare(old, made), tuple(compare_fields(old, made)), True
            finally:
                old.close()
            logger.warning("%s is no database of ours or damaged: there is nothing to compare the new one with", served)
        return Difference(kept=0, moved=0, added=made.table("copies").count, dropped=0), (), False
    finally:
        made.close()


def _publish(new: Path, served: Path, *, is_whole: bool) -> None:
    """Put the new database in the place of the old one; one that is not whole is first taken away."""
    if not is_whole:
        _remove(served)
    publish(new, served)


def _remove(database: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
