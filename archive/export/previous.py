"""The release before: held to its own digests before anything is told from it."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from archive.export.about import ABOUT
from archive.store.former import NEEDED, load_former
from archive.store.release_facts import PreviousRelease
from archive.store.tables import TABLES


@dataclass(frozen=True, slots=True, kw_only=True)
class Previous:
    """A whole release of before. Nobody writes its database, which is its snapshot, or made of its JSON Lines."""

    facts: PreviousRelease
    folder: Path
    database: Path


def read_previous(folder: Path, scratch: Path) -> Previous:
    """Read a release from its folder; what has to be made of it is made in `scratch`.

    Raises: ValueError if that is no whole release, or is not as its SHA256SUMS says; OSError.
    """
    if not (folder / ABOUT).is_file() or not (folder / _SUMS).is_file():
        raise ValueError(f"{folder} holds no whole release: {ABOUT} and {_SUMS} have to be there")
    sums = _read_sums(folder)
    _hold(folder, sums, ABOUT)
    about = json.loads((folder / ABOUT).read_text("utf-8"))
    if about["changes_only"]:
        raise ValueError(f"{folder} holds the changes of release {about['name']} alone; give the folder of the whole")
    digest = hashlib.sha256((folder / _SUMS).read_bytes()).hexdigest()
    return Previous(
        facts=PreviousRelease(name=about["name"], sha256sums=digest),
        folder=folder,
        database=_find_database(folder, sums, scratch),
    )


_SUMS: Final = "SHA256SUMS"
_SNAPSHOT: Final = "notices.sqlite"
_PAGE: Final = 500


def _read_sums(folder: Path) -> dict[str, str]:
    """Name → SHA-256 of every file of a release."""
    parted = (line.split(maxsplit=1) for line in (folder / _SUMS).read_text("utf-8").splitlines())
    return {name.removeprefix("*"): digest for digest, name in parted}


def _hold(folder: Path, sums: Mapping[str, str], name: str) -> Path:
    """A file of a release, if it is what its digest says."""
    path = folder / name
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if sums.get(name) != found:
        raise ValueError(f"{path} is not as {_SUMS} says: it was changed since that release was made")
    return path


def _find_database(folder: Path, sums: Mapping[str, str], scratch: Path) -> Path:
    if (folder / _SNAPSHOT).is_file():
        return _hold(folder, sums, _SNAPSHOT)
    shards = {name: _shards(sums, name) for name in TABLES}
    if missing := [name for name in NEEDED if not shards[name]]:
        raise ValueError(f"{folder} has neither {_SNAPSHOT} nor {missing[0]}.jsonl.gz: nothing can be told from it")
    database = scratch / "previous.sqlite"
    held = {name: [_hold(folder, sums, one) for one in names] for name, names in shards.items() if names}
    load_former(database, {name: _pages(paths) for name, paths in held.items()})
    return database


def _shards(sums: Mapping[str, str], table: str) -> list[str]:
    """The files of a table in JSON Lines, in order: one, or several numbered ones."""
    return sorted(name for name in sums if name == f"{table}.jsonl.gz" or _is_shard(name, table))


def _is_shard(name: str, table: str) -> bool:
    number, of, total = name.removeprefix(f"{table}-").removesuffix(".jsonl.gz").partition("-of-")
    return name.startswith(f"{table}-") and of != "" and number.isdigit() and total.isdigit()


def _pages(paths: list[Path]) -> Iterator[list[dict[str, Any]]]:
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            while page := [json.loads(line) for line in islice(lines, _PAGE)]:
                yield page
