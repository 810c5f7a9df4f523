"""The record of a capture as its WARC file holds it, read on demand: both messages, digests, bytes.

What the database says of files is not trusted: a name leads to a file of the archive's own folder of WARC files or
nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from archive.browse.profile import is_public
from archive.warc import Damage, StoredExchange, read_exchange
from archive.warc.copying import is_request_of
from archive.warc.files import present
from archive.warc.reading import Record, read_records
from archive.warc.verify import problem_of

if TYPE_CHECKING:
    from datasette.app import Datasette

FOLDER: Final = "warc"
_ENDINGS: Final = (".warc.gz", ".warc")


class NotHeld(Exception):  # noqa: N818  it says what is, not that we failed
    """A record that is not where the database says; the message says what is there instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """One exchange with the records that hold it."""

    exchange: StoredExchange
    response: Record
    request: Record | None
    """None where the file has none beside the answer, as files made elsewhere may."""
    problem: str | None
    """What is wrong with the digests that the records state."""

    @property
    def is_packed(self) -> bool:
        """Whether the records are gzip members; some programs write them plain."""
        return self.exchange.place.warc_file.endswith(".gz")


def warc_folder(datasette: Datasette, database: str) -> Path | None:
    """The folder of WARC files beside a database; None where there is none, and in the public profile."""
    path = datasette.get_database(database).path
    folder = Path(path).parent / FOLDER if path and not is_public(datasette) else None
    return folder if folder is not None and folder.is_dir() else None


def find_file(folder: Path, name: str) -> Path:
    """The WARC file of that name, `<folder>/<file>` as rows have it. Raises: NotHeld where that is no such name."""
    parts = name.split("/")
    if len(parts) != 2 or {"", ".", ".."} & set(parts) or not name.endswith(_ENDINGS) or "\0" in name:
        raise NotHeld(f"{name!r} is no name of a WARC file")
    path = present(folder / parts[0] / parts[1])
    if not path.is_file():
        raise NotHeld(f"there is no file {name}")
    return path


def read_stored(folder: Path, name: str, offset: int, *, after: int) -> Stored:
    """Read the exchange at `offset`, and its request behind it or between it and `after`. Raises: NotHeld."""
    path = find_file(folder, name)
    try:
        exchange = read_exchange(folder, name, offset)
        around = list(_around(path, after, offset))
    except (OSError, ValueError) as error:
        raise NotHeld(str(error)) from error
    response = next((record for record in around if record.place.offset == offset), None)
    if response is None:
        raise NotHeld(f"no record begins at {offset} of {name}")
    request = next((record for record in around if record.kind == "request" and is_request_of(record, response)), None)
    problems = (problem_of(record) for record in (response, request) if record is not None)
    return Stored(
        exchange=exchange, response=response, request=request, problem=next((one for one in problems if one), None)
    )


def record_bytes(folder: Path, stored: Stored) -> bytes:
    """The records of an exchange, the answer first, byte for byte as they stand in the file."""
    path = find_file(folder, stored.exchange.place.warc_file)
    places = [record.place for record in (stored.response, stored.request) if record is not None]
    with path.open("rb") as file:
        parts = []
        for place in places:
            file.seek(place.offset)
            parts.append(file.read(place.end - place.offset))
    return b"".join(parts)


def _around(path: Path, after: int, offset: int) -> Iterator[Record]:
    """The records from `after` to the one behind `offset`, the damaged ones left out."""
    for record in read_records(path, after):
        if isinstance(record, Damage):
            if record.offset >= offset:
                return
            continue
        yield record
        if record.place.offset > offset:
            return
