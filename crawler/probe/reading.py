"""One list read by its family, as a walk would begin it: the first page, and what that page leads on to."""

from __future__ import annotations

from dataclasses import dataclass

from archive.page import Unreadable
from archive.records import Channel
from crawler.families import FAMILIES
from crawler.lists import Ask, Listing
from crawler.spiders.survey import Got, Road

MOST_LEADS = 2
"""Pages without entries that may stand before the list: a column page, an index of a catalogue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one channel shows. `problem` says why there is no listing with entries; None when all is well."""

    channel: Channel
    got: Got
    """The last page that was asked."""
    listing: Listing | None = None
    problem: str | None = None

    @property
    def dated(self) -> int:
        """Entries that print a date."""
        return sum(entry.date_raw is not None for entry in self.listing.entries) if self.listing else 0

    @property
    def next_url(self) -> str | None:
        """The next list page; None where the family finds none."""
        return self.listing.asks[0].url if self.listing and self.listing.asks else None


async def see_list(channel: Channel, road: Road, *, first: Ask | None = None) -> Seen:
    """Ask the first list page of a channel, or of what `first` asks, and read it with the channel's family."""
    ask = first or FAMILIES[channel.family].first(channel)[0]
    for _ in range(MOST_LEADS + 1):
        got = await road.ask(ask)
        seen = read_list(channel, got)
        if seen.problem or seen.listing is None or seen.listing.entries or not seen.listing.asks:
            break
        ask = seen.listing.asks[0]
    if seen.listing is not None and not seen.listing.entries and seen.problem is None:
        return Seen(channel=channel, got=got, listing=seen.listing, problem="the list is empty")
    return seen


def read_list(channel: Channel, got: Got) -> Seen:
    """Read one list page that came."""
    if got.page is None or not got.may_list:
        return Seen(channel=channel, got=got, problem=got.words)
    try:
        listing = FAMILIES[channel.family].read(got.page, channel)
    except Unreadable as problem:
        if not got.is_ok:
            return Seen(channel=channel, got=got, problem=got.words)
        return Seen(channel=channel, got=got, problem=f"unreadable: {str(problem).removeprefix(f'{got.url}: ')}")
    return Seen(channel=channel, got=got, listing=listing)
