"""Whether a WACZ is what its manifest says, and shows the captures that the rows tell of."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import zlib
from collections.abc import Collection, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from archive.checks import Finding
from archive.export.evidence.wacz import VERSION, IndexLine, index_lines
from archive.export.evidence.warc import MISSING
from archive.export.steps import Bar
from archive.export.sums import digest as file_digest
from archive.release_checks.exchanges import ENDINGS, Captures, Held, check_warcs, excused_records
from archive.release_checks.folder import Folder, leaves
from archive.release_checks.rows import LONGEST, RATIO
from archive.release_checks.tables import NotCompared

_MANIFEST: Final = "datapackage.json"
_DIGEST: Final = "datapackage-digest.json"
_LARGEST_MANIFEST: Final = 64 * 1024**2
_LEADING: Final = ("url", "filename", "offset", "length")
"""What of a line leads to a record."""
_STEP: Final = 1024**2
_UNREADABLE: Final = (
    *(BadZipFile, EOFError, OSError, RuntimeError, zlib.error),
    *(AttributeError, KeyError, TypeError, ValueError),
)
"""What zip and JSON raise of what they cannot read: RuntimeError of what is encrypted or nested without end."""


def check_evidence(folder: Folder, captures: Captures, bar: Bar) -> Iterator[Finding | Held | NotCompared]:
    """Compare the WARC and WACZ files of a release with the rows of `captures`, which were seen before."""
    excused = excused_records(folder)
    warcs = {name: path for name, path in folder.files.items() if name.endswith(ENDINGS)}
    if excused:
        yield NotCompared(what=f"{len(excused)} captures", why=f"{MISSING} says that their records were not written")
    if warcs:
        yield from check_warcs(warcs, captures, excused, bar, where="WARC files")
    packages = {name: path for name, path in folder.files.items() if name.endswith(".wacz")}
    known = {file_digest(path): path for path in warcs.values()} if packages else {}
    for name, path in packages.items():
        try:
            with ZipFile(path) as package:
                checked = Package(name, package, size=folder.sizes[name], known=known)
                yield from checked.check(captures, excused, bar)
        except _UNREADABLE as error:
            yield Finding(where=name, detail=f"is no WACZ that can be read: {error}")


class Package:
    """One WACZ: its manifest, what it holds, and the WARC files within."""

    def __init__(self, name: str, package: ZipFile, *, size: int, known: Mapping[str, Path]) -> None:
        self._name = name
        self._size = size
        self._package = package
        self._members = {one.filename: one for one in package.infolist()}
        self._known = known
        """Digest → path of the WARC files that lie beside it and were compared: such a member is not unpacked."""

    def check(self, captures: Captures, excused: Collection[str], bar: Bar) -> Iterator[Finding | Held | NotCompared]:
        """Give what is wrong with it. Raises: what a package that is none makes zip and JSON raise."""
        self._refuse_bombs()
        yield from map(self._finding, self._wrong_names())
        manifest = json.loads(self._read(_MANIFEST))
        digests = {resource["path"]: resource["hash"] for resource in manifest["resources"]}
        yield from map(self._finding, self._wrong_manifest(manifest, digests))
        warcs = {one for one in self._members if one.startswith("archive/") and one.endswith(ENDINGS)}
        with TemporaryDirectory() as scratch:
            files: dict[str, Path] = {}
            for number, one in enumerate(sorted(warcs)):
                beside = self._known.get(str(digests.get(one)).removeprefix("sha256:"))
                if self._members[one].compress_type != ZIP_STORED or leaves(one):
                    yield self._finding(f"{one[:80]!r} is packed once more; a WACZ stores its WARC files")
                elif beside is not None and beside.name == one.rpartition("/")[2]:
                    files[one] = beside
                else:
                    files[one] = self._copy(one, Path(scratch) / str(number))
            if not set(self._known.values()).issuperset(files.values()):
                inside = {f"{self._name}/{one}": path for one, path in files.items()}
                yield from check_warcs(inside, captures, excused, bar, where=f"WARC files of {self._name}")
            yield from map(self._finding, self._wrong_index(list(files.values()), Path(scratch)))
        yield from map(self._finding, self._wrong_pages(captures))

    def _wrong_names(self) -> Iterator[str]:
        if len(self._members) != len(self._package.infolist()):
            yield "has two members of one name"
        yield from (f"has the member {one[:80]!r}, which leads out of it" for one in self._members if leaves(one))

    def _refuse_bombs(self) -> None:
        """Raises: ValueError for a member that is packed in another way, or unpacks to out of proportion."""
        stored = unpacked = 0
        for one in self._members.values():
            stored += one.file_size if one.compress_type == ZIP_STORED else 0
            unpacked += one.file_size
            if one.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                raise ValueError(f"{one.filename[:80]!r} is packed in a way that a WACZ does not know")
            if unpacked > RATIO * self._size + LONGEST:
                raise ValueError(
                    f"{one.filename[:80]!r} would unpack to {one.file_size} bytes, all so far to {unpacked}"
                )
        if stored > self._size:
            raise ValueError("what it stores is more than its size: members lie over each other")

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
        with self._package.open("indexes/index.cdx.gz") as packed, gzip.open(packed) as file:
            pairs = zip_longest(index_lines(files, scratch), _lines(file))
            for number, (ours, theirs) in enumerate(pairs, 1):
                if ours is None or theirs is None or not _agree(ours, theirs):
                    yield f"line {number} of its index is {(theirs or b'missing')[:200]!r}, its WARC files have {ours}"
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

    def _copy(self, member: str, folder: Path) -> Path:
        """Unpack a member into a new folder, under its own name, which the index has."""
        folder.mkdir()
        target = folder / member.rpartition("/")[2]
        with self._package.open(member) as file, target.open("wb") as out:
            shutil.copyfileobj(file, out, _STEP)
        return target


def _agree(ours: IndexLine, theirs: bytes) -> bool:
    """Whether two lines say the same, in all that both say: a later version may say more."""
    key, stamp, said = theirs.decode("utf-8").rstrip("\n").split(" ", 2)
    one, other = json.loads(ours.said), json.loads(said)
    return (key, stamp) == (ours.key, ours.stamp) and all(
        other.get(name) == value for name, value in one.items() if name in other or name in _LEADING
    )


def _lines(file: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
    while line := file.readline(LONGEST + 1):
        if len(line) > LONGEST:
            raise ValueError(f"a line of more than {LONGEST} bytes")
        yield line
