"""The `minzheng` command: the crawler's commands and the archive's, each imported when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.cli import COMMANDS as ARCHIVE_COMMANDS
from archive.cli import PUBLIC_URL, SOURCES, LazyGroup, archive_option, speak_utf8

if TYPE_CHECKING:
    from archive.records import Source

COMMANDS: Mapping[str, str] = {
    "demo": "crawler.cli.demo:demo",
    "crawl": "crawler.cli.crawl:crawl",
    "schedule": "crawler.cli.schedule:schedule",
    "sources": "crawler.cli.sources:sources",
    "fixture": "crawler.cli.fixture:fixture",
    **ARCHIVE_COMMANDS,
}
"""Command name → `module:attribute`, in the order of `--help`."""


@click.group(cls=LazyGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@archive_option
@click.version_option(package_name="minzheng-archive", prog_name="minzheng")
@click.pass_context
def main(ctx: click.Context, folder: Path) -> None:
    """Crawl, trace, keep and browse civil-affairs (民政) notices.

    Start with `minzheng demo`, which needs no network. Exit codes: 0 good, 1 crash or disk full, 2 usage,
    3 finished but something needs a look, 4 nothing usable (archive in use, no room, no network), 130 Ctrl-C.
    """
    speak_utf8()
    ctx.obj = folder
    ctx.meta[SOURCES] = partial(_catalogue_sources, folder)
    ctx.meta[PUBLIC_URL] = partial(_public_url, folder)


def _catalogue_sources(folder: Path) -> list[Source]:
    """Who publishes what, for captures that were made elsewhere."""
    import os

    from crawler.catalogue import CatalogueError, catalogue_folders, load_catalogue
    from crawler.config import load_config

    try:
        config = load_config(folder, os.environ)
        sites = load_catalogue(*catalogue_folders(folder, shipped=config.shipped), attachments=config.attachments)
        return [site.source for site in sites.values()]
    except CatalogueError as error:
        raise click.UsageError(str(error)) from error


def _public_url(folder: Path) -> str | None:
    """Where the operator serves the archive."""
    import os

    from crawler.catalogue import CatalogueError
    from crawler.config import load_config

    try:
        return load_config(folder, os.environ).public_url
    except CatalogueError as error:
        raise click.UsageError(str(error)) from error
