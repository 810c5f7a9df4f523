"""`datapackage.json`: the CSV files as a Data Package 2.0, each column with its type, keys, digests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from archive.export.described import GUARD, KEYWORDS, archive_words, column_words, table_words
from archive.export.release.facts import Facts
from archive.export.release.values import VALUES
from archive.export.sums import digest
from archive.store.tables import Column, Kind, Table

PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"

TYPES: Final[Mapping[Kind, str]] = {
    "text": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "day": "date",
    "instant": "datetime",
    "texts": "array",
    "copies": "array",
    "files": "array",
    "json": "string",
}
"""Types of Table Schema."""


def write_datapackage(folder: Path, facts: Facts, tables: Sequence[Table]) -> None:
    """Describe the CSV files of a release; nothing is written where it has none."""
    resources = [_resource(folder, facts, table) for table in tables if (folder / f"{table.name}.csv").exists()]
    if not resources:
        return
    called, about = archive_words()
    package: dict[str, Any] = {
        "$schema": PROFILE,
        "name": f"minzheng-{facts.name.lower()}",
        "title": f"{called} {facts.name}",
        "description": f"{about} {GUARD}",
        "version": facts.name,
        "licenses": [{"name": "other", "path": "README.md", "title": "各来源另有规定 · As each source says"}],
        "keywords": list(KEYWORDS),
        "resources": resources,
    }
    if facts.seen:
        package["created"] = facts.seen[1]
    text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    (folder / "datapackage.json").write_text(text, "utf-8")


def _resource(folder: Path, facts: Facts, table: Table) -> dict[str, Any]:
    path = folder / f"{table.name}.csv"
    called, about = table_words(table)
    return {
        "name": table.name,
        "type": "table",
        "title": str(called),
        "description": str(about),
        "path": path.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest(path)}",
        "schema": {
            "fields": [_field(table, column) for column in table.columns],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {"fields": [column], "reference": {"resource": "" if to == table.name else to, "fields": [key]}}
                for column, (to, key) in facts.references.get(table.name, {}).items()
            ],
            "missingValues": [""],
        },
    }


def _field(table: Table, column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": TYPES[column.kind],
        "description": str(column_words(table, column)),
    }
    if column.kind == "boolean":
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    constraints: dict[str, Any] = {}
    if column.name in table.key:
        constraints["required"] = True
    if table.key == (column.name,):
        constraints["unique"] = True
    if values := VALUES.get((table.name, column.name)):
        constraints["enum"] = list(values)
    return field | ({"constraints": constraints} if constraints else {})
