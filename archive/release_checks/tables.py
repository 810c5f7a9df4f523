"""Whether every table says the same in every format, is keyed and counted as stated, and refers to what is there.

All formats of a table are read side by side, row by row in the order of its key, so memory does not grow with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import Final

from archive.checks import Finding
from archive.export.evidence.warc import MISSING
from archive.export.formats import SNAPSHOT_FILE
from archive.export.steps import Bar
from archive.families import SPLITS
from archive.release_checks.folder import Folder
from archive.release_checks.references import References
from archive.release_checks.rows import Row, Unreadable, csv_rows, jsonl_rows, parquet_rows, sqlite_rows
from archive.release_checks.sides import Looks, Order, Seen, Side, said
from archive.store import Database
from archive.store.tables import TABLES, Table, tables_of
from archive.text import text_digest

_PART: Final = re.compile(
    r"(?:data/)?(?P<table>[a-z_]+?)"
    rf"(?:-(?P<split>{'|'.join(SPLITS)}))?"
    r"(?:-(?P<number>\d{5})-of-(?P<total>\d{5}))?\.(?P<format>csv|jsonl|parquet)(?:\.gz)?"
)
_ROWS: Final = re.compile(r"(?:data/)?[^/]+\.(?:csv|jsonl|parquet)(?:\.gz)?")
_TRUST: Final = ("json", "jsonl", "sqlite", "parquet")
"""The first of these is what the others are compared with; CSV alone has no types."""
_READ_BY_PEOPLE: Final = (".xlsx", ".ris", ".bib", ".csl.json", ".gbt.txt")
_LOOK: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A table that was read to its end: how many rows, and the formats compared, the first with the others."""

    table: str
    rows: int
    formats: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.table}  {self.rows} rows  {' = '.join(self.formats)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCompared:
    """What was not compared with anything, but for its sum, and why."""

    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.what}: not compared; {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a release says of its tables: how many rows they have, and what refers to what."""

    rows: Mapping[str, int] | None
    """None of what has no such statement."""
    references: References


def check_tables(
    folder: Folder,
    snapshot: Database | None,
    bundle: Mapping[str, Sequence[Row]],
    stated: Stated,
    *,
    looks: Mapping[str, Sequence[Seen]],
    bar: Bar,
) -> Iterator[Finding | Compared | NotCompared]:
    """Compare the tables of a release in every format.

    `snapshot` is its SQLite, `bundle` the tables of a single notice where it is of one; each row of a table is shown to
    its `looks`.
    """
    forms: dict[str, dict[str, dict[str, list[str]]]] = {}  # table → format → split → files in order
    yield from _sort_files(folder, forms)
    for table in tables_of(snapshot) if snapshot is not None else ():
        forms.setdefault(table.name, {})["sqlite"] = {}
    for name in bundle:
        forms.setdefault(name, {})["json"] = {}
    every = {form for found in forms.values() for form in found} | ({"sqlite"} if snapshot is not None else set())
    left = {"parquet"} if find_spec("pyarrow") is None else set()
    if left & every:
        yield NotCompared(what="Parquet", why="pyarrow is not installed: pip install 'minzheng-archive[parquet]'")
    for name in folder.files:
        if name.startswith("notices.") and name.endswith(_READ_BY_PEOPLE):
            yield NotCompared(what=name, why="it is for people and programs of references, and holds a part only")
    yield from _compare_names(forms.keys(), stated.rows)
    for table in (table for name, table in TABLES.items() if name in forms):
        for missing in sorted(every - forms[table.name].keys()):
            yield Finding(where=table.name, detail=f"is not there as {missing}, as the other tables are")
        sides = {
            form: Side(form, table, _open(folder, table, form, parts, snapshot, bundle))
            for form, parts in forms[table.name].items()
            if form not in left
        }
        order = [form for form in (*_TRUST, "csv") if form in sides]
        if order == ["csv"]:
            yield NotCompared(what=table.name, why="it is there as CSV alone, which has no types")
            continue
        first = sides.pop(order[0])
        seen: list[Seen] = [*looks.get(table.name, ()), *_own_looks(table), partial(stated.references.see, table)]
        with bar(table.name) as progress:
            others = [sides[form] for form in order[1:]]
            yield from _compare(first, others, seen, (stated.rows or {}).get(table.name), progress)
        stated.references.end(table)
    yield from stated.references.broken()


def _sort_files(folder: Folder, forms: dict[str, dict[str, dict[str, list[str]]]]) -> Iterator[Finding]:
    """Tell which files are of which table, format and split; a set that is not whole is a finding."""
    shards: dict[tuple[str, str, str], set[tuple[int, int]]] = {}
    for name in folder.files:  # in the order of their names, which is that of the shards
        found = _PART.fullmatch(name)
        if found is None and _ROWS.fullmatch(name) and name != MISSING:
            yield Finding(where=name, detail="is no file of a table, and who reads all of a name reads it, too")
        if found is None or found["table"] not in TABLES:
            continue
        parts = forms.setdefault(found["table"], {}).setdefault(found["format"], {})
        parts.setdefault(found["split"] or "", []).append(name)
        if found["number"]:
            of = shards.setdefault((found["table"], found["format"], found["split"] or ""), set())
            of.add((int(found["number"]), int(found["total"])))
    for (table, form, split), there in shards.items():
        total = max(total for _, total in there)
        if there != {(number, total) for number in range(total)}:
            yield Finding(where=f"{table} {split}".strip(), detail=f"has {len(there)} of its {total} files as {form}")


def _compare_names(there: AbstractSet[str], stated: Mapping[str, int] | None) -> Iterator[Finding | NotCompared]:
    """Whether the tables that are there in any format are those whose rows are stated."""
    if stated is None:
        return
    for name in sorted(stated.keys() - there):
        if name in TABLES:
            yield Finding(where=name, detail=f"is there in no format, release.json says it has {stated[name]} rows")
        else:
            yield NotCompared(what=said((name,)), why="this version knows no such table")
    for name in sorted(there - stated.keys()):
        yield Finding(where="release.json", detail=f"does not say how many rows {name} has")


def _open(
    folder: Folder,
    table: Table,
    form: str,
    parts: Mapping[str, Sequence[str]],
    snapshot: Database | None,
    bundle: Mapping[str, Sequence[Row]],
) -> dict[str, Iterator[Row]]:
    """The rows of a table in one format by split, those of none under an empty name; files are opened when read."""
    if form == "sqlite" and snapshot is not None:
        return {"": sqlite_rows(SNAPSHOT_FILE, snapshot, table)}
    if form == "json":
        return {"": iter(bundle[table.name])}
    read = {"csv": csv_rows, "jsonl": jsonl_rows, "parquet": parquet_rows}[form]
    return {split: read([folder.files[name] for name in names]) for split, names in parts.items()}


def _compare(
    first: Side,
    sides: list[Side],
    looks: Sequence[Seen],
    stated: int | None,
    progress: Callable[[int, int], None] | None,
) -> Iterator[Finding | Compared]:
    table = first.table
    formats = (first.form, *(side.form for side in sides))
    seen = Looks(table, [Order(first).see, *looks])
    count = 0
    try:
        for count, row in enumerate(first.rows(), 1):
            yield from seen.at(row)
            for side in list(sides):
                if (difference := _asked(side, partial(side.differs, row, first.form))) is not None:
                    yield difference
                    sides.remove(side)  # behind a row that is missing, every other would differ
            if progress is not None and count % _LOOK == 0:
                progress(count, max(stated or 0, count))
    except Unreadable as error:
        yield Finding(where=table.name, detail=str(error))
        return
    for side in sides:
        if (difference := _asked(side, partial(side.left, first.form))) is not None:
            yield difference
    yield from seen.more()
    if stated is not None and stated != count:
        yield Finding(where=table.name, detail=f"has {count} rows in {first.form}, release.json says {stated}")
    yield Compared(table=table.name, rows=count, formats=formats)


def _asked(side: Side, question: Callable[[], Finding | None]) -> Finding | None:
    try:
        return question()
    except Unreadable as error:
        return Finding(where=f"{side.table.name} as {side.form}", detail=str(error))


def _own_looks(table: Table) -> list[Seen]:
    return [partial(_look_at_digest, table)] if "text_digest" in table.names and "text" in table.names else []


def _look_at_digest(table: Table, row: Row) -> Iterator[Finding]:
    """Whether a text is the one whose digest stands beside it."""
    text, stated = row.get("text"), row.get("text_digest")
    if isinstance(text, str) and stated and (found := text_digest(text)) != stated:
        where = f"{table.name} {said(tuple(row.get(name) for name in table.key))}"
        yield Finding(where=where, detail=f"text_digest is {stated}, its text has {found}")
