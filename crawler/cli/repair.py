"""`minzheng sources repair`: where a broken source's lists have gone, as an entry ready for the overlay."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli.surveying import choose, end, folders_of, load, need_contact, run, today

if TYPE_CHECKING:
    from crawler.lists import Site
    from crawler.probe.repair import Repair
    from crawler.spiders.survey import SurveySpider


@click.command()
@click.argument("key")
@click.option("--at", "home", metavar="URL", help="Where its home page is now, if a person knows.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of TOML.")
@click.pass_obj
def repair(folder: Path, key: str, *, home: str | None, as_json: bool) -> None:
    """Find a broken source's lists again, and print its new entry.

    The old channels are matched to the lists that are there now by the entries that the archive knows, by name and by
    path; a comment says why. Write what is printed to sources/KEY.toml of the archive.
    """
    need_contact(folder)
    catalogue = load(folder)
    (site,) = choose([key], catalogue, everything=False)
    if home is not None:
        site = _at(site, home)
    if not site.channels:
        raise click.UsageError(f"{key} has no channels to repair; `minzheng sources probe {key}` looks for lists.")
    from archive.archive import Archive
    from crawler.probe.repair import repair_site

    found: list[Repair] = []

    async def look(spider: SurveySpider, site: Site) -> None:
        with Archive.open(folder) as archive:
            found.append(await repair_site(site, spider, listed=archive.listed))

    done = run(folder, (site,), catalogue, look, named=True)
    for repaired in found:
        _print(folder, repaired, as_json=as_json)
    is_well = all(move.works or move.found is not None for repaired in found for move in repaired.moves)
    end(done, needs_a_look=not (found and is_well))


def _at(site: Site, home: str) -> Site:
    from archive.urls import address, fetch_url

    try:
        url = fetch_url(home)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--at") from error
    source = site.source
    addresses = tuple(dict.fromkeys((*source.addresses, address(url))))
    return replace(site, source=replace(source, home=url, addresses=addresses))


def _print(folder: Path, repaired: Repair, *, as_json: bool) -> None:
    from crawler.catalogue import entry_files, entry_tables
    from crawler.entries import print_entry

    site, key = repaired.site, repaired.site.source.key
    folders = folders_of(folder)
    patch = None if repaired.is_whole else repaired.patch(entry_tables(*folders)[key], today())
    text = print_entry(patch, (_first_line(repaired), *repaired.comments)) if patch is not None else None
    if as_json:
        click.echo(json.dumps(_as_values(repaired, text), ensure_ascii=False, indent=2))
    elif text is not None:
        click.echo(text, nl=False)
    if repaired.is_whole:
        click.echo(f"{key}: every channel reads; nothing to repair", err=True)
    elif text is None:
        click.echo(
            f"{key}: none of its {len(site.channels)} channels was found again; home: {repaired.probed.why}", err=True
        )
        for line in repaired.comments:
            click.echo(f"  {line}", err=True)
    elif not as_json:
        file = entry_files(folders[-1]).get(key, folders[-1] / f"{key}.toml")
        click.echo(f"Write this to {file}, in the place of any entry of {key} there.", err=True)


def _first_line(repaired: Repair) -> str:
    probed = repaired.probed
    moved = f", {probed.state} {probed.why}" if probed.why else ""
    return f"{probed.key}, looked for on {today().isoformat()}: home {probed.home}{moved}"


def _as_values(repaired: Repair, text: str | None) -> dict[str, object]:
    return {
        "key": repaired.probed.key,
        "state": repaired.probed.state,
        "home": repaired.probed.home,
        "channels": [
            {
                "name": move.old.name,
                "old": move.old.url,
                "problem": move.seen.problem,
                "new": move.old.url if move.works else move.found.url if move.found else None,
                "family": move.found.family if move.found else move.old.family if move.works else None,
                "shared": list(move.shared.titles),
            }
            for move in repaired.moves
        ],
        "patch": text,
    }
