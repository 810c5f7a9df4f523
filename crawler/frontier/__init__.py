"""What a crawl has still to ask, and what it has seen: the contract of a frontier.

A row is one ask on its way. It stays in the frontier from `add` until `end`, whatever happens to the process in
between: a row that was claimed and never ended is claimed again by the next crawl. One implementation stands in
`sqlite.py`; `scheduler.py` and `middleware.py` tie a frontier to Scrapy and know nothing of how it is kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

from archive.records import Channel, Walked
from crawler.lists import Ask

FrontierError = sqlite3.Error
"""The notebook cannot be read or written any more, as on a full disk."""

Hops = Mapping[str, "int | str | list[str] | list[int]"]
"""What redirects and retries have left in a request's meta, so that their limits hold over a kill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One claimed ask; `id` is what the request carries in its meta."""

    id: int
    ask: Ask
    source: str
    hops: Hops = field(default_factory=dict)


WalkStep = Literal["on", "end", "edge", "unchanged", "cut", "unread"]
"""Where a list page leaves its walk.

`on`, `end`, `edge` and `unchanged` leave no gap (`archive.records.WalkEnd`). `cut`: something is left behind on
purpose, for a later walk to find. `unread`: the page did not serve, and the walk begins at another one.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a callback or an errback leaves its row.

    `failed` entries are asked again by the next crawl, three crawls at most; `refused` ones (their host stopped) are
    forgotten, so that a later walk finds them anew. A list page that is not done, and what was refused, leave the
    channel's edge where it was, as a walk that was cut does.
    """

    how: Literal["done", "failed", "refused"] = "done"
    why: str | None = None
    """Why it failed, was refused or cut."""
    walk: WalkStep = "on"
    listed: tuple[str, ...] = ()
    """Keys of the entries that this list page showed."""
    newest: date | None = None
    """The latest day printed beside them."""
    total: int | None = None
    """Entries that the list states it has; `pages` likewise."""
    pages: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    is_column: bool = False
    """The page has no entries and leads to the one list page that has: later walks begin there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What a frontier knows of a list page's entries, by key."""

    unlisted: frozenset[str]
    """Never seen on this channel."""
    unknown: frozenset[str]
    """Neither seen on any channel nor held by the archive: to be asked."""
    at_edge: bool
    """Every entry was there when this channel was last walked completely: nothing new lies beyond."""
    looped: bool
    """Every entry was shown by an earlier page of this very walk: the site turns in a circle."""
    shown: int = 0
    """How many entries the walk has shown before this page."""
    pages: int = 0
    """How many list pages it has read before this one."""
    is_last: bool = True
    """No other list page of this walk is still to be read."""
    newest: date | None = None
    """The latest day that complete walks have seen on this channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a walk begins: at `ask`, or at the channel's own address without one.

    The validators are those of the page when it was last read by a complete walk; None where the page must be sent
    again, whatever the server thinks of it.
    """

    ask: Ask | None = None
    etag: str | None = None
    last_modified: str | None = None


class Frontier(Protocol):
    """What is pending, seen and walked. Its calls return when what they say is kept."""

    def unfinished(self) -> str | None:
        """The id of the last crawl, when it has no end."""
        ...

    def begin(
        self, crawl: str, channels: Iterable[Channel], *, rewalk: Mapping[str, int], sync: Callable[[], None]
    ) -> None:
        """Begin a crawl (its id): its channels' walks go on where they were interrupted, else start anew.

        Hosts take their first turn in the order of `channels`. `rewalk` says by source after how many days a channel
        is looked through to its end again, whatever is known of it. `sync` puts the captures written so far on disk;
        it is called before what they led to is kept.
        """
        ...

    def add(self, asks: Iterable[Ask]) -> int:
        """Keep new asks; how many of them were new.

        A list page is new once a walk, anything else unless it waits: whether an entry is known, `recognise` tells.
        """
        ...

    def claim(self) -> Row | None:
        """The next row to ask, hosts taking turns; None when all hosts that have rows are busy."""
        ...

    def count_waiting(self) -> int:
        """How many rows wait that nobody has claimed."""
        ...

    def again(self, row: int, ask: Ask, *, hops: Hops) -> bool:
        """Put a claimed row back under another address (redirect, retry, twin); False if it ended instead."""
        ...

    def end(self, row: int, asks: Iterable[Ask] = (), *, ended: Ended = ...) -> int:
        """Delete a row and keep what it led to, in one step; how many asks were new."""
        ...

    def recognise(self, channel: Channel, keys: Sequence[str]) -> Recognised:
        """What is known of the entries of a list page of this channel."""
        ...

    def head(self, channel: Channel) -> Head:
        """Where the walk of this channel begins."""
        ...

    def drop_rechecks(self, name: str) -> None:
        """Forget the rechecks that wait at a host, named as in url keys; the next crawl asks the archive for them."""
        ...

    def count_entries(self) -> int:
        """How many entries an interrupted crawl has left to these walks."""
        ...

    def finish(self, *, ended: bool, reason: str = "") -> list[Walked]:
        """Close the walks that have nothing left, move the edges of those that were complete; how each walk went.

        `ended` is False for a crawl that was interrupted and that the next one resumes; `reason` is why walks that
        have something left were cut.
        """
        ...

    def close(self) -> None:
        """Let go of it. What was claimed and not ended is pending again."""
        ...
