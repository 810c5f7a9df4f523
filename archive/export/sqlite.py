"""A snapshot of the whole database in one compact file, for Datasette (`datasette -i`) or any SQLite tool."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from archive.export.exporter import Sink
from archive.store import Database
from archive.store.dataset import DatasetNotice, vacuum_into


@contextmanager
def write_sqlite(path: Path, db: Database) -> Iterator[Sink]:
    """Write the snapshot; the sink takes nothing, for the notices are in it already."""
    vacuum_into(db, path)
    yield _nothing_more


def _nothing_more(notices: Sequence[DatasetNotice]) -> None:
    pass
