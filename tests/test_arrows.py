"""The import contracts of pyproject.toml hold, and would notice what they forbid."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the two packages and the contracts, to be spoilt."""
    for name in ("archive", "crawler"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "sites"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_arrows_hold(tree: Path) -> None:
    code, told = _lint(tree)

    assert 0 == code, told


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("archive/extract/__init__.py", "import sqlite3", "SQL stands in three rooms only"),
        ("archive/trace/__init__.py", "import time", "Pure rooms stay pure"),
        ("archive/urls.py", "import socket", "Pure rooms stay pure"),
        ("crawler/families/trs.py", "import scrapy", "Scrapy ends at the spiders"),
        ("crawler/catalogue.py", "import archive.store", "crawler enters archive by its door only"),
        ("archive/outcome.py", "import crawler.lists", "archive never imports crawler"),
        ("archive/store/__init__.py", "import archive.index", "Arrows inside archive"),
        ("crawler/families/auto.py", "import crawler.catalogue", "Arrows inside crawler"),
    ],
)
def test_an_import_against_the_arrows_is_noticed(tree: Path, file: str, line: str, contract: str) -> None:
    spoilt = tree / file
    spoilt.write_text(f"{spoilt.read_text('utf-8')}\n{line}\n", "utf-8")

    code, told = _lint(tree)

    assert 1 == code, told
    assert any(said.startswith(f"{contract} BROKEN") for said in told.splitlines()), told


def _lint(tree: Path) -> tuple[int, str]:
    """Run the contracts where they are written; the copy comes before the installed packages on the path."""
    program = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command as run; run()"
    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=tree,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr
