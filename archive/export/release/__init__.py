"""A release: one folder with the archive's tables in every format, described, checkable and the same twice.

One frozen database is made first: the chosen notices with all their rows, masked unless asked otherwise. Every other
file is a reading of it, so the formats cannot differ. The folder appears when all of it is there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

from archive.export.coding_sheet import FILE as CODING_SHEET
from archive.export.coding_sheet import write_coding_sheet
from archive.export.draft import Sampling, selection_to_leave, write_draft, writing
from archive.export.evidence import EVIDENCE, write_evidence
from archive.export.evidence.files import NotTheFile, write_files
from archive.export.evidence.warc import RawIsUnmasked
from archive.export.formats import SNAPSHOT_FILE, exporters_of
from archive.export.formats.shards import SHARD
from archive.export.formats.table_files import TABULAR, TableFiles
from archive.export.release.about import write_about
from archive.export.release.card import write_card
from archive.export.release.citation_cff import write_citation
from archive.export.release.croissant import write_croissant
from archive.export.release.datapackage import write_datapackage
from archive.export.release.dictionary import write_dictionary
from archive.export.release.facts import facts_of
from archive.export.release.place import check_place, publish, put_back, unfinished
from archive.export.release.previous import Previous
from archive.export.steps import Bar, Steps
from archive.export.sums import write_sums
from archive.extract import READER_VERSION
from archive.masks import VERSION as MASKS_VERSION
from archive.store import Database, open_reader
from archive.store.archive_facts import archive_facts
from archive.store.choosing import EVERYTHING, Choice
from archive.store.chosen_copy import write_chosen
from archive.store.dataset import telling_disk_errors, vacuum_into
from archive.store.release_changes import changed_ids, put_changes
from archive.store.release_facts import Selection
from archive.store.splits import put_splits
from archive.store.tables import Table, put_held_files, tables_of
from archive.store.takedowns import addresses_left_out, taken_down
from archive.trace import MATCHER_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a release is to hold. `selection` says in words, and as options, what `choice` and `sampling` choose."""

    name: str
    choice: Choice = EVERYTHING
    sampling: Sampling | None = None
    selection: Selection
    formats: tuple[str, ...] = TABULAR
    masked: bool = True
    with_files: bool = False
    changes_only: bool = False
    """Only notices that are not as they were in the release before."""
    shard: int = SHARD
    """Bytes of rows, counted as JSON, after which another file is begun."""
    base: str | None = None
    """Where the archive is served, for references."""


