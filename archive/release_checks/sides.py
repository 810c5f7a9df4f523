"""One table in one format, read beside another; and what looks at each of its rows."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from archive.checks import Finding
from archive.release_checks.rows import Row, Unreadable, as_cell, plain, plain_cell
from archive.store.tables import Table

_SHOWN: Final = 60
"""Characters of a value that a finding shows."""
_NAMED: Final = 20
"""Findings of one table that are named; more are counted."""

Seen = Callable[[Row], Iterable[Finding]]
"""Looks at a row, as JSON has it."""


class Side:
    """The rows of a table in one format."""

    def __init__(self, form: str, table: Table, parts: dict[str, Iterator[Row]]) -> None:
        self.form = form
        self.table = table
        self._parts = parts

    def rows(self) -> Iterator[Row]:
        """All of them in the order of the key. Raises: Unreadable."""
        try:
            yield from heapq.merge(*self._parts.values(), key=self.key)
        except TypeError as error:
            raise Unreadable(f"{self.table.name} as {self.form} has keys of several kinds: {error}") from error

    def key(self, row: Row) -> tuple[Any, ...]:
        """What names a row; a text where there is none, so that any two can be put in order."""
        return tuple("" if row.get(name) is None else row[name] for name in self.table.key)

    def differs(self, row: Row, from_form: str) -> Finding | None:
        """How the next row differs from that of another format, if it does. Raises: Unreadable."""
        other = next(self._parts.get("" if "" in self._parts else str(row.get("split")), iter(())), None)
        if other is None:
            return self._finding(row, f"is in {from_form} and not in {self.form}")
        if row.keys() != other.keys():
            names = " ".join(sorted(map(str, row.keys() ^ other.keys())))
            return Finding(where=self.table.name, detail=f"not both {from_form} and {self.form} have {_clip(names)}")
        for column in self.table.columns:
            value, found = row.get(column.name), other.get(column.name)
            if value == found:  # nearly always, and without a look at its kind
                continue
            value = plain(column, value)
            if self.form == "csv":
                value, found = as_cell(column, value), plain_cell(column, found or "")
            else:
                found = plain(column, found)
            if value != found and column.name in self.table.key:
                here = said(self.key(other))
                return self._finding(row, f"is in {from_form}; in {self.form} there is {here} in its place")
            if value != found:
                told = f"{shown(value)} in {from_form} and {shown(found)} in {self.form}"
                return self._finding(row, f"{column.name} is {told}")
        return None

    def left(self, from_form: str) -> Finding | None:
        """A row that is there behind the last. Raises: Unreadable."""
        row = next((row for part in self._parts.values() for row in part), None)
        return None if row is None else self._finding(row, f"is in {self.form} and not in {from_form}")

    def _finding(self, row: Row, detail: str) -> Finding:
        return Finding(where=f"{self.table.name} {said(self.key(row))}", detail=detail)


class Looks:
    """Shows rows to all that look at them, and names the first of what they find."""

    def __init__(self, table: Table, looks: Sequence[Seen]) -> None:
        self._table = table
        self._looks = looks
        self._found = 0

    def at(self, row: Row) -> Iterator[Finding]:
        """Show a row."""
        for look in self._looks:
            for finding in look(row):
                self._found += 1
                if self._found <= _NAMED:
                    yield finding

    def more(self) -> Iterator[Finding]:
        """How many findings were not named."""
        if self._found > _NAMED:
            yield Finding(where=self._table.name, detail=f"and {self._found - _NAMED} more findings in its rows")


class Order:
    """Sees that rows come in the order of their key, each once."""

    def __init__(self, side: Side) -> None:
        self._side = side
        self._last: tuple[Any, ...] | None = None

    def see(self, row: Row) -> Iterator[Finding]:
        """Look at the next row."""
        key, last = self._side.key(row), self._last
        self._last = key
        if last is not None and not _follows(key, last):
            where = f"{self._side.table.name} {said(key)}"
            yield Finding(where=where, detail=f"is behind {said(last)}: twice, or in no order")


def said(key: tuple[Any, ...]) -> str:
    """What names a row, as a finding has it."""
    return " ".join(_clip(str(part)) for part in key)


def _follows(key: tuple[Any, ...], last: tuple[Any, ...]) -> bool:
    try:
        return key > last
    except TypeError:  # a text where a number was
        return False


def shown(value: object) -> str:
    return _clip(repr(value))


def _clip(text: str) -> str:
    safe = "".join(character if character.isprintable() else "�" for character in text[:_SHOWN])
    return f"{safe}…" if len(text) > _SHOWN else safe
