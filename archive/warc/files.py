"""The files under `warc/`: their names, whose crawl they are, how they grow, and closing what a crash left open."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from archive.warc.members import Member, cut_members

OPEN = ".open"
"""The ending of a file that is being written."""

_OF_CRAWL = re.compile(r"\d{4}/(?P<crawl>.+)-\d{5}\.warc\.gz")
_OF_INGEST = re.compile(r"ingest/(?P<digest>[0-9a-f]{12})-.+")
_OF_ELSEWHERE = re.compile(r"ingest/(?:[0-9a-f]{12}-)+(?P<crawl>.+)-\d{5}\.warc\.gz")
_ENDINGS = (".warc.gz", ".warc")
_SYNC_SECONDS = 1.0


def warc_files(root: Path) -> list[tuple[str, Path]]:
    """All WARC files under `root`: name relative to it, without `.open`, and path; sorted by name."""
    found = ((name_of(path), path) for path in root.glob("*/*") if path.is_file())
    return sorted((name, path) for name, path in found if name.endswith(_ENDINGS))


def crawl_of(warc_file: str) -> str:
    """The id of the crawl that a file belongs to, from its name alone. Raises: ValueError on a name we do not give."""
    if found := _OF_CRAWL.fullmatch(warc_file):
        return found["crawl"]
    if found := _OF_INGEST.fullmatch(warc_file):
        return f"ingest-{found['digest']}"
    raise ValueError(
        f"WARC file {warc_file!r} is named neither YYYY/<crawl>-00000.warc.gz nor ingest/<digest>-<name>; "
        "take it in with `minzheng ingest`"
    )


def is_ours(warc_file: str) -> bool:
    """Whether a file has a name that we give; another was put there by hand, and nobody knows whose crawl it is."""
    return bool(_OF_CRAWL.fullmatch(warc_file) or _OF_INGEST.fullmatch(warc_file))


def was_taken_in(warc_file: str) -> bool:
    """Whether a file was made elsewhere."""
    return _OF_INGEST.fullmatch(warc_file) is not None


def noting_crawl(warc_file: str) -> str:
    """The id of the crawl that wrote the notes in a file: for one of another archive, its own id there."""
    elsewhere = _OF_ELSEWHERE.fullmatch(warc_file)
    return elsewhere["crawl"] if elsewhere else crawl_of(warc_file)


def name_of(path: Path) -> str:
    """The name rows give to a file: its folder and itself, without `.open`."""
    return f"{path.parent.name}/{path.name.removesuffix(OPEN)}"


def present(path: Path) -> Path:
    """The path itself, or its twin with or without `.open`, whichever is there: a crawl may just have closed it."""
    if path.exists():
        return path
    twin = path.with_name(path.name.removesuffix(OPEN) if path.name.endswith(OPEN) else path.name + OPEN)
    return twin if twin.exists() else path


def repair(root: Path) -> list[str]:
    """Cut each `.open` file to its last whole record, close and rename it; give the names of those with records.

    A file without one is removed. Only the holder of the archive's lock may call this.
    """
    repaired = []
    for path in sorted(root.glob(f"*/*{OPEN}")):
        end = max((found.end for found in cut_members(path) if isinstance(found, Member)), default=0)
        if end:
            os.truncate(path, end)
            close_file(path)
            repaired.append(name_of(path))
        else:
            path.unlink()
            sync(path.parent)
    return repaired


class OpenFile:
    """A file being written, that only ever grows by whole records and reaches the disk within a second of writing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        self._synced_at = time.monotonic()
        self._synced_size = 0
        sync(path.parent)

    def append(self, data: bytes) -> int:
        """Write all or nothing; give the offset."""
        offset = self.size
        try:
            rest = memoryview(data)
            while rest:  # a write to a nearly full disk is short, the next one fails
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError:
            os.ftruncate(self._descriptor, offset)
            raise
        self.size = offset + len(data)
        if time.monotonic() - self._synced_at >= _SYNC_SECONDS:
            self.sync()
        return offset

    def sync(self) -> None:
        """Bring everything written to the disk."""
        if self._synced_size < self.size:
            os.fsync(self._descriptor)
            self._synced_size = self.size
        self._synced_at = time.monotonic()

    def close(self) -> None:
        """End it: synced, closed, renamed from `.open`."""
        os.close(self._descriptor)
        close_file(self.path)

    def discard(self) -> None:
        """Remove it, as if it had never been begun."""
        os.close(self._descriptor)
        self.path.unlink()


def close_file(path: Path) -> None:
    """Take `.open` off a file that nobody writes any more, so that it survives a power cut."""
    sync(path)
    path.rename(path.with_name(path.name.removesuffix(OPEN)))
    sync(path.parent)


def sync(path: Path) -> None:
    """Make a file, or the new names in a folder, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
