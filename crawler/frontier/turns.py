"""Whose turn it is: hosts with waiting rows go round, each with no more rows in flight than its cap.

Kept in memory only. After a kill nothing is in flight, which is just what a new crawl has to believe.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping


class Turns:
    """Counts of waiting rows a host, rows in flight, and the order in which hosts are served."""

    def __init__(self, waiting: Mapping[str, int], *, per_host: int) -> None:
        self._per_host = per_host
        self._waiting = Counter(dict(waiting))
        self._busy: Counter[str] = Counter()
        self._flying: dict[int, str] = {}
        self._ready = dict.fromkeys(self._waiting)

    def next_host(self) -> str | None:
        """The host whose turn it is; it comes last from now on, once `take` or `forget` was called for it."""
        return next(iter(self._ready), None)

    def take(self, host: str, row: int) -> None:
        """A waiting row of the host is in flight now."""
        del self._ready[host]
        self._flying[row] = host
        self._busy[host] += 1
        self._waiting[host] -= 1
        self._offer(host)

    def forget(self, host: str) -> None:
        """The host has no waiting row after all."""
        self._ready.pop(host, None)
        self._waiting.pop(host, None)

    def land(self, row: int) -> None:
        """A row is no longer in flight; one that never was changes nothing."""
        host = self._flying.pop(row, None)
        if host is not None:
            self._busy[host] -= 1
            self._offer(host)

    def admit(self, hosts: Iterable[str]) -> None:
        """One more row waits at each of these hosts."""
        for host in hosts:
            self._waiting[host] += 1
            self._offer(host)

    def is_flying(self, row: int) -> bool:
        """Whether the row was taken and has not landed."""
        return row in self._flying

    @property
    def waiting(self) -> int:
        """How many rows wait, their hosts being busy or not."""
        return self._waiting.total()

    def _offer(self, host: str) -> None:
        if self._waiting[host] <= 0:
            del self._waiting[host]
        elif self._busy[host] < self._per_host:
            self._ready[host] = None
