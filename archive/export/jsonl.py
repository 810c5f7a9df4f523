"""JSON Lines: one notice a line, UTF-8, fields in the order of the contract, Chinese as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from archive.export.exporter import Sink
from archive.store import Database
from archive.store.dataset import DatasetNotice


@contextmanager
def write_jsonl(path: Path, db: Database) -> Iterator[Sink]:  # noqa: ARG001  every exporter is given the database
    """Write notices as JSON Lines."""
    with path.open("w", encoding="utf-8", newline="\n") as file:

        def add(notices: Sequence[DatasetNotice]) -> None:
            file.writelines(json.dumps(notice, ensure_ascii=False) + "\n" for notice in notices)

        yield add
