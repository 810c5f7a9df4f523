"""What probing a site gives: where it is, and its lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from archive.records import Entry
from archive.urls import url_key

State = Literal["reachable", "moved", "blocked", "no_list", "unreachable"]
"""`moved`: its home page stands on another host now; lists may have been found there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A list, with what reads it."""

    name: str
    url: str
    family: str
    mark: str
    """What showed the family, in words."""
    options: Mapping[str, str] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    """Those of its first page."""
    next_url: str | None = None
    pages: int | None = None
    total: int | None = None

    @property
    def keys(self) -> frozenset[str]:
        """Url keys of its entries."""
        return frozenset(key_of(entry.url) for entry in self.entries)

    @property
    def has_pager(self) -> bool:
        """It says that there is more than this page, or how many pages there are."""
        return self.next_url is not None or self.pages is not None

    @property
    def dated(self) -> int:
        """Entries that print a date."""
        return sum(entry.date_raw is not None for entry in self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What probing one site gave."""

    key: str
    state: State
    home: str
    """Where the home page is now."""
    why: str = ""
    """Where it moved to, what blocks it, why it cannot be reached, why there is no list."""
    title: str | None = None
    """What the home page calls itself."""
    lists: tuple[Found, ...] = ()
    unsure: tuple[str, ...] = ()
    """Urls of channels that the catalogue has and that gave no answer, so that nobody knows whether they are lists."""
    asked: int = 0


def is_same(found: Found, other: Found) -> bool:
    """Whether two pages show one list: four fifths of the shorter one's entries stand on both."""
    shared = len(found.keys & other.keys)
    return shared > 0 and 5 * shared >= 4 * min(len(found.keys), len(other.keys))


def key_of(url: str) -> str:
    """The url key, or the address itself where it has none."""
    try:
        return url_key(url)
    except ValueError:
        return url
