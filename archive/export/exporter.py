"""What an export format is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from archive.store.tables import Table, Value

Sink = Callable[[Sequence[Mapping[str, Value]]], None]
"""Takes the next rows, in the order of their table's key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """One format. Its file is named after the table, with the format's name as its ending.

    `write(path, table)` opens a new file for rows of that table and gives the sink for them; leaving it closes the
    file. The same rows give the same bytes.
    """

    write: Callable[[Path, Table], AbstractContextManager[Sink]]
    of_notices: bool = False
    """Whether it can hold nothing but notices, as a list of references."""
