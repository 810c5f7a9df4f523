"""Pages looked at, and copies compared, ahead of the one who writes, by other processes and by itself meanwhile.

What is not seen here in time (a process died, or read the page with another entry) is looked at by the one who writes,
in the same way: so the rows are the same for any number of processes, and a page that takes its reader down is judged
where it always was.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from archive.pool import Pool
from archive.records import Entry
from archive.seen import Beside, Look, Seen, Spot, see
from archive.store.likenesses import Compared
from archive.warc import StoredExchange, read_exchange

logger = logging.getLogger(__name__)

Found = dict[str, Compared]
"""url key of a copy → what comparing it came to."""


class Ahead:
    """A few processes over the WARC files and the database of one archive. What is asked first is taken first."""

    def __init__(
        self,
        root: Path,
        database: Path,
        processes: int,
        *,
        memory: int,
        patience: float,
        at: Callable[[Spot], None] = lambda _: None,
    ) -> None:
        """Start so many processes over the WARC files at `root`; for `memory` and `patience` see `Pool`.

        `at` is called with the place of a record before this process looks at it.
        """
        self._root = root
        self._at = at
        self._pool = Pool([str(root), str(database)], processes, memory=memory, patience=patience)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pids(self) -> list[int]:
        """The processes that are at work."""
        return self._pool.pids

    def ask(self, spot: Spot, entry: Entry | None, stored: StoredExchange | None = None) -> None:
        """Have a record looked at; `stored` is what it holds, if that is at hand."""
        self._pool.ask(spot, Look(spot, entry), here=lambda: self._look(spot, entry, stored))

    def take(self, spot: Spot) -> Seen | None:
        """What a record shows; None where it was not asked for, or nobody could tell."""
        return cast("Seen | None", self._pool.take(spot))

    def ask_beside(self, keys: Sequence[str], *, here: Callable[[], Found]) -> None:
        """Have copies compared, which the database holds with their postings until they are taken."""
        self._pool.ask(tuple(keys), Beside(tuple(keys)), here=here)

    def take_beside(self, keys: Sequence[str]) -> Found | None:
        """What comparing these copies came to; None where nobody could tell."""
        return cast("Found | None", self._pool.take(tuple(keys)))

    def tend(self) -> None:
        """Keep the processes busy: see `Pool.tend`."""
        self._pool.tend()

    def close(self) -> None:
        """End the processes, whatever they are at."""
        self._pool.close()

    def _look(self, spot: Spot, entry: Entry | None, stored: StoredExchange | None) -> Seen | None:
        self._at(spot)
        try:
            return see(stored or read_exchange(self._root, *spot), entry)
        except Exception as error:  # noqa: BLE001 (the pipeline's edge: who takes it looks once more)
            logger.debug("%s@%d: %r", *spot, error)
            return None
