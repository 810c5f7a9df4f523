"""The notices alone as files of a folder, one pass over them for every format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.export.coding_sheet import FILE as CODING_SHEET
from archive.export.coding_sheet import write_coding_sheet
from archive.export.draft import Sampling, write_draft
from archive.export.evidence import EVIDENCE, write_evidence
from archive.export.evidence.warc import RawIsUnmasked
from archive.export.formats import SNAPSHOT, exporters_of
from archive.export.steps import Bar
from archive.store import Database, open_reader
from archive.store.choosing import EVERYTHING, Choice
from archive.store.dataset import notice_pages, telling_disk_errors, vacuum_into
from archive.store.decisions import all_decisions
from archive.store.tables import DATASET
from archive.store.takedowns import addresses_left_out
from archive.warc.files import sync


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Which notices are written, and how."""

    formats: Sequence[str]
    choice: Choice = EVERYTHING
    sampling: Sampling | None = None
    masked: bool = True
    base: str | None = None
    """Where the archive is served, for references; without it they lead to where a text was published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written: the files by name, how many notices there are, and records that cannot be read, in words."""

    files: tuple[Path, ...]
    notices: int
    missed: tuple[str, ...]


def export_notices(db: Database, warc: Path, folder: Path, order: Order, *, bar: Bar) -> Written:
    """Write the chosen notices in each format.

    `warc` is the archive's folder of WARC files. Every file is written beside its place, on the same disk, and renamed
    when all are whole: a failure leaves what was there before.
    Raises: ChoiceError, SampleError, NotInstalled, RawIsUnmasked, Unwritable, OSError.
    """
    pages = [name for name in EVIDENCE if name in order.formats]
    if pages and order.masked:
        raise RawIsUnmasked
    for name, exporter in exporters_of(db).items():
        if name in order.formats:
            exporter.check()
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = folder if folder.is_dir() else folder.parent
    with telling_disk_errors(folder), TemporaryDirectory(prefix=f".{folder.name}-", dir=beside) as place:
        files = Path(place) / "files"
        files.mkdir()
        missed: list[str] = []
        with _source(db, Path(place), order, bar) as (source, choice):
            count = _write_notices(source, files, order, choice, bar)
            if SNAPSHOT in order.formats:
                vacuum_into(source, files / _file(SNAPSHOT))
            if pages:
                left_out = addresses_left_out(db)
                missed = write_evidence(
                    files, warc, source, name=DATASET.name, formats=pages, left_out=left_out, bar=bar
                )
            if (drawn := order.sampling) is not None:
                write_coding_sheet(files / CODING_SHEET, source, seed=drawn.seed, by=drawn.by, columns=drawn.coded)
        written = sorted(files.iterdir())
        for file in written:
            sync(file)
        folder.mkdir(exist_ok=True)
        put = tuple(file.replace(folder / file.name) for file in written)
        return Written(files=put, notices=count, missed=tuple(missed))


@contextmanager
def _source(db: Database, scratch: Path, order: Order, bar: Bar) -> Iterator[tuple[Database, Choice]]:
    """What to read from, and what is chosen of it: the archive's own database where nothing of it is to be hidden."""
    is_whole = order.choice == EVERYTHING or not {SNAPSHOT, *EVIDENCE}.intersection(order.formats)
    if is_whole and not order.masked and order.sampling is None and not all_decisions(db, "takedown"):
        yield db, order.choice
        return
    draft = scratch / "draft.db"
    write_draft(db, draft, order.choice, masked=order.masked, sampling=order.sampling, bar=bar)
    with closing(open_reader(draft)) as source:
        yield source, EVERYTHING


def _write_notices(db: Database, folder: Path, order: Order, choice: Choice, bar: Bar) -> int:
    exporters = {name: one for name, one in exporters_of(db, order.base).items() if name in order.formats}
    total = db.table("notices").count
    count = 0
    with bar("notices") as progress, ExitStack() as files:
        sinks = [
            files.enter_context(exporter.write(folder / _file(name), DATASET)) for name, exporter in exporters.items()
        ]
        for notices in notice_pages(db, choice):
            count += len(notices)
            for sink in sinks:
                sink(notices)
            if progress is not None:
                progress(count, total)
    return count


def _file(name: str) -> str:
    return f"{DATASET.name}.{name}"
