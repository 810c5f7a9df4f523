"""No text, however hostile, makes a pattern of ours take time without end."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_SCRIPT = _ROOT / "benchmarks" / "patterns.py"
_LETTERS = 900
_SECONDS = 4
"""CPU of one pattern with one text: many times what the slowest takes; one that is cubic takes more."""


def test_no_pattern_explodes() -> None:
    run = subprocess.run(
        [sys.executable, str(_SCRIPT), "--size", str(_LETTERS), "--seconds", str(_SECONDS)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
    )
    tried = run.stdout.splitlines()

    assert run.returncode == 0, f"the pattern that did not end: {tried[-1] if tried else run.stderr}"
    assert re.fullmatch(r"\d{3,} patterns", tried[-1])
