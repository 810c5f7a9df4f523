"""A few processes of our own that answer questions while the one who asks is at something else, or waits and helps.

So all cores are busy, with no process more than there are cores. They only make it faster: what nobody could answer (a
process died, hung, ran out of memory) is None, and whoever asked finds it out in its own way.
"""

from __future__ import annotations

import fcntl
import logging
import os
import select
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self, cast

from archive.seen import pack, unpack

logger = logging.getLogger(__name__)

_AT_ONCE: Final = 32
"""Questions that one process holds: as many as keep it busy while the one who asks is long at something else.

It is asked for more when it has answered half of them, in one go: to wake a process takes longer than to write to it.
"""
_LARGEST: Final = 1000
"""Bytes of a question. Larger ones (an entry of many fields) are not asked, so that asking never waits for a pipe."""
_PIPE: Final = 1 << 20
_CHUNK: Final = 1 << 16
_TENDED: Final = 0.02
"""Seconds between two looks at the pipes while there is something else to do: less than half of `_AT_ONCE` takes."""
_LOSSES: Final = 4
"""Processes lost after which no new one is started."""
_STARTING: Final = 60.0
"""Seconds that a new process may take to its first answer."""


@dataclass(frozen=True, slots=True)
class _Question:
    """What a process is asked under a number, packed, and how it is answered here."""

    number: int
    message: bytes
    here: Callable[[], object]


class Pool:
    """A few processes that answer. Ask in the order in which the answers are taken."""

    def __init__(self, arguments: Sequence[str], processes: int, *, memory: int, patience: float) -> None:
        """Start so many of `archive.helper` with these arguments.

        `memory` caps each of them, in bytes; one that says nothing for `patience` seconds while it is waited for is
        given up.
        """
        self._arguments = tuple(arguments)
        self._memory = memory
        self._patience = patience
        self._losses = 0
        self._asked: dict[Hashable, int] = {}
        self._answers: dict[int, object] = {}
        self._queue: deque[_Question] = deque()
        self._count = 0
        self._tend_at = 0.0
        """When the pipes are to be looked at again, on the monotonic clock."""
        self._processes = [self._start() for _ in range(processes)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pids(self) -> list[int]:
        """The processes that are at work."""
        return [process.pid for process in self._processes]

    def ask(self, name: Hashable, question: object, *, here: Callable[[], object]) -> None:
        """Have a question answered, one that `archive.helper` knows; the answer is kept until it is taken by name.

        `here` answers it in this process, without raising, where this one would wait for it with nothing else to do.
        """
        if not self._processes or name in self._asked:
            return
        message = pack((self._count, question))
        if len(message) > _LARGEST:
            return
        self._asked[name] = self._count
        self._queue.append(_Question(self._count, message, here))
        self._count += 1

    def take(self, name: Hashable) -> object:
        """The answer to what has this name; while a process is at it, what nobody was asked for yet is answered here.

        None where it was not asked, or nobody could tell.
        """
        number = self._asked.pop(name, None)
        if number is None:
            return None
        self.tend()
        while number not in self._answers and self._processes:
            if self._queue:
                waiting = self._queue.popleft()
                self._answers[waiting.number] = waiting.here()
                self.tend()
            else:
                self._hear(wait=True)
        return self._answers.pop(number, None)

    def tend(self) -> None:
        """Hear what was answered and pass on what is asked. Whoever is long at something else calls it often."""
        if time.monotonic() >= self._tend_at:
            self._hear(wait=False)
            self._tend_at = time.monotonic() + _TENDED

    def close(self) -> None:
        """End the processes, whatever they are at."""
        for process in self._processes:
            process.end()
        self._processes.clear()

    def _hear(self, *, wait: bool) -> None:
        busy = [process for process in self._processes if process.held]
        if busy:
            ready = _readable([process.answers for process in busy], 1.0 if wait else 0.0)
            for process in busy:
                if process.answers in ready:
                    self._take_answers(process)
                elif wait and time.monotonic() > process.expected:
                    self._lose(process, f"said nothing for {self._patience:.0f} seconds")
        self._pass_on()

    def _take_answers(self, process: _Process) -> None:
        answers = process.hear(time.monotonic() + self._patience)
        if answers is None:
            self._lose(process, "ended")
            return
        self._answers.update(answers)

    def _pass_on(self) -> None:
        """Give what waits to whoever has least to do."""
        while self._queue and self._processes:
            process = min(self._processes, key=lambda one: len(one.held))
            if len(process.held) > _AT_ONCE // 2:
                return
            few = [self._queue.popleft() for _ in range(min(len(self._queue), _AT_ONCE - len(process.held)))]
            if not process.ask(few, time.monotonic() + self._patience):
                self._queue.extendleft(reversed(few))
                self._lose(process, "hung up")
        if not self._processes:
            self._queue.clear()

    def _lose(self, process: _Process, why: str) -> None:
        """Give a process up. What it was asked has no answer; another takes its place, a few times."""
        process.end()
        self._processes.remove(process)
        self._answers.update(dict.fromkeys(process.held))
        self._losses += 1
        if self._losses < _LOSSES:
            self._processes.append(self._start())
        logger.warning("A process that helps the index %s; the index does its work itself", why)

    def _start(self) -> _Process:
        return _Process(self._arguments, self._memory, time.monotonic() + max(self._patience, _STARTING))


class _Process:
    """One process that answers: `held` are the numbers it was asked and has not answered, in order."""

    def __init__(self, arguments: Sequence[str], memory: int, expected: float) -> None:
        command = [sys.executable, "-m", "archive.helper", *arguments, f"--memory={memory}", f"--parent={os.getpid()}"]
        home = str(Path(__file__).resolve().parent.parent)
        paths = os.pathsep.join(part for part in (home, os.environ.get("PYTHONPATH")) if part)
        self._child = subprocess.Popen(  # noqa: S603 (our own module)
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": paths},
        )
        self.held: deque[int] = deque()
        self.expected = expected
        """When it should have said something, on the monotonic clock."""
        self._buffer = bytearray()
        self._is_known = False
        self.answers = _descriptor(self._child.stdout)
        self._questions = _descriptor(self._child.stdin)
        os.set_blocking(self.answers, False)
        if sys.platform == "linux":  # else a process waits with its answers while the index writes
            with suppress(OSError):
                fcntl.fcntl(self.answers, fcntl.F_SETPIPE_SZ, _PIPE)

    @property
    def pid(self) -> int:
        return self._child.pid

    def ask(self, questions: Sequence[_Question], expected: float) -> bool:
        """Ask some questions; False when it is gone."""
        if not self.held and self._is_known:
            self.expected = expected
        try:
            os.write(self._questions, b"".join(question.message for question in questions))
        except OSError:
            return False
        self.held += [question.number for question in questions]
        return True

    def hear(self, expected: float) -> dict[int, object] | None:
        """The answers that came; None when it is gone."""
        try:
            data = os.read(self.answers, _CHUNK)
        except OSError:
            return None
        if not data:
            return None
        self._is_known, self.expected = True, expected
        self._buffer += data
        found: dict[int, object] = {}
        for message in unpack(self._buffer):
            number, answer = cast("tuple[int, object]", message)
            found[number] = answer
            self.held.remove(number)
        return found

    def end(self) -> None:
        self._child.kill()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._child.wait()


def _readable(descriptors: list[int], seconds: float) -> set[int]:
    poll = select.poll()
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    return {descriptor for descriptor, _ in poll.poll(seconds * 1000)}


def _descriptor(pipe: IO[bytes] | None) -> int:
    return pipe.fileno() if pipe is not None else -1
