"""Reading many pages on all cores, a process a reader: a page that takes its reader down costs no other page."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from time import monotonic
from typing import Final

from archive.commands.inputs import Answer, Input
from archive.commands.page_reader import refuse

_AHEAD: Final = 16
"""Pages a reader that may be read before one in front of them is done; what is held in memory is bounded by it."""


def read_in_order(
    inputs: Iterable[Input], *, workers: int, seconds: float = 120.0, memory: int = 4 * 1024**3
) -> Generator[Answer]:
    """Give the answers in the order of the inputs, each as soon as those before it are given.

    Inputs are taken only as readers come free. `seconds` and `memory` (bytes) cap the work on one page.
    """
    crew = _Crew(workers, seconds, memory)
    waiting = iter(inputs)
    done: dict[int, Answer | None] = {}
    given = shown = 0
    try:
        while True:
            while given - shown < workers * _AHEAD and len(crew.busy) < workers:
                work = next(waiting, None)
                if work is None:
                    break
                crew.give(given, work)
                given += 1
            if not crew.busy:
                return
            done |= crew.hear()
            while shown in done:
                answer = done.pop(shown)
                shown += 1
                if answer is not None:
                    yield answer
    finally:
        crew.close()


@dataclass(frozen=True, slots=True)
class _Reader:
    child: subprocess.Popen[bytes]
    line: Connection[Input, Answer | None]


@dataclass(frozen=True, slots=True)
class _Work:
    number: int
    given: Input
    reader: _Reader
    due: float


class _Crew:
    """Readers, started when they are needed, and what each is at."""

    def __init__(self, workers: int, seconds: float, memory: int) -> None:
        self._workers = workers
        self._seconds = seconds
        self._memory = memory
        self._idle: list[_Reader] = []
        self.busy: list[_Work] = []

    def give(self, number: int, given: Input) -> None:
        """Have one page read; a reader that ended while it was idle is replaced."""
        reader = self._idle.pop() if self._idle else self._start()
        try:
            reader.line.send(given)
        except OSError:
            self._end(reader)
            reader = self._start()
            reader.line.send(given)
        self.busy.append(_Work(number, given, reader, monotonic() + self._seconds))

    def hear(self) -> dict[int, Answer | None]:
        """Wait until a page is read, or its reader is gone or over its time: the answers, by the pages' numbers."""
        due = min(work.due for work in self.busy)
        ready = wait([work.reader.line for work in self.busy], timeout=max(due - monotonic(), 0))
        answers: dict[int, Answer | None] = {}
        for work in list(self.busy):
            if work.reader.line in ready:
                try:
                    answers[work.number] = work.reader.line.recv()
                    self._idle.append(work.reader)
                except (EOFError, OSError):
                    answers[work.number] = refuse(work.given, self._end(work.reader))
            elif work.due <= monotonic():
                self._end(work.reader)
                answers[work.number] = refuse(work.given, f"not read within {self._seconds:g} seconds")
        self.busy = [work for work in self.busy if work.number not in answers]
        return answers

    def close(self) -> None:
        """End every reader, whatever it is at."""
        for reader in (*self._idle, *(work.reader for work in self.busy)):
            self._end(reader)

    def _start(self) -> _Reader:
        ours, theirs = Pipe()
        home = str(Path(__file__).resolve().parents[2])
        paths = os.pathsep.join(part for part in (home, os.environ.get("PYTHONPATH")) if part)
        command = [sys.executable, "-m", "archive.commands.page_reader", str(theirs.fileno()), str(self._memory)]
        child = subprocess.Popen(  # noqa: S603 (our own module)
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths},
            pass_fds=[theirs.fileno()],
            process_group=0,  # Ctrl-C is ours to hear; a reader ends when its connection does
        )
        theirs.close()
        return _Reader(child, ours)

    def _end(self, reader: _Reader) -> str:
        """End a reader, and say how it ended if it did so by itself."""
        reader.line.close()
        try:
            code = reader.child.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            reader.child.kill()
            reader.child.wait()
            return "its reader hung up"
        return f"its reader was killed by signal {-code}" if code < 0 else f"its reader ended with {code}"
