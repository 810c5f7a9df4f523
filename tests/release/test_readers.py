"""Every format has the rows of the database, with their types, by the readers that researchers use."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from archive.spreadsheet_cells import cell
from archive.store.tables import Table, Value

Rows = Mapping[str, list[dict[str, Value]]]


def plain(value: Any) -> Any:
    """A value as JSON has it, whatever a reader made of it."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [plain(item) for item in value]
    return {name: plain(item) for name, item in value.items()} if isinstance(value, dict) else value


def by_key(table: Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows in the order of their key: the shards of the notices are in that of their parts."""
    return sorted(({**row} for row in rows), key=lambda row: [row[name] for name in table.key])


def spelled(rows: list[dict[str, Value]], table: Table) -> list[dict[str, Value]]:
    """Rows whose instants are spelled alike: the database has them with and without milliseconds."""
    instants = [column.name for column in table.columns if column.kind == "instant"]
    return [
        {**row, **{name: plain(datetime.fromisoformat(row[name])) for name in instants if row[name]}} for row in rows
    ]


def parquet(release: Path, table: Table) -> str:
    return str(release / f"data/{table.name}-*.parquet")


def json_lines(release: Path, name: str) -> list[Path]:
    """The files of one table, one or several, in order."""
    return sorted((*release.glob(f"{name}.jsonl.gz"), *release.glob(f"{name}-*-of-*.jsonl.gz")))


def test_json_lines_has_the_rows_of_the_database(release: Path, tables: list[Table], rows: Rows) -> None:
    for table in tables:
        files = json_lines(release, table.name)
        lines = b"".join(gzip.decompress(file.read_bytes()) for file in files).split(b"\n")[:-1]

        assert rows[table.name] == [json.loads(line) for line in lines]


def test_csv_has_the_rows_of_the_database(release: Path, tables: list[Table], rows: Rows) -> None:
    for table in tables:
        with (release / f"{table.name}.csv").open(encoding="utf-8-sig", newline="") as file:
            found = list(csv.DictReader(file))

        assert [{name: cell(value) for name, value in row.items()} for row in rows[table.name]] == found


def test_parquet_has_the_rows_of_the_database(release: Path, tables: list[Table], rows: Rows) -> None:
    import pyarrow.parquet as pq

    for table in tables:
        found = [row for path in (release / "data").glob(f"{table.name}-*") for row in pq.read_table(path).to_pylist()]

        assert spelled(rows[table.name], table) == plain(by_key(table, found))


def test_polars_reads_parquet(release: Path, tables: list[Table], rows: Rows) -> None:
    import polars as pl

    for table in tables:
        assert spelled(rows[table.name], table) == plain(
            by_key(table, pl.read_parquet(parquet(release, table)).to_dicts())
        )

    schema = pl.read_parquet_schema(next((release / "data").glob("notices-train-*")))
    assert (pl.Date, pl.Datetime("us", "UTC"), pl.Boolean, pl.Int64) == tuple(
        schema[name] for name in ("published_on", "first_seen_at", "original_captured", "year")
    )


def test_duckdb_reads_every_format(release: Path, tables: list[Table], rows: Rows) -> None:
    import duckdb

    for table in tables:
        found = duckdb.sql(f"from '{parquet(release, table)}'").to_arrow_table().to_pylist()
        assert spelled(rows[table.name], table) == plain(by_key(table, found))

    for source in (parquet(release, tables[0]), str(release / "notices-*-of-*.jsonl.gz")):
        found = duckdb.sql(f"select id, published_on, year, original_captured from '{source}' order by id")
        assert ["VARCHAR", "DATE", "BIGINT", "BOOLEAN"] == [str(kind) for kind in found.types]
    csv_ids = duckdb.sql(f"select id from read_csv('{release / 'notices.csv'}', all_varchar = true)").fetchall()
    assert [row["id"] for row in rows["notices"]] == [key for (key,) in csv_ids]


def test_pandas_reads_every_format(release: Path, rows: Rows) -> None:
    import pandas as pd

    shards = sorted((release / "data").glob("notices-*.parquet"))
    frames = {
        "parquet": pd.concat(map(pd.read_parquet, shards), ignore_index=True).sort_values("id", ignore_index=True),
        "csv": pd.read_csv(release / "notices.csv", dtype={"division": str}),
        "jsonl": pd.concat(
            [pd.read_json(path, lines=True, dtype={"division": str}) for path in json_lines(release, "notices")],
            ignore_index=True,
        ),
    }
    for frame in frames.values():
        assert [row["id"] for row in rows["notices"]] == frame["id"].to_list()
        assert [row["division"] for row in rows["notices"]] == [
            None if pd.isna(code) else code for code in frame["division"]
        ]

    unguarded = frames["csv"]["text"].fillna("").str.removeprefix("'")
    assert [row["text"] for row in rows["notices"]] == unguarded.to_list()
    assert "datetime64[us, UTC]" == str(frames["parquet"]["first_seen_at"].dtype)
    assert "bool" == str(frames["parquet"]["original_captured"].dtype)


def test_polars_reads_the_other_formats(release: Path, rows: Rows) -> None:
    import polars as pl

    frames = (
        pl.read_csv(release / "notices.csv", schema_overrides={"division": pl.String}),
        pl.concat([pl.read_ndjson(path).select("id") for path in json_lines(release, "notices")]),
    )
    for frame in frames:
        assert [row["id"] for row in rows["notices"]] == frame["id"].to_list()
