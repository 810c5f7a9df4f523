"""`croissant.json`: the Parquet files in Croissant 1.0, every shard with its digest, every column with its type.

A table's shards are one FileSet, a pattern over the folder; readers cannot yet put together a FileSet that is
contained in several files, so the files stand beside it with their digests.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from archive.export.described import KEYWORDS, RECORDS, archive_words, column_words, field_words, table_words
from archive.export.release.facts import Facts
from archive.export.sums import digest
from archive.store.tables import Column, Kind, Table

TYPES: Final[Mapping[Kind, str]] = {
    "text": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "day": "sc:Date",
    "instant": "sc:DateTime",
    "texts": "sc:Text",
    "json": "sc:Text",
}


MEDIA_TYPE: Final = "application/x-parquet"
"""What Croissant's readers know Parquet by."""


def write_croissant(folder: Path, facts: Facts, tables: Sequence[Table]) -> None:
    """Describe the Parquet files of a release; nothing is written where it has none."""
    shards = {table.name: parquet_files(folder, table.name) for table in tables}
    held = [table for table in tables if shards[table.name]]
    if not held:
        return
    called, about = archive_words()
    dataset: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": f"minzheng-{facts.name.lower()}",
        "alternateName": f"{called} {facts.name}",
        "description": str(about),
        "license": "README.md#rights",
        "version": facts.name,
        "inLanguage": "zh",
        "citeAs": f"{called} {facts.name}",
        "keywords": list(KEYWORDS),
        "distribution": [file for table in held for file in _files(table, shards[table.name])],
        "recordSet": [_record_set(table) for table in held],
    }
    if facts.as_of:
        dataset["datePublished"] = facts.as_of
    (folder / "croissant.json").write_text(json.dumps(dataset, ensure_ascii=False, indent=1) + "\n", "utf-8")


def parquet_files(folder: Path, stem: str) -> list[Path]:
    """The Parquet files of a release whose names begin so (a table, or one of its parts), by name."""
    return sorted((folder / "data").glob(f"{stem}-*.parquet"))


def _files(table: Table, shards: Sequence[Path]) -> Iterator[dict[str, Any]]:
    for shard in shards:
        yield {
            "@type": "cr:FileObject",
            "@id": f"data/{shard.name}",
            "name": shard.name,
            "contentUrl": f"data/{shard.name}",
            "contentSize": f"{shard.stat().st_size} B",
            "encodingFormat": MEDIA_TYPE,
            "sha256": digest(shard),
        }
    yield {
        "@type": "cr:FileSet",
        "@id": f"{table.name}-files",
        "name": f"{table.name}-files",
        "encodingFormat": MEDIA_TYPE,
        "includes": f"data/{table.name}-*.parquet",
    }


def _record_set(table: Table) -> dict[str, Any]:
    called, about = table_words(table)
    keys = [{"@id": f"{table.name}/{name}"} for name in table.key]
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": f"{called}: {about}",
        "key": keys[0] if len(keys) == 1 else keys,
        "field": [_field(table, column) for column in table.columns],
    }


def _field(table: Table, column: Column) -> dict[str, Any]:
    place = f"{table.name}/{column.name}"
    source = {"fileSet": {"@id": f"{table.name}-files"}, "extract": {"column": column.name}}
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": place,
        "name": column.name,
        "description": str(column_words(table, column)),
    }
    if column.kind in ("texts", *RECORDS):
        field["repeated"] = True
    if column.kind not in RECORDS:
        return field | {"dataType": TYPES[column.kind], "source": source}
    return field | {
        "subField": [
            {
                "@type": "cr:Field",
                "@id": f"{place}/{inner.name}",
                "name": inner.name,
                "description": str(field_words(inner)),
                "dataType": TYPES[inner.kind],
                "source": {**source, "transform": {"jsonPath": inner.name}},
            }
            for inner in RECORDS[column.kind]
        ]
    }


CONTEXT: Final[Mapping[str, Any]] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "data": {"@id": "cr:data", "@type": "@json"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{
        term: f"cr:{term}"
        for term in (
            *("citeAs", "column", "equivalentProperty", "extract", "field", "fileObject", "fileProperty", "fileSet"),
            *("format", "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet"),
            *("references", "regex", "repeated", "replace", "samplingRate", "separator", "source", "subField"),
            "transform",
        )
    },
}
"""Which vocabulary each name is of, as Croissant 1.0 has it; readers warn of a context that lacks any of these."""
