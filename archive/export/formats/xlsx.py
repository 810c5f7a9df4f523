"""An Excel workbook for people: a sheet of the rows, and one that says what they are. It is never the dataset itself.

A cell of Excel holds 32,767 characters; a longer one is cut, and says in which row of which file the whole is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from archive.export.described import column_words, table_words
from archive.export.formats.exporter import Sink
from archive.store.tables import Table, Value
from archive.workbook import LONGEST, NO_TIME, Sheet, write_book


@contextmanager
def write_xlsx(path: Path, table: Table) -> Iterator[Sink]:
    """Write rows as a workbook."""
    with path.open("wb") as file, write_book(file, made_at=NO_TIME) as book:
        sheet = book.begin(table.name, table.names)

        def add(rows: Sequence[Mapping[str, Value]]) -> None:
            for row in rows:
                sheet.add((row[name] for name in table.names), whole=_place(table, row))

        yield add
        book.tell("about", _about(table, sheet), whole=f"{table.name}.csv")


def _place(table: Table, row: Mapping[str, Value]) -> str:
    """Where a row is whole: in the CSV of the same export."""
    return f"{table.name}.csv, {', '.join(f'{name} {row[name]}' for name in table.key)}"


def _about(table: Table, sheet: Sheet) -> Iterator[tuple[str, str]]:
    title, about = table_words(table)
    yield table.name, f"{title.zh} · {title.en}"
    yield "", f"{about.zh} · {about.en}"
    yield "rows", str(sheet.rows)
    yield "cut cells", str(sheet.cut)
    yield "", f"一格至多 {LONGEST:,} 字；更长的截断，全文在 CSV 格式的 {table.name}.csv 同一行"
    yield "", f"A cell holds {LONGEST:,} characters; what is longer is cut here, and whole in the format CSV"
    for column in table.columns:
        words = column_words(table, column)
        yield column.name, f"{words.zh} · {words.en}"
