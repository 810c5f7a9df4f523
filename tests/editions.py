"""Releases for tests, one after another, made without the command: a snapshot, some files and their digests."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.export.about import write_about
from archive.export.formats import EXPORTERS
from archive.export.previous import read_previous
from archive.store import Database, open_draft, open_reader
from archive.store.dataset import vacuum_into
from archive.store.masked import write_masked
from archive.store.release_changes import put_changes
from archive.store.release_facts import Selection
from archive.store.tables import TABLES, table_rows

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
    db: Database, folder: Path, previous: Release | None = None, *, only: Sequence[str] | None = None, **options: Any
) -> Release:
    """A release of what a database holds, or of some of its notices."""
    folder.mkdir()
    draft = folder / "draft.db"
    (write_masked if options.pop("masked", False) else vacuum_into)(db, draft)
    before = read_previous(previous.folder, folder) if previous else None
    with closing(open_draft(draft)) as made:
        if only is not None:
            cut(made, only)
        put_changes(made, before.database if before else None, archive=db, **options)
        about = write_about(
            made, folder, archive=db, name=folder.name, selection=EVERY, previous=before.facts if before else None
        )
        vacuum_into(made, folder / "notices.sqlite")
        for table in ("notices", "copies", "revisions", "matches", "aliases", "citations", "relations", "attachments"):
            lines = folder / f"{table}.jsonl"
            with EXPORTERS["jsonl"].write(lines, TABLES[table]) as sink:
                for page in table_rows(made, TABLES[table]):
                    sink(page)
            (folder / f"{table}.jsonl.gz").write_bytes(gzip.compress(lines.read_bytes(), mtime=0))
            lines.unlink()
    for path in folder.glob("draft.db*"):
        path.unlink()
    seal(folder)
    return Release(folder, about)


def seal(folder: Path) -> None:
    """Write the digests of all files."""
    names = sorted(path.name for path in folder.iterdir() if path.name != "SHA256SUMS")
    sums = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / "SHA256SUMS").write_text("".join(sums), "utf-8")


def cut(draft: Database, only: Sequence[str]) -> None:
    """Leave only some notices."""
    draft.execute("pragma foreign_keys = off")
    kept = json.dumps(list(only))
    for table, column in (("aliases", "notice"), ("matches", "notice"), ("copies", "notice"), ("notices", "id")):
        draft.execute(f"delete from {table} where {column} not in (select value from json_each(?))", [kept])
    draft.execute("delete from revisions where copy not in (select url_key from copies)")
