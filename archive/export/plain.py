"""The notices alone as files of a folder, one pass over them for every format."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import mkdtemp

from archive.export.exporter import Exporter
from archive.export.formats import SNAPSHOT, exporters_of
from archive.store import Database
from archive.store.dataset import EVERYTHING, Choice, notice_pages, vacuum_into
from archive.store.tables import DATASET


def export_notices(
    db: Database, folder: Path, *, formats: Sequence[str], choice: Choice = EVERYTHING, base: str | None = None
) -> tuple[list[Path], int]:
    """Write the chosen notices in each format; give the files and how many notices went into the narrowed ones.

    Every file is written beside its place and renamed when all are whole: a failure leaves what was there before.
    References lead to `base`, where the archive is served, or else to where a text was published.
    Raises: ValueError if the snapshot, which is always the whole database, is asked for a choice of notices;
    NotInstalled, Unwritable, OSError.
    """
    names = list(dict.fromkeys(formats))
    exporters = {name: exporter for name, exporter in exporters_of(db, base).items() if name in names}
    for exporter in exporters.values():
        exporter.check()
    if SNAPSHOT in names and choice != EVERYTHING:
        raise ValueError(f"notices.{SNAPSHOT} is always the whole database: leave the filters out")
    folder.mkdir(parents=True, exist_ok=True)
    with _scratch(folder) as scratch:
        count = _write_all(db, scratch, exporters, choice)
        if SNAPSHOT in names:
            vacuum_into(db, scratch / _file(SNAPSHOT))
        for name in names:
            _sync(scratch / _file(name))
        return [(scratch / _file(name)).replace(folder / _file(name)) for name in names], count


def _write_all(db: Database, scratch: Path, exporters: Mapping[str, Exporter], choice: Choice) -> int:
    count = 0
    with ExitStack() as files:
        sinks = [
            files.enter_context(exporter.write(scratch / _file(name), DATASET)) for name, exporter in exporters.items()
        ]
        for notices in notice_pages(db, choice) if exporters else ():
            count += len(notices)
            for sink in sinks:
                sink(notices)
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
