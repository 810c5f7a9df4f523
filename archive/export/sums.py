"""`SHA256SUMS`: the digest of every file of a folder, as `sha256sum -c` reads it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

SUMS: Final = "SHA256SUMS"


def write_sums(folder: Path) -> None:
    """Write the digests of all files below `folder` but this one, by name. It is the last file to be written."""
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    lines = [f"{digest(paths[name])}  {name}\n" for name in sorted(paths) if name != SUMS]
    (folder / SUMS).write_text("".join(lines), "utf-8")


def read_sums(folder: Path) -> dict[str, str]:
    """Name → SHA-256 in hex digits of every file that is listed. Raises: OSError, ValueError."""
    parted = (line.partition("  ") for line in (folder / SUMS).read_text("utf-8").splitlines())
    return {name: found for found, _, name in parted}


def otherwise(folder: Path) -> list[str]:
    """Names of the files that are not listed, or not as they were when they were listed; in order."""
    sums = read_sums(folder) if (folder / SUMS).is_file() else {}
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return [name for name in sorted(paths) if name != SUMS and digest(paths[name]) != sums.get(name)]


def digest(path: Path) -> str:
    """SHA-256 of a file, as hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
