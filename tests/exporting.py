"""Exports for tests: the notices of a database as files, without a command and without a bar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archive.export.plain import Order, export_notices
from archive.store import Database


def export(db: Database, folder: Path, formats: Sequence[str], **order: Any) -> tuple[Path, ...]:
    """Export the notices, as they are unless `order` says otherwise; gives the files."""
    whole = Order(formats=formats, **{"masked": False, **order})
    return export_notices(db, folder.parent / "warc", folder, whole, bar=unseen).files


@contextmanager
def unseen(label: str) -> Iterator[None]:
    """A bar that nobody looks at."""
    yield None
