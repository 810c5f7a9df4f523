"""The files of a release as they lie there, and whether each is what `SHA256SUMS` says. Nothing leads out of it.

A release may come from anybody: links are told and never followed, and names in its lists are compared, never opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from os import DirEntry, scandir
from pathlib import Path
from typing import Final

from archive.checks import Finding
from archive.export.steps import Bar
from archive.export.sums import SUMS, digest

_LARGEST_LIST: Final = 256 * 1024**2
"""Bytes of a list that is read as a whole."""
_DEEPEST: Final = 16
_STEP: Final = 1024**2
_LINE: Final = re.compile(r"([0-9a-f]{64}) [ *](.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder and its files: name (with `/`, as seen from the folder) → path; `odd` is what is neither."""

    path: Path
    files: Mapping[str, Path]
    odd: tuple[Finding, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)

    def read(self, name: str, most: int = _LARGEST_LIST) -> bytes:
        """A file as a whole. Raises: ValueError if it is larger than `most` bytes, KeyError if there is none."""
        if self.sizes[name] > most:
            raise ValueError(f"{name} has {self.sizes[name]} bytes; more than {most} are not read as a whole")
        return self.files[name].read_bytes()


def look_into(path: Path) -> Folder:
    """List a folder, by name. Raises: OSError."""
    files: dict[str, Path] = {}
    sizes: dict[str, int] = {}
    odd: list[Finding] = []
    for name, entry in _walk(path, "", 0):
        if not name.isprintable():
            odd.append(Finding(where=ascii(name), detail="has a name that cannot be shown; it was not looked at"))
        elif entry.is_symlink():
            odd.append(Finding(where=name, detail="is a link; a release has none, so it was not followed"))
        elif entry.is_file(follow_symlinks=False):
            files[name] = Path(entry.path)
            sizes[name] = entry.stat(follow_symlinks=False).st_size
        else:
            odd.append(Finding(where=name, detail="is no file"))
    return Folder(path=path, files=dict(sorted(files.items())), odd=tuple(odd), sizes=sizes)


def _walk(path: Path, before: str, depth: int) -> Iterator[tuple[str, DirEntry[str]]]:
    with scandir(path) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            name = before + entry.name
            if entry.is_dir(follow_symlinks=False) and depth < _DEEPEST:
                yield from _walk(Path(entry.path), f"{name}/", depth + 1)
            else:
                yield name, entry


def check_sums(folder: Folder, bar: Bar) -> Iterator[Finding]:
    """Compare every file with `SHA256SUMS`: what is missing, what is otherwise, what is there and not listed."""
    if SUMS not in folder.files:
        yield Finding(where=SUMS, detail="is not there: nothing says which files belong to it and what they were")
        return
    stated: dict[str, str] = {}
    yield from _read_sums(folder, stated)
    for name in sorted(stated.keys() - folder.files.keys()):
        yield Finding(where=name, detail=f"is listed in {SUMS} and is not there")
    for name in sorted(folder.files.keys() - stated.keys() - {SUMS}):
        yield Finding(where=name, detail=f"is there and is not listed in {SUMS}")
    here = [name for name in stated if name in folder.files]
    total, done = sum(folder.sizes[name] for name in here), 0
    with bar("digests") as progress:
        for name in here:
            found = digest(folder.files[name])
            if found != stated[name]:
                yield Finding(where=name, detail=f"SHA-256 is {found}, {SUMS} says {stated[name]}")
            done += folder.sizes[name]
            if progress is not None:
                progress(done, total)


def _read_sums(folder: Folder, stated: dict[str, str]) -> Iterator[Finding]:
    try:
        lines = folder.read(SUMS).decode("utf-8").splitlines()
    except ValueError as error:
        yield Finding(where=SUMS, detail=f"cannot be read: {error}")
        return
    for number, line in enumerate(lines, 1):
        found = _LINE.fullmatch(line)
        where = f"{SUMS} line {number}"
        if found is None:
            yield Finding(where=where, detail=f"is no digest and name: {line[:80]!r}")
        elif leaves(found[2]):
            yield Finding(where=where, detail=f"names {found[2][:80]!r}, which is not in the folder; it was not opened")
        elif found[2] in stated:
            yield Finding(where=where, detail=f"names {found[2]} again")
        else:
            stated[found[2]] = found[1]


def leaves(name: str) -> bool:
    """Whether a name, as one list or package has it, leads out of the folder it is in."""
    parts = name.split("/")
    return (
        bool({"", ".", ".."} & set(parts)) or "\\" in name or "\0" in name or re.match(r"[A-Za-z]:", name) is not None
    )
