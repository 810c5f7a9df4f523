"""No text, however hostile, makes a pattern of ours take time without end."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_SCRIPT = _ROOT / "benchmarks" / "patterns.py"
_LETTERS = 400
_SECONDS = 120
"""CPU of all patterns together, twenty times what they take; one cubic pattern takes more than that by itself."""


def test_no_pattern_explodes() -> None:
    run = subprocess.run(
        [sys.executable, str(_SCRIPT), "--size", str(_LETTERS), "--trace"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS)),
    )
    tried = run.stdout.splitlines()

    assert run.returncode == 0, f"the pattern that did not end: {tried[-1] if tried else run.stderr}"
    assert re.fullmatch(r"\d{3,} patterns", tried[-1])
