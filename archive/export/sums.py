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


def digest(path: Path) -> str:
    """SHA-256 of a file, as hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
