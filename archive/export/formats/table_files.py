"""The tables of a release as files: each in every format, in one pass over its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive.export.formats.exporter import Exporter, Sink
from archive.export.formats.shards import SPLITS, PartedShards, Plan, Shards, hub_name, plain_name
from archive.store import Database
from archive.store.tables import Table, table_rows

TABULAR: Final = ("csv", "jsonl", "parquet")
"""The formats of every table; any other holds the notices alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFiles:
    """Where the files of tables go: into `folder`, in these formats, each full at `limit` bytes of rows as JSON.

    A spreadsheet opens one file, so CSV is never parted; Parquet stands in a folder of its own, as dataset hubs expect.
    """

    folder: Path
    exporters: Mapping[str, Exporter]
    limit: int

    def write(self, db: Database, table: Table, progress: Callable[[int, int], object] | None = None) -> None:
        """Write one table of a database that nobody writes. Raises: Unwritable, OSError."""
        total = db.table(table.name).count
        done = 0
        with ExitStack() as files:
            sinks = [files.enter_context(sink) for sink in self._sinks(table)]
            for rows in table_rows(db, table):
                for sink in sinks:
                    sink(rows)
                done += len(rows)
                if progress is not None:
                    progress(done, total)

    def _sinks(self, table: Table) -> Iterator[AbstractContextManager[Sink]]:
        for name, exporter in self.exporters.items():
            if name == "jsonl":
                yield _sharded(
                    Plan(
                        folder=self.folder,
                        table=table,
                        exporter=exporter,
                        ending="jsonl.gz",
                        limit=self.limit,
                        name=plain_name,
                    )
                )
            elif name == "parquet":
                data = self.folder / "data"
                data.mkdir(exist_ok=True)
                yield _sharded(
                    Plan(folder=data, table=table, exporter=exporter, ending=name, limit=self.limit, name=hub_name)
                )
            elif name in TABULAR or table.name == "notices":
                yield exporter.write(self.folder / f"{table.name}.{name}", table)


@contextmanager
def _sharded(plan: Plan) -> Iterator[Sink]:
    """Files of a size; Parquet of notices by their split, too, which hubs load as such."""
    is_parted = plan.ending == "parquet" and SPLITS.column in plan.table.names
    with PartedShards(plan, SPLITS) if is_parted else Shards(plan) as shards:
        yield shards.add
