"""Long work in steps, each done once: a run that was stopped is gone on with where it stopped."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from archive.warc.files import sync

Bar = Callable[[str], AbstractContextManager[Callable[[int, int], None] | None]]
"""Shows how far a step with that label is: told what is done of how much; None where nobody looks."""


class Busy(OSError):  # noqa: N818 (a state, not an error)
    """Somebody else does the same work now; the message names the folder."""


class Steps:
    """Work in a folder of its own, which one process at a time holds.

    `made_of` says what the work is made of; a folder of other work is emptied first. A step may have been stopped
    midway, so each begins by writing its files anew. Leaving without `finish` keeps what is done, and no folder where
    nothing is.
    """

    def __init__(self, folder: Path, *, made_of: str) -> None:
        """Take the folder. Raises: Busy, OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._lock = (folder / _LOCK).open("a")
        try:
            _take(self._lock, folder / _LOCK)
        except (BlockingIOError, FileNotFoundError) as error:
            self._lock.close()
            raise Busy(f"{folder} is being written by another process; wait for it to end") from error
        self._list = folder / _DONE
        noted = self._list.read_text("utf-8").splitlines() if self._list.exists() else []
        self._done = noted[1:]
        if noted[:1] != [made_of]:
            self._empty()
            self._done = []
            self._list.write_text(made_of + "\n", "utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if not self._done and self.folder.exists():
            self.finish()
        self._lock.close()

    @property
    def done(self) -> tuple[str, ...]:
        """The names of the steps that are done, in order."""
        return tuple(self._done)

    def do(self, name: str, work: Callable[[], object]) -> None:
        """Do a step, unless it was done. It is, when what it wrote is on disk: a power cut may come before the end."""
        if name in self._done:
            return
        work()
        for path in self.folder.rglob("*"):
            if path.is_file():
                sync(path)
        self._done.append(name)
        with self._list.open("a", encoding="utf-8") as file:
            file.write(name + "\n")

    def finish(self) -> None:
        """All is done and taken away: nothing of the folder is kept."""
        shutil.rmtree(self.folder)

    def _empty(self) -> None:
        for path in self.folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name != _LOCK:
                path.unlink()


def _take(lock: IO[str], path: Path) -> None:
    """Raises: BlockingIOError, FileNotFoundError if another has it, or took it away while it was opened."""
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    if not os.path.samestat(os.fstat(lock.fileno()), path.stat()):
        raise BlockingIOError


_LOCK = "lock"
_DONE = "done"
