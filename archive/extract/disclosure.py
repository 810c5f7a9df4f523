"""The disclosure table (政府信息公开信息表): read by label, never by position, for each site orders its cells anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from archive.extract.labels import Pair

_FIELDS: Final = ("index_number", "document_number", "issuing_agency", "written_on", "effective_on", "subject_category")
_NEAR: Final = 24  # lines between two fields of one table


@dataclass(frozen=True, slots=True)
class Table:
    """The fields of a disclosure table; empty if the page has none."""

    pairs: tuple[Pair, ...]

    def get(self, name: str) -> Pair | None:
        """The first pair that gives a field, by the order of its synonyms' trust on the page."""
        return next((pair for pair in self.pairs if pair.name == name), None)


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
