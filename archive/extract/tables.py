"""The tables of a text: which of them hold data, the lines that show them, and their plain HTML.

A row is one line and its cells are parted by ` | `, which search and digests do not see, tidying keeps, and a reader
takes for what it is. Cells keep their column: one that a span covers is empty, not repeated, for a text says a thing
once; empty cells at the end of a row and columns that no row fills are left out. A cell is one cell, however many
paragraphs it has. A table that lays out a page instead of holding data stays paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Final

from lxml.html import HtmlElement

from archive.extract.body import Body, is_foreign
from archive.extract.files import links_file
from archive.extract.lines import Line, Lines
from archive.extract.trim import is_template
from archive.records import TextTable
from archive.text import tidy

SEPARATOR: Final = " | "
_SHORT: Final = 100  # characters of a cell, in a table of one row
_FORM: Final = 5  # rows of two cells and more, whatever stands in one great cell beside them
_GREAT: Final = 300  # characters of a cell that may be the page itself
_WIDEST: Final = 64  # columns of one cell; what states more is a slip, or meant to hurt
_HIGHEST: Final = 2000
_COLUMNS: Final = 256  # of a table; nothing is covered past them, so that a page of spans costs no more than its size
_GROUPS: Final = ("thead", "tbody", "tfoot", "form")


def mark_data_tables(lines: Lines, body: Body) -> None:
    """Mark the lines of every table within the body that holds data, so that no reader of prose cuts into it."""
    ends: list[int] = []  # of the tables found; an inner table comes before the one around it
    for table, (start, end) in lines.spans.items():
        if table.tag != "table" or end - start < 2 or not body.start <= start < end <= body.end:
            continue
        own = [line for line in lines.all[start:end] if not line.disclosed and not is_foreign(line, body, lines)]
        if (ends and start < ends[-1]) or not _holds_data(table, own, lines):
            continue
        ends.append(end)
        for line in own:
            line.table = table


def set_text(kept: Sequence[Line], lines: Lines) -> tuple[list[str], tuple[TextTable, ...]]:
    """Give the paragraphs of a text, tidied, none of them empty, and where its tables stand among them."""
    text: list[str] = []
    tables: list[TextTable] = []
    for table, group in groupby(kept, key=lambda line: line.table):
        first = len(text)
        if table is None:
            text += filter(None, (tidy(line.text) for line in group))
            continue
        rows = _rows(table, list(group), lines)
        text += filter(None, _print(rows))
        if len(text) > first:
            tables.append(TextTable(first=first, last=len(text), html=_draw(rows)))
    return text, tuple(tables)


@dataclass(frozen=True, slots=True)
class _Cell:
    element: HtmlElement
    column: int
    texts: tuple[str, ...]

    @property
    def text(self) -> str:
        """The paragraphs of the cell in one line; a bar of its own must not look like a border."""
        return tidy(" ".join(self.texts)).replace("|", "｜")


@dataclass(frozen=True, slots=True)
class _Row:
    start: int
    cells: tuple[_Cell, ...]

    @property
    def filled(self) -> list[_Cell]:
        return [cell for cell in self.cells if cell.texts]


def _holds_data(table: HtmlElement, own: Sequence[Line], lines: Lines) -> bool:
    """Tell a table of data from one that lays out a page: most of its words stand in rows of two cells and more."""
    start, end = lines.spans[table]
    if len(own) * 2 < end - start or sum(line.picture or is_template(line) for line in own) * 2 > len(own):
        return False
    words = sum(len(line.text) for line in own)
    if sum(line.linked for line in own) * 2 > words and not any(
        links_file(link) for line in own for link in line.links
    ):
        return False
    full = [cells for row in _rows(table, own, lines) if len(cells := row.filled) > 1]
    sizes = [sum(map(len, cell.texts)) for cells in full for cell in cells]
    if len(full) < 2:
        parts = sum(len(cell.texts) for cells in full for cell in cells)
        return bool(full) and sum(sizes) * 2 >= words and max(sizes) <= _SHORT and parts <= 2 * len(sizes)
    if len(full) >= _FORM:
        return True
    great = max(sizes) > _GREAT and max(sizes) * 5 > words * 3
    return not great and sum(sizes) * 5 >= words * 2


def _rows(table: HtmlElement, kept: Sequence[Line], lines: Lines) -> list[_Row]:
    """The rows of a table in their order, with the kept lines in their cells; a line in no cell is a row of its own."""
    texts = {line.number: line.text for line in kept}
    loose = dict.fromkeys(texts)
    rows: list[_Row] = []
    covered: dict[int, int] = {}  # column → rows that a cell further up still covers
    for element in _row_elements(table):
        if element not in lines.spans:  # hidden
            continue
        column = 0
        cells: list[_Cell] = []
        spread: dict[int, int] = {}
        for cell in element:
            if cell.tag not in ("td", "th") or cell not in lines.spans:
                continue
            while column in covered:
                column += 1
            inside = [number for number in range(*lines.spans[cell]) if number in texts]
            cells.append(_Cell(cell, column, tuple(texts[number] for number in inside)))
            for number in inside:
                loose.pop(number, None)
            end = min(column + _span(cell, "colspan", _WIDEST), _COLUMNS)
            height = _span(cell, "rowspan", _HIGHEST)
            if height > 1:
                spread |= dict.fromkeys(range(column, end), height)
            column = max(end, column + 1)
        covered = {at: left - 1 for at, left in (covered | spread).items() if left > 1}
        rows.append(_Row(lines.spans[element][0], tuple(cells)))
    rows += [_Row(number, (_Cell(lines.all[number].block, 0, (texts[number],)),)) for number in loose]
    return sorted(rows, key=lambda row: row.start)


def _row_elements(around: HtmlElement) -> Iterator[HtmlElement]:
    for element in around:
        if element.tag == "tr":
            yield element
        elif element.tag in _GROUPS:
            yield from _row_elements(element)


def _span(cell: HtmlElement, name: str, most: int) -> int:
    stated = (cell.get(name) or "").strip()
    return min(max(int(stated), 1), most) if stated.isascii() and stated.isdigit() and len(stated) < 6 else 1


def _print(rows: Sequence[_Row]) -> Iterator[str]:
    """One line a row; an empty one for a row without text."""
    columns = sorted({cell.column for row in rows for cell in row.filled})
    places = {column: place for place, column in enumerate(columns)}
    for row in rows:
        line: list[str] = []
        for cell in row.filled:
            line += [""] * (places[cell.column] - len(line))
            line.append(cell.text)
        yield tidy(SEPARATOR.join(line))


def _draw(rows: Sequence[_Row]) -> str:
    """A table of rows, cells, spans and breaks, and of nothing else that the page put there."""
    filled = [number for number, row in enumerate(rows) if row.filled]
    shown = rows[filled[0] : filled[-1] + 1]
    return f"<table>{''.join(map(_draw_row, shown))}</table>"


def _draw_row(row: _Row) -> str:
    cells: list[str] = []
    for cell in row.cells:
        tag = cell.element.tag if cell.element.tag in ("th", "td") else "td"
        spans = {
            "colspan": _span(cell.element, "colspan", _WIDEST),
            "rowspan": _span(cell.element, "rowspan", _HIGHEST),
        }
        given = "".join(f' {name}="{span}"' for name, span in spans.items() if span > 1)
        words = "<br>".join(filter(None, (escape(tidy(text)) for text in cell.texts)))
        cells.append(f"<{tag}{given}>{words}</{tag}>")
    return f"<tr>{''.join(cells)}</tr>"
