"""The index as a process of its own, and the one who watches it.

`python -m archive.worker DIR` follows the WARC files of an archive. It is told what to do, and tells how it goes,
in JSON lines over its pipes, and ends when its standard input closes: it cannot outlive its parent. A page that
takes it down twice is skipped with an Issue; a crawl is never hurt by either.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path

from archive.decisions import DecisionsError
from archive.index import Helpers, Index, IndexReport
from archive.seen import Spot, cap_memory
from archive.store import DatabaseError, open_draft, open_writer
from archive.store.search import SearchError

logger = logging.getLogger(__name__)

_POLL_SECONDS = 0.5
_LEAST_PATIENCE = 5.0
_KILLED = (-signal.SIGKILL, -signal.SIGTERM)


class IndexFailed(RuntimeError):  # noqa: N818 (it is the index that failed)
    """The index ended before it was level. The WARC files are whole; `exit_code` is what a command should give."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class IndexProcess:
    """The index of one archive, as a child. The caller holds the archive's lock."""

    def __init__(
        self,
        path: Path,
        *,
        database: Path,
        seconds: float = 120.0,
        memory: int = 4 * 1024**3,
        progress: Callable[[int, int], None] | None = None,
        order: Sequence[str] = (),
        workers: int | None = None,
        is_draft: bool = False,
    ) -> None:
        """Start it. `seconds` and `memory` cap the work on one page; `progress` gets bytes read and bytes there are.

        `workers` processes read pages where there are many; by default as many as there are cores to use. With one
        the index reads by itself. A database that `is_draft` need not outlive a power cut.
        """
        self._path = path
        self._database = database
        self._seconds = seconds
        self._memory = memory
        self._progress = progress
        self._order = tuple(order)
        self._is_draft = is_draft
        self._workers = cores() if workers is None else workers
        self._deaths: dict[Spot | None, int] = {}
        self._skip: list[Spot] = []
        self._waiting: list[Future[IndexReport]] = []
        self._closed = False
        self._failed: IndexFailed | None = None
        self._timed_out = False
        self._at: Spot | None = None
        self._lock = threading.Lock()
        self._child = self._spawn()
        self._thread = threading.Thread(target=self._watch, name="index", daemon=True)
        self._thread.start()

    @property
    def dead(self) -> bool:
        """It ended by itself and was not started again."""
        return self._failed is not None and not self._closed

    def catch_up(self) -> Future[IndexReport]:
        """Ask that everything written so far be in the database and settled. Fails with IndexFailed."""
        future: Future[IndexReport] = Future()
        with self._lock:
            if self._failed is not None:
                future.set_exception(self._failed)
            else:
                self._waiting.append(future)
                self._say("catch up")
        return future

    def close(self) -> None:
        """End it. What is not committed is taken again next time."""
        with self._lock:  # not while the child is started again
            self._closed = True
            _hang_up(self._child)
        self._thread.join()

    def _spawn(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "archive.worker", str(self._path), "--database", str(self._database)]
        command += ["--memory", str(self._memory), "--workers", str(self._workers)]
        command += ["--patience", str(max(self._seconds / 4, _LEAST_PATIENCE))]
        command += ["--draft"] * self._is_draft
        command += [f"--skip={file}@{offset}" for file, offset in self._skip]
        command += [f"--first={name}" for name in self._order]
        home = str(Path(__file__).resolve().parent.parent)
        paths = os.pathsep.join(part for part in (home, os.environ.get("PYTHONPATH")) if part)
        return subprocess.Popen(  # noqa: S603 (our own module)
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": paths},
        )

    def _say(self, word: str) -> None:
        try:
            if self._child.stdin is not None:
                self._child.stdin.write(word + "\n")
                self._child.stdin.flush()
        except (OSError, ValueError):
            logger.debug("The index is gone; its watcher will say so")

    def _watch(self) -> None:
        """Hear what the child says until it is closed, starting it again after a death that may be a page's fault."""
        while True:
            self._timed_out = False
            fatal = self._hear()
            code = self._child.wait()
            _hang_up(self._child)
            if self._closed:
                break
            fatal = fatal or self._judge_death(killed=code in _KILLED and not self._timed_out)
            if fatal is not None:
                self._give_up(fatal)
                return
            with self._lock:
                if self._closed:
                    break
                self._at = None
                self._child = self._spawn()
                for _ in self._waiting:
                    self._say("catch up")
        self._give_up(IndexFailed("the index was closed", 1))

    def _judge_death(self, *, killed: bool) -> IndexFailed | None:
        """Whose fault it was: somebody's who killed it, a page's, or nobody knows. None if it is to start again.

        A page is tried twice and then skipped; without a page to blame the index is started again once.
        """
        spot = None if killed else self._at
        deaths = self._deaths[spot] = self._deaths.get(spot, 0) + 1
        if spot is None and deaths > 1:
            return IndexFailed("the index died twice; the captures are whole, `minzheng index` reads them", 3)
        if spot is not None and deaths > 1:
            logger.warning("The index died twice at %s@%d; that page is skipped", *spot)
            self._skip.append(spot)
        else:
            logger.warning("The index died at %s; starting it again", spot or "no page of ours")
        return None

    def _hear(self) -> IndexFailed | None:
        """Take the child's lines until there are no more. A page that takes too long ends the child."""
        lines: queue.Queue[str] = queue.Queue()
        reader = threading.Thread(target=_pump, args=(self._child, lines), daemon=True)
        reader.start()
        fatal = None
        while True:
            try:
                line = lines.get(timeout=self._seconds)
            except queue.Empty:
                if self._at is not None and self._waiting:
                    self._timed_out = True
                    self._child.kill()
                continue
            if not line:
                return fatal
            said = json.loads(line)
            if "at" in said:
                self._at = (said["at"][0], said["at"][1]) if said["at"] else None
            elif "progress" in said and self._progress is not None:
                self._progress(*said["progress"])
            elif "done" in said:
                self._answer(IndexReport(**said["done"]))
            elif "fatal" in said:
                fatal = IndexFailed(said["fatal"], said["exit_code"])

    def _answer(self, report: IndexReport) -> None:
        with self._lock:
            future = self._waiting.pop(0) if self._waiting else None
        if future is not None:
            future.set_result(report)

    def _give_up(self, error: IndexFailed) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, []
            self._failed = error
        for future in waiting:
            future.set_exception(error)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def main(arguments: Sequence[str] | None = None) -> None:
    """Be the child: see the module's docstring."""
    parser = argparse.ArgumentParser(prog="archive.worker")
    parser.add_argument("path", type=Path)
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("--memory", type=int, required=True)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--patience", type=float, default=30.0)
    parser.add_argument("--draft", action="store_true")
    parser.add_argument("--skip", action="append", default=[])
    parser.add_argument("--first", action="append", default=[])
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="index: %(message)s")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to hear; this ends with it
    cap_memory(given.memory)
    gc.freeze()  # the modules stay; looking through them at each collection costs some percent
    words: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_listen, args=(words,), daemon=True).start()
    try:
        _work(given, words)
    except (OSError, DatabaseError, DecisionsError, SearchError) as error:
        about = "" if isinstance(error, DecisionsError) else f"{given.database}: "
        _tell({"fatal": f"{about}{error}", "exit_code": 4 if "locked" in str(error) else 1})
        raise SystemExit(1) from error


