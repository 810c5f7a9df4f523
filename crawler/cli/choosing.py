"""From what the operator typed to what a crawl is to do: keys, addresses, files of addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from archive.records import Channel, Entry
from archive.urls import fetch_url, is_site_root, owner, url_key
from crawler.catalogue import CatalogueError, adhoc_site, pick
from crawler.families.options import suggest
from crawler.lists import Ask, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is said about one address of a file: `new` ones are asked."""

    address: str
    state: Literal["held", "new", "refused"]
    why: str | None = None


def choose_sites(targets: Iterable[str], catalogue: Mapping[str, Site]) -> tuple[Site, ...]:
    """The sites of keys and addresses in the order typed.

    Raises: CatalogueError on an unknown key, or an address that is none.
    """
    return tuple(
        _site_at(target, catalogue) if "." in target or "/" in target else pick(catalogue, [target])[0]
        for target in targets
    )


def choose_all(catalogue: Mapping[str, Site], *, unverified: bool) -> tuple[Site, ...]:
    """Every site that has channels; those that nobody has seen answer lately only when asked for."""
    return tuple(site for site in catalogue.values() if site.channels and (unverified or not site.unverified))


def choose_group(group: str, sites: Iterable[Site], catalogue: Mapping[str, Site]) -> tuple[Site, ...]:
    """Those of the sites whose entries stand in one file of the catalogue: a province, `national`, `portals`.

    Raises: CatalogueError if no file of the catalogue is called so.
    """
    groups = sorted({site.group for site in catalogue.values()})
    if group not in groups:
        raise CatalogueError(
            f"group {group!r} is no file of the catalogue{suggest(group, groups)}: {', '.join(groups)}"
        )
    return tuple(site for site in sites if site.group == group)


def sort_addresses(
    lines: Iterable[str], *, known: Callable[[Iterable[str]], set[str]], refusal: Callable[[str], str | None]
) -> tuple[tuple[Told, ...], tuple[Ask, ...]]:
    """What is said of each address, and the asks for the new ones. Blank lines and `#` comments are passed over."""
    told: list[Told] = []
    asks: dict[str, Ask] = {}
    for line in lines:
        raw = line.strip()
        if not raw or raw.startswith("#"):
            continue
        try:
            url = fetch_url(raw)
            key = url_key(url)
        except ValueError as problem:
            told.append(Told(address=raw, state="refused", why=str(problem)))
            continue
        why = "named twice" if key in asks else refusal(url)
        if why is not None:
            told.append(Told(address=raw, state="refused", why=why))
        elif known([key]):
            told.append(Told(address=raw, state="held"))
        else:
            told.append(Told(address=raw, state="new"))
            asks[key] = Ask(url=url, kind="entry", entry=Entry(url=url), raw_url=raw)
    return tuple(told), tuple(asks.values())


def find_owner(target: str, catalogue: Mapping[str, Site]) -> tuple[str, Site | None]:
    """A typed address in fetch form, and the site whose it is, if any.

    Raises: CatalogueError on what is neither a key nor a web address.
    """
    try:
        url = fetch_url(target if "://" in target else f"http://{target}")
        key = url_key(url)
    except ValueError as problem:
        raise CatalogueError(f"{target!r} is neither a key nor a web address: {problem}") from problem
    prefixes = {prefix: name for name, site in catalogue.items() for prefix in site.source.addresses}
    found = owner(key, prefixes)
    return url, catalogue[found] if found is not None else None


def _site_at(target: str, catalogue: Mapping[str, Site]) -> Site:
    """The site of an address: a channel of the catalogue, a site of it with this channel only, or an unknown one."""
    url, site = find_owner(target, catalogue)
    key = url_key(url)
    if site is None:
        return adhoc_site(url)
    if is_site_root(key) and site.channels:
        return site
    channels = tuple(channel for channel in site.channels if url_key(channel.url) == key)
    named = Channel(source=site.source.key, name=url, url=url, family="auto")
    return replace(site, channels=channels or (named,))
