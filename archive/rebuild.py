"""Making the database anew from captures and rulings alone, or doing a part of it again, and publishing the result.

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
from archive.store import (
    Database,
    DatabaseError,
    attachments,
    captures,
    copies,
    coverage,
    fidelities,
    likenesses,
    open_reader,
    open_writer,
)
from archive.store.changes import FieldChange, Loss, compare_fields, find_losses
from archive.store.publish import Difference, carry_log, compare, copy_out, is_readable, publish
from archive.worker import IndexFailed, IndexProcess

logger = logging.getLogger(__name__)

_NEW = "notices.new.db"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """What is done again where the rest stays: all of some sources read, by key, and what another reader read;
    and with `matches` every copy compared and settled, from its rows, as another tracing than ours may have."""

    sources: tuple[str, ...] = ()
    stale: bool = False
    matches: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """A database made anew beside the one that is served, and how they differ; not seen before it is published."""

    path: Path
    served: Path
    difference: Difference
    fields: tuple[FieldChange, ...]
    losses: tuple[Loss, ...]
    """Fields of which too much was lost."""
    replaces: bool
    """Whether the one that is served is whole; else it is taken away first."""

    def publish(self) -> None:
        """Put it in the place of the one that is served."""
        if not self.replaces:
            _remove(self.served)
        publish(self.path, self.served)


def rebuild(
    archive: Archive,
    *,
    again: Again | None = None,
    progress: Progress | None = None,
    order: Sequence[str] = (),
    workers: int | None = None,
) -> Difference:
    """Rebuild a locked archive's database, or do a part of it `again`, and publish it. Raises: as `shadow`."""
    with shadow(archive, again=again, progress=progress, order=order, workers=workers) as made:
        made.publish()
    return made.difference


@contextmanager
def shadow(
    archive: Archive,
    *,
    again: Again | None = None,
    progress: Progress | None = None,
    order: Sequence[str] = (),
    workers: int | None = None,
) -> Iterator[Shadow]:
    """Make a locked archive's database anew, or do a part of it `again`, beside the one that is served.

    It is gone afterwards. `order` names WARC files to take first; `workers` processes read pages, by default one a
    core. Raises: IndexFailed when the index cannot finish, or there is nothing to do again.
    """
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
        difference, fields, replaces = _compare(archive.database, new)
        yield Shadow(
            path=new,
            served=archive.database,
            difference=difference,
            fields=fields,
            losses=tuple(find_losses(fields)),
            replaces=replaces,
        )
    finally:
        _remove(new)


def mark_again(db: Database, again: Again) -> None:
    """Mark what the index is to judge and read, or to compare and settle again when it is run next."""
    with db.atomic():
        for key in again.sources:
            copies.mark(db, copies.addresses_of(db, key), "look")
        if again.stale:
            copies.mark(db, captures.read_otherwise(db, extract.READER_VERSION), "look")
            for key in captures.files_read_otherwise(db, FILES_VERSION):
                attachments.mark_answered(db, key)
        if again.matches:
            likenesses.forget_all(db)
            fidelities.forget_states(db)
            copies.mark_all(db, "settle")
            copies.mark_all(db, "relate")
        coverage.forget_coverage(db)


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


def _remove(database: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
