"""Notices as an Excel workbook, row by row: the sheet goes to a file on the disk, not to memory."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any, Final, Protocol

from xlsxwriter import Workbook

from archive.spreadsheet_cells import spell

LONGEST: Final = 32_767
"""Characters of a cell; Excel takes a file with longer ones for damaged."""
ROWS: Final = 1_000_000
"""Notices of one sheet, which holds 1,048,576 rows at most."""

_PIECE: Final = 1 << 18
_OPTIONS: Final = {
    "constant_memory": True,
    # a stranger's text is text, whatever it begins with
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDE: Final = {"title": 50, "text": 60, "original_url": 30, "address": 30}
_UNWRITABLE: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)))
"""What XML 1.0 has no way to write."""


class Rows(Protocol):
    """One notice: where it is shown, and its values by column."""

    @property
    def address(self) -> str: ...
    @property
    def values(self) -> Mapping[str, Any]: ...


class Told(Protocol):
    """What the workbook says of itself."""

    @property
    def address(self) -> str: ...
    @property
    def total(self) -> int: ...
    @property
    def asked(self) -> Sequence[tuple[str, str]]: ...
    @property
    def looked_at(self) -> datetime: ...


def write_xlsx(told: Told, columns: Sequence[str], notices: Iterable[Rows]) -> Generator[bytes, None, None]:
    """A sheet of the notices and one of what was asked; gives nothing until all are written, but after each a pause.

    A cell that is too long is cut, and ends with where the whole of it is. The same notices give the same bytes at any
    time: the instant that they bear is that of the archive's last look.
    """
    with TemporaryFile() as file, _book(file) as book:
        book.set_properties({"created": told.looked_at})
        for number, notice in enumerate(notices):
            if number % ROWS == 0:
                sheet = _begin_sheet(book, f"notices {number // ROWS + 1}" if number else "notices", columns)
            for at, value in enumerate(notice.values.values()):
                _put(sheet, number % ROWS + 1, at, value, notice.address)
            yield b""
        if not book.worksheets():
            _begin_sheet(book, "notices", columns)
        _tell(book, told)
        book.close()
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def cut(text: str, address: str) -> str:
    """A text that a cell can hold: one that is longer than that ends with where the whole of it is."""
    if _units(text) <= LONGEST:
        return text
    end = f"…\n〔此格已截断，全文见 The cell is cut; the whole is at {address}〕"
    room = LONGEST - _units(end)
    kept = text[:room]
    while _units(kept) > room:
        kept = kept[: len(kept) - (_units(kept) - room + 1) // 2]
    return kept + end


@contextmanager
def _book(file: IO[bytes]) -> Iterator[Workbook]:
    """A workbook whose rows wait in files of their own, which are gone afterwards: whoever asked may leave midway."""
    with TemporaryDirectory() as folder:
        book = Workbook(file, {**_OPTIONS, "tmpdir": folder})
        try:
            yield book
        finally:
            for sheet in book.worksheets():
                sheet.row_data_fh.close()


def _begin_sheet(book: Workbook, name: str, columns: Sequence[str]) -> Any:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    for at, column in enumerate(columns):
        sheet.set_column(at, at, _WIDE.get(column, 14))
        sheet.write_string(0, at, column, bold)
    return sheet


def _put(sheet: Any, row: int, column: int, value: object, address: str) -> None:
    """Numbers as numbers, truth as truth, anything else as text; nothing for null."""
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    elif value is not None:
        sheet.write_string(row, column, cut(spell(value).translate(_UNWRITABLE), address))


def _tell(book: Workbook, told: Told) -> None:
    sheet = book.add_worksheet("search")
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 80)
    lines = [("address", told.address), ("total", str(told.total)), ("looked_at", told.looked_at.isoformat())]
    for row, (name, value) in enumerate([*lines, *told.asked]):
        sheet.write_string(row, 0, name.translate(_UNWRITABLE)[:LONGEST])
        sheet.write_string(row, 1, cut(value.translate(_UNWRITABLE), told.address))


def _units(text: str) -> int:
    """Length as Excel counts it, in UTF-16."""
    return len(text) + sum(char > "\uffff" for char in text)
