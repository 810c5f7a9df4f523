"""Export of the notices: one pass feeds every format; a second run over an unchanged database gives equal bytes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import mkdtemp

from archive.export.csv import write_csv
from archive.export.exporter import Exporter
from archive.export.jsonl import write_jsonl
from archive.export.sqlite import write_sqlite
from archive.store import Database
from archive.store.dataset import EVERYTHING, Choice, notice_pages

EXPORTERS: dict[str, Exporter] = {
    "csv": Exporter(file_name="notices.csv", write=write_csv),
    "jsonl": Exporter(file_name="notices.jsonl", write=write_jsonl),
    "sqlite": Exporter(file_name="notices.sqlite", write=write_sqlite, whole=True),
}


def export_notices(
    db: Database, folder: Path, *, formats: Sequence[str], choice: Choice = EVERYTHING
) -> tuple[list[Path], int]:
    """Write the chosen notices in each format; give the files and how many notices went into the narrowed ones.

    Every file is written beside its place and renamed when all are whole: a failure leaves what was there before.
    Raises: ValueError if a format that is always the whole database is asked for a choice of notices.
    """
    exporters = [EXPORTERS[name] for name in dict.fromkeys(formats)]
    for exporter in exporters:
        if exporter.whole and choice != EVERYTHING:
            raise ValueError(f"{exporter.file_name} is always the whole database: leave the filters out")
    folder.mkdir(parents=True, exist_ok=True)
    with _scratch(folder) as scratch:
        count = _write_all(db, scratch, exporters, choice)
        return [_put(scratch / exporter.file_name, folder) for exporter in exporters], count


def _write_all(db: Database, scratch: Path, exporters: Sequence[Exporter], choice: Choice) -> int:
    count = 0
    with ExitStack() as files:
        sinks = [files.enter_context(exporter.write(scratch / exporter.file_name, db)) for exporter in exporters]
        if not all(exporter.whole for exporter in exporters):
            for notices in notice_pages(db, choice):
                count += len(notices)
                for sink in sinks:
                    sink(notices)
    for exporter in exporters:
        _sync(scratch / exporter.file_name)
    return count


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


def _put(file: Path, folder: Path) -> Path:
    return file.replace(folder / file.name)
