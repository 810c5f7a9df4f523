"""From the options of `minzheng crawl` to its plan: which sources, in which order, and what is left out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

import click

from archive.archive import Archive, ArchiveError
from archive.dates import BEIJING
from archive.records import Decision, Want
from crawler.catalogue import catalogue_folders, load_catalogue
from crawler.cli.choosing import Told, choose_all, choose_group, choose_sites, sort_addresses
from crawler.config import LEAST_DELAY, Config, load_config
from crawler.freshness import rechecks
from crawler.guard import refusal
from crawler.lists import Site
from crawler.schedule import Walks, most_overdue_first, only_due
from crawler.spiders.plan import Plan
from crawler.spiders.wanted import choose_wants


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was typed."""

    targets: tuple[str, ...] = ()
    everything: bool = False
    only_due: bool = False
    group: str | None = None
    unverified: bool = False
    file: TextIO | None = None
    since: date | None = None
    until: date | None = None
    limit: int | None = None
    max_time: float | None = None
    recheck: int | None = None
    delay: float | None = None

    @property
    def gathers(self) -> bool:
        """Whether sources are taken from the catalogue without being named."""
        return self.everything or self.only_due or self.group is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan and what it comes to."""

    plan: Plan
    config: Config
    told: tuple[Told, ...] = ()
    notes: tuple[str, ...] = ()
    """What a person should hear of it: sources that are paused."""
    rechecks: tuple[str, ...] = ()
    """Addresses of the copies that are due to be looked at again, the most overdue first."""
    wants: tuple[Want, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all to ask."""
        has_lists = any(site.channels for site in self.plan.sites)
        return not (has_lists or self.plan.articles or self.rechecks or self.wants)


def make_plan(folder: Path, choice: Choice, *, now: datetime) -> Planned:
    """What a crawl of the archive in this folder is to do; nothing is made there, nor asked of anybody.

    Raises: CatalogueError on a catalogue or settings that cannot be used, or a key or address that is none.
    """
    if choice.delay is not None and choice.delay < LEAST_DELAY:
        raise click.UsageError(f"--delay {choice.delay:g} is too short: {LEAST_DELAY:g} seconds is the least.")
    config = load_config(folder, os.environ)
    folders = catalogue_folders(folder, shipped=config.shipped)
    catalogue = load_catalogue(*folders, attachments=config.attachments)
    named = choose_sites(choice.targets, catalogue)
    gathered = choose_all(catalogue, unverified=choice.unverified) if choice.gathers else ()
    if choice.group is not None:
        gathered = choose_group(choice.group, gathered, catalogue)
    with _remembered(folder) as archive:
        paused = archive.paused(now.astimezone(BEIJING).date()) if archive else {}
        walked = archive.walked() if archive else {}
        known = archive.known if archive else lambda _: set[str]()
        told, asks = sort_addresses(choice.file, known=known, refusal=refusal) if choice.file else ((), ())
        awake = tuple(site for site in gathered if site.source.key not in paused)
        own = {channel.url for site in catalogue.values() for channel in site.channels}
        plan = Plan(
            sites=_in_order((*awake, *named), walked, only=choice.only_due, now=now),
            rechecked=awake if choice.only_due else (),
            articles=asks,
            catalogue=tuple(catalogue.values()),
            by_address=frozenset(channel.url for site in named for channel in site.channels) - own,
            is_named=bool(named),
            since=choice.since,
            until=choice.until,
            limit=choice.limit,
            max_time=choice.max_time,
            recheck=choice.recheck,
            delay=choice.delay or 0.0,
        )
        return Planned(
            plan=plan,
            config=config,
            told=told,
            notes=tuple(_tell_paused(gathered, named, paused)),
            rechecks=_due_again(plan, archive, now=now),
            wants=choose_wants(archive.wanted(now), plan, begun_at=now) if archive else (),
        )


@contextmanager
def _remembered(folder: Path) -> Iterator[Archive | None]:
    """The archive, to read; None while there is none, so that nothing is held."""
    try:
        archive = Archive.open(folder)
    except ArchiveError:
        yield None
        return
    with archive:
        yield archive


def _in_order(sites: Iterable[Site], walked: Walks, *, only: bool, now: datetime) -> tuple[Site, ...]:
    return only_due(sites, walked, now=now) if only else most_overdue_first(sites, walked, now=now)


def _due_again(plan: Plan, archive: Archive | None, *, now: datetime) -> tuple[str, ...]:
    if archive is None or (plan.bounds and plan.recheck is None):
        return ()
    sites = {site.source.key: site for site in (*plan.rechecked, *plan.sites)}
    return tuple(copy.url for copy in rechecks(archive.held(sites, before=now), sites, now=now, every=plan.recheck))


def _tell_paused(gathered: Iterable[Site], named: Iterable[Site], paused: dict[str, Decision]) -> Iterator[str]:
    for site in gathered:
        if (pause := paused.get(site.source.key)) is not None:
            yield f"{site.source.key} is paused{_until(pause)} ({pause.why}): not asked"
    for site in named:
        if (pause := paused.get(site.source.key)) is not None:
            yield f"{site.source.key} is paused{_until(pause)} ({pause.why}): asked all the same, because it was named"


def _until(pause: Decision) -> str:
    return f" until {pause.until}" if pause.until else ""
