"""What tests of the archive share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.archive import Archive


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """A new archive, locked."""
    with Archive.lock(tmp_path / "archive", holder="test") as made:
        yield made
