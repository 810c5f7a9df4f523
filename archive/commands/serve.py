"""`minzheng serve`: the archive in a browser."""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands.terminal import NOTHING_USABLE, end


@click.command()
@click.argument("path", metavar="[DIR|FILE.db]", required=False, type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free one.")
@click.option("--public", is_flag=True, help="For strangers: no SQL of theirs, no database file to download.")
@click.option("--open", "open_browser", is_flag=True, help="Open the page in a browser.")
@click.pass_obj
def serve(folder: Path, path: Path | None, *, host: str, port: int, public: bool, open_browser: bool) -> None:
    """Browse and search the archive in Datasette; Ctrl-C stops it.

    Without an argument this is the archive itself, also while a crawl writes to it; a release folder or a database
    file can be named instead.
    """
    from archive.browse.serve import ServeError, serve

    try:
        serve(path or folder, host=host, port=port, public=public, open_browser=open_browser, announce=_announce)
    except ServeError as error:
        end(str(error), NOTHING_USABLE)


def _announce(address: str) -> None:
    click.echo(address)
    click.echo("Open it in a browser; Ctrl-C stops serving.", err=True)
