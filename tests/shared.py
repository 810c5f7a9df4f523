"""The material that lies beside a checkout, for tests on real pages; it is no part of the project."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"


def need_shared(*parts: str) -> Path:
    """A file or folder of the material; the test skips where it is absent."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{'/'.join(parts)} is not beside this checkout (../shared)")
    return path
