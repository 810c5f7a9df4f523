"""What the commands that survey sites share: which sites, how a survey runs, how its errors end a command."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli.crawl import LOG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.lists import Site
    from crawler.spiders.survey import Surveyed, SurveySpider

NEEDS_A_LOOK, NOTHING_USABLE, STOPPED = 3, 4, 130
FINISHED = "finished"
"""The reason of a survey that nothing ended before (crawler/spiders/survey.py, which imports Scrapy)."""

Look = Callable[["SurveySpider", "Site"], Awaitable[None]]
"""The survey of one site."""


def folders_of(folder: Path) -> tuple[Path, ...]:
    """The folders of the catalogue, the operator's own last; without the shipped one where `minzheng.toml` says so."""
    import os

    from crawler.catalogue import CatalogueError, catalogue_folders
    from crawler.config import load_config

    try:
        return catalogue_folders(folder, shipped=load_config(folder, os.environ).shipped)
    except CatalogueError as error:
        raise click.UsageError(str(error)) from error


def load(folder: Path) -> Mapping[str, Site]:
    """The catalogue, its errors told as a person may mend them."""
    from crawler.catalogue import CatalogueError, load_catalogue

    try:
        return load_catalogue(*folders_of(folder))
    except CatalogueError as error:
        raise click.UsageError(str(error)) from error


def choose(targets: Iterable[str], catalogue: Mapping[str, Site], *, everything: bool) -> tuple[Site, ...]:
    """The sites of keys and addresses; an address that no source claims is a site of its own, its home there."""
    names = tuple(targets)
    if everything == bool(names):
        raise click.UsageError("Name sources, or give --all.")
    if everything:
        return tuple(catalogue.values())
    from crawler.catalogue import CatalogueError, pick

    try:
        return tuple(
            _site_at(name, catalogue) if "." in name or "/" in name else pick(catalogue, [name])[0] for name in names
        )
    except CatalogueError as error:
        raise click.UsageError(str(error)) from error


def run(
    folder: Path, sites: tuple[Site, ...], catalogue: Mapping[str, Site], look: Look, *, named: bool
) -> Surveyed | None:
    """Survey the sites, on a terminal with a progress bar; None where there are none. Its errors end the command."""
    if not sites:
        return None
    from archive.archive import ArchiveError
    from crawler.catalogue import CatalogueError
    from crawler.probe.together import survey_sites
    from crawler.spiders.plan import Plan
    from crawler.spiders.survey import run_survey

    plan = Plan(sites=sites, catalogue=tuple(catalogue.values()), kind="survey", is_named=named)
    ctx = click.get_current_context()
    with _bar(len(sites)) as advance:

        async def survey(spider: SurveySpider) -> None:
            async def one(site: Site) -> None:
                await look(spider, site)
                advance()

            await survey_sites(sites, one)

        log_file = folder / LOG if sys.stderr.isatty() else None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            done = run_survey(survey, plan, folder, log_file=log_file)
        except CatalogueError as error:
            raise click.UsageError(str(error)) from error
        except ArchiveError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(error.exit_code)
        except OSError as error:
            click.echo(f"Error: {folder} cannot be written: {error}", err=True)
            ctx.exit(1)
    if done.problem is not None:
        click.echo(f"Error: {done.problem}", err=True)
    return done


def end(done: Surveyed | None, *, needs_a_look: bool) -> None:
    """End the command with the code of its survey."""
    ctx = click.get_current_context()
    if done is not None:
        if done.problem is not None and done.reason != FINISHED:
            ctx.exit(1)
        if done.reason != FINISHED:
            click.echo("Stopped; what was found so far is above.", err=True)
            ctx.exit(STOPPED)
        if done.problem is not None:  # of the index, which reads the captures later
            ctx.exit(NEEDS_A_LOOK)
        if done.tally.asked and not done.tally.stored:
            click.echo("Error: nothing answered; is there a network?", err=True)
            ctx.exit(NOTHING_USABLE)
    ctx.exit(NEEDS_A_LOOK if needs_a_look else 0)


def need_contact(folder: Path) -> None:
    """Refuse to ask anybody without a contact in the user agent."""
    import os

    from crawler.config import contact_advice, load_config

    if load_config(folder, os.environ).contact is None:
        raise click.UsageError(
            f"Sites must be able to reach whoever asks them: {contact_advice(folder)}. It stands in the user agent."
        )


def today() -> date:
    """The day here, for `seen`."""
    return datetime.now().astimezone().date()


def _site_at(target: str, catalogue: Mapping[str, Site]) -> Site:
    from archive.urls import address
    from crawler.catalogue import adhoc_site
    from crawler.cli.choosing import find_owner

    url, found = find_owner(target, catalogue)
    if found is not None:
        return found
    site = adhoc_site(url)
    return replace(site, source=replace(site.source, home=url, addresses=(address(url),)), channels=())


@contextmanager
def _bar(sites: int) -> Iterator[Callable[[], None]]:
    """A progress bar on stderr, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    with click.progressbar(length=sites, label="sites", file=sys.stderr, show_pos=True) as bar:
        yield lambda: bar.update(1)
