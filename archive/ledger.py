"""`exports.jsonl`: what left the archive that cannot be called back, one line each, appended and never changed.

A release is written down so that the next one can be told from it, an unmasked export so that it is known who has
what the public copy hides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, get_args

from archive.appended import BrokenLine, append_line, as_line, scan_lines

What = Literal["release", "unmasked"]
NAME: Final = "exports.jsonl"
"""The ledger's file in the folder of an archive."""


class LedgerError(ValueError):
    """A line of the ledger that cannot be read; the message names the line and what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One export, put down when it was whole. An unmasked release has a line of each kind."""

    at: datetime
    who: str
    what: What
    name: str | None = None
    """Of a release its name."""
    folder: str
    """Where it was written to, on the machine that did."""
    formats: tuple[str, ...]
    selection: Mapping[str, str] = field(default_factory=dict)
    """How the notices were chosen: option → what was given; empty for all."""
    notices: int
    previous: str | None = None
    """Of a release the name of the one that it tells its changes from."""
    files: Mapping[str, str] = field(default_factory=dict)
    """File name → SHA-256 in hex digits; of a release `SHA256SUMS` alone, which has all others."""


def append(path: Path, export: Export) -> None:
    """Add one export at the end; it is on disk when this returns. What stands there before is not looked at."""
    append_line(path, as_line({**asdict(export), "at": export.at.isoformat()}))


def read_ledger(path: Path) -> list[Export]:
    """Every export, a line each, in the order of the file; none when there is no file. Raises: LedgerError."""
    found = list(scan_ledger(path))
    for one in found:
        if isinstance(one, BrokenLine):
            raise LedgerError(f"{path.name} line {one.number}: {one.why}. Mend or remove that line.")
    return [one for one in found if isinstance(one, Export)]


def scan_ledger(path: Path) -> Iterator[Export | BrokenLine]:
    """The exports of a file, and in their places the lines that are none; nothing when there is no file."""
    return scan_lines(path, _export) if path.exists() else iter(())


def _export(said: Any) -> Export:
    if not isinstance(said, dict):
        raise TypeError(f"{said!r} is no JSON object")
    if said["what"] not in get_args(What):
        raise ValueError(f"what is {said['what']!r}, not one of {', '.join(get_args(What))}")
    at = datetime.fromisoformat(said["at"])
    if at.tzinfo is None:
        raise ValueError(f"{said['at']!r} is an instant without its zone")
    return Export(
        at=at,
        who=str(said["who"]),
        what=said["what"],
        name=said.get("name"),
        folder=str(said["folder"]),
        formats=tuple(said["formats"]),
        selection=dict(said.get("selection") or {}),
        notices=int(said["notices"]),
        previous=said.get("previous"),
        files=dict(said.get("files") or {}),
    )
