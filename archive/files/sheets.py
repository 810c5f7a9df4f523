"""Workbooks (.xlsx, .xls) by calamine: the sheets that are shown, a row a line.

calamine is one parser for both formats, in Rust; it holds a sheet as one block from its first cell to its last, so the
spread of the cells is measured before. Source: ECMA-376 part 1, 18.3.1.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from archive.files.bounds import MOST_TEXT, NotRead, row_line
from archive.files.package import check_document, open_package, read_part
from archive.records import FileReading

MOST_CELLS: Final = 4_000_000
"""Cells of one sheet, empty ones between others counted. Of an .xls the format itself allows four times as many."""

_WHOLE: Final = 1e20
"""From here on a number is no account or identity number that somebody typed, and is shown in powers of ten."""
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
# a cell with a value in it; one that only has a look is written `<c r="XFD9" s="1"/>`
_CELL: Final = re.compile(rb"<(?:\w+:)?c\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_ROWS: Final = re.compile(rb"<(?:\w+:)?row\b")
_ROW: Final = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br\s*=\s*[\"'](\d{1,9})")
_PLACE: Final = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,4})(\d{1,9})")

Value = int | float | str | bool | time | date | datetime | timedelta


def read_workbook(body: bytes, media_type: str) -> FileReading:
    """The rows of every sheet that is shown, under its name where there are several. Raises: NotRead."""
    if body.startswith(b"PK"):
        _check_spread(body)
    try:
        return _read(body, media_type)
    except PasswordError as error:
        raise NotRead("locked: it opens with a password only") from error
    except (CalamineError, ValueError, OverflowError) as error:
        raise NotRead(f"damaged: {' '.join(str(error).split())[:200]}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # which Rust raises past `Exception`
            raise
        raise NotRead("damaged: its reader gave up") from error


def _read(body: bytes, media_type: str) -> FileReading:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(body))
    shown = [
        about.name
        for about in workbook.sheets_metadata
        if about.typ == SheetTypeEnum.WorkSheet and about.visible == SheetVisibleEnum.Visible
    ]
    lines: list[str] = []
    size = 0
    for name in shown:
        rows = [line for line in _rows(workbook.get_sheet_by_name(name)) if line]
        lines += [name, *rows] if rows and len(shown) > 1 else rows
        size += sum(map(len, rows))
        if size > MOST_TEXT:
            break
    return FileReading(
        media_type=media_type,
        read_as="xlsx" if body.startswith(b"PK") else "xls",
        text="\n".join(lines),
        pages=len(shown),
    )


def _rows(sheet: CalamineSheet) -> Iterator[str]:
    size = 0
    for row in sheet.iter_rows():
        line = row_line([_cell(value) for value in row])
        yield line
        size += len(line)
        if size > MOST_TEXT:
            return


def _cell(value: Value) -> str:
    """A value as the sheet would show it without a format: whole numbers without a point, days as ISO."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        shown = f"{value:.15g}"  # what a workbook keeps of a number
        return f"{Decimal(shown):f}" if abs(value) < _WHOLE else shown
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else value.isoformat(" ")
    return str(value)


def _check_spread(body: bytes) -> None:
    """Refuse a workbook whose sheets would not fit: two cells in opposite corners are 17 thousand million."""
    with open_package(body) as package:
        check_document(package)
        names = [name for name in package.namelist() if name.endswith((".xml", ".rels", ".vml"))]
        for name in names:
            part = read_part(package, name)
            if _SHEET.fullmatch(name) or b"sheetData" in part[:65_536]:
                rows, columns = _spread(part)
                if rows * columns > MOST_CELLS:
                    raise NotRead(f"refused: a sheet of it is {rows:,} rows by {columns:,} columns large")


def _spread(part: bytes) -> tuple[int, int]:
    """Rows and columns from the first cell with a value to the last one."""
    first = last = widest = count = 0
    is_placed = True
    for cell in _CELL.finditer(part):
        if cell[1].endswith(b"/"):
            continue
        count += 1
        place = _PLACE.search(cell[1])
        if place is None:  # it stands where its row says, behind the one before it
            is_placed = False
            continue
        row = int(place[2])
        first, last = min(first or row, row), max(last, row)
        widest = max(widest, _column(place[1]))
    if not is_placed:
        numbers = [int(row[1]) for row in _ROW.finditer(part)] or [count]
        fullest = max(sum(1 for _ in _CELL.finditer(row)) for row in _ROWS.split(part))
        first, last, widest = min(numbers), max(*numbers, last), min(widest + fullest, 16_384)
    return last - first + 1, widest


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
