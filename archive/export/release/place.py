"""Where a release stands: nothing that is there is lost, and it appears when all of it is on disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from archive.export.release.about import ABOUT
from archive.export.sums import otherwise
from archive.warc.files import sync


def check_place(folder: Path, name: str) -> None:
    """Raises: ValueError if something is in the way: no release of that name, or one that somebody worked in."""
    if folder.is_mount() or Path.cwd().is_relative_to(folder):
        raise ValueError(f"{folder} is a disk, or where you are: no release can take its place; name a folder in it")
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    there = _name_of(folder)
    if there is None:
        raise ValueError(f"{folder} is there and is no release; give a folder that is not there yet")
    if there != name:
        raise ValueError(f"{folder} holds release {there}; give another folder for {name}")
    if worked := otherwise(folder):
        named = ", ".join(worked[:_NAMED])
        raise ValueError(f"{folder} holds what is not of release {there} and would be lost: {named}; move it away")


def unfinished(folder: Path) -> Path:
    """Where a release stands until it is whole: beside its place, so that the last step is a rename."""
    return folder.parent / f".{folder.name}.unfinished"


def publish(out: Path, folder: Path) -> None:
    """Put the folder in its place, all of it on disk; an earlier release of the same name goes."""
    for path in (out, *(path for path in out.rglob("*") if path.is_dir())):
        sync(path)
    before = out.with_name(_BEFORE)
    if folder.exists():
        folder.rename(before)
    try:
        out.rename(folder)
    except OSError:
        if before.exists():
            before.rename(folder)
        raise
    sync(folder.parent)


def put_back(folder: Path) -> None:
    """Have the earlier release there again, where its successor was killed while it took its place."""
    before = unfinished(folder) / _BEFORE
    if before.exists() and not folder.exists():
        before.rename(folder)


def _name_of(folder: Path) -> str | None:
    """What the release in a folder is called; None where there is none."""
    try:
        said = json.loads((folder / ABOUT).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return str(said["name"]) if isinstance(said, dict) and "name" in said else None


_BEFORE: Final = "before"
_NAMED: Final = 3
"""Files that are named at most."""
