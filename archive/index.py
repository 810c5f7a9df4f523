"""The index: follows the WARC files and is the only writer of `notices.db`.

One pass takes records in batches, each batch one transaction together with how far it came. `settle` then
decides which notices the touched copies belong to. What the rows say depends on the set of records alone, not
on their order, and taking a record twice equals taking it once.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from archive import warc
from archive.attached import FileReader
from archive.decisions import read_decisions
from archive.intake import Intake
from archive.records import Issue, Ruling, Settlement
from archive.sightings import Spot
from archive.store import Database, captures, copies, coverage, decisions, fates, fold_log, issues, nearby, notices
from archive.store.divisions import load_divisions
from archive.trace import settle
from archive.warc.files import present

logger = logging.getLogger(__name__)

_BATCH_RECORDS = 200
_BATCH_SECONDS = 1.0
_BATCH_BYTES = 32 * 1024 * 1024
_OFF_TOPIC = "off_topic_link"
"""A page names an original whose text is another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexReport:
    """What one pass did: records taken, article captures read, copies that moved to another notice."""

    records: int = 0
    read: int = 0
    settled: int = 0
    moved: int = 0


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
    ) -> None:
        """Index the archive at `path` into `db`. `progress` gets bytes read and bytes there are.

        `at` gets the place of each record before its body is looked at, and None when settling begins.
        """
        self._path = path
        self._root = path / "warc"
        self._db = db
        self._run = run
        self._progress = progress
        self._at = at
        self._intake = Intake(db, self._root, at=at, skip=skip)
        self._files = FileReader(db, self._root, at=at, skip=skip)
        self._records = 0
        with db.atomic():
            load_divisions(db)

    def catch_up(self, order: Sequence[str] | None = None) -> IndexReport:
        """Take every whole record there is, then settle. `order` names files to take first (tests of law 4)."""
        began = self._records, self._intake.read
        self.follow(order)
        settled, moved = self.settle()
        fold_log(self._db)
        return IndexReport(
            records=self._records - began[0], read=self._intake.read - began[1], settled=settled, moved=moved
        )

    def follow(self, order: Sequence[str] | None = None) -> None:
        """Take every whole record there is into captures and copies."""
        self._take_decisions()
        files = [file for file in warc.warc_files(self._root) if warc.is_ours(file[0])]
        if order is not None:
            files.sort(key=lambda file: order.index(file[0]) if file[0] in order else len(order))
        done = captures.indexed_to(self._db)
        total = sum(present(path).stat().st_size for _, path in files)
        behind = sum(done.get(name, 0) for name, _ in files)
        for name, found in files:
            start, path = done.get(name, 0), present(found)
            if path.stat().st_size > start or not captures.is_closed(self._db, name):
                behind += self._follow_file(name, path, start, behind, total) - start

    def settle(self) -> tuple[int, int]:
        """Decide every copy that is marked, one closed set at a time. Returns how many were settled and moved."""
        while self._files.read_marked():
            with self._db.atomic():
                self._intake.read_marked()
        rulings = self._rulings()
        ruled = _ruled(rulings)
        settled = moved = 0
        self._at(None)
        with self._db.atomic():
            fates.judge_fates(self._db)
        while keys := copies.marked(self._db, "settle", _BATCH_RECORDS):
            done: set[str] = set()
            with self._db.atomic():
                for key in keys:
                    if key not in done:
                        closed = nearby.closed_set(self._db, key, ruled)
                        found, went = self._settle_closed(closed, rulings)
                        settled, moved = settled + found, moved + went
                        done |= closed
                copies.unmark(self._db, done, "settle")
        with self._db.atomic():
            fates.raise_moves(self._db)
            issues.judge_entries(self._db)
            issues.judge_files(self._db, self._strays())
            issues.fold_issues(self._db, self._intake.addresses)
            coverage.put_coverage(self._db)
            decisions.put_pauses(self._db)
        return settled, moved

    def _settle_closed(self, closed: set[str], rulings: Sequence[Ruling]) -> tuple[int, int]:
        found = copies.witnesses(self._db, sorted(closed))
        if not found:
            return 0, 0
        settlement = settle(found, [ruling for ruling in rulings if closed & set(ruling.urls)])
        run = notices.Run(id=self._run, at=datetime.now(UTC))
        moved = notices.put_settlement(self._db, closed, settlement, run, self._intake.addresses)
        self._put_doubts(settlement)
        return len(found), moved

    def _follow_file(self, name: str, path: Path, start: int, behind: int, total: int) -> int:
        """Take a file's records from `start` on, in batches. Returns how far it came."""
        came, began = start, time.monotonic()
        batch: list[warc.StoredExchange | warc.StoredNote | warc.Damage] = []
        size = 0
        for record in warc.scan(path, start):
            batch.append(record)
            size += len(record.body or b"") if isinstance(record, warc.StoredExchange) else 0
            if len(batch) >= _BATCH_RECORDS or size > _BATCH_BYTES or time.monotonic() - began > _BATCH_SECONDS:
                came = self._take(name, batch, came)
                self._progress(behind + came - start, total)
                batch, size, began = [], 0, time.monotonic()
        came = self._take(name, batch, came)
        if not path.name.endswith(".open"):
            came = path.stat().st_size
            with self._db.atomic(), path.open("rb") as file:
                captures.put_indexed_to(self._db, name, came, hashlib.file_digest(file, "sha256").hexdigest())
        self._progress(behind + came - start, total)
        return came

    def _take(self, name: str, batch: Sequence[warc.StoredExchange | warc.StoredNote | warc.Damage], came: int) -> int:
        if not batch:
            return came
        with self._db.atomic():
            for record in batch:
                self._intake.take(record)
                if not isinstance(record, warc.Damage):
                    came = max(came, record.place.end)
            self._intake.read_marked()
            captures.put_indexed_to(self._db, name, came, None)
        self._records += len(batch)
        return came

    def _take_decisions(self) -> None:
        found = read_decisions(self._path / "decisions.jsonl")
        with self._db.atomic():
            copies.mark(self._db, decisions.put_decisions(self._db, found), "settle")

    def _rulings(self) -> list[Ruling]:
        """What people ruled, of the copies that the addresses they named lead to now."""
        return [
            replace(ruling, urls={nearby.follow(self._db, key): url for key, url in ruling.urls.items()})
            for ruling in decisions.rulings(self._db)
        ]

    def _strays(self) -> dict[str, datetime]:
        """Files under `warc/` with no name of ours, and when each was written."""
        return {
            name: datetime.fromtimestamp(path.stat().st_mtime, UTC)
            for name, path in warc.warc_files(self._root)
            if not warc.is_ours(name)
        }

    def _put_doubts(self, settlement: Settlement) -> None:
        issues.drop_issues(self._db, _OFF_TOPIC, copies.urls_of(self._db, [match.copy for match in settlement.matches]))
        for key, doubt in settlement.doubts.items():
            url, seen_at = copies.sighted(self._db, key)
            issues.put_issue(self._db, Issue(kind=_OFF_TOPIC, subject=url, detail=doubt, raised_at=seen_at), None)


def _ruled(rulings: Sequence[Ruling]) -> dict[str, frozenset[str]]:
    """For each address that rulings name: all that they name beside it."""
    beside: dict[str, frozenset[str]] = {}
    for ruling in rulings:
        for key in ruling.urls:
            beside[key] = beside.get(key, frozenset()) | ruling.urls.keys()
    return beside
