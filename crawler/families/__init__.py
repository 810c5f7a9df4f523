"""CMS families: how each kind of site pages its lists. One file a family, told by how its lists page.

A family is a module with three pure functions; it never sees a Response, a clock or the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from archive.page import Unreadable
from archive.records import Channel, Page
from crawler.families import auto, gkmlpt, hanweb, jhtml, jpaas, links, nfcms, nxcx, trs, ucap, vsb
from crawler.lists import Ask, Listing

__all__ = ["FAMILIES", "Family", "Unreadable"]


class Family(Protocol):
    """What every family module offers."""

    def first(self, channel: Channel) -> tuple[Ask, ...]:
        """The asks a walk of the channel starts with, newest first."""
        ...

    def read(self, page: Page, channel: Channel) -> Listing:
        """Read one list page. Raises: Unreadable if the page has no list, or a list without links."""
        ...

    def check(self, options: Mapping[str, str]) -> tuple[str, ...]:
        """What is wrong with a channel's options, a sentence each; empty when all are understood."""
        ...


FAMILIES: dict[str, Family] = {
    "trs": trs,
    "hanweb": hanweb,
    "jpaas": jpaas,
    "nfcms": nfcms,
    "gkmlpt": gkmlpt,
    "vsb": vsb,
    "jhtml": jhtml,
    "links": links,
    "auto": auto,
    "ucap": ucap,
    "nxcx": nxcx,
}
"""Family names as the catalogue spells them."""
