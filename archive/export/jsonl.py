"""JSON Lines: one row a line, UTF-8, columns in the order of the table, Chinese as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from archive.export.exporter import Sink
from archive.store.tables import Table, Value


@contextmanager
def write_jsonl(path: Path, table: Table) -> Iterator[Sink]:
    """Write rows as JSON Lines."""
    with path.open("w", encoding="utf-8", newline="\n") as file:

        def add(rows: Sequence[Mapping[str, Value]]) -> None:
            for row in rows:
                file.write(json.dumps({name: row[name] for name in table.names}, ensure_ascii=False) + "\n")

        yield add
