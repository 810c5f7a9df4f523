"""Releases for tests, one after another, made without the command: a snapshot, some files and their digests."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.export.draft import write_draft
from archive.export.formats import EXPORTERS
from archive.export.release.about import write_about
from archive.export.release.previous import read_previous
from archive.export.sums import write_sums
from archive.store import Database, open_draft, open_reader
from archive.store.dataset import vacuum_into
from archive.store.release_changes import put_changes
from archive.store.release_facts import Selection
from archive.store.tables import TABLES, table_rows, tables_of

EVERY = Selection(words="every notice", options={})


@dataclass(frozen=True)
class Release:
    """A release made of an archive, with what it says of itself."""

    folder: Path
    about: Mapping[str, Any]

    @property
    def database(self) -> Path:
        return self.folder / "notices.sqlite"

    def rows(self, table: str) -> list[dict[str, Any]]:
        with closing(open_reader(self.database)) as db:
            return [row for page in table_rows(db, TABLES[table]) for row in page]

    def kinds(self) -> set[tuple[str, str | None, str | None]]:
        """Every change, and which notices it is of."""
        return {(row["kind"], row["former_id"], row["id"]) for row in self.rows("changes")}

    def fields(self, notice: str) -> list[str]:
        """What changed of a notice."""
        return [field for row in self.rows("changes") if row["id"] == notice for field in row["fields"]]


def released(
    db: Database,
    folder: Path,
    previous: Release | None = None,
    *,
    only: Sequence[str] | None = None,
    masked: bool = False,
    taken_down: Collection[str] = (),
) -> Release:
    """A release of what a database holds, or of some of its notices."""
    folder.mkdir()
    draft = folder / "draft.db"
    write_draft(db, draft, masked=masked, bar=lambda _: nullcontext())
    before = read_previous(previous.folder, folder) if previous else None
    with closing(open_draft(draft)) as made:
        if only is not None:
            cut(made, only)
        put_changes(made, before.database if before else None, archive=db, taken_down=taken_down)
        facts = before.facts if before else None
        about = write_about(made, folder, name=folder.name, selection=EVERY, previous=facts)
        vacuum_into(made, folder / "notices.sqlite")
    for path in folder.glob("draft.db*"):
        path.unlink()
    write_sums(folder)
    return Release(folder, about)


def write_lines(release: Release) -> None:
    """Write every table as JSON Lines, too."""
    with closing(open_reader(release.database)) as db:
        for table in tables_of(db):
            with EXPORTERS["jsonl"].write(release.folder / f"{table.name}.jsonl.gz", table) as sink:
                for page in table_rows(db, table):
                    sink(page)
    write_sums(release.folder)


def cut(draft: Database, only: Sequence[str]) -> None:
    """Leave only some notices."""
    draft.execute("pragma foreign_keys = off")
    kept = json.dumps(list(only))
    for table, column in (("aliases", "notice"), ("matches", "notice"), ("copies", "notice"), ("notices", "id")):
        draft.execute(f"delete from {table} where {column} not in (select value from json_each(?))", [kept])
    draft.execute("delete from revisions where copy not in (select url_key from copies)")
