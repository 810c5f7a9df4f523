"""Making the database anew from captures and rulings alone, and publishing it in place of the old one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from archive.archive import Archive
from archive.store import open_reader, open_writer
from archive.store.publish import Difference, carry_log, compare, publish
from archive.worker import IndexProcess

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
        if not served.is_file():
            count = made.table("copies").count
            return Difference(kept=0, moved=0, added=count, dropped=0)
        old = open_reader(served)
        try:
            difference = compare(old, made)
            carry_log(old, made)
            return difference
        finally:
            old.close()
    finally:
        made.close()


def _remove(database: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
