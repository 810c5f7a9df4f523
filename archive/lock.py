"""One holder at a time: `archive.lock`, an advisory lock that ends with its holder, however that ends."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from datetime import UTC, datetime
from pathlib import Path


class Held(OSError):  # noqa: N818 (a state, not an error)
    """Somebody else holds the lock; the message names them."""


class Lock:
    """The lock on one archive folder, held until `release`. Its file names the holder, for people to read."""

    def __init__(self, path: Path, holder: str) -> None:
        """Take it. Raises: Held, naming the holder."""
        self._file = path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise Held(f"{path.parent} is in use: {describe_holder(path)}; wait for it to end") from error
        self._file.seek(0)
        self._file.truncate()
        since = datetime.now(UTC).isoformat(timespec="seconds")
        json.dump({"holder": holder, "pid": os.getpid(), "host": socket.gethostname(), "since": since}, self._file)
        self._file.flush()

    def release(self) -> None:
        """Let go. The file stays, empty: removing it would let two holders in."""
        self._file.seek(0)
        self._file.truncate()
        self._file.close()


def describe_holder(path: Path) -> str:
    """Who holds or last held the lock, in words."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return f"held by `{found['holder']}` (process {found['pid']} on {found['host']}) since {found['since']}"
    except (OSError, ValueError, KeyError):
        return "held by another process"
