"""What an export format is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from archive.store import Database
from archive.store.dataset import DatasetNotice

Sink = Callable[[Sequence[DatasetNotice]], None]
"""Takes the next notices, in the order of their ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """One format: the file it makes and the function that writes it.

    `write(path, db)` opens a new file at `path` and gives the sink for the notices; leaving it closes the file.
    """

    file_name: str
    write: Callable[[Path, Database], AbstractContextManager[Sink]]
    whole: bool = False
    """A picture of the whole database, which no choice of notices can narrow; it needs no feeding."""
