"""Table `release`: what a release is made of, counted; and the same as `release.json` has it.

No clock is asked: the day of a release is that of the archive's last capture, so the same archive gives the same words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, TypedDict, cast

from sqlite_utils import Database

from archive.store.archive_facts import ArchiveFacts, archive_facts
from archive.store.facts import table_counts
from archive.store.masked import masked_by
from archive.store.migrations import migrations
from archive.store.notices import settled_by
from archive.store.release_changes import Change, count_changes
from archive.store.tables import tables_of


class Versions(TypedDict):
    """By which versions of ours the rows were made."""

    program: str
    reader: str
    read_by: list[str]
    """Of the reader, those that the captures were read by: another one beside `reader` tells of pages to be read again
    (`minzheng rebuild --stale`)."""
    matcher: str | None
    """By which every copy was settled; None where that is not known."""
    schema: str
    """The last migration of the database."""


class Gaps(TypedDict):
    """How far the lists of the sources were seen: months of channels by their state."""

    first_month: str | None
    last_month: str | None
    complete: int
    partial: int
    unobserved: int
    sources: int
    sources_with_gaps: int


class PreviousRelease(TypedDict):
    """The release that this one tells its changes from."""

    name: str
    sha256sums: str
    """SHA-256 of its `SHA256SUMS`, in hex digits: that file has the digests of all others."""


class Selection(TypedDict):
    """Which notices there are, in words and as the options that chose them; no option stands for all notices."""

    words: str
    options: Mapping[str, Any]


class Release(TypedDict):
    """What `release.json` says."""

    name: str
    previous: PreviousRelease | None
    changes_only: bool
    """Whether it has only the notices that are not as they were in the last release."""
    selection: Selection
    masked: str | None
    """Version of the rules by which personal data was masked; None where all is shown."""
    archive: ArchiveFacts
    versions: Versions
    rows: dict[str, int]
    """How many rows each table has."""
    coverage: Gaps
    changes: dict[Change, int] | None
    """How many changes of each kind; None where there is no release before."""


def release_facts(
    draft: Database,
    *,
    name: str,
    program: str,
    reader: str,
    selection: Selection,
    previous: PreviousRelease | None = None,
    changes_only: bool = False,
) -> Release:
    """Say what a release is, when all its other tables are in its draft.

    `program` and `reader` are the versions of ours that make it.
    """
    return Release(
        name=name,
        previous=previous,
        changes_only=changes_only,
        selection=selection,
        masked=masked_by(draft),
        archive=archive_facts(draft),
        versions=_versions(draft, program, reader),
        rows=table_counts(draft, tables_of(draft)),
        coverage=_gaps(draft),
        changes=count_changes(draft) if previous is not None else None,
    )


def put_release(draft: Database, release: Release) -> None:
    """Put these facts into the draft, one a row: text as it is, all else as JSON."""
    draft.execute("drop table if exists release")
    draft.execute("create table release (key text primary key, value text)")
    draft.conn.executemany("insert into release (key, value) values (?, ?)", list(as_rows(release).items()))


def read_release(db: Database) -> dict[str, str | None]:
    """The facts that a release's database has, by their keys; empty where it has none."""
    if not db.table("release").exists():
        return {}
    return dict(db.execute("select key, value from release order by key").fetchall())


def as_rows(release: Mapping[str, Any]) -> dict[str, str | None]:
    """What `release.json` says as the table has it, by key."""
    rows: dict[str, str | None] = {}
    for key, value in release.items():
        inner = value if isinstance(value, dict) and key in _UNFOLDED else {"": value}
        for part, said in inner.items():
            text = said if isinstance(said, str | None) else json.dumps(said, ensure_ascii=False, sort_keys=True)
            rows[f"{key}.{part}".rstrip(".")] = text
    return rows


_UNFOLDED: Final = frozenset({"previous", "selection", "archive", "versions", "rows", "coverage", "changes"})
"""Facts of which each part has a row of its own: `archive.state`."""


def _versions(draft: Database, program: str, reader: str) -> Versions:
    readers = draft.execute(
        "select distinct reader_version from captures where reader_version is not null order by 1"
    ).fetchall()
    return Versions(
        program=program,
        reader=reader,
        read_by=[version for (version,) in readers],
        matcher=settled_by(draft),
        schema=list(migrations.applied(draft))[-1].name,
    )


def _gaps(draft: Database) -> Gaps:
    return cast("Gaps", next(draft.query(_GAPS)))


_GAPS: Final = """
    select min(month) as first_month, max(month) as last_month,
      coalesce(sum(state = 'complete'), 0) as complete, coalesce(sum(state = 'partial'), 0) as partial,
      coalesce(sum(state = 'unobserved'), 0) as unobserved, count(distinct source) as sources,
      count(distinct iif(state <> 'complete', source, null)) as sources_with_gaps
    from coverage
"""
