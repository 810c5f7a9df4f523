"""`minzheng sources pause`: leave a source in peace until a day, and take that back."""

from __future__ import annotations

import getpass
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import click

from crawler.cli.surveying import load
from crawler.cli.times import Day


@click.command()
@click.argument("key")
@click.option("--until", type=Day(), help="The last day on which it holds; without one until you take it back.")
@click.option("--why", help="Your reason; it is kept with the ruling.")
@click.option("--who", default=getpass.getuser, help="Whose ruling it is.", show_default="user name")
@click.option("--end", "ends", is_flag=True, help="Take the pause back.")
@click.pass_context
def pause(ctx: click.Context, key: str, *, until: date | None, why: str | None, who: str, ends: bool) -> None:
    """Leave a source alone until a day, and out of what needs a look.

    `crawl --all` and `crawl --due` pass it by; named, it is crawled. `minzheng status` shows it with day and reason,
    and does not end with code 3 for it. After the day it counts again.
    """
    from archive.archive import Archive, ArchiveError
    from archive.dates import BEIJING
    from archive.records import Decision

    folder: Path = ctx.obj
    if ends and until is not None:
        raise click.UsageError("--end takes the pause back; it goes without --until.")
    if not ends and not why:
        raise click.UsageError("Say --why: the reason is shown wherever the pause is.")
    if until is not None and until < datetime.now(BEIJING).date():
        raise click.UsageError(f"--until {until} is past; a pause ends today or later, and --end takes it back.")
    home = _home(folder, key)
    try:
        Archive.open(folder).close()
        with Archive.lock(folder, holder="minzheng sources pause") as archive:
            ruling = Decision(
                at=datetime.now(UTC),
                who=who,
                what="pause",
                urls=(home,),
                about=key,
                until=until,
                why=why or "taken back",
            )
            if ends and key not in archive.paused(date.min):
                raise click.UsageError(f"{key!r} is not paused.")
            archive.rule(replace(ruling, retired_at=ruling.at) if ends else ruling)
            index = archive.start_index()
            try:
                index.catch_up().result()
            finally:
                index.close()
    except ArchiveError as error:
        click.echo(f"Error: {error}", err=True)
        ctx.exit(error.exit_code)
    if ends:
        click.echo(f"{key} is no longer paused.")
    else:
        click.echo(f"{key} is paused {f'until {until}' if until else 'until you take it back (--end)'}.")


def _home(folder: Path, key: str) -> str:
    """The home page of a source of the catalogue. Raises: click.UsageError for no source."""
    from crawler.catalogue import CatalogueError, pick

    try:
        (site,) = pick(load(folder), [key])
    except CatalogueError as error:
        raise click.UsageError(str(error)) from error
    return site.source.home
