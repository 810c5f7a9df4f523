"""What a crawl has still to ask, and what it has seen: the contract of a frontier.

A row is one ask on its way. It stays in the frontier from `add` until `end`, whatever happens to the process in
between: a row that was claimed and never ended is claimed again by the next crawl. One implementation stands in
`sqlite.py`; `scheduler.py` and `middleware.py` tie a frontier to Scrapy and know nothing of how it is kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from archive.records import Channel
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a callback or an errback leaves its row.

    `failed` entries are asked again by the next crawl, three crawls at most; `refused` ones (their host stopped) are
    forgotten, so that a later walk finds them anew. A list page that is not done, and what was refused, leave the
    channel's edge where it was.
    """

    how: Literal["done", "failed", "refused"] = "done"
    listed: tuple[str, ...] = ()
    """Url keys of the entries that this list page showed."""
    is_cut: bool = False
    """The walk leaves something behind on purpose, for a later one to find: the edge stays, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What a frontier knows of a list page's entries, by url key."""

    unlisted: frozenset[str]
    """Never seen on this channel."""
    unknown: frozenset[str]
    """Neither seen on any channel nor held by the archive: to be asked."""
    at_edge: bool
    """Every entry was there when this channel was last walked completely: nothing new lies beyond."""
    looped: bool
    """Every entry was shown by an earlier page of this very walk: the site turns in a circle."""


class Frontier(Protocol):
    """What is pending, seen and walked. Its calls return when what they say is kept."""

    def unfinished(self) -> str | None:
        """The id of the last crawl, when it has no end."""
        ...

    def begin(self, crawl: str, channels: Iterable[Channel], *, sync: Callable[[], None]) -> None:
        """Begin a crawl (its id): its channels' walks go on where they were interrupted, else start anew.

        `sync` puts the captures written so far on disk; it is called before what they led to is kept.
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

    def count_entries(self) -> int:
        """How many entries an interrupted crawl has left to these walks."""
        ...

    def finish(self, *, ended: bool) -> None:
        """Close the walks that have nothing left and move the edges of those that were complete.

        `ended` is False for a crawl that was interrupted and that the next one resumes.
        """
        ...

    def close(self) -> None:
        """Let go of it. What was claimed and not ended is pending again."""
        ...
