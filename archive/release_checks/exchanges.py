"""Whether raw records and rows agree: each capture has its record, each record its row, and every digest is right."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from archive.checks import Finding
from archive.export.evidence.warc import MISSING
from archive.export.steps import Bar
from archive.records import Failure
from archive.release_checks.folder import Folder
from archive.release_checks.rows import Row
from archive.release_checks.tables import NotCompared
from archive.store.times import instant
from archive.warc.copying import is_request_of
from archive.warc.reading import BY_PLACE, Damage, Record, StoredExchange, StoredNote, read_records, understood
from archive.warc.verify import problem_of

ENDINGS: Final = (".warc.gz", ".warc")
_FACTS: Final = ("url", "status", "fetched_at", "payload_digest")
"""What a record says that its row says, too; of a failure the address alone."""
_NAMED: Final = 20
"""Records without a row, and rows without a record, that are named at most."""
_SHORT: Final = 8
"""Bytes of the digest of one fact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A WARC or WACZ that was read to its end, and how many captures it holds."""

    file: str
    captures: int

    def __str__(self) -> str:
        return f"{self.file}  {self.captures} captures"


class Captures:
    """The rows of `captures`, each remembered by its record id with a short digest of each fact."""

    def __init__(self) -> None:
        self._facts: dict[str, bytes] = {}
        self._placed: dict[bytes, str] = {}
        """Of records that have no id of their own, and are named by their place in another file, the facts."""
        self._met: set[str] = set()
        self._full: set[bytes] = set()
        self._repeated: list[tuple[bytes, ...]] = []

    def see(self, row: Row) -> tuple[Finding, ...]:
        """Remember a row."""
        at = row.get("fetched_at")
        said = _digest_of((row.get("url"), row.get("status"), _instant(at), row.get("payload_digest")))
        record_id = str(row.get("record_id"))
        self._facts[record_id] = said
        if record_id.startswith(BY_PLACE):
            self._placed[said] = record_id
        return ()

    def begin(self) -> None:
        """Forget which records were met."""
        self._met.clear()
        self._full.clear()
        self._repeated.clear()

    def meet(self, record_id: str, facts: Mapping[str, Any]) -> str | None:
        """Meet a record; what of it its row does not say, if anything."""
        if record_id.startswith(BY_PLACE):
            record_id = self._placed.get(_digest_of(facts.values()), record_id)
        known = self._facts.get(record_id)
        if known is None:
            return f"{record_id} of {facts['url']} has no row in captures"
        self._met.add(record_id)
        wrong = [f"{name} {value}" for name, value in facts.items() if not _says(known, name, value)]
        return f"{record_id} has {' and '.join(wrong)}, its row in captures another" if wrong else None

    def hold(self, found: StoredExchange) -> None:
        """Remember which payload a record holds, or repeats; other programs state another digest than ours."""
        payload = tuple(_short(digest) for digest in (found.payload_digest, found.stated_digest) if digest is not None)
        if found.revisit:
            self._repeated.append(payload)
        else:
            self._full.update(payload)

    @property
    def hollow(self) -> int:
        """How many revisits were met of which no record that was met holds in full what they repeat."""
        return sum(self._full.isdisjoint(payload) for payload in self._repeated)

    def has_page(self, record_id: str, url: str, at: str) -> bool:
        """Whether a row says that this record holds that address at that instant."""
        known = self._facts.get(record_id)
        return known is not None and _says(known, "url", url) and _says(known, "fetched_at", _instant(at))

    @property
    def met(self) -> int:
        """How many records were met."""
        return len(self._met)

    def not_met(self, excused: Collection[str]) -> list[str]:
        """The record ids of rows whose record was not met, but for those that are excused."""
        return sorted(self._facts.keys() - self._met - set(excused))


class Asked:
    """Sees records in the order of their file, and counts answers beside which no request of theirs stands."""

    def __init__(self) -> None:
        self.without = 0
        self._request: Record | None = None
        self._answer: Record | None = None

    def see(self, record: Record) -> None:
        """Look at the next record."""
        if record.kind == "request":
            is_behind = self._answer is not None and is_request_of(record, self._answer)
            self._answer, self._request = (None, None) if is_behind else (self._answer, record)
        elif record.kind in ("response", "revisit") and record.of_web:
            self.end()
            is_before = self._request is not None and is_request_of(self._request, record)
            self._answer, self._request = (None if is_before else record), None

    def end(self) -> None:
        """All records of a file were seen."""
        self.without += self._answer is not None
        self._answer = None


def excused_records(folder: Folder) -> set[str]:
    """The records that the release itself says were not written."""
    found: set[str] = set()
    for name in folder.files:
        if name.rpartition("/")[2] == MISSING:
            try:
                found |= {str(json.loads(line)["record_id"]) for line in folder.read(name).splitlines()}
            except (ValueError, KeyError, TypeError, RecursionError):
                continue  # then nothing is excused
    return found


def check_warcs(
    warcs: Mapping[str, Path], captures: Captures, excused: Collection[str], bar: Bar, *, where: str
) -> Iterator[Finding | Held | NotCompared]:
    """Compare WARC files that together are the evidence of a release with its rows."""
    captures.begin()
    asked = Asked()
    total, done = sum(path.stat().st_size for path in warcs.values()), 0
    with bar(where) as progress:
        for name, path in warcs.items():
            before, end = captures.met, 0
            for record in read_records(path):
                if isinstance(record, Damage):
                    yield Finding(where=f"{name} at {record.offset}", detail=record.detail)
                    continue
                yield from (
                    Finding(where=f"{name} at {record.place.offset}", detail=one) for one in _look(record, captures)
                )
                asked.see(record)
                end = record.place.end
                if progress is not None:
                    progress(done + end, total)
            asked.end()
            done += path.stat().st_size
            yield Held(file=name, captures=captures.met - before)
    if asked.without:
        yield NotCompared(what=f"{asked.without} answers in the {where}", why="no request of theirs stands beside them")
    if captures.hollow:
        what = f"{captures.hollow} revisits in the {where}"
        yield NotCompared(what=what, why="none of the records there has in full what they repeat")
    absent = captures.not_met(excused)
    for record_id in absent[:_NAMED]:
        yield Finding(where="captures", detail=f"{record_id} is in none of the {where}")
    if len(absent) > _NAMED:
        yield Finding(where="captures", detail=f"and {len(absent) - _NAMED} more that are in none of the {where}")


def _look(record: Record, captures: Captures) -> Iterator[str]:
    """What is wrong with one record: its digests, what it holds, or what its row says of it."""
    if (problem := problem_of(record)) is not None:
        yield problem
    found = understood(record)
    facts: dict[str, Any] | None = None
    if isinstance(found, Damage):
        yield found.detail
    elif isinstance(found, StoredExchange):
        captures.hold(found)
        facts = dict(
            zip(_FACTS, (found.url, found.status, instant(found.fetched_at), found.payload_digest), strict=True)
        )
    elif isinstance(found, StoredNote) and isinstance(found.note, Failure):
        facts = {"url": found.note.url}
    if facts is not None and (said := captures.meet(record.place.record_id, facts)) is not None:
        yield said


def _instant(at: object) -> object:
    try:
        return instant(datetime.fromisoformat(str(at)))
    except (OverflowError, ValueError):
        return at


def _digest_of(facts: Iterable[object]) -> bytes:
    return b"".join(_short(fact) for fact in facts)


def _short(fact: object) -> bytes:
    return hashlib.blake2b(repr(fact).encode("utf-8", "surrogatepass"), digest_size=_SHORT).digest()


def _says(known: bytes, name: str, value: object) -> bool:
    at = _FACTS.index(name) * _SHORT
    return known[at : at + _SHORT] == _short(value)