class ReleaseWriter:
    """What makes one release of one archive."""

    def __init__(self, db: Database, warc: Path, order: Order, *, previous: Previous | None = None, bar: Bar) -> None:
        """`warc` is the archive's folder of WARC files."""
        self._db = db
        self._warc = warc
        self._order = order
        self._previous = previous
        self._bar = bar
        self.missed: list[str] = []
        """Files and records of which no bytes could be had, in words; of a run that went on those of its own steps."""

    def write(self, folder: Path) -> int:
        """Make the release in `folder`, whole or not at all; gives how many notices it has.

        Stopped midway, it is gone on with by the same call as long as the archive stays as it is.
        Raises: ValueError for what cannot be made, OSError.
        """
        folder = folder.resolve()
        put_back(folder)
        check_place(folder, self._order.name)
        if self._order.masked and (self._order.with_files or set(EVIDENCE).intersection(self._order.formats)):
            raise RawIsUnmasked
        known = exporters_of(self._db, self._order.base)
        exporters = {name: known[name] for name in self._order.formats if name in known}
        for exporter in exporters.values():
            exporter.check()
        folder.parent.mkdir(parents=True, exist_ok=True)
        with telling_disk_errors(folder), Steps(unfinished(folder), made_of=self._made_of()) as steps:
            out, draft = steps.folder / "out", steps.folder / "draft.db"
            if _SUMMED in steps.done and not out.exists():  # stopped between the rename and the end
                steps.finish()
                return _count(folder)
            out.mkdir(exist_ok=True)
            snapshot = out / SNAPSHOT_FILE
            files = TableFiles(folder=out, exporters=exporters, limit=self._order.shard)
            steps.do("draft", partial(self._draft, draft))
            steps.do("splits", partial(self._split, draft))
            steps.do("changes", partial(self._compare, draft))
            if self._order.changes_only:
                steps.do("narrow", partial(_narrow, draft))
            steps.do("files", partial(self._copy_files, draft, out))
            steps.do("about", partial(self._tell, draft, out))
            steps.do("snapshot", partial(_compact, draft, snapshot))
            _remove(draft)
            with _opened(snapshot) as frozen:
                for table in tables_of(frozen):
                    steps.do(f"table {table.name}", partial(self._write_table, frozen, files, table))
                steps.do("coding sheet", partial(self._write_sheet, frozen, out))
                steps.do("evidence", partial(self._copy_evidence, frozen, out))
                steps.do("description", partial(_describe, frozen, out))
            steps.do(_SUMMED, partial(write_sums, out))
            publish(out, folder)
            steps.finish()
        return _count(folder)

    def _made_of(self) -> str:
        """What tells this release from another: only if all of it is equal a run that was stopped is gone on with."""
        versions = version("minzheng-archive"), READER_VERSION, MATCHER_VERSION, MASKS_VERSION
        before = self._previous.facts if self._previous else None
        made_of = [asdict(self._order), archive_facts(self._db), versions, before]
        return sha256(json.dumps(made_of, default=str).encode()).hexdigest()

    def _draft(self, draft: Path) -> None:
        order = self._order
        _remove(draft)
        write_draft(self._db, draft, order.choice, masked=order.masked, sampling=order.sampling, bar=self._bar)

    def _split(self, draft: Path) -> None:
        with self._bar("splitting") as progress, writing(draft) as made:
            put_splits(made, progress)

    def _compare(self, draft: Path) -> None:
        """Tell what is otherwise than in the release before."""
        before = self._previous.database if self._previous else None
        with self._bar("comparing"), writing(draft) as made:
            put_changes(made, before, archive=self._db, taken_down=taken_down(self._db))

    def _copy_files(self, draft: Path, out: Path) -> None:
        held: list[tuple[str, str]] = []
        with self._bar("files") as progress, writing(draft) as made:
            if self._order.with_files:
                left_out = addresses_left_out(self._db)
                held += write_files(out, self._warc, made, missed=self._miss, left_out=left_out, progress=progress)
            put_held_files(made, held)

    def _tell(self, draft: Path, out: Path) -> None:
        order = self._order
        with writing(draft) as made:
            write_about(
                made,
                out,
                name=order.name,
                selection=selection_to_leave(self._db, order.selection, masked=order.masked),
                previous=self._previous.facts if self._previous else None,
                changes_only=order.changes_only,
            )

    def _write_table(self, db: Database, files: TableFiles, table: Table) -> None:
        with self._bar(table.name) as progress:
            files.write(db, table, progress)

    def _copy_evidence(self, db: Database, out: Path) -> None:
        wanted = [name for name in EVIDENCE if name in self._order.formats]
        if wanted:
            folder = out / "evidence"
            folder.mkdir(exist_ok=True)
            left_out = addresses_left_out(self._db)
            name = self._order.name
            self.missed += write_evidence(
                folder, self._warc, db, name=name, formats=wanted, left_out=left_out, bar=self._bar
            )

    def _miss(self, file: NotTheFile) -> None:
        self.missed.append(str(file))

    def _write_sheet(self, db: Database, out: Path) -> None:
        drawn = self._order.sampling
        if drawn is not None:
            sheet = out / CODING_SHEET
            write_coding_sheet(sheet, db, seed=drawn.seed, by=drawn.by, columns=drawn.coded)


_SUMMED: Final = "sums"
"""The last step; what is done after it is a rename."""


def _count(folder: Path) -> int:
    with _opened(folder / SNAPSHOT_FILE) as db:
        return db.table("notices").count


def _describe(db: Database, out: Path) -> None:
    """Write what others load a release by; all tables are there by then, for their digests."""
    tables = tables_of(db)
    facts = facts_of(db, tables)
    write_dictionary(out, facts, tables)
    write_datapackage(out, facts, tables)
    write_croissant(out, facts, tables)
    write_citation(out, facts)
    write_card(out, facts, tables)


def _narrow(draft: Path) -> None:
    """Leave only the notices that are told to be otherwise: a second time the same."""
    narrow = draft.with_name("narrow.db")
    _remove(narrow)
    with _opened(draft) as made:
        write_chosen(made, narrow, Choice(ids=tuple(changed_ids(made))))
    narrow.replace(draft)


def _compact(draft: Path, snapshot: Path) -> None:
    _remove(snapshot)
    with _opened(draft) as db:
        vacuum_into(db, snapshot)


def _remove(database: Path) -> None:
    """Remove a database that was begun, with what SQLite left beside it."""
    for path in database.parent.glob(f"{database.name}*"):
        path.unlink()


@contextmanager
def _opened(path: Path) -> Iterator[Database]:
    with closing(open_reader(path)) as db:
        yield db
