"""A new source looked at before it is written down: each list told and read, and one of its articles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from archive.outcome import Verdict
from archive.records import Channel, Page
from crawler.families.telling import Told, tell_families, why_none
from crawler.lists import Ask
from crawler.probe.check import choose
from crawler.probe.reading import Seen, see_list
from crawler.spiders.survey import Got, Road

MOST_ARTICLES = 3
"""Entries that are asked until one is an article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What one list of a new source gave. `problem` says why it cannot be a channel; None when it can."""

    channel: Channel
    """With the family that reads it, and the options it needs."""
    mark: str = ""
    """What showed the family, in words."""
    page: Page | None = field(default=None, repr=False)
    """The page that has the entries."""
    article: Page | None = field(default=None, repr=False)
    """Its first entry that is an article."""
    entries: int = 0
    next_url: str | None = None
    problem: str | None = None


async def look_at(
    channel: Channel, road: Road, *, is_told: bool, holds: Callable[[str], bool] = lambda _url: True
) -> Looked:
    """Look at the list at a channel's address: as its family if `is_told`, else as the family that the page tells."""
    if is_told:
        seen, mark = await see_list(channel, road), "as told"
    else:
        got = await road.ask(Ask(url=channel.url, kind="list", channel=channel))
        if got.page is None or not got.may_list:
            return Looked(channel=channel, problem=got.words)
        found = await _tell(channel, got.page, road)
        if found is None:
            return Looked(channel=channel, problem=f"no family reads it: {why_none(got.page)}")
        told, seen = found
        mark = told.mark
        seen = replace(seen, channel=replace(channel, family=told.family, options=told.options))
    if seen.problem is not None or seen.listing is None:
        return Looked(channel=channel, problem=seen.problem or "nothing came")
    return Looked(
        channel=seen.channel,
        mark=mark,
        page=seen.got.page,
        article=await _article(seen, road, holds),
        entries=len(seen.listing.entries),
        next_url=seen.next_url,
    )


async def _tell(channel: Channel, page: Page, road: Road) -> tuple[Told, Seen] | None:
    for told in tell_families(page):
        named = replace(channel, family=told.family, options=told.options)
        here = Seen(
            channel=named, got=Got(url=page.url, verdict=Verdict("ok", "list"), page=page), listing=told.listing
        )
        if told.listing.entries:
            return told, here
        seen = await see_list(named, road, first=told.listing.asks[0])
        if seen.problem is None:
            return told, seen
    return None


async def _article(seen: Seen, road: Road, holds: Callable[[str], bool]) -> Page | None:
    entries = seen.listing.entries if seen.listing is not None else ()
    for entry in choose(entries, seen.channel, MOST_ARTICLES, holds=holds):
        got = await road.ask(Ask(url=entry.url, kind="entry", channel=seen.channel, entry=entry))
        if got.is_ok and got.verdict.kind == "article":
            return got.page
    return None
