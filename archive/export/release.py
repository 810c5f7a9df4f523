"""A release: one folder with the archive's tables in every format, described, checkable and the same twice.

One frozen database is made first: the chosen notices with all their rows, masked unless asked otherwise. Every other
file is a reading of it, so the formats cannot differ. The folder appears when all of it is there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final

from archive.export.formats import EXPORTERS, SNAPSHOT
from archive.export.steps import Steps
from archive.store import Database, open_reader
from archive.store.dataset import EVERYTHING, Choice, vacuum_into
from archive.store.masked import write_masked
from archive.store.outgoing import write_outgoing
from archive.store.state import facts_digest
from archive.store.tables import Table, table_rows, tables_of

Bar = Callable[[str], AbstractContextManager[Callable[[int, int], None] | None]]
"""A bar with that label over what is done of how much; None where nobody looks."""

FORMATS: Final = ("csv", "jsonl", "parquet")
"""What the tables of a release are written in, beside the snapshot, which is always there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a release is to hold."""

    name: str
    choice: Choice = EVERYTHING
    masked: bool = True


def write_release(db: Database, folder: Path, order: Order, *, bar: Bar) -> None:
    """Make the release in `folder`, whole or not at all.

    Stopped midway, it is gone on with by the same call as long as the archive stays as it is.
    Raises: OSError, ValueError where the folder holds something else.
    """
    check_folder(folder, order.name)
    made_of = sha256(json.dumps([asdict(order), facts_digest(db)], default=str).encode()).hexdigest()
    with Steps(folder.with_name(f".{folder.name}.unfinished"), made_of=made_of) as steps:
        out = steps.folder / "out"
        out.mkdir(exist_ok=True)
        draft = steps.folder / "draft.db"
        snapshot = out / f"notices.{SNAPSHOT}"
        steps.do("draft", partial(_draft, db, draft, order, bar))
        steps.do("snapshot", partial(_compact, draft, snapshot))
        with _opened(snapshot) as frozen:
            for table in tables_of(frozen):
                steps.do(f"table {table.name}", partial(_write, frozen, out, table, bar))
        _publish(out, folder, steps.folder)
        steps.finish()


def check_folder(folder: Path, name: str) -> None:
    """Raises: ValueError if there is something in the way that is no release of that name."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    held = folder / "release.json"
    if not held.is_file():
        raise ValueError(f"{folder} is there and is no release; give a folder that is not there yet")
    there = json.loads(held.read_text("utf-8")).get("name")
    if there != name:
        raise ValueError(f"{folder} holds release {there}; give another folder for {name}")


def _draft(db: Database, draft: Path, order: Order, bar: Bar) -> None:
    draft.unlink(missing_ok=True)
    if order.masked:
        with bar("masking") as progress:
            write_masked(db, draft, progress)
    else:
        write_outgoing(db, draft)


def _compact(draft: Path, snapshot: Path) -> None:
    snapshot.unlink(missing_ok=True)
    with _opened(draft) as db:
        vacuum_into(db, snapshot)
    draft.unlink()


@contextmanager
def _opened(path: Path) -> Iterator[Database]:
    db = open_reader(path)
    try:
        yield db
    finally:
        db.close()


def _write(db: Database, out: Path, table: Table, bar: Bar) -> None:
    """Write one table in every format, in one pass over its rows."""
    total = db.table(table.name).count
    done = 0
    with bar(table.name) as progress, ExitStack() as files:
        sinks = [files.enter_context(EXPORTERS[name].write(out / f"{table.name}.{name}", table)) for name in FORMATS]
        for rows in table_rows(db, table):
            for sink in sinks:
                sink(rows)
            done += len(rows)
            if progress is not None:
                progress(done, total)


def _publish(out: Path, folder: Path, scratch: Path) -> None:
    """Put the folder in its place; an earlier release of the same name goes."""
    if folder.exists():
        folder.rename(scratch / "before")
    out.rename(folder)
