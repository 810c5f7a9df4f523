"""Making the database anew from captures and rulings alone, and publishing it in place of the old one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from archive.archive import Archive
from archive.store import open_reader, open_writer
from archive.store.publish import Difference, carry_log, compare, is_readable, publish
from archive.worker import IndexProcess

logger = logging.getLogger(__name__)

_NEW = "notices.new.db"


def rebuild(
    archive: Archive, *, progress: Callable[[int, int], None] | None = None, order: Sequence[str] = ()
) -> Difference:
    """Rebuild a locked archive's database; the old one is served until the new one is whole.

    `order` names WARC files to take first. Raises: IndexFailed when the index cannot finish; the old database is
    then as it was.
    """
    new = archive.path / _NEW
    _remove(new)
    try:
        index = IndexProcess(archive.path, database=new, progress=progress, order=order)
        try:
            index.catch_up().result()
        finally:
            index.close()
        difference = _finish(archive.database, new)
        publish(new, archive.database)
        return difference
    finally:
        _remove(new)


def _finish(served: Path, new: Path) -> Difference:
    made = open_writer(new)
    try:
        if served.is_file():
            old = open_reader(served)
            try:
                if is_readable(old):
                    difference = compare(old, made)
                    carry_log(old, made)
                    return difference
            finally:
                old.close()
            logger.warning("%s is no database of ours or damaged; a new one takes its place", served)
            _remove(served)
        return Difference(kept=0, moved=0, added=made.table("copies").count, dropped=0)
    finally:
        made.close()


def _remove(database: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
