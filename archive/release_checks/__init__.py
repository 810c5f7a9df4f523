"""Whether a release is whole and agrees with itself: all that anybody can prove who has the folder and nothing else.

The folder may come from anybody. No link is followed, no name in a list is opened, nothing is unpacked into memory or
onto the disk without a bound.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from archive.checks import Finding
from archive.export.evidence.bundle import ROWS as BUNDLE
from archive.export.formats import SNAPSHOT_FILE
from archive.export.release.about import ABOUT
from archive.export.steps import Bar
from archive.export.sums import SUMS
from archive.release_checks.about import About
from archive.release_checks.attached import Attached, check_texts
from archive.release_checks.exchanges import Captures, Held
from archive.release_checks.folder import Folder, check_sums, look_into
from archive.release_checks.packages import check_evidence
from archive.release_checks.references import References, references_between, stated_references
from archive.release_checks.sides import Seen
from archive.release_checks.tables import Compared, NotCompared, Stated, check_tables
from archive.store import Database, DatabaseError
from archive.store.released import not_sound, released
from archive.store.tables import TABLES

__all__ = ["Compared", "Finding", "Held", "NoRelease", "NotCompared", "check_release"]

_PACKAGE: Final = "datapackage.json"


class NoRelease(Exception):  # noqa: N818  it says what is, not that we failed
    """A folder that holds neither a release nor the evidence of a notice; the message says what was looked for."""


def check_release(path: Path, bar: Bar) -> Iterator[Finding | Compared | Held | NotCompared]:
    """Check a release, or the evidence of one notice: sums, tables in every format, digests, evidence, files.

    Raises: NoRelease, OSError.
    """
    folder = look_into(path)
    if not {ABOUT, BUNDLE} & folder.files.keys() and not _lists_one(folder):
        raise NoRelease(f"{path} holds no release: neither {ABOUT} nor {BUNDLE} is there")
    yield from folder.odd
    yield from check_sums(folder, bar)
    said: dict[str, Mapping[str, Any]] = {}
    for name in (ABOUT, BUNDLE, _PACKAGE):
        yield from _read(folder, name, said)
    captures, attached, about = Captures(), Attached(folder), About(said.get(ABOUT, {}))
    with ExitStack() as opened:
        snapshot: Database | None = None
        if SNAPSHOT_FILE in folder.files:
            try:
                snapshot = opened.enter_context(released(folder.files[SNAPSHOT_FILE]))
                yield from (Finding(where=SNAPSHOT_FILE, detail=detail) for detail in not_sound(snapshot))
                yield from _beside(folder)
            except DatabaseError as error:
                yield Finding(where=SNAPSHOT_FILE, detail=f"is no SQLite database that can be read: {error}")
                snapshot = None
        looks: Mapping[str, list[Seen]] = {
            "captures": [captures.see],
            "attachments": [attached.see],
            "coverage": [about.see],
        }
        bundle = _tables_of(said.get(BUNDLE, {}))
        yield from check_tables(folder, snapshot, bundle, _stated(said), looks=looks, bar=bar)
        yield from about.check(snapshot)
    yield from check_evidence(folder, captures, bar)
    yield from attached.check()
    if BUNDLE in said:
        yield from check_texts(folder, said[BUNDLE].get("texts"), bundle.get("revisions", []))


def _beside(folder: Folder) -> Iterator[Finding]:
    """Logs and journals: whoever opens the snapshot has other rows by them than are compared here."""
    for name in folder.files:
        if name.startswith(f"{SNAPSHOT_FILE}-"):
            yield Finding(where=name, detail=f"is taken into {SNAPSHOT_FILE} by whoever opens it; no release has one")


def _lists_one(folder: Folder) -> bool:
    """Whether there was a release: its list of sums is still there."""
    lines = folder.read(SUMS).splitlines() if SUMS in folder.files else []
    return any(line.endswith((f"  {ABOUT}".encode(), f"  {BUNDLE}".encode())) for line in lines)


def _read(folder: Folder, name: str, said: dict[str, Mapping[str, Any]]) -> Iterator[Finding]:
    if name not in folder.files:
        return
    try:
        found = json.loads(folder.read(name))
    except (ValueError, RecursionError) as error:
        yield Finding(where=name, detail=f"cannot be read: {error}")
        return
    if isinstance(found, dict):
        said[name] = found
    else:
        yield Finding(where=name, detail="is no object")


def _stated(said: Mapping[str, Mapping[str, Any]]) -> Stated:
    rows = said.get(ABOUT, {}).get("rows")
    held = rows.items() if isinstance(rows, dict) else ()
    counts = {name: count for name, count in held if isinstance(count, int)} if ABOUT in said else None
    tables = _tables_of(said.get(BUNDLE, {})) or TABLES
    try:
        stated = stated_references(said[_PACKAGE]) if _PACKAGE in said else references_between(tables.keys())
    except (AttributeError, KeyError, TypeError, IndexError):
        stated = references_between(tables.keys())  # what is wrong with such a file is told by its own validators
    return Stated(rows=counts, references=References(stated))


def _tables_of(bundle: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    tables = bundle.get("tables")
    return {
        name: [row for row in rows if isinstance(row, dict)]
        for name, rows in (tables.items() if isinstance(tables, dict) else ())
        if isinstance(rows, list)
    }
