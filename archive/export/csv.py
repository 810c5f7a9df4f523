"""CSV for spreadsheets: UTF-8 with a byte-order mark, RFC 4180, lists as JSON text, no cell that starts a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from archive.export.exporter import Sink
from archive.spreadsheet_cells import cell
from archive.store.tables import Table, Value


@contextmanager
def write_csv(path: Path, table: Table) -> Iterator[Sink]:
    """Write rows as CSV with a header line."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.names)

        def add(rows: Sequence[Mapping[str, Value]]) -> None:
            writer.writerows([cell(row[name]) for name in table.names] for row in rows)

        yield add
