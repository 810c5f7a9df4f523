"""What one crawl is to do: which sites, which addresses by name, and where it stops short."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from archive.records import CrawlKind, FileMode, Source, SourceKind
from crawler.catalogue import CatalogueError, load_catalogue, pick
from crawler.config import Config
from crawler.families.options import suggest
from crawler.lists import Ask, Site
from crawler.pace import Pace, name_of

ARGUMENTS = ("source",)
"""What `scrapy crawl bureau -a NAME=…` understands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One crawl. Without `limit`, `since` and `until` the walks go on to what is known, or to the end."""

    sites: tuple[Site, ...] = ()
    rechecked: tuple[Site, ...] = ()
    """Further sites whose copies are looked at again where they are due; their lists are left alone."""
    articles: tuple[Ask, ...] = ()
    """Entries asked for by name, whatever has been seen of them."""
    by_address: frozenset[str] = frozenset()
    """Addresses of channels that nobody configured: such a page may turn out to be one article."""
    catalogue: tuple[Site, ...] = ()
    """Every site that is known: an original on a bureau's host is told for what it is and asked at that site's pace."""
    kind: CrawlKind = "crawl"
    is_named: bool = False
    """A person named these sites: their hosts are asked though an earlier crawl was blocked there."""
    since: date | None = None
    until: date | None = None
    limit: int | None = None
    """At most so many new entries."""
    max_time: float | None = None
    """Seconds, after which nothing new is asked."""
    recheck: int | None = None
    """Look again at every copy that nobody has checked for so many days; None for each source's own days."""
    delay: float = 0.0
    """Least seconds between two requests to one host, where a site does not ask for more."""

    @property
    def bounds(self) -> str | None:
        """The options that cut walks short, as they are written; None without any."""
        given = (("--since", self.since), ("--until", self.until), ("--limit", self.limit))
        return " ".join(f"{name} {value}" for name, value in given if value is not None) or None

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source the crawl may meet, each once."""
        return tuple({site.source.key: site.source for site in (*self.catalogue, *self.sites)}.values())


def read_arguments(
    arguments: Mapping[str, str],
    *,
    spider: str,
    kinds: tuple[SourceKind, ...],
    folders: Iterable[Path],
    attachments: FileMode | None = None,
) -> Plan:
    """The plan of `scrapy crawl SPIDER -a source=KEY[,KEY]`; `attachments` is the operator's own word on files.

    Raises: CatalogueError on an unknown argument, an unknown key, or a key of the other spider's kind.
    """
    for name in arguments:
        if name not in ARGUMENTS:
            raise CatalogueError(
                f"spider {spider!r} has no argument {name!r}{suggest(name, ARGUMENTS)}; write -a source=KEY[,KEY]"
            )
    keys = [key.strip() for key in arguments.get("source", "").split(",") if key.strip()]
    if not keys:
        raise CatalogueError(f"spider {spider!r} needs to know which source: write -a source=KEY[,KEY]")
    catalogue = load_catalogue(*folders, attachments=attachments)
    sites = pick(catalogue, keys)
    for site in sites:
        if site.source.kind not in kinds:
            raise CatalogueError(
                f"{site.source.key!r} is a {site.source.kind}: write scrapy crawl {site.source.kind} "
                f"-a source={site.source.key}"
            )
    return Plan(sites=sites, catalogue=tuple(catalogue.values()), is_named=True)


def site_settings(plan: Plan, config: Config) -> dict[str, object]:
    """Scrapy's settings for one crawl: who asks, how much and how long."""
    return {
        "USER_AGENT": config.user_agent,
        "DOWNLOAD_MAXSIZE": config.max_page_bytes,
        "CLOSESPIDER_TIMEOUT": plan.max_time or 0,
    }


def pace_of(plan: Plan, config: Config) -> Pace:
    """How slowly each host is asked. The miniature web is ours: it is asked as fast as the plan likes."""
    sites = (*plan.catalogue, *plan.sites)
    if plan.kind == "demo":
        return Pace.of((replace(site, delay=plan.delay) for site in sites), least=plan.delay)
    return Pace.of(sites, least=max(config.delay, plan.delay))


def asked_again(plan: Plan) -> frozenset[str]:
    """Names of hosts that are asked whatever is remembered of them, because a person named their source."""
    if not plan.is_named:
        return frozenset()
    addresses = [address for site in plan.sites for address in site.source.addresses]
    channels = [channel.url for site in plan.sites for channel in site.channels]
    return frozenset(map(name_of, (*addresses, *channels)))
