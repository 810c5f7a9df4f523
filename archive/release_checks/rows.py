"""Rows of one table as each format of a release has them, read one after the other, with a bound on what one may be."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from archive.spreadsheet_cells import cell
from archive.store import Database, DatabaseError
from archive.store.tables import Column, Kind, Table, table_rows

Row = Mapping[str, Any]

LONGEST: Final = 64 * 1024**2
"""Characters of a line or a cell."""
RATIO: Final = 400
"""How many times its size a packed file may have, unpacked; text has five to fifty."""
_LARGEST_GROUP: Final = 1024**3
"""Bytes of a row group of Parquet, unpacked."""
_BATCH: Final = 500


class Unreadable(ValueError):  # noqa: N818  it is said of a file
    """A file that cannot be read as what its name says; the message names it."""


def jsonl_rows(paths: Sequence[Path]) -> Iterator[Row]:
    """Rows of JSON Lines, as JSON has them. Raises: Unreadable."""
    for path in paths:
        with _unpacked(path) as file:
            for number, line in enumerate(_lines(path, file), 1):
                try:
                    row = _JSON.decode(line.decode("utf-8"))
                except (ValueError, RecursionError) as error:
                    raise Unreadable(f"{path.name} line {number} is no JSON: {error}") from error
                if not isinstance(row, dict):
                    raise Unreadable(f"{path.name} line {number} is no object")
                yield row


def csv_rows(paths: Sequence[Path]) -> Iterator[Row]:
    """Rows of CSV, every value a text. Raises: Unreadable."""
    csv.field_size_limit(LONGEST)
    for path in paths:
        with path.open("rb") as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as file:
            try:
                reader = csv.reader(_lines(path, file), strict=True)
                names = next(reader, [])
                _refuse_twice(path, names)
                for cells in reader:
                    if len(cells) != len(names):
                        raise Unreadable(f"{path.name} line {reader.line_num} has {len(cells)} cells, not {len(names)}")
                    yield dict(zip(names, cells, strict=True))
            except csv.Error as error:
                raise Unreadable(f"{path.name} is no CSV: {error}") from error


def parquet_rows(paths: Sequence[Path]) -> Iterator[Row]:
    """Rows of Parquet, days and instants as dates. Raises: Unreadable; ImportError without pyarrow."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for path in paths:
        try:
            with pq.ParquetFile(path) as file:
                _refuse_twice(path, file.schema_arrow.names)
                about = file.metadata
                groups = [about.row_group(number).total_byte_size for number in range(about.num_row_groups)]
                if max(groups, default=0) > _LARGEST_GROUP:
                    raise Unreadable(f"{path.name} has a row group of {max(groups)} bytes")
                for batch in file.iter_batches(batch_size=_BATCH):
                    yield from batch.to_pylist()
        except (pa.ArrowException, OSError, OverflowError, ValueError) as error:
            raise Unreadable(f"{path.name} is no Parquet: {error}") from error


def sqlite_rows(name: str, db: Database, table: Table) -> Iterator[Row]:
    """Rows of a snapshot. Raises: Unreadable."""
    try:
        for page in table_rows(db, table):
            yield from page
    except (DatabaseError, AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise Unreadable(f"{name}: table {table.name} cannot be read by this version: {error}") from error


def plain(column: Column, value: Any) -> Any:
    """A value as all formats but CSV have it: instants in UTC to the microsecond, days as ISO has them.

    What is no value of its column's kind is left as it is: then it differs from one that is.
    """
    match column.kind, value:
        case "instant", (str() | datetime()):
            try:
                return _instant(datetime.fromisoformat(value) if isinstance(value, str) else value)
            except (OverflowError, ValueError):
                return value
        case "day", date():
            return value.isoformat()
        case (("copies" | "files"), list()):
            return [_plain_record(one) if isinstance(one, dict) else one for one in value]
        case _:
            return value


def plain_cell(column: Column, text: str) -> Any:
    """A cell of CSV, to be compared with what `as_cell` makes of a value."""
    if column.kind not in _READERS:
        return text
    try:
        return plain(column, _READERS[column.kind](text)) if text else None
    except (ValueError, RecursionError):
        return text


def as_cell(column: Column, value: Any) -> Any:
    """A value that `plain` gave, to be compared with a cell: nothing and an empty text are one there."""
    return value if column.kind in _READERS else cell(value)


def _instant(at: datetime) -> str:
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="microseconds")


def _plain_record(record: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: said.isoformat() if isinstance(said, date) else said for name, said in record.items()}


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in an object")
    return found


_JSON: Final = json.JSONDecoder(object_pairs_hook=_object)


def _refuse_twice(path: Path, names: Sequence[str]) -> None:
    """Raises: Unreadable for a column that is there twice, of which other programs may take the other one."""
    if len(set(names)) != len(names):
        raise Unreadable(f"{path.name} has two columns of one name")


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"{text!r} is neither true nor false")
    return text == "true"


_READERS: Final[Mapping[Kind, Callable[[str], Any]]] = {
    "integer": int,
    "number": float,
    "boolean": _truth,
    "instant": str,
    "day": str,
    "texts": json.loads,
    "copies": json.loads,
    "files": json.loads,
}
"""What a cell stands for, by kind; any that is not here is text."""


def _unpacked(path: Path) -> io.BufferedIOBase:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def _lines(path: Path, file: Any) -> Iterator[Any]:
    """The lines of a file, none longer than `LONGEST`; a packed one must not unpack to out of proportion."""
    most = RATIO * path.stat().st_size + LONGEST if path.suffix == ".gz" else None
    done = 0
    try:
        while line := file.readline(LONGEST + 1):
            done += len(line)
            if len(line) > LONGEST:
                raise Unreadable(f"{path.name} has a line of more than {LONGEST} characters")
            if most is not None and done > most:
                raise Unreadable(f"{path.name} unpacks to more than {RATIO} times its size")
            yield line
    except (EOFError, OSError, UnicodeDecodeError, zlib.error) as error:
        raise Unreadable(f"{path.name} cannot be read: {error}") from error
