"""Rows of one table over several files: by the value of a column, and a next file where one is full.

Where a file is full depends on its rows alone: every format is cut at the same rows, and the same way twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

import orjson

from archive.export.formats.exporter import Exporter, Sink, naming_what_fails, unwritable
from archive.families import SPLITS as FAMILY_SPLITS
from archive.store.tables import Table, Value

SHARD: Final = 500_000_000
"""Bytes of rows, counted as JSON, that fill a file."""


def hub_name(stem: str, number: int, count: int) -> str:
    """What dataset hubs call a file of several: `notices-train-00000-of-00001`."""
    return f"{stem}-{number:05}-of-{count:05}"


def plain_name(stem: str, number: int, count: int) -> str:
    """The same, but for one that is alone: it has no number."""
    return stem if count == 1 else hub_name(stem, number, count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which rows go where: the files of `table` in `folder`, whose names end in `ending`, each full at `limit`."""

    folder: Path
    table: Table
    exporter: Exporter
    ending: str
    limit: int = SHARD
    name: Callable[[str, int, int], str] = hub_name
    """Gives a file's name, without its ending, by its stem, its number from 0 and how many there are."""


class Parts(NamedTuple):
    """A column by which rows are parted, and the values that it has, in the order of their files."""

    column: str
    values: tuple[str, ...]


SPLITS: Final = Parts("split", FAMILY_SPLITS)


@dataclass(slots=True, kw_only=True)
class Shard:
    """One file; `part` is the value by which its rows were parted from others, if they were."""

    path: Path
    part: str | None
    rows: int = 0
    size: int = 0
    """Bytes of its rows, counted as JSON."""


class Shards:
    """Files one after another, the first of them at once; on leaving they get their names.

    What an error leaves is half written and under names that begin with a dot.
    """

    def __init__(self, plan: Plan, *, part: str | None = None) -> None:
        self._plan = plan
        self._part = part
        self._open = ExitStack()
        self.files: list[Shard] = []
        self._sink = self._begin()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.__exit__(kind, error, at)
        if error is None:
            stem = "-".join(word for word in (self._plan.table.name, self._part) if word)
            for number, shard in enumerate(self.files):
                name = self._plan.name(stem, number, len(self.files))
                shard.path = shard.path.replace(self._plan.folder / f"{name}.{self._plan.ending}")

    def add(self, rows: Sequence[Mapping[str, Value]]) -> None:
        """Write the next rows. Raises: Unwritable, OSError."""
        taken: list[Mapping[str, Value]] = []
        with naming_what_fails(self._plan.table, rows):
            sizes = [len(orjson.dumps(row)) for row in rows]
        for row, size in zip(rows, sizes, strict=True):
            if self.files[-1].rows and self.files[-1].size + size > self._plan.limit:
                self._sink(taken)
                self._open.close()
                self._sink = self._begin()
                taken = []
            taken.append(row)
            self.files[-1].rows += 1
            self.files[-1].size += size
        self._sink(taken)

    def _begin(self) -> Sink:
        plan = self._plan
        name = f".{plan.table.name}-{self._part}-{len(self.files)}.{plan.ending}"
        self.files.append(Shard(path=plan.folder / name, part=self._part))
        return self._open.enter_context(plan.exporter.write(self.files[-1].path, plan.table))


class PartedShards:
    """Files for each part, named after it: `notices-train-…`. A part without rows has none.

    Without any rows at all there is one, of the first part, that says what the columns are.
    """

    def __init__(self, plan: Plan, parts: Parts) -> None:
        self._plan = plan
        self._parts = parts
        self._open = ExitStack()
        self._shards: dict[str, Shards] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is None and not self._shards:
            self._of(self._parts.values[0])
        self._open.__exit__(kind, error, at)

    @property
    def files(self) -> list[Shard]:
        """By part and number."""
        return [file for part in self._parts.values if part in self._shards for file in self._shards[part].files]

    def add(self, rows: Sequence[Mapping[str, Value]]) -> None:
        """Write the next rows, each with those of its part. Raises: Unwritable for a part that is none; OSError."""
        parted: dict[str, list[Mapping[str, Value]]] = {}
        for row in rows:
            if (part := row[self._parts.column]) not in self._parts.values:
                why = ValueError(f"{part!r} is none of {', '.join(self._parts.values)}")
                raise unwritable(self._plan.table, row, self._parts.column, why)
            parted.setdefault(part, []).append(row)
        for part, its in parted.items():
            self._of(part).add(its)

    def _of(self, part: str) -> Shards:
        if part not in self._shards:
            self._shards[part] = self._open.enter_context(Shards(self._plan, part=part))
        return self._shards[part]
