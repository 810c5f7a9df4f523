"""A source that moved its columns: which of its old channels is which of the lists that are there now.

A list is an old channel's if it shows entries that this channel showed before; else if it has its name, or its path
ends alike. What is only alike is said so, for a person to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from archive.records import Channel
from archive.text import normalise
from crawler.lists import Ask, Site
from crawler.probe.entry import as_it_is, old_channels, renew_entry
from crawler.probe.found import Found, Probed, key_of
from crawler.probe.home import last_part, probe_site
from crawler.probe.reading import Seen, see_list
from crawler.spiders.survey import Got, Road
from crawler.toml_values import Table

MOST_ASKS = 45
"""Requests for one repair: a site that is broken is worth more than one that is only looked at."""
_SHOWN = 3
"""Shared titles that the evidence quotes."""
_ALIKE = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Why a list is an old channel's: entries both show, by title, and how alike name and path are (0 to 1)."""

    titles: tuple[str, ...] = ()
    name: float = 0.0
    path: float = 0.0

    @property
    def weight(self) -> tuple[int, float]:
        """Shared entries first, then names and paths."""
        return (len(self.titles), self.name + self.path / 2)

    @property
    def is_enough(self) -> bool:
        """Two shared entries, or a name or path that is (nearly) the same."""
        return len(self.titles) >= 2 or self.name >= _ALIKE or self.path == 1.0

    @property
    def words(self) -> str:
        """The evidence as a person reads it."""
        if self.titles:
            quoted = "; ".join(self.titles[:_SHOWN])
            return f"{len(self.titles)} entries known from before: {quoted}"
        told = "the same name" if self.name >= _ALIKE else "a path that ends alike"
        return f"no entry known from before, only {told}: look at it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What became of one channel. `found` is None where nothing now looks like it; `seen` is how it answers still."""

    old: Channel
    seen: Seen
    found: Found | None
    shared: Shared

    @property
    def works(self) -> bool:
        """It reads as it is."""
        return self.seen.problem is None

    @property
    def words(self) -> str:
        """One line: old → new, and why."""
        if self.works:
            return f"{self.old.name}: {self.old.url} still reads"
        if self.found is None:
            return f"{self.old.name}: {self.old.url} ({self.seen.problem}) → not found; left out"
        return f"{self.old.name}: {self.old.url} ({self.seen.problem}) → {self.found.url}: {self.shared.words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What became of a source: each channel, the lists that are none of them, and what probing gave."""

    site: Site
    probed: Probed
    moves: tuple[Move, ...]

    @property
    def is_whole(self) -> bool:
        """Every channel reads as it is: nothing to repair."""
        return all(move.works for move in self.moves)

    @property
    def others(self) -> tuple[Found, ...]:
        """Lists that are no old channel's."""
        taken = {move.found.url for move in self.moves if move.found} | {m.old.url for m in self.moves if m.works}
        return tuple(one for one in self.probed.lists if one.url not in taken)

    @property
    def comments(self) -> tuple[str, ...]:
        """A line for each channel, and for each list that is none."""
        return (
            *(move.words for move in self.moves),
            *(f"also there, not taken: {one.name} {one.url} ({one.family})" for one in self.others),
        )

    def patch(self, table: Table, today: date) -> Table | None:
        """The whole new entry; None if no channel was found again."""
        was = old_channels(table)
        lists: list[tuple[Found, Mapping[str, object]]] = []
        for move in self.moves:
            old = was.get(key_of(move.old.url), {"name": move.old.name})
            if move.works:
                lists.append((as_it_is(move.old), old))
            elif move.found is not None:
                lists.append((move.found, old))
        if not lists:
            return None
        return renew_entry(self.site, table, lists, home=self.probed.home, today=today)


async def repair_site(site: Site, road: Road, *, listed: Callable[[str], Mapping[str, str]]) -> Repair:
    """Look at each old channel, then for the lists that are there now, and match them.

    `listed` gives what a channel (its url) showed before: url key → title.
    """
    road = _Once(road)
    seen = [await see_list(channel, road) for channel in site.channels]
    broken = [one for one in seen if one.problem is not None]
    further = [one.got.url for one in broken if one.got.is_ok and one.got.url != one.channel.url]
    probed = await probe_site(site, road, most=MOST_ASKS, further=further) if broken else _untouched(site)
    known = {one.channel.url: listed(one.channel.url) for one in seen}
    chosen = _match(broken, probed.lists, known)
    moves = [
        Move(old=one.channel, seen=one, found=chosen.get(one.channel.url, (None, Shared()))[0],
             shared=chosen.get(one.channel.url, (None, Shared()))[1])
        for one in seen
    ]  # fmt: skip
    return Repair(site=site, probed=probed, moves=tuple(moves))


class _Once:
    """A road that asks each address once: probing comes by the old channels again."""

    def __init__(self, road: Road) -> None:
        self._road = road
        self._got: dict[tuple[str, str, bytes], Got] = {}

    async def ask(self, ask: Ask) -> Got:
        """The answer that came, or comes now."""
        key = (ask.method, ask.url, ask.body)
        if key not in self._got:
            self._got[key] = await self._road.ask(ask)
        return self._got[key]


def compare(channel: Channel, known: Mapping[str, str], found: Found) -> Shared:
    """What an old channel and a list of now have in common. Titles count whatever their address has become."""
    titles = {normalise(title) for title in known.values() if title}
    shared = [
        entry.title or entry.url
        for entry in found.entries
        if key_of(entry.url) in known or (entry.title and normalise(entry.title) in titles)
    ]
    return Shared(
        titles=tuple(dict.fromkeys(shared)),
        name=SequenceMatcher(None, channel.name, found.name).ratio(),
        path=float(last_part(channel.url).lower() == last_part(found.url).lower()),
    )


def _match(
    broken: list[Seen], lists: tuple[Found, ...], known: Mapping[str, Mapping[str, str]]
) -> dict[str, tuple[Found, Shared]]:
    """Each broken channel's list, by the channel's url: the best pair first, no list twice."""
    pairs = [
        (compare(one.channel, known[one.channel.url], found), one.channel.url, found)
        for one in broken
        for found in lists
    ]
    chosen: dict[str, tuple[Found, Shared]] = {}
    taken: set[str] = set()
    for shared, url, found in sorted(pairs, key=lambda pair: pair[0].weight, reverse=True):
        if shared.is_enough and url not in chosen and found.url not in taken:
            chosen[url] = (found, shared)
            taken.add(found.url)
    return chosen


def _untouched(site: Site) -> Probed:
    return Probed(key=site.source.key, state="reachable", home=site.source.home)
