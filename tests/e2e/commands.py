"""Running the command line as a person does: a process, its exit code, what it printed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    """A command that ended."""

    code: int
    out: str
    err: str


def run(
    arguments: Sequence[str | Path], *, env: Mapping[str, str] | None = None, timeout: float = 120.0, cwd: Path = ROOT
) -> Done:
    """Run a command line and wait for its end."""
    done = subprocess.run(
        [str(word) for word in arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
    )
    return Done(done.returncode, done.stdout, done.stderr)


def minzheng(folder: Path, *words: str | Path, env: Mapping[str, str] | None = None) -> Done:
    """Run `minzheng --archive FOLDER …`."""
    return run([sys.executable, "-m", "crawler.cli", "--archive", folder, *words], env=env)


def crawl_fast(folder: Path, *keys: str, env: Mapping[str, str] | None = None) -> Done:
    """Crawl the miniature web, or sources of the shipped catalogue, through the environment's proxy without delays."""
    return run([sys.executable, "-m", "tests.e2e.one_crawl", folder, *keys], env=env)
