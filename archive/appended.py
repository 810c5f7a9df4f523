"""Files of one JSON object a line that are only ever added to, and outlive a power cut in the middle of a line."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenLine:
    """A line that does not say what it should: its number, from 1, and what is wrong with it."""

    number: int
    why: str


def as_line(said: object) -> bytes:
    """One JSON document as a line, Chinese as it is."""
    return (json.dumps(said, ensure_ascii=False) + "\n").encode()


def append_line(path: Path, line: bytes) -> None:
    """Add a line at the end; it is on disk when this returns."""
    with path.open("a+b") as file:
        if file.tell() and not _ends_its_line(file):  # a line that a power cut tore: it must not take this one along
            file.write(b"\n")
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def scan_lines(path: Path, read: Callable[[Any], Read]) -> Iterator[Read | BrokenLine]:
    """What `read` makes of each line that is not blank, in order, and in their places the lines that are broken.

    `read` gets what the JSON says and raises KeyError, TypeError or ValueError where that will not do.
    """
    for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
        if line.strip():
            try:
                yield read(json.loads(line.decode("utf-8-sig")))
            except (ValueError, KeyError, TypeError) as error:
                yield BrokenLine(number=number, why=_wrong(error))


def _ends_its_line(file: BinaryIO) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def _wrong(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it has no {error.args[0]!r}"
    return f"it is no JSON: {error}" if isinstance(error, json.JSONDecodeError) else str(error)
