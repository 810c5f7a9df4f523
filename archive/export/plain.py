"""The notices alone as files of a folder, one pass over them for every format."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import mkdtemp

from archive.export.formats import EXPORTERS, SNAPSHOT
from archive.store import Database
from archive.store.dataset import EVERYTHING, Choice, notice_pages, vacuum_into
from archive.store.tables import DATASET


def export_notices(
    db: Database, folder: Path, *, formats: Sequence[str], choice: Choice = EVERYTHING
) -> tuple[list[Path], int]:
    """Write the chosen notices in each format; give the files and how many notices went into the narrowed ones.

    Every file is written beside its place and renamed when all are whole: a failure leaves what was there before.
    Raises: ValueError if the snapshot, which is always the whole database, is asked for a choice of notices.
    """
    names = list(dict.fromkeys(formats))
    if SNAPSHOT in names and choice != EVERYTHING:
        raise ValueError(f"notices.{SNAPSHOT} is always the whole database: leave the filters out")
    folder.mkdir(parents=True, exist_ok=True)
    with _scratch(folder) as scratch:
        count = _write_all(db, scratch, names, choice)
        return [(scratch / _file(name)).replace(folder / _file(name)) for name in names], count


def _write_all(db: Database, scratch: Path, names: Sequence[str], choice: Choice) -> int:
    count = 0
    rows = [name for name in names if name != SNAPSHOT]
    with ExitStack() as files:
        sinks = [files.enter_context(EXPORTERS[name].write(scratch / _file(name), DATASET)) for name in rows]
        for notices in notice_pages(db, choice) if rows else ():
            count += len(notices)
            for sink in sinks:
                sink(notices)
    if SNAPSHOT in names:
        vacuum_into(db, scratch / _file(SNAPSHOT))
    for name in names:
        _sync(scratch / _file(name))
    return count


def _file(name: str) -> str:
    return f"{DATASET.name}.{name}"


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """Give a new folder inside `folder`, so that the renames stay on one disk; it is gone afterwards."""
    scratch = Path(mkdtemp(prefix=".export-", dir=folder))
    try:
        yield scratch
    finally:
        for file in scratch.iterdir():
            file.unlink()
        scratch.rmdir()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
