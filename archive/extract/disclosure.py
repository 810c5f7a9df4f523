"""The disclosure table (政府信息公开信息表): read by label, never by position, for each site orders its cells anew.

It may be a `table`, a `dl`, rows of `li` or `div`, or lines parted by `<br>`; above the document, inside its container
or beneath it. Its lines are marked, so that no other reader takes a cell for a title or a paragraph.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from archive.extract.labels import Pair, is_beside, labels_of, read_pairs
from archive.extract.lines import Line, Lines

_FIELDS: Final = ("index_number", "document_number", "issuing_agency", "written_on", "effective_on", "subject_category")
_MARKS: Final = frozenset((*_FIELDS, "validity"))
_NEAR: Final = 24  # lines between two fields of one table
_STEP: Final = 3  # lines from one labelled line of a table to the next: label, value, a cell without a label
_LEAST: Final = 2  # fields that only a table has
_MOST: Final = 3  # times one of them; what has more is a list of documents


@dataclass(frozen=True, slots=True)
class Table:
    """The fields of a disclosure table; empty if the page has none."""

    pairs: tuple[Pair, ...]

    def get(self, name: str) -> Pair | None:
        """The first pair that gives a field, by the order of its synonyms' trust on the page."""
        return next((pair for pair in self.pairs if pair.name == name), None)


def mark_tables(lines: Lines) -> tuple[Pair, ...]:
    """Mark the lines of every disclosure table of the page; gives their labelled values in the page's order.

    The first row of a data table, labels without values, is none.
    """
    found: list[Pair] = []
    run: list[int] = []
    for number, line in enumerate(lines.all):
        if not labels_of(line.text):
            continue
        if run and not _is_one_table(lines.all[run[-1] : number]):
            found += _mark(lines, run)
            run = []
        run.append(number)
    return (*found, *(_mark(lines, run) if run else ()))


def find_table(pairs: Sequence[Pair]) -> Table:
    """Find the pairs that form a table: those around the first fields that only a table has.

    A lone 发布时间 or 来源 is a byline; beside an 索引号 it is a cell.
    """
    marks = [pair.line for pair in pairs if pair.name in _FIELDS]
    if not marks:
        return Table(())
    start, end = marks[0], marks[0]
    for line in marks:
        end = line if line - end <= _NEAR else end
    return Table(tuple(pair for pair in pairs if start - 6 <= pair.line <= end + 6))


def _is_one_table(lines: Sequence[Line]) -> bool:
    """Tell whether the lines from one label up to the next are no more than its value."""
    label = lines[0]
    if len(lines) > 2:
        return len(lines) <= _STEP and lines[2].block is lines[1].block and is_beside(label, lines[1])
    return len(lines) == 1 or lines[1].block is label.block or is_beside(label, lines[1])


def _mark(page: Lines, labelled: Sequence[int]) -> list[Pair]:
    lines = page.all[labelled[0] : labelled[-1] + 2]
    names = Counter(name for line in lines for name in labels_of(line.text))
    marks = [count for name, count in names.items() if name in _MARKS]
    if len(marks) < _LEAST or max(marks) > _MOST:
        return []
    pairs = read_pairs(lines)
    if len(pairs) * 3 < len(labelled):
        return []
    last = max(labelled[-1], pairs[-1].end)
    if _is_amid_prose(page.all, labelled[0], last):
        return []
    for line in lines:
        line.disclosed = line.number <= last
    return pairs


def _is_amid_prose(lines: Sequence[Line], first: int, last: int) -> bool:
    """Tell whether sentences of the same text stand before the labels: a document that the text speaks of."""
    before = lines[first - 1] if first else None
    if before is None or not before.is_prose or before.chrome is not None:
        return False
    around = before.block.getparent()
    after = lines[last + 1] if last + 1 < len(lines) else None
    followed = after is not None and after.is_prose and after.block.getparent() is around
    return followed or lines[first].block.getparent() is around or lines[first].block is before.block
