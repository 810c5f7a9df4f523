"""What tests of the archive share."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.archive import Archive


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """A new archive, locked."""
    with Archive.lock(tmp_path / "archive", holder="test") as made:
        yield made


@pytest.fixture
def hears_ctrl_c() -> Iterator[None]:
    """Ctrl-C is heard; what a shell starts in the background is made deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
