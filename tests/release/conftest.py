"""One release of a small archive, for the tools of others to read; without them these tests skip."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.store import open_reader
from archive.store.tables import Table, Value, table_rows, tables_of
from tests.described_release import a_release

TOOLS = ("check_jsonschema", "datasets", "duckdb", "frictionless", "mlcroissant", "pandas", "polars", "pyarrow")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session", autouse=True)
def tools() -> None:
    """The readers and validators of others are there, or the tests of this folder skip."""
    absent = [name for name in TOOLS if find_spec(name) is None]
    if absent:
        pytest.skip(f"pip install -c constraints.txt -e '.[verify]' brings {', '.join(absent)}")


@pytest.fixture(scope="session")
def release(tools: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a release, its files small enough that the notices have many."""
    return a_release(tmp_path_factory.mktemp("release"), shard=2000)


@pytest.fixture(scope="session")
def db(release: Path) -> Iterator[Database]:
    """The database of the release."""
    frozen = open_reader(release / "notices.sqlite")
    yield frozen
    frozen.close()


@pytest.fixture(scope="session")
def tables(db: Database) -> list[Table]:
    return tables_of(db)


@pytest.fixture(scope="session")
def rows(db: Database, tables: list[Table]) -> Mapping[str, list[dict[str, Value]]]:
    """All rows of every table, as the database has them."""
    return {table.name: [row for page in table_rows(db, table) for row in page] for table in tables}


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run a tool in a folder, without a network; gives what it said and its code."""
    home = tmp_path_factory.mktemp("home")
    scripts = Path(sys.executable).parent
    env = os.environ | {
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(home),
        "NO_COLOR": "1",
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
    }

    def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=240, check=False)

    return run
