"""A release is what it says it is, by the validators of others; and not any more once a cell is changed."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.export.release.datapackage import write_datapackage
from archive.export.release.facts import facts_of
from archive.export.sums import write_sums
from archive.store import open_reader
from archive.store.facts import parts_of_split
from archive.store.tables import Table, tables_of
from tests.described_release import NOTICES
from tests.release.conftest import Run

CHECKS = {
    "sums": ("sha256sum", "--quiet", "-c", "SHA256SUMS"),
    "package": ("frictionless", "validate", "--json", "datapackage.json"),
    "croissant": ("mlcroissant", "validate", "--jsonld", "croissant.json"),
    "citation": ("check-jsonschema", "--builtin-schema", "vendor.citation-file-format", "CITATION.cff"),
}


@pytest.mark.parametrize("name", CHECKS)
def test_a_release_passes(release: Path, run: Run, name: str) -> None:
    done = run(release, *CHECKS[name])

    assert (0, "") == (done.returncode, "" if done.returncode == 0 else done.stdout + done.stderr)


def test_the_data_package_has_every_table(release: Path, run: Run, tables: list[Table]) -> None:
    report = json.loads(run(release, *CHECKS["package"]).stdout)
    rows = {task["name"]: task["stats"].get("rows", 0) for task in report["tasks"]}

    assert [table.name for table in tables] == list(rows)
    assert rows["notices"] == NOTICES


def test_croissant_loads_every_shard_of_the_notices(release: Path, run: Run) -> None:
    load = ("mlcroissant", "load", "--jsonld", "croissant.json", "--record_set", "notices", "--num_records", "999")
    done = run(release, *load)
    shards = list((release / "data").glob("notices-*.parquet"))

    assert done.returncode == 0, done.stderr
    assert done.stdout.count("'notices/id'") == NOTICES
    assert len(shards) > 3
    assert "WARNING" not in done.stderr


def test_every_record_set_of_croissant_loads(release: Path, run: Run, tables: list[Table]) -> None:
    code = (
        "import mlcroissant, sys\n"
        "read = mlcroissant.Dataset(jsonld='croissant.json')\n"
        "print({name: sum(1 for _ in read.records(record_set=name)) for name in sys.argv[1:]})"
    )
    done = run(release, "python", "-c", code, *(table.name for table in tables))
    found = done.stdout.strip().splitlines()[-1:]

    assert done.returncode == 0, done.stderr
    assert [str({table.name: count for table, count in zip(tables, _counts(release, tables), strict=True)})] == found


def _counts(release: Path, tables: list[Table]) -> list[int]:
    with closing(sqlite3.connect(release / "notices.sqlite")) as db:
        return [db.execute(f"select count(*) from {table.name}").fetchone()[0] for table in tables]


def change_csv(release: Path) -> None:
    file = release / "copies.csv"
    file.write_bytes(file.read_bytes().replace(b",original,", b",repost00,", 1))


def change_jsonl(release: Path) -> None:
    file = min(release.glob("copies*.jsonl.gz"))
    file.write_bytes(
        gzip.compress(gzip.decompress(file.read_bytes()).replace(b'"original"', b'"repost00"', 1), mtime=0)
    )


def change_parquet(release: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file, *_ = sorted((release / "data").glob("copies-*.parquet"))
    table = pq.read_table(file)
    at = table.column_names.index("role")
    roles = ["repost", *table["role"].to_pylist()[1:]]
    pq.write_table(table.set_column(at, table.schema.field("role"), pa.array(roles)), file, compression="zstd")


def change_sqlite(release: Path) -> None:
    with closing(sqlite3.connect(release / "notices.sqlite")) as db:
        db.execute("update copies set role = 'repost' where url_key = (select min(url_key) from copies)")
        db.commit()


@pytest.mark.parametrize(
    ("change", "failing"),
    [
        (change_csv, {"sums", "package"}),
        (change_jsonl, {"sums"}),
        (change_parquet, {"sums"}),
        (change_sqlite, {"sums"}),
    ],
)
def test_a_changed_cell_is_found(
    release: Path, run: Run, tmp_path: Path, change: Callable[[Path], None], failing: set[str]
) -> None:
    copy = shutil.copytree(release, tmp_path / "copy")
    change(copy)

    assert failing == {name for name in ("sums", "package") if run(copy, *CHECKS[name]).returncode}


def test_a_changed_cell_is_found_though_all_digests_are_made_anew(release: Path, run: Run, tmp_path: Path) -> None:
    copy = shutil.copytree(release, tmp_path / "copy")
    change_csv(copy)
    with closing(open_reader(copy / "notices.sqlite")) as db:
        write_datapackage(copy, facts_of(db, tables_of(db)), tables_of(db))
    write_sums(copy)
    done = {name: run(copy, *CHECKS[name]) for name in ("sums", "package")}

    assert {"sums": 0, "package": 1} == {name: said.returncode for name, said in done.items()}
    assert "repost00" in done["package"].stdout


def test_hugging_face_loads_every_table_offline_with_its_types(
    release: Path, run: Run, db: Database, rows: Mapping[str, list[object]]
) -> None:
    code = (
        "import datasets, json, sys\n"
        "found = {}\n"
        "for name in datasets.get_dataset_config_names(sys.argv[1]):\n"
        "    for split, part in datasets.load_dataset(sys.argv[1], name).items():\n"
        "        found[f'{name}/{split}'] = part.num_rows\n"
        "notices = datasets.load_dataset(sys.argv[1], split='train')\n"
        "features = notices.features\n"
        "types = {name: feature.dtype for name, feature in features.items() if isinstance(feature, datasets.Value)}\n"
        "print(json.dumps([found, types, features['copies'].feature['confidence'].dtype]))"
    )
    done = run(release, "python", "-c", code, str(release))
    assert done.returncode == 0, done.stderr
    found, types, confidence = json.loads(done.stdout.splitlines()[-1])

    parts = {f"notices/{part.split}": part.notices for part in parts_of_split(db)}
    others = {f"{name}/train": len(held) for name, held in rows.items() if held and name != "notices"}
    assert parts | others == found
    assert len(parts) == 3
    assert ("date32", "timestamp[us, tz=UTC]", "bool", "int64", "float64") == (
        types["published_on"],
        types["first_seen_at"],
        types["original_captured"],
        types["year"],
        confidence,
    )
    assert "malformed" not in done.stderr
