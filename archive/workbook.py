"""An Excel workbook, row by row: a sheet goes to a file on the disk, not to memory.

The same rows give the same bytes. No cell is run: a stranger's text is text, whatever it begins with.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from typing import IO, Any, Final

from xlsxwriter import Workbook

from archive.spreadsheet_cells import spell

LONGEST: Final = 32_767
"""Characters of a cell, as UTF-16 counts them; Excel takes a file with longer ones for damaged."""
NO_TIME: Final = datetime(1980, 1, 1, tzinfo=UTC)
"""The instant of a workbook that bears none: where the ZIP format begins to count."""
ROWS: Final = 1_000_000
"""Rows of one sheet, which holds 1,048,576 at most."""

_EXACT: Final = 10**15
"""From here on a number of a sheet, which has 15 digits, may be another one than was meant."""
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDE: Final = {"title": 50, "text": 60, "original_url": 30, "address": 30}
_BREAKS: Final = re.compile("\r\n?")
"""Excel breaks a line of a cell at U+000A alone."""
_UNWRITABLE: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)))
"""What XML 1.0 has no way to write."""


class Sheet:
    """Rows under a line of names; past `ROWS` they go on in a further sheet, whose name has a number."""

    def __init__(self, book: Workbook, name: str, columns: Sequence[str], wrapped: Collection[str]) -> None:
        self._book = book
        self._name = name
        self._columns = columns
        self._wrapped = wrapped
        self._sheet = self._begin(name)
        self.rows = 0
        self.cut = 0
        """Cells that were cut."""

    def add(self, values: Iterable[object], *, whole: str) -> None:
        """Add a row; a cell that is too long is cut, and ends with `whole`, where the whole of it is."""
        if self.rows and self.rows % ROWS == 0:
            self._sheet = self._begin(f"{self._name} {self.rows // ROWS + 1}")
        for column, value in enumerate(values):
            self.cut += _put(self._sheet, self.rows % ROWS + 1, column, value, whole)
        self.rows += 1

    def _begin(self, name: str) -> Any:
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        bold = self._book.add_format({"bold": True})
        wrap = self._book.add_format({"text_wrap": True, "valign": "top"}) if self._wrapped else None
        for at, column in enumerate(self._columns):
            sheet.set_column(at, at, _WIDE.get(column, 14), wrap if column in self._wrapped else None)
            sheet.write_string(0, at, column, bold)
        return sheet


class Book:
    """A workbook that is being written, sheet after sheet: once another is begun, nothing more goes into the last."""

    def __init__(self, book: Workbook) -> None:
        self._book = book

    def begin(self, name: str, columns: Sequence[str], *, wrapped: Collection[str] = ()) -> Sheet:
        """Begin a sheet of rows. In columns that are `wrapped` lines go on below, and stand at the top of their row."""
        return Sheet(self._book, name, columns, wrapped)

    def tell(self, name: str, lines: Iterable[tuple[str, str]], *, whole: str) -> None:
        """Write a sheet of what the workbook says of itself: names, and beside them what is said."""
        sheet = self._book.add_worksheet(name)
        sheet.set_column(0, 0, 20)
        sheet.set_column(1, 1, 80, self._book.add_format({"text_wrap": True, "valign": "top"}))
        for row, line in enumerate(lines):
            for column, text in enumerate(line):
                _put(sheet, row, column, text, whole)


@contextmanager
def write_book(file: IO[bytes], *, made_at: datetime) -> Iterator[Book]:
    """Give a workbook, which is in `file` once it is left in peace; it bears no other instant than `made_at`.

    Its rows wait in files of their own, which are gone afterwards, also when whoever asked leaves midway.
    """
    with TemporaryDirectory() as folder:
        book = Workbook(file, {**_OPTIONS, "tmpdir": folder})
        book.set_properties({"created": made_at})
        try:
            yield Book(book)
            book.close()
        finally:
            for sheet in book.worksheets():
                sheet.row_data_fh.close()


def cut(text: str, whole: str) -> str:
    """A text that a cell can hold: one that is longer than that ends with where the whole of it is."""
    if _units(text) <= LONGEST:
        return text
    end = f"…\n〔此格已截断，全文见 The cell is cut; the whole is at {whole}〕"
    room = LONGEST - _units(end)
    kept = text[:room]
    while _units(kept) > room:
        kept = kept[: len(kept) - (_units(kept) - room + 1) // 2]
    return kept + end


def _put(sheet: Any, row: int, column: int, value: object, whole: str) -> bool:
    """Numbers as numbers, truth as truth, anything else as text; nothing for null. Gives whether it was cut."""
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float) and abs(value) < _EXACT:
        sheet.write_number(row, column, value)
    elif value is not None:
        text = _BREAKS.sub("\n", spell(value)).translate(_UNWRITABLE)
        shown = cut(text, whole)
        sheet.write_string(row, column, shown)
        return shown is not text
    return False


def _units(text: str) -> int:
    """Length as Excel counts it, in UTF-16."""
    return len(text) + sum(char > "\uffff" for char in text)
