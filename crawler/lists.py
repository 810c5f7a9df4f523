"""The records of walking lists: what to ask, and what a list page said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from archive.records import Channel, Entry, Headers, Source

AskKind = Literal["list", "entry", "original", "part", "attachment", "recheck"]

RECHECK = (1, 7, 30, 180)
"""Days after its first sight on which a copy is looked at again, where its source does not say."""
REWALK = 90
"""Days between two walks of a whole channel, where its source does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A source with what a crawl of it needs."""

    source: Source
    channels: tuple[Channel, ...]
    delay: float = 2.0
    """Seconds between two requests to one host; a crawl never goes below it."""
    unverified: bool = False
    """Skipped by `--all` unless `--unverified`: nobody has seen these channels answer lately."""
    group: str = ""
    """Name of the file of its entry, for `crawl --group`: `national`, `portals`, a province."""
    platform: str | None = None
    """A domain whose sites stand behind one shield (`cq.gov.cn`): one connection and one delay for them all."""
    recheck: tuple[int, ...] = RECHECK
    """Days after its first sight on which a copy is looked at again, rising."""
    rewalk: int = REWALK
    """Days after which a walk looks through all list pages once more, for what slipped between."""
    max_bytes: int | None = None
    """Bytes as sent that one crawl takes of this source at most; None for the operator's own limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request as data. `url` is in fetch form."""

    url: str
    kind: AskKind
    channel: Channel | None = None
    entry: Entry | None = None
    page: int = 1
    """Which list page of its channel, counted from 1 in the order of walking."""
    method: str = "GET"
    body: bytes = b""
    headers: Headers = ()
    raw_url: str | None = None
    source: str | None = None
    """Of a file: key of the source whose copy links it, wherever it lies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a list page said: its entries in the page's order, the further list pages, the stated total."""

    entries: tuple[Entry, ...]
    asks: tuple[Ask, ...] = ()
    total: int | None = None
    """Entries the list states that it has (共N条)."""
    pages: int | None = None
    """List pages it states that it has (共N页, or the pager's own total)."""
    doubts: tuple[str, ...] = field(default=())
