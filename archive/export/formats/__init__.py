"""The formats in which rows are written, by name, which is the ending of their files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from archive.export.formats.csv import write_csv
from archive.export.formats.exporter import Exporter
from archive.export.formats.jsonl import write_jsonl
from archive.export.formats.parquet import check_pyarrow, write_parquet
from archive.export.formats.references import reference_exporters
from archive.export.formats.xlsx import write_xlsx
from archive.references import FORMS
from archive.store import Database

EXPORTERS: Final[Mapping[str, Exporter]] = {
    "csv": Exporter(write=write_csv),
    "jsonl": Exporter(write=write_jsonl),
    "parquet": Exporter(write=write_parquet, check=check_pyarrow),
    "xlsx": Exporter(write=write_xlsx),
}
"""Those of any table."""

SNAPSHOT: Final = "sqlite"
"""The format that is the database itself, with all its tables."""

SNAPSHOT_FILE: Final = f"notices.{SNAPSHOT}"

NAMES: Final = (*EXPORTERS, *FORMS, SNAPSHOT)
"""Every format there is, with those that hold references to notices."""


def exporters_of(db: Database, base: str | None = None) -> Mapping[str, Exporter]:
    """Every format but the snapshot, for rows of this database; `base` is where the archive is served."""
    return {**EXPORTERS, **reference_exporters(db, base)}
