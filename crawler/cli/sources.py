"""`minzheng sources`: the catalogue, as shipped and as the operator's own entries lay it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.cli import LazyGroup
from crawler.cli.surveying import folders_of, load

if TYPE_CHECKING:
    from crawler.lists import Site


SURVEYS: Mapping[str, str] = {
    "probe": "crawler.cli.probe:probe",
    "check": "crawler.cli.check:check",
    "add": "crawler.cli.add:add",
    "repair": "crawler.cli.repair:repair",
    "pause": "crawler.cli.pause:pause",
}
"""Further commands, each in a module of its own: name → `module:attribute`."""


class _Group(LazyGroup):
    """Commands of this module, then those of the table."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.commands, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self.commands.get(cmd_name) or super().get_command(ctx, cmd_name)


@click.group(cls=_Group, table=SURVEYS)
def sources() -> None:
    """The sources that can be crawled: shown, found, checked, mended."""


@sources.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.pass_obj
def list_sources(folder: Path, *, as_json: bool) -> None:
    """List every source of the catalogue.

    With its agency, kind, family, number of channels, and when it was last seen to answer.
    """
    catalogue = load(folder)
    if as_json:
        click.echo(json.dumps([_as_values(site) for site in catalogue.values()], ensure_ascii=False, indent=2))
        return
    from tabulate import tabulate

    rows = [
        (
            site.source.key,
            site.source.agency,
            site.source.kind,
            site.source.family,
            len(site.channels),
            "unverified" if site.unverified else site.source.seen or "",
        )
        for site in catalogue.values()
    ]
    headers = ("key", "agency", "kind", "family", "channels", "seen")
    click.echo(tabulate(rows, headers=headers, tablefmt="simple", disable_numparse=True))


@sources.command("show")
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.pass_obj
def show_source(folder: Path, key: str, *, as_json: bool) -> None:
    """Show one source, its channels, and how it is treated."""
    from crawler.catalogue import CatalogueError, entry_files, pick

    try:
        (site,) = pick(load(folder), [key])
    except CatalogueError as error:
        raise click.UsageError(str(error)) from error
    file = str(entry_files(*folders_of(folder))[key])
    if as_json:
        values = {**_as_values(site), "manners": _manners(folder, site), "file": file}
        click.echo(json.dumps(values, ensure_ascii=False, indent=2))
        return
    source = site.source
    lines = {
        "key": source.key,
        "agency": source.agency,
        "kind": source.kind,
        "division": source.division or "",
        "home": source.home,
        "addresses": ", ".join(source.addresses),
        "family": source.family,
        **_manners(folder, site),
        "seen": ("unverified, " if site.unverified else "") + (source.seen or "never"),
        "terms": " ".join(filter(None, (source.terms, source.terms_url))) or "none noted",
        "note": source.note or "",
        "file": file,
    }
    for name, value in lines.items():
        click.echo(f"{name:10} {value}")
    for channel in site.channels:
        click.echo(f"{'channel':10} {channel.name}  {channel.url}  ({channel.family})")


def _manners(folder: Path, site: Site) -> dict[str, str]:
    import os
    from datetime import UTC, datetime

    from crawler.cli.manners import manners_of
    from crawler.config import load_config
    from crawler.frontier.hosts import Hosts
    from crawler.toml_values import CatalogueError

    try:
        config = load_config(folder, os.environ)
    except CatalogueError as error:
        raise click.UsageError(str(error)) from error
    hosts = Hosts.read(folder / "crawl.db")
    try:
        return manners_of(site, config, hosts, now=datetime.now(UTC))
    finally:
        hosts.close()


def _as_values(site: Site) -> dict[str, object]:
    return {
        **asdict(site.source),
        "delay": site.delay,
        "unverified": site.unverified,
        "channels": [{"name": c.name, "url": c.url, "family": c.family, **dict(c.options)} for c in site.channels],
    }
