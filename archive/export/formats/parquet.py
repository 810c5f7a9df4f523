"""Parquet for programs: every column with its type, what it means beside it, packed by Zstandard."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from archive.export.described import RECORDS, column_words, table_words
from archive.export.formats.exporter import NotInstalled, Sink, unwritable
from archive.labels import Words
from archive.store.tables import Column, Kind, Table, Value

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP: Final = 16 << 20
"""Bytes of rows, not packed, past which a row group is written: what a writer holds, and a reader reads at once."""


def check_pyarrow() -> None:
    """Raises: NotInstalled if pyarrow is not there."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        raise NotInstalled(
            "Parquet is written by pyarrow, which is not installed: pip install 'minzheng-archive[parquet]'"
        ) from error


@contextmanager
def write_parquet(path: Path, table: Table) -> Iterator[Sink]:
    """Write rows as Parquet. Raises: NotInstalled."""
    check_pyarrow()
    import pyarrow.parquet as pq

    schema = schema_of(table)
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=_LEVEL) as writer:
        groups = _RowGroups(table, schema, writer.write_table)
        yield groups.add
        groups.write()


def schema_of(table: Table) -> pa.Schema:
    """The types of a table's columns; what each means is its `description`, in both languages."""
    import pyarrow as pa

    fields = [
        pa.field(column.name, _type_of(column.kind), metadata={"description": _said(column_words(table, column))})
        for column in table.columns
    ]
    title, about = table_words(table)
    return pa.schema(fields, metadata={"title": _said(title), "description": _said(about)})


class _RowGroups:
    """Rows as columns of their types, until there are enough of them for a row group."""

    def __init__(self, table: Table, schema: pa.Schema, write: Callable[[pa.Table], None]) -> None:
        self._table = table
        self._schema = schema
        self._write = write
        self._held: list[pa.RecordBatch] = []
        self._size = 0

    def add(self, rows: Sequence[Mapping[str, Value]]) -> None:
        """Take rows: they are made columns at once, which are smaller."""
        import pyarrow as pa

        if not rows:
            return
        batch = pa.record_batch([self._column(column, rows) for column in self._table.columns], schema=self._schema)
        self._held.append(batch)
        self._size += batch.nbytes
        if self._size >= ROW_GROUP:
            self.write()

    def write(self) -> None:
        """Write what there is as a row group."""
        import pyarrow as pa

        if self._held:
            self._write(pa.Table.from_batches(self._held))
        self._held, self._size = [], 0

    def _column(self, column: Column, rows: Sequence[Mapping[str, Value]]) -> pa.Array:
        import pyarrow as pa

        refused = (pa.ArrowException, UnicodeEncodeError, OverflowError)
        try:
            return _array([row[column.name] for row in rows], column.kind)
        except refused:
            for row in rows:
                try:
                    _array([row[column.name]], column.kind)
                except refused as error:
                    raise unwritable(self._table, row, column.name, error) from error
            raise


def _array(values: Sequence[Value], kind: Kind) -> pa.Array:
    """Values as a column. Arrow itself reads days and instants from their text, strictly."""
    import pyarrow as pa

    wanted = _type_of(kind)
    spelled = pa.array(values, _type(kind, day=pa.string(), instant=pa.string()))
    return spelled if spelled.type == wanted else spelled.cast(wanted)


def _type_of(kind: Kind) -> pa.DataType:
    import pyarrow as pa

    return _type(kind, day=pa.date32(), instant=pa.timestamp("us", tz="UTC"))


def _type(kind: Kind, *, day: pa.DataType, instant: pa.DataType) -> pa.DataType:
    import pyarrow as pa

    match kind:
        case "text" | "json":
            return pa.string()
        case "integer":
            return pa.int64()
        case "number":
            return pa.float64()
        case "boolean":
            return pa.bool_()
        case "day":
            return day
        case "instant":
            return instant
        case "texts":
            return pa.list_(pa.string())
        case "copies" | "files":
            fields = [(field.name, _type(field.kind, day=day, instant=instant)) for field in RECORDS[kind]]
            return pa.list_(pa.struct(fields))


def _said(words: Words) -> str:
    return f"{words.zh} · {words.en}"


_LEVEL: Final = 6
"""Of Zstandard."""
