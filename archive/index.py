"""The index: follows the WARC files and is the only writer of `notices.db`.

One pass takes records in batches, each batch one transaction together with how far it came. `settle` then
decides which notices the touched copies belong to. What the rows say depends on the set of records alone, not
on their order, and taking a record twice equals taking it once.
"""

from __future__ import annotations

import hashlib
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from archive import warc
from archive.ahead import Ahead
from archive.attached import FileReader
from archive.batches import Batch, Record, cut_batches
from archive.comparing import Comparer, place_missing
from archive.decisions import read_decisions, standing_rulings
from archive.intake import Intake
from archive.measuring import measure_copies
from archive.records import Issue, Listed, Ruling, Settlement
from archive.relating import relate_marked
from archive.seen import Spot
from archive.store import (
    Database,
    captures,
    copies,
    coverage,
    decisions,
    fates,
    fold_log,
    issues,
    likenesses,
    nearby,
    notices,
    path_of,
)
from archive.store.divisions import load_divisions
from archive.store.stamps import judge_stamps
from archive.trace import MATCHER_VERSION, settle
from archive.urls import url_key
from archive.warc.files import present

logger = logging.getLogger(__name__)

_SETTLED_AT_ONCE = 200
_BATCHES_AHEAD = 2
"""Batches whose pages are being read while one before them is written."""
_LOOKS = 100
"""Addresses that are looked at again together."""
_COMPARED_AHEAD = 200
"""Times `_FEW` copies that are being compared while some before them are written."""
_FEW = 16
"""Copies that are settled together before all is read, or compared together."""
_USUAL_BYTES = 8 * 1024
"""Of a page in a WARC file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexReport:
    """What one pass did: records taken, article captures read, copies that moved to another notice."""

    records: int = 0
    read: int = 0
    settled: int = 0
    moved: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Helpers:
    """Processes that read pages, this one among them: how many, and of each other one the memory and the patience.

    Memory is in bytes; one that says nothing for `patience` seconds is given up.
    """

    workers: int
    memory: int = 4 * 1024**3
    patience: float = 30.0
    least: int = 4 * 1024 * 1024
    """Bytes of WARC files from which on they are started: some hundreds of pages."""


class Index:
    """Keeps one database level with the WARC files of one archive."""

    def __init__(
        self,
        path: Path,
        db: Database,
        *,
        run: str,
        at: Callable[[Spot | None], None] = lambda _: None,
        skip: frozenset[Spot] = frozenset(),
        progress: Callable[[int, int], None] = lambda _done, _total: None,
        helpers: Helpers | None = None,
    ) -> None:
        """Index the archive at `path` into `db`. `progress` gets bytes read and bytes there are.

        `at` gets the place of each record before its body is looked at, and None when settling begins. `helpers` says
        how much help there is where much is to be read; without it this process reads every page itself.
        """
        self._path = path
        self._root = path / "warc"
        self._db = db
        self._run = run
        self._progress = progress
        self._at = at
        self._helpers = helpers
        self._ahead: Ahead | None = None
        self._intake = Intake(db, self._root, at=at, skip=skip)
        self._files = FileReader(db, self._root, at=at, skip=skip)
        self._records = self._early = 0
        self._is_new = copies.are_none(db)
        """Nothing was ever settled here, so that whatever is moved was not yet given to anybody."""
        with db.atomic():
            load_divisions(db)
            if self._is_new or likenesses.are_none(db):
                notices.put_settled_by(db, MATCHER_VERSION)
        self._intake.reader.is_first = self._is_new

    def catch_up(self, order: Sequence[str] | None = None) -> IndexReport:
        """Take every whole record there is, then settle. `order` names files to take first (tests of law 4)."""
        began = self._records, self._intake.reader.count
        with self._help(self._waiting()):
            self.follow(order)
            settled, moved = self.settle()
        fold_log(self._db)
        return IndexReport(
            records=self._records - began[0], read=self._intake.reader.count - began[1], settled=settled, moved=moved
        )

    def follow(self, order: Sequence[str] | None = None) -> None:
        """Take every whole record there is into captures and copies; look again at the captures that are marked."""
        self._take_decisions()
        files, done = self._files_of_ours(), captures.indexed_to(self._db)
        if order is not None:
            files.sort(key=lambda file: order.index(file[0]) if file[0] in order else len(order))
        behind, total = self._sizes(files, done)
        with self._help(total - behind):
            for batch in self._look_ahead(self._cut(files, done)):
                self._take(batch)
                behind += batch.end - batch.start
                self._progress(behind, total)
            for looked in self._look_again():
                behind += looked * _USUAL_BYTES
                self._progress(behind, total)

    def _files_of_ours(self) -> list[tuple[str, Path]]:
        return [file for file in warc.warc_files(self._root) if warc.is_ours(file[0])]

    def _sizes(self, files: Sequence[tuple[str, Path]], done: Mapping[str, int]) -> tuple[int, int]:
        """Bytes that are indexed, and bytes there are; a page to look at again counts as so many."""
        there = sum(present(path).stat().st_size for _, path in files)
        return sum(done.get(name, 0) for name, _ in files), there + copies.waiting(self._db, "look") * _USUAL_BYTES

    @contextmanager
    def _help(self, size: int) -> Iterator[None]:
        """Have other processes at hand, where there is so much to read or compare that starting them pays."""
        helpers = self._helpers
        if self._ahead is not None or helpers is None or helpers.workers < 2 or size < helpers.least:
            yield
            return
        memory, patience = helpers.memory, helpers.patience
        database = path_of(self._db)
        with Ahead(self._root, database, helpers.workers - 1, memory=memory, patience=patience, at=self._at) as ahead:
            self._ahead = self._intake.ahead = ahead
            try:
                yield
            finally:
                self._ahead = self._intake.ahead = None

    def _waiting(self) -> int:
        """About how many bytes of WARC files are to be looked at, or cost as much as that."""
        behind, total = self._sizes(self._files_of_ours(), captures.indexed_to(self._db))
        return total - behind + copies.waiting(self._db, "compare") * _USUAL_BYTES

    def _look_ahead(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """The batches in their order, each when the pages of the next ones are being read by other processes.

        An entry is taken before the pages of its batch, so that they are read with it, and out of the batch.
        """
        if self._ahead is None:
            yield from batches
            return
        waiting: deque[Batch] = deque()
        for batch in batches:
            entries, batch.records = _part_entries(batch.records)
            with self._db.atomic():
                for entry in entries:
                    self._intake.take(entry)
            self._records += len(entries)
            for record in batch.records:
                if isinstance(record, warc.StoredExchange):
                    self._intake.ask(record)
            waiting.append(batch)
            if len(waiting) > _BATCHES_AHEAD:
                yield waiting.popleft()
        yield from waiting

    def settle(self) -> tuple[int, int]:
        """Decide every copy that is marked, one closed set at a time. Returns how many were settled and moved."""
        with self._db.atomic():
            self._intake.read_marked()  # what a migration marked has no batch that would come by it
        while self._files.read_marked():
            with self._db.atomic():
                self._intake.read_marked()
        self._at(None)
        self._compare_marked()
        with self._db.atomic():
            if copies.waiting(self._db, "settle"):
                copies.mark(self._db, judge_stamps(self._db), "settle")
        rulings = self._rulings()
        ruled = _ruled(rulings)
        settled = moved = 0
        while keys := copies.marked(self._db, "settle", _SETTLED_AT_ONCE):
            done: set[str] = set()
            with self._db.atomic():
                for key in keys:
                    if key not in done:
                        closed = nearby.closed_set(self._db, key, ruled)
                        found, went = self._settle_closed(closed, rulings)
                        settled, moved = settled + found, moved + went
                        done |= closed
                copies.unmark(self._db, done, "settle")
        relate_marked(self._db)
        with self._db.atomic():
            fates.judge_fates(self._db)
            fates.raise_moves(self._db)
            issues.judge_entries(self._db)
            issues.judge_files(self._db, self._strays())
            issues.fold_issues(self._db, self._intake.addresses)
            if settled:  # an entry that lists a notice twice is told by what was settled
                coverage.forget_coverage(self._db)
            coverage.put_coverage(self._db)
            decisions.put_pauses(self._db)
        settled, self._early = settled + self._early, 0
        self._is_new = self._intake.reader.is_first = False
        return settled, moved

    def _compare_marked(self) -> None:
        """Lay the copies that are marked beside others, in whatever processes there are."""
        place_missing(self._db)
        comparer = Comparer(self._db)
        keys = likenesses.marked(self._db)
        waiting: deque[list[str]] = deque()
        for some in [keys[at : at + _FEW] for at in range(0, len(keys), _FEW)]:
            if self._ahead is not None:
                self._ahead.ask_beside(some, here=partial(comparer.compare_all, some))
            waiting.append(some)
            if self._ahead is None or len(waiting) > _COMPARED_AHEAD:
                self._put_compared(waiting.popleft(), comparer)
        while waiting:
            self._put_compared(waiting.popleft(), comparer)

    def _put_compared(self, keys: Sequence[str], comparer: Comparer) -> None:
        found = self._ahead.take_beside(keys) if self._ahead is not None else None
        with self._db.atomic():
            changed = likenesses.put_compared(self._db, comparer.compare_all(keys) if found is None else found)
            copies.mark(self._db, changed, "settle")
            copies.unmark(self._db, keys, "compare")

    def _settle_early(self, keys: Iterable[str]) -> None:
        """Settle copies while the next pages are being read; those of large sets wait, for a set may grow with each."""
        rulings = self._rulings()
        ruled = _ruled(rulings)
        done: set[str] = set()
        self._at(None)
        for key in keys:
            if key not in done:
                closed = nearby.closed_set(self._db, key, ruled, most=_FEW)
                found, _ = self._settle_closed(closed, rulings)
                self._early += found
                done |= closed
            if self._ahead is not None:
                self._ahead.tend()
        copies.unmark(self._db, done, "settle")

    def _settle_closed(self, closed: set[str], rulings: Sequence[Ruling]) -> tuple[int, int]:
        found = copies.witnesses(self._db, sorted(closed))
        if not found:
            return 0, 0
        settlement = settle(found, [ruling for ruling in rulings if closed & set(ruling.urls)])
        run = None if self._is_new else notices.Run(id=self._run, at=datetime.now(UTC))
        moved = notices.put_settlement(self._db, closed, settlement, run, self._intake.addresses)
        likenesses.put_reviews(self._db, closed, settlement.reviews)
        measure_copies(self._db, closed, found, settlement.plans)
        fates.mark_mates(self._db, closed)
        self._put_doubts(settlement)
        return len(found), 0 if self._is_new else moved

    def _cut(self, files: Sequence[tuple[str, Path]], done: Mapping[str, int]) -> Iterator[Batch]:
        """Cut what is new in the files into batches; the last one of each file says so, and may be empty."""
        for name, found in files:
            start, path = done.get(name, 0), present(found)
            if path.stat().st_size > start or not captures.is_closed(self._db, name):
                yield from cut_batches(name, path, start)

    def _take(self, batch: Batch) -> None:
        """Take a batch, and note how far that is; of a file that is closed its digest, too, when it is read."""
        sha256 = None
        if batch.is_last and not batch.path.name.endswith(".open"):
            batch.end = batch.path.stat().st_size
            with batch.path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        elif not batch.records and batch.end == batch.start:
            return
        with self._db.atomic():
            for record in batch.records:
                self._intake.take(record)
            self._finish()
            captures.put_indexed_to(self._db, batch.name, batch.end, sha256)
        self._records += len(batch.records)

    def _finish(self) -> None:
        """Bring what was taken into copies. In a new database much of it is settled at once, while others read."""
        read = self._intake.read_marked()
        if self._is_new and self._ahead is not None:
            self._settle_early(read)

    def _look_again(self) -> Iterator[int]:
        """Judge and read again, from the WARC files, the addresses that are marked for it; how many at a time."""
        waiting: deque[list[str]] = deque()
        last = ""
        while keys := copies.marked(self._db, "look", _LOOKS, after=last):
            last = keys[-1]
            for key in keys:
                self._intake.ask_again(key)
            waiting.append(keys)
            if self._ahead is None or len(waiting) > _BATCHES_AHEAD:
                yield self._take_again(waiting.popleft())
        while waiting:
            yield self._take_again(waiting.popleft())

    def _take_again(self, keys: Sequence[str]) -> int:
        with self._db.atomic():
            for key in keys:
                self._intake.take_again(key)
            copies.mark(self._db, keys, "read")
            copies.unmark(self._db, keys, "look")
            self._finish()
        return len(keys)

    def _take_decisions(self) -> None:
        found = read_decisions(self._path / "decisions.jsonl")
        with self._db.atomic():
            copies.mark(self._db, decisions.put_decisions(self._db, found), "settle")

    def _rulings(self) -> list[Ruling]:
        """What people ruled, of the copies that the addresses they named lead to now."""
        return [
            Ruling(
                what="merge" if one.what == "merge" else "split",
                urls={nearby.follow(self._db, url_key(url)): url for url in one.urls},
                who=one.who,
                why=one.why,
            )
            for one in standing_rulings(decisions.all_decisions(self._db))
        ]

    def _strays(self) -> dict[str, datetime]:
        """Files under `warc/` with no name of ours, and when each was written."""
        return {
            name: datetime.fromtimestamp(path.stat().st_mtime, UTC)
            for name, path in warc.warc_files(self._root)
            if not warc.is_ours(name)
        }

    def _put_doubts(self, settlement: Settlement) -> None:
        issues.drop_issues(
            self._db, issues.OFF_TOPIC, copies.urls_of(self._db, [match.copy for match in settlement.matches])
        )
        for key, doubt in settlement.doubts.items():
            url, seen_at = copies.sighted(self._db, key)
            issues.put_issue(self._db, Issue(kind=issues.OFF_TOPIC, subject=url, detail=doubt, raised_at=seen_at), None)


def _part_entries(records: Sequence[Record]) -> tuple[list[Record], list[Record]]:
    """The notes of entries, and the other records."""
    entries: list[Record] = []
    others: list[Record] = []
    for record in records:
        is_entry = isinstance(record, warc.StoredNote) and isinstance(record.note, Listed)
        (entries if is_entry else others).append(record)
    return entries, others


def _ruled(rulings: Sequence[Ruling]) -> dict[str, frozenset[str]]:
    """For each address that rulings name: all that they name beside it."""
    beside: dict[str, frozenset[str]] = {}
    for ruling in rulings:
        for key in ruling.urls:
            beside[key] = beside.get(key, frozenset()) | ruling.urls.keys()
    return beside
