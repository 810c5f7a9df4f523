"""From what probing found to an entry of the catalogue: the old one's values kept, its lists and addresses renewed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from archive.records import Channel
from archive.urls import address, owner
from crawler.catalogue import CHANNEL_KEYS
from crawler.lists import Site
from crawler.probe.found import Found, Probed, key_of
from crawler.toml_values import Table


def renew_entry(
    site: Site, table: Table, lists: Iterable[tuple[Found, Mapping[str, object]]], *, home: str, today: date
) -> Table:
    """The entry with these lists as its channels, each with the values that its old channel had beside.

    The old hosts, and the old folders where they tell more, stay as `hosts`: a repost that names one still finds the
    bureau. `seen` is today, and the entry is no longer unverified.
    """
    found = list(lists)
    family = Counter(one.family for one, _ in found).most_common(1)[0][0]
    kept = {key: value for key, value in table.items() if key not in ("options", "unverified", "channel")}
    return {
        **kept,
        "home": home,
        **_hosts(site, table, home=home),
        "family": family,
        "channel": [_channel(one, old, family=family) for one, old in found],
        "seen": today.isoformat(),
    }


def entry_of(site: Site, probed: Probed, table: Table | None, *, today: date) -> tuple[Table, tuple[str, ...]]:
    """The entry of a probed site, and comments for it: its lists found, and old channels that could not be asked.

    An old channel that answered and is no list any more is left out, and a comment says so.
    """
    old = old_channels(table or {})
    lists: list[tuple[Found, Mapping[str, object]]] = [(one, old.get(key_of(one.url), {})) for one in probed.lists]
    keys = {key_of(one.url) for one in probed.lists}
    comments: list[str] = []
    for channel in site.channels:
        if key_of(channel.url) in keys:
            continue
        if channel.url in probed.unsure:
            lists.append((as_it_is(channel), old.get(key_of(channel.url), {})))
        else:
            comments.append(f"left out, for it was no list on {today.isoformat()}: {channel.name} {channel.url}")
    base = table if table is not None else new_entry(site, probed)
    return renew_entry(site, base, lists, home=probed.home, today=today), tuple(comments)


def new_entry(site: Site, probed: Probed) -> Table:
    """An entry for a site that nobody had configured; its agency is what its home page calls itself."""
    agency = probed.title or site.source.agency
    return {"key": site.source.key, "agency": agency, "home": probed.home}


def as_it_is(channel: Channel) -> Found:
    """A channel that stays as its entry has it."""
    return Found(
        name=channel.name, url=channel.url, family=channel.family, mark="as the entry says", options=channel.options
    )


def old_channels(table: Table) -> dict[str, Mapping[str, object]]:
    """The entry's channels as written, by url key."""
    channels = table.get("channel", [])
    if not isinstance(channels, list):
        return {}
    return {key_of(str(one["url"])): one for one in channels if isinstance(one, Mapping)}


def _channel(found: Found, old: Mapping[str, object], *, family: str) -> Mapping[str, object]:
    """A channel with the values of the old one that do not depend on its address or system."""
    own = {"family": found.family} if found.family != family else {}
    every = {"every": old["every"]} if "every" in old else {}
    options = {name: value for name, value in found.options.items() if name not in CHANNEL_KEYS}
    return {"name": old.get("name", found.name), "url": found.url, **own, **every, **options}


def _hosts(site: Site, table: Table, *, home: str) -> Mapping[str, object]:
    """`hosts` with every address that the source had and the new home does not cover; nothing where there is none."""
    given = table.get("hosts", [])
    named = [str(one) for one in given] if isinstance(given, list) else []
    covered = {address(home): "", **{address(_whole(one)): "" for one in named}}
    for prefix in site.source.addresses:
        if owner(prefix, covered) is None:
            named.append(prefix.removesuffix("/") if "/" not in prefix.removesuffix("/") else prefix)
            covered[prefix] = ""
    return {"hosts": named} if named else {}


def _whole(text: str) -> str:
    return text if "://" in text else f"http://{text}"
