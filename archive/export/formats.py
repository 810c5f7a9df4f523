"""The formats in which rows are written, by name, which is the ending of their files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from archive.export.csv import write_csv
from archive.export.exporter import Exporter
from archive.export.jsonl import write_jsonl

EXPORTERS: Final[Mapping[str, Exporter]] = {
    "csv": Exporter(write=write_csv),
    "jsonl": Exporter(write=write_jsonl),
}

SNAPSHOT: Final = "sqlite"
"""The format that is the database itself, with all its tables."""
