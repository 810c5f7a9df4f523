"""The release before: held to its own digests before anything is told from it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from archive.export.formats import SNAPSHOT_FILE
from archive.export.release.about import ABOUT
from archive.export.sums import SUMS, digest, read_sums
from archive.ledger import NAME as LEDGER
from archive.ledger import read_ledger
from archive.store.former import NEEDED, load_former
from archive.store.release_facts import PreviousRelease
from archive.store.tables import TABLES


@dataclass(frozen=True, slots=True, kw_only=True)
class Previous:
    """A whole release of before. Nobody writes its database, which is its snapshot, or made of its JSON Lines."""

    facts: PreviousRelease
    folder: Path
    database: Path


def find_previous(given: str, archive: Path) -> Path:
    """The folder of a release, given as that or by the name under which an archive's ledger has it.

    Raises: ValueError if there is neither, or another release there by now; LedgerError.
    """
    if Path(given).is_dir():
        return Path(given)
    written = [one for one in read_ledger(archive / LEDGER) if one.name == given]
    if not written:
        raise ValueError(f"{given} is no folder, and no release of that name was made of {archive}")
    folder = Path(written[-1].folder)
    if not folder.is_dir():
        raise ValueError(f"release {given} was written to {folder}, which is gone; give the folder where it is now")
    if (folder / SUMS).is_file() and digest(folder / SUMS) != written[-1].files.get(SUMS):
        raise ValueError(f"{folder} does not hold release {given} as it was written there; give the folder that does")
    return folder


def read_previous(folder: Path, scratch: Path) -> Previous:
    """Read a release from its folder; what has to be made of it is made in `scratch`.

    Raises: ValueError if that is no whole release, or is not as its SHA256SUMS says; OSError.
    """
    if not (folder / ABOUT).is_file() or not (folder / SUMS).is_file():
        raise ValueError(f"{folder} holds no whole release: {ABOUT} and {SUMS} have to be there")
    sums = read_sums(folder)
    _hold(folder, sums, ABOUT)
    about = json.loads((folder / ABOUT).read_text("utf-8"))
    if about.get("changes_only"):
        raise ValueError(f"{folder} holds the changes of release {about['name']} alone; give the folder of the whole")
    return Previous(
        facts=PreviousRelease(name=about["name"], sha256sums=digest(folder / SUMS)),
        folder=folder,
        database=_find_database(folder, sums, scratch),
    )


_PAGE: Final = 500


def _hold(folder: Path, sums: Mapping[str, str], name: str) -> Path:
    """A file of a release, if it is what its digest says."""
    path = folder / name
    if sums.get(name) != digest(path):
        raise ValueError(f"{path} is not as {SUMS} says: it was changed since that release was made")
    return path


def _find_database(folder: Path, sums: Mapping[str, str], scratch: Path) -> Path:
    if (folder / SNAPSHOT_FILE).is_file():
        return _hold(folder, sums, SNAPSHOT_FILE)
    shards = {name: _shards(sums, name) for name in TABLES}
    if missing := [name for name in NEEDED if not shards[name]]:
        raise ValueError(f"{folder} has neither {SNAPSHOT_FILE} nor {missing[0]}.jsonl.gz: nothing can be told from it")
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
