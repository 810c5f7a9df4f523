"""CSV for spreadsheets: UTF-8 with a byte-order mark, RFC 4180, lists as JSON text, no cell that starts a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from archive.export.exporter import Sink
from archive.spreadsheet_cells import cell
from archive.store import Database
from archive.store.dataset import FIELDS, DatasetNotice


@contextmanager
def write_csv(path: Path, db: Database) -> Iterator[Sink]:  # noqa: ARG001  every exporter is given the database
    """Write notices as CSV with a header line."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(FIELDS)

        def add(notices: Sequence[DatasetNotice]) -> None:
            writer.writerows([cell(value) for value in notice.values()] for notice in notices)

        yield add
