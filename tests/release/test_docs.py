"""What `docs/datasets.md` shows is what a researcher can run, from nothing to data frames."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.release.conftest import Run

TEXT = (Path(__file__).parents[2] / "docs" / "datasets.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def asked(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """What the database of the release answers."""
    with closing(sqlite3.connect(folder / "2026.1" / "notices.sqlite")) as db:
        return db.execute(sql).fetchall()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Path:
    """Where the first commands of the page were run, but for that which installs; and rows that somebody coded."""
    made = tmp_path_factory.mktemp("docs")
    install, commands = blocks("sh")[0].split("\n", 1)
    done = run(made, "sh", "-eu", "-c", commands.replace(".venv/bin/", ""))
    assert done.returncode == 0, done.stderr
    [(former,)] = asked(made, "select alias from aliases where kind = 'id' order by alias limit 1")
    (made / "codes.csv").write_text(f"id,topic\n{former},care\n", "utf-8")

    assert "-e '.[parquet]' pandas duckdb" in install
    return made


@pytest.mark.parametrize("language", ["python", "sql", "r"])
def test_no_example_is_longer_than_ten_lines(language: str) -> None:
    assert [] == [block for block in blocks(language) if len(block.splitlines()) > 10]
    assert blocks(language)


def test_the_lines_for_pandas_and_datasets_run(folder: Path, run: Run) -> None:
    [(count,)] = asked(folder, "select count(*) from notices")
    [frame, hub, _, join] = blocks("python")
    typed = "str(notices['published_on'].dtype).startswith('datetime64')"
    checks = (
        f"\nassert len(notices) == {count} and {typed}, notices.dtypes",
        "",
        "\nassert coded['topic'].notna().sum() == 1, coded",
    )
    done = [run(folder, "python", "-c", code + check) for code, check in zip((frame, hub, join), checks, strict=True)]

    assert [] == [said.stderr for said in done if said.returncode]


def test_the_lines_for_duckdb_run(folder: Path, run: Run) -> None:
    [lines] = blocks("sql")
    code = (
        "import duckdb, sys\n"
        "for statement in sys.argv[1].split(';'):\n"
        "    if statement.strip():\n"
        "        found = duckdb.sql(statement)\n"
        "        if found is not None:\n"
        "            print(found.fetchall())\n"
    )
    done = run(folder, "python", "-c", code, lines)
    notices = asked(
        folder,
        "select province, year, count(*) from notices where title like '%低保%' group by 1, 2"
        " order by province nulls last, year nulls last",
    )
    months = asked(
        folder,
        "select divisions.name, substr(month, 1, 4), sum(coverage.state = 'unobserved'), count(*)"
        " from coverage join sources on key = source join divisions on code = substr(division, 1, 2) || '0000'"
        " group by 1, 2 order by 1, 2",
    )

    assert done.returncode == 0, done.stderr
    assert [str(notices), str(months)] == done.stdout.splitlines()[-2:]
    assert len(notices) > 1
    assert any(unobserved for _, _, unobserved, _ in months)


def test_the_lines_for_r_run(folder: Path, run: Run) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed, so nobody saw its lines run here")
    [(count,)] = asked(folder, "select count(*) from notices")
    [lines] = blocks("r")
    check = f"\nstopifnot(nrow(notices) == {count}, is.character(notices$division), any(notices$original_captured))"
    done = run(folder, "Rscript", "-e", lines + check)

    assert done.returncode == 0, done.stderr


def test_every_further_command_runs_and_a_sample_is_a_sound_data_package(folder: Path, run: Run) -> None:
    commands = "".join(blocks("sh")[1:]).replace(".venv/bin/", "")
    done = run(folder, "sh", "-eu", "-c", f"export MINZHENG_ARCHIVE=demo-archive\n{commands}")
    checked = run(folder / "sample", "frictionless", "validate", "datapackage.json")

    assert done.returncode == 0, done.stderr
    assert checked.returncode == 0, checked.stdout


def test_the_estimate_of_the_sample_is_near_what_all_notices_say(folder: Path, run: Run) -> None:
    command = next(line for line in "".join(blocks("sh")).splitlines() if "--sample" in line).replace(".venv/bin/", "")
    made = run(folder, "sh", "-eu", "-c", f"export MINZHENG_ARCHIVE=demo-archive\n{command}")
    done = run(folder, "python", "-c", blocks("python")[2] + "print(total, error, drawn['weight'].sum())")
    [(notices, hits)] = asked(folder, "select count(*), sum(document_type = '公示') from notices")

    assert (0, 0) == (made.returncode, done.returncode), made.stderr + done.stderr
    total, error, weights = map(float, done.stdout.splitlines()[-1].split())
    assert notices == pytest.approx(weights)
    assert abs(total - hits) < 3 * error


def test_a_release_passes_our_own_check(folder: Path, run: Run) -> None:
    done = run(folder, "minzheng", "verify", "2026.1")

    assert done.returncode == 0, done.stdout + done.stderr
