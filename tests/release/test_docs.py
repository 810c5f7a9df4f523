"""What `docs/datasets.md` shows is what a researcher can run."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.described_release import NOTICES
from tests.release.conftest import Run

TEXT = (Path(__file__).parents[2] / "docs" / "datasets.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture(scope="module")
def folder(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the release in it, called as the page calls it, and rows that somebody coded."""
    made = tmp_path_factory.mktemp("docs")
    (made / "2026.1").symlink_to(release)
    (made / "codes.csv").write_text("id,topic\noldid1234567,care\n", "utf-8")
    return made


@pytest.mark.parametrize("language", ["python", "sql", "r"])
def test_no_example_is_longer_than_ten_lines(language: str) -> None:
    assert [] == [block for block in blocks(language) if len(block.splitlines()) > 10]
    assert blocks(language)


def test_the_lines_for_pandas_and_datasets_run(folder: Path, run: Run) -> None:
    [frame, hub, join] = blocks("python")
    typed = "str(notices['published_on'].dtype).startswith('datetime64')"
    checks = (
        f"\nassert len(notices) == {NOTICES} and {typed}, notices.dtypes",
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

    assert done.returncode == 0, done.stderr
    assert [
        "[('北京市', 2024, 1)]",
        "[('北京市', '2023', 0, 2), ('北京市', '2024', 1, 3)]",
    ] == done.stdout.splitlines()[-2:]


def test_the_lines_for_r_run(folder: Path, run: Run) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed, so nobody saw its lines run here")
    [lines] = blocks("r")
    done = run(
        folder, "Rscript", "-e", lines + f"\nstopifnot(nrow(notices) == {NOTICES}, is.character(notices$division))"
    )

    assert done.returncode == 0, done.stderr