def _work(given: argparse.Namespace, words: queue.Queue[str]) -> None:
    index = Index(
        given.path,
        open_draft(given.database) if given.draft else open_writer(given.database),
        run=f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}",
        at=lambda spot: _tell({"at": spot}),
        skip=frozenset(_spot(text) for text in given.skip),
        progress=lambda done, total: _tell({"progress": [done, total]}),
        helpers=Helpers(workers=given.workers, memory=given.memory, patience=given.patience),
    )
    while True:
        try:
            word = words.get(timeout=_POLL_SECONDS)
        except queue.Empty:
            index.follow()
        else:
            if word:
                report = index.catch_up(given.first)
                _tell({"at": None})
                _tell(
                    {
                        "done": {
                            "records": report.records,
                            "read": report.read,
                            "settled": report.settled,
                            "moved": report.moved,
                        }
                    }
                )
        _tell({"at": None})


def _listen(words: queue.Queue[str]) -> None:
    """Pass on what the parent says; end at once when it is gone. An open transaction is undone by SQLite."""
    for line in sys.stdin:
        words.put(line.strip())
    os._exit(0)


def _pump(child: subprocess.Popen[str], lines: queue.Queue[str]) -> None:
    if child.stdout is not None:
        with child.stdout as said:
            for line in said:
                lines.put(line)
    lines.put("")


def _hang_up(child: subprocess.Popen[str]) -> None:
    """Close our end of what the child hears; what it said is read to its end by then."""
    if child.stdin is not None:
        with contextlib.suppress(OSError):  # what was still to be said to a dead child
            child.stdin.close()


def _spot(text: str) -> Spot:
    file, _, offset = text.rpartition("@")
    return file, int(offset)


def _tell(said: Mapping[str, object]) -> None:
    """Say something to the parent; end at once when it is gone, or the page at hand would be blamed for that."""
    try:
        sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os._exit(0)


if __name__ == "__main__":
    main()
