"""A release made of the small archive, as far as its files are described here."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from archive.export.card import write_card
from archive.export.citation_cff import write_citation
from archive.export.croissant import write_croissant
from archive.export.datapackage import write_datapackage
from archive.export.dictionary import write_dictionary
from archive.export.exporter import Sink
from archive.export.facts import facts_of
from archive.export.formats import EXPORTERS
from archive.export.shards import SPLITS, PartedShards, Plan, Shards
from archive.export.sums import write_sums
from archive.store.tables import Table, table_rows, tables_of
from tests.described_release import a_frozen_database, a_small_archive


def a_release(scratch: Path) -> Path:
    """A whole release of the small archive in a folder `2026.1`, its files small enough that the notices have many."""
    a_small_archive(scratch / "archive.db")
    folder = scratch / "2026.1"
    (folder / "data").mkdir(parents=True)
    with a_frozen_database(scratch / "archive.db", folder) as db:
        tables = tables_of(db)
        for table in tables:
            with ExitStack() as files:
                sinks = [sink(files, folder, table) for sink in (_csv, _jsonl, _parquet)]
                for rows in table_rows(db, table):
                    for add in sinks:
                        add(rows)
        facts = facts_of(db, tables)
    for write in (write_card, write_dictionary, write_datapackage, write_croissant):
        write(folder, facts, tables)
    write_citation(folder, facts)
    write_sums(folder)
    return folder


def _csv(files: ExitStack, folder: Path, table: Table) -> Sink:
    return files.enter_context(EXPORTERS["csv"].write(folder / f"{table.name}.csv", table))


def _jsonl(files: ExitStack, folder: Path, table: Table) -> Sink:
    return files.enter_context(EXPORTERS["jsonl"].write(folder / f"{table.name}.jsonl.gz", table))


def _parquet(files: ExitStack, folder: Path, table: Table) -> Sink:
    plan = Plan(folder=folder / "data", table=table, exporter=EXPORTERS["parquet"], ending="parquet", limit=2000)
    shards = PartedShards(plan, SPLITS) if table.name == "notices" else Shards(plan)
    return files.enter_context(shards).add
