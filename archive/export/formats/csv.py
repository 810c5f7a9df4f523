"""CSV for spreadsheets: UTF-8 with a byte-order mark, RFC 4180, lists as JSON text, no cell that starts a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from archive.export.formats.exporter import Sink, create, naming_what_fails
from archive.spreadsheet_cells import guard, spell, spell_json
from archive.store.tables import Kind, Table, Value


@contextmanager
def write_csv(path: Path, table: Table) -> Iterator[Sink]:
    """Write rows as CSV with a header line."""
    with create(path) as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.names)
        makers = [(column.name, _CELLS.get(column.kind, _texts)) for column in table.columns]

        def add(rows: Sequence[Mapping[str, Value]]) -> None:
            with naming_what_fails(table, rows):
                # column by column, for what a cell needs depends on its column alone
                columns = [cells_of([row[name] for row in rows]) for name, cells_of in makers]
                writer.writerows(zip(*columns, strict=True))

        yield add


_Cells = Callable[[Sequence[Any]], Iterable[Any]]
"""Makes the cells of a column of its values, of a page."""


def _texts(values: Sequence[Any]) -> Iterable[Any]:
    return [text if text is None or text[:1].isalnum() else guard(text) for text in values]


def _lists(values: Sequence[Any]) -> Iterable[Any]:
    return [None if value is None else spell_json(value) for value in values]


def _truths(values: Sequence[Any]) -> Iterable[Any]:
    return map(spell, values)


def _numbers(values: Sequence[Any]) -> Iterable[Any]:
    return values  # the writer spells them as we do


_CELLS: Final[Mapping[Kind, _Cells]] = {
    "integer": _numbers,
    "number": _numbers,
    "boolean": _truths,
    "texts": _lists,
    "copies": _lists,
    "files": _lists,
}
"""By the kind of a column; any that is not here is text."""
