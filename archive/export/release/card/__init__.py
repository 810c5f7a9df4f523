"""`README.md`: the dataset card, which people read and Hugging Face loads by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from archive.export.described import RECORDS, archive_words
from archive.export.release.card.contents import contents, making, size, splits, texts
from archive.export.release.card.limits import gaps, personal_data, rights
from archive.export.release.card.lines import both
from archive.export.release.card.use import changes, citing, loading, raw, verifying
from archive.export.release.croissant import parquet_files
from archive.export.release.facts import Facts
from archive.export.release.yaml_text import yaml_text
from archive.store.tables import Column, Kind, Table

TYPES: Final[Mapping[Kind, str]] = {
    "text": "string",
    "integer": "int64",
    "number": "float64",
    "boolean": "bool",
    "day": "date32",
    "instant": "timestamp[us, tz=UTC]",
    "json": "string",
}
"""Types as Hugging Face names those of Arrow."""

_SIZES: Final = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)


def write_card(folder: Path, facts: Facts, tables: Sequence[Table]) -> None:
    """Write the card of a release: what machines load it by, then what people should know, in both languages.

    A table or a part of the split without rows has files, but is not offered to be loaded: `datasets` would refuse.
    """
    called, _ = archive_words()
    held = [table for table in tables if facts.rows[table.name] and parquet_files(folder, table.name)]
    head: dict[str, Any] = {
        "pretty_name": f"{called} {facts.name}",
        "language": ["zh"],
        "license": "other",
        "license_name": "as-each-source-says",
        "license_link": "README.md#rights",
        "task_categories": ["text-classification", "text-retrieval"],
        "tags": ["china", "civil-affairs", "government", "notices", "provenance", "民政"],
        "size_categories": [_size(facts.rows["notices"])],
    }
    if held:
        head["configs"] = [_config(table, facts) for table in held]
        head["dataset_info"] = [_info(folder, table, facts) for table in held]
    lines = ["---", yaml_text(head).rstrip(), "---", "", *_sections(folder, facts, tables)]
    (folder / "README.md").write_text("\n".join(lines) + "\n", "utf-8")


def _sections(folder: Path, facts: Facts, tables: Sequence[Table]) -> Iterator[str]:
    """The lines below the head; a section that has nothing to say is left out."""
    formats = [name for name, files in (("csv", "*.csv"), ("parquet", "data/*.parquet")) if any(folder.glob(files))]
    called, about = archive_words()
    yield f"# {called.zh} {facts.name} · {called.en} {facts.name}"
    yield ""
    yield from both(about)
    for title, lines in (
        ("规模 · Size", size(facts)),
        ("怎样做成 · How it was made", making(facts)),
        ("一行是什么 · What one row is", contents(facts, tables)),
        ("划分 · Splits", splits(facts)),
        ("正文 · Texts", texts(facts)),
        ("缺漏 · Known gaps", gaps(facts)),
        ("个人信息 · Personal data", personal_data(facts)),
        ("权利 · Rights", rights(facts)),
        ("变化 · What changed", changes(facts)),
        ("原始证据 · Raw evidence", raw(folder)),
        ("读取 · Loading", loading(formats)),
        ("核验 · Verifying", verifying(formats)),
        ("引用 · Citing", citing(facts)),
    ):
        told = list(lines)
        if told:
            yield from (f"## {title}", "", *told)


def _config(table: Table, facts: Facts) -> dict[str, Any]:
    default = {"default": True} if table.name == "notices" else {}
    files = [{"split": split, "path": f"data/{stem}-*.parquet"} for split, stem, _ in _splits(table, facts)]
    return {"config_name": table.name, **default, "data_files": files}


def _info(folder: Path, table: Table, facts: Facts) -> dict[str, Any]:
    return {
        "config_name": table.name,
        "features": [_feature(column) for column in table.columns],
        "splits": [
            {
                "name": split,
                "num_bytes": sum(file.stat().st_size for file in parquet_files(folder, stem)),
                "num_examples": rows,
            }
            for split, stem, rows in _splits(table, facts)
        ],
    }


def _splits(table: Table, facts: Facts) -> list[tuple[str, str, int]]:
    """Name of each split of a table, how its files begin, and how many rows it has."""
    if table.name == "notices" and facts.parts:
        return [(part.split, f"{table.name}-{part.split}", part.notices) for part in facts.parts if part.notices]
    return [("train", table.name, facts.rows[table.name])]


def _feature(column: Column) -> dict[str, Any]:
    if column.kind == "texts":
        return {"name": column.name, "list": "string"}
    if column.kind in RECORDS:
        return {"name": column.name, "list": [_feature(inner) for inner in RECORDS[column.kind]]}
    return {"name": column.name, "dtype": TYPES[column.kind]}


def _size(rows: int) -> str:
    return next((size for bound, size in _SIZES if rows < bound), "n>10M")
