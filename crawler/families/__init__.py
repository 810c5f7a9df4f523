"""CMS families: how each kind of site pages its lists. One file a family, told by how its lists page.

A family is a module with two pure functions; it never sees a Response, a clock or the network.
"""

from __future__ import annotations

from typing import Protocol

from archive.records import Channel, Page
from crawler.lists import Ask, Listing


class Family(Protocol):
    """What every family module offers."""

    def first(self, channel: Channel) -> tuple[Ask, ...]:
        """The asks a walk of the channel starts with, newest first."""
        ...

    def read(self, page: Page, channel: Channel) -> Listing:
        """Read one list page. Raises: Unreadable if the page has no list, or a list without links."""
        ...
