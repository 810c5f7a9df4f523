"""Whether what a row names is there: each stated reference from one table to another."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from archive.checks import Finding
from archive.release_checks.rows import Row
from archive.store.tables import TABLES, Table

Stated = Mapping[str, Mapping[str, tuple[str, str]]]
"""Table → column → the table and column where its values are found."""


class References:
    """Sees every row of every table once; of a table that was seen it remembers the hash of what others may name."""

    def __init__(self, stated: Stated) -> None:
        self._stated = stated
        targets = {target for columns in stated.values() for target in columns.values()}
        self._there: dict[tuple[str, str], set[int]] = {target: set() for target in targets}
        self._ended: set[str] = set()
        self._later: dict[tuple[str, str], set[Any]] = {}

    def see(self, table: Table, row: Row) -> Iterator[Finding]:
        """Look at a row; what it names of tables that are still to come is kept until the end."""
        for (name, column), there in self._there.items():
            if name == table.name:
                there.add(hash(_hashable(row.get(column))))
        for column, target in self._stated.get(table.name, {}).items():
            value = _hashable(row.get(column))
            if value is None:
                continue
            if target[0] not in self._ended:
                self._later.setdefault((table.name, column), set()).add(value)
            elif hash(value) not in self._there[target]:
                key = " ".join(str(row.get(name)) for name in table.key)
                yield Finding(where=f"{table.name} {key}", detail=_no_such(column, value, target))

    def end(self, table: Table) -> None:
        """All rows of a table were seen."""
        self._ended.add(table.name)

    def broken(self) -> Iterator[Finding]:
        """What was named of tables that came later, and is not there."""
        for (table, column), values in self._later.items():
            target = self._stated[table][column]
            if target[0] in self._ended:
                absent = sorted(str(value) for value in values if hash(value) not in self._there[target])
                yield from (Finding(where=table, detail=_no_such(column, value, target)) for value in absent[:20])
            else:
                yield Finding(where=table, detail=f"{column} names {target[0]}, a table that is not there")


def references_between(tables: Collection[str]) -> Stated:
    """The references that hold in a whole release, of these tables to each other."""
    found = {name: TABLES[name].refers for name in TABLES.keys() & tables}
    return {
        name: {column: target for column, target in refers.items() if target[0] in found}
        for name, refers in found.items()
    }


def stated_references(package: Mapping[str, Any]) -> Stated:
    """The references that a datapackage.json states. Raises: AttributeError and the like, of one that is none."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for resource in package.get("resources", ()):
        for key in resource.get("schema", {}).get("foreignKeys", ()):
            columns, reference = _listed(key["fields"]), key["reference"]
            targets = _listed(reference["fields"])
            if resource["name"] in TABLES and len(columns) == len(targets) == 1:
                target = str(reference["resource"] or resource["name"]), str(targets[0])
                found.setdefault(resource["name"], {})[str(columns[0])] = target
    return found


def _listed(fields: Any) -> list[Any]:
    """The standard lets a single name stand without its list."""
    return fields if isinstance(fields, list) else [fields]


def _no_such(column: str, value: object, target: tuple[str, str]) -> str:
    return f"{column} names {str(value)[:60]!r}, which is no {target[1]} of {target[0]}"


def _hashable(value: Any) -> Any:
    return value if isinstance(value, str | int | float | None) else str(value)
