"""A process that reads pages and compares copies for the index: it is asked, and gives back what it found.

`python -m archive.helper ROOT DATABASE` is started by `archive.pool`, hears over its standard input, and ends
when that closes: it cannot outlive the index. It writes nothing; a page that takes it down costs the index that help.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import logging
import os
import pickle
import queue
import signal
import sys
import threading
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from archive import warc
from archive.comparing import Comparer
from archive.seen import LENGTH, Beside, Look, cap_memory, pack, see
from archive.store import open_reader

logger = logging.getLogger(__name__)

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Be the process: see the module's docstring."""
    parser = argparse.ArgumentParser(prog="archive.helper")
    parser.add_argument("root", type=Path)
    parser.add_argument("database", type=Path)
    parser.add_argument("--memory", type=int, required=True)
    parser.add_argument("--parent", type=int, required=True)
    given = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command to hear; this ends with it
    _die_with(given.parent)
    cap_memory(given.memory)
    gc.freeze()  # as in `archive.worker`
    waiting: queue.Queue[tuple[int, object]] = queue.Queue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, waiting), daemon=True).start()
    answers = sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever a library prints must not stand among the answers
    helper = _Helper(given.root, given.database)
    while True:
        number, question = waiting.get()
        message = pack((number, helper.answer(question)))
        try:
            answers.write(message)
            answers.flush()
        except BrokenPipeError:
            os._exit(0)


class _Helper:
    def __init__(self, root: Path, database: Path) -> None:
        self._root = root
        self._database = database

    def answer(self, question: object) -> object:
        """The answer; None where anything goes wrong. The one who writes then looks, and says what it was."""
        try:
            match question:
                case Look(spot, entry):
                    return see(warc.read_exchange(self._root, *spot), entry)
                case Beside(keys):
                    return self._comparer.compare_all(keys)
        except Exception as error:  # noqa: BLE001 (the pipeline's edge: one page never stops the archive)
            logger.debug("%s: %r", question, error)
        return None

    @cached_property
    def _comparer(self) -> Comparer:
        return Comparer(open_reader(self._database))


def _listen(questions: BinaryIO, waiting: queue.Queue[tuple[int, object]]) -> None:
    """Pass on what is asked; end at once when nobody is there to ask."""
    while len(head := questions.read(LENGTH.size)) == LENGTH.size:
        waiting.put(pickle.loads(questions.read(LENGTH.unpack(head)[0])))  # noqa: S301 (our own process)
    os._exit(0)


def _die_with(parent: int) -> None:
    """End with the process that started this one, even when that is killed while a page holds the interpreter.

    Linux alone has a call for it; elsewhere the closed pipe tells, as soon as the page at hand is done.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


if __name__ == "__main__":
    main()
