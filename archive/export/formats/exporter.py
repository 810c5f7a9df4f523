"""What an export format is, and what those that write text share."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

import orjson

from archive.store.tables import Table, Value

Sink = Callable[[Sequence[Mapping[str, Value]]], None]
"""Takes the next rows, in the order of their table's key."""


class Unwritable(ValueError):  # noqa: N818  # it is said of a value
    """A value that a format has no way to write; the message names its row and column."""


class NotInstalled(ValueError):  # noqa: N818  # it is no error of the program
    """A format needs a package that is not there; the message has the command that brings it."""


def _needs_nothing() -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """One format. Its file is named after the table, with the format's name as its ending.

    `write(path, table)` opens a new file for rows of that table and gives the sink for them; leaving it closes the
    file. The same rows give the same bytes. A path that ends in `.gz` is compressed where the format is text.
    The sink raises Unwritable, and OSError.
    """

    write: Callable[[Path, Table], AbstractContextManager[Sink]]
    of_notices: bool = False
    """Whether it can hold nothing but notices, as a list of references."""
    check: Callable[[], None] = _needs_nothing
    """Asked before anything is written. Raises: NotInstalled."""


@contextmanager
def create(path: Path) -> Iterator[BinaryIO]:
    """Open a new file for bytes; one that ends in `.gz` is compressed, and bears neither a name nor an instant."""
    with path.open("wb") as file:
        if path.suffix != ".gz":
            yield file
            return
        with gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as packed:
            yield cast("BinaryIO", packed)


@contextmanager
def naming_what_fails(table: Table, rows: Sequence[Mapping[str, Value]]) -> Iterator[None]:
    """Tell which row and column it is, where one of these rows cannot be written as UTF-8 or JSON.

    Raises: Unwritable.
    """
    try:
        yield
    except (TypeError, UnicodeEncodeError) as error:
        for row in rows:
            for name in table.names:
                try:
                    orjson.dumps(row[name])
                except TypeError as why:
                    raise unwritable(table, row, name, why) from error
        raise


def unwritable(table: Table, row: Mapping[str, Value], column: str, why: Exception) -> Unwritable:
    """The error for one value."""
    key = " ".join(str(row[name]) for name in table.key)
    return Unwritable(f"{column} of {table.name} {key} cannot be written: {why}")


_LEVEL: Final = 6
