"""How a command that writes much ends before its time: it takes its scratch files away, and says by which signal."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

_TERMINATED = 128 + signal.SIGTERM


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end what is in here as an error does, with all that is cleaned up then.

    Where SQLite calls a function of ours, it makes another error of the interrupt: whichever comes now is for it.
    """
    if current_thread() is not main_thread():  # which alone hears of signals
        yield
        return
    heard: list[int] = []

    def hear(number: int, _frame: FrameType | None) -> None:
        heard.append(number)
        _raise(number)

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, hear)
    try:
        yield
    except BaseException:
        if heard:
            _raise(heard[0])
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _raise(number: int) -> None:
    raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(_TERMINATED)
