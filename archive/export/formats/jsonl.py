"""JSON Lines: one row a line, UTF-8, columns in the order of the table, Chinese as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import orjson

from archive.export.formats.exporter import Sink, create, naming_what_fails
from archive.store.tables import Table, Value


@contextmanager
def write_jsonl(path: Path, table: Table) -> Iterator[Sink]:
    """Write rows as JSON Lines."""
    names = table.names
    with create(path) as file:

        def add(rows: Sequence[Mapping[str, Value]]) -> None:
            with naming_what_fails(table, rows):
                for row in rows:
                    in_order = row if tuple(row) == names else {name: row[name] for name in names}
                    file.write(orjson.dumps(in_order, option=orjson.OPT_APPEND_NEWLINE))

        yield add
