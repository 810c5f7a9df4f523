"""Whether raw evidence and rows agree: each capture has its record, each record its row, and every digest is right."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from archive.checks import Finding
from archive.export.steps import Bar
from archive.export.sums import digest as file_digest
from archive.export.wacz import VERSION, index_lines
from archive.export.warc import MISSING
from archive.records import Failure
from archive.release_checks.folder import Folder, leaves
from archive.release_checks.rows import LONGEST, Row
from archive.store.times import instant
from archive.warc.reading import Damage, Record, StoredExchange, StoredNote, read_records, understood
from archive.warc.verify import problem_of

_ENDINGS: Final = (".warc.gz", ".warc")
_FACTS: Final = ("url", "status", "fetched_at", "payload_digest")
"""What a record says that its row says, too; of a failure the address alone."""
_MANIFEST: Final = "datapackage.json"
_DIGEST: Final = "datapackage-digest.json"
_LARGEST_MANIFEST: Final = 64 * 1024**2
_STEP: Final = 1024**2
_NAMED: Final = 20
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
        self._met: set[str] = set()

    def see(self, row: Row) -> tuple[Finding, ...]:
        """Remember a row."""
        at = row.get("fetched_at")
        facts = (row.get("url"), row.get("status"), _instant(at), row.get("payload_digest"))
        self._facts[str(row.get("record_id"))] = b"".join(_short(fact) for fact in facts)
        return ()

    def begin(self) -> None:
        """Forget which records were met."""
        self._met.clear()

    def meet(self, record_id: str, facts: Mapping[str, Any]) -> str | None:
        """Meet a record; what of it its row does not say, if anything."""
        known = self._facts.get(record_id)
        if known is None:
            return f"{record_id} of {facts['url']} has no row in captures"
        self._met.add(record_id)
        wrong = [f"{name} {value}" for name, value in facts.items() if not _says(known, name, value)]
        return f"{record_id} has {' and '.join(wrong)}, its row in captures another" if wrong else None

    def has_page(self, record_id: str, url: str, at: str) -> bool:
        """Whether a row says that this record holds that address at that instant."""
        known = self._facts.get(record_id)
        return known is not None and _says(known, "url", url) and _says(known, "fetched_at", _instant(at))

    @property
    def met(self) -> int:
        """How many records were met."""
        return len(self._met)

    def not_met(self, excused: set[str]) -> list[str]:
        """The record ids of rows whose record was not met, but for those that are excused."""
        return sorted(self._facts.keys() - self._met - excused)


def check_evidence(folder: Folder, captures: Captures, bar: Bar) -> Iterator[Finding | Held]:
    """Compare the WARC and WACZ files of a release with the rows of `captures`, which were seen before."""
    excused = _read_missing(folder)
    warcs = {name: path for name, path in folder.files.items() if name.endswith(_ENDINGS)}
    if warcs:
        yield from _check_warcs(warcs, captures, excused, bar, where="WARC files")
    for name, path in folder.files.items():
        if name.endswith(".wacz"):
            try:
                with ZipFile(path) as package:
                    yield from _Package(name, package, {file_digest(one) for one in warcs.values()}).check(
                        captures, excused, bar
                    )
            except (BadZipFile, OSError, ValueError, RecursionError, zlib.error, KeyError, TypeError) as error:
                yield Finding(where=name, detail=f"is no WACZ that can be read: {error}")


def _check_warcs(
    warcs: Mapping[str, Path], captures: Captures, excused: set[str], bar: Bar, *, where: str
) -> Iterator[Finding | Held]:
    """Compare WARC files that together are the evidence of a release with its rows."""
    captures.begin()
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
                end = record.place.end
                if progress is not None:
                    progress(done + end, total)
            done += path.stat().st_size
            yield Held(file=name, captures=captures.met - before)
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
        facts = dict(
            zip(_FACTS, (found.url, found.status, instant(found.fetched_at), found.payload_digest), strict=True)
        )
    elif isinstance(found, StoredNote) and isinstance(found.note, Failure):
        facts = {"url": found.note.url}
    if facts is not None and (said := captures.meet(record.place.record_id, facts)) is not None:
        yield said


class _Package:
    """One WACZ: its manifest, what it holds, and the WARC files within."""

    def __init__(self, name: str, package: ZipFile, known: set[str]) -> None:
        self._name = name
        self._package = package
        self._members = {one.filename: one for one in package.infolist()}
        self._known = known
        """Digests of WARC files that lie beside it and were compared."""

    def check(self, captures: Captures, excused: set[str], bar: Bar) -> Iterator[Finding | Held]:
        yield from map(self._finding, self._wrong_names())
        manifest = json.loads(self._read(_MANIFEST))
        digests = {resource["path"]: resource["hash"] for resource in manifest["resources"]}
        yield from map(self._finding, self._wrong_manifest(manifest, digests))
        warcs = {one for one in self._members if one.startswith("archive/") and one.endswith(_ENDINGS)}
        with TemporaryDirectory() as scratch:
            files: dict[str, Path] = {}
            for number, one in enumerate(sorted(warcs)):
                if self._members[one].compress_type != ZIP_STORED or leaves(one):
                    yield self._finding(f"{one} is packed once more; a WACZ stores its WARC files")
                    continue
                (Path(scratch) / str(number)).mkdir()
                files[one] = Path(scratch) / str(number) / one.rpartition("/")[2]
                self._copy(one, files[one])
            if not all(digests.get(one, "").removeprefix("sha256:") in self._known for one in files):
                inside = {f"{self._name}/{one}": path for one, path in files.items()}
                yield from _check_warcs(inside, captures, excused, bar, where=f"WARC files of {self._name}")
            yield from map(self._finding, self._wrong_index(list(files.values()), Path(scratch)))
        yield from map(self._finding, self._wrong_pages(captures))

    def _wrong_names(self) -> Iterator[str]:
        if len(self._members) != len(self._package.infolist()):
            yield "has two members of one name"
        yield from (f"has the member {one[:80]!r}, which leads out of it" for one in self._members if leaves(one))

    def _wrong_manifest(self, manifest: Mapping[str, Any], digests: Mapping[str, str]) -> Iterator[str]:
        if manifest["wacz_version"] != VERSION:
            yield f"is of version {manifest['wacz_version']}; {VERSION} is known here"
        if json.loads(self._read(_DIGEST))["hash"] != f"sha256:{hashlib.sha256(self._read(_MANIFEST)).hexdigest()}":
            yield f"{_MANIFEST} is not the one that {_DIGEST} is of"
        for one in sorted(digests.keys() | self._members.keys() - {_MANIFEST, _DIGEST}):
            if one not in self._members:
                yield f"{one} is in its manifest and not there"
            elif one not in digests:
                yield f"{one} is there and not in its manifest"
            elif (found := self._digest(one)) != digests[one]:
                yield f"{one} is {found}, its manifest says {digests[one]}"

    def _wrong_index(self, files: list[Path], scratch: Path) -> Iterator[str]:
        """Whether the index is that of the WARC files: it alone leads a reader to a record."""
        made = (f"{line.key} {line.stamp} {line.said}" for line in index_lines(files, scratch))
        with self._package.open("indexes/index.cdx.gz") as packed, gzip.open(packed) as file:
            stated = (line.decode("utf-8").rstrip("\n") for line in _lines(file))
            for number, (ours, theirs) in enumerate(zip_longest(made, stated), 1):
                if ours != theirs:
                    said, true = (theirs or "missing")[:200], (ours or "nothing")[:200]
                    yield f"line {number} of its index is {said!r}, its WARC files have {true!r}"
                    return

    def _wrong_pages(self, captures: Captures) -> Iterator[str]:
        with self._package.open("pages/pages.jsonl") as file:
            for number, line in enumerate(_lines(file), 1):
                page = json.loads(line)
                if number == 1:
                    continue
                ids = (page["id"], f"urn:uuid:{page['id']}")
                if not any(captures.has_page(one, page["url"], page["ts"]) for one in ids):
                    yield f"line {number} of its pages names {page['url'][:200]!r} at {page['ts']}, which no row has"

    def _finding(self, detail: str) -> Finding:
        return Finding(where=self._name, detail=detail)

    def _read(self, member: str) -> bytes:
        if self._members[member].file_size > _LARGEST_MANIFEST:
            raise ValueError(f"{member} unpacks to {self._members[member].file_size} bytes")
        return self._package.read(member)

    def _digest(self, member: str) -> str:
        digest = hashlib.sha256()
        with self._package.open(member) as file:
            while data := file.read(_STEP):
                digest.update(data)
        return f"sha256:{digest.hexdigest()}"

    def _copy(self, member: str, target: Path) -> None:
        with self._package.open(member) as file, target.open("wb") as out:
            shutil.copyfileobj(file, out, _STEP)


def _read_missing(folder: Folder) -> set[str]:
    """The records that the release itself says could not be read when it was made."""
    found: set[str] = set()
    for name in folder.files:
        if name.rpartition("/")[2] == MISSING:
            try:
                found |= {str(json.loads(line)["record_id"]) for line in folder.read(name).splitlines()}
            except (ValueError, KeyError, TypeError, RecursionError):
                continue  # then nothing is excused
    return found


def _lines(file: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
    while line := file.readline(LONGEST + 1):
        if len(line) > LONGEST:
            raise ValueError(f"a line of more than {LONGEST} bytes")
        yield line


def _instant(at: object) -> object:
    try:
        return instant(datetime.fromisoformat(str(at)))
    except ValueError:
        return at


def _short(fact: object) -> bytes:
    return hashlib.blake2b(repr(fact).encode("utf-8", "surrogatepass"), digest_size=_SHORT).digest()


def _says(known: bytes, name: str, value: object) -> bool:
    at = _FACTS.index(name) * _SHORT
    return known[at : at + _SHORT] == _short(value)
