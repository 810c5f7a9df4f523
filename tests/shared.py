"""The material that lies beside a checkout, for tests on real pages; it is no part of the project."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"


def need_shared(*parts: str) -> Path:
    """A file or folder of the material; the test skips where it is absent."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{'/'.join(parts)} is not beside this checkout (../shared)")
    return path


def seed_title() -> str:
    """The seed notice's title, as the bureau's page says in its meta tag."""
    page = need_shared("seed", "original.html").read_text(encoding="utf-8")
    found = re.search(r'name="ArticleTitle" content="([^"]+)"', page)
    assert found is not None
    return found[1]
