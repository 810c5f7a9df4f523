"""`minzheng serve`: the archive in a browser."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from archive.commands.terminal import NOTHING_USABLE, bar, end


@click.command()
@click.argument("path", metavar="[DIR|FILE.db]", required=False, type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free one.")
@click.option("--public", is_flag=True, help="For strangers: personal data masked, nothing raw, no SQL.")
@click.option("--allow-sql", is_flag=True, help="With --public: let strangers write SQL.")
@click.option("--index", is_flag=True, help="Let search engines in; by default every answer tells them not to list it.")
@click.option("--open", "open_browser", is_flag=True, help="Open the page in a browser.")
@click.pass_obj
def serve(
    folder: Path,
    path: Path | None,
    *,
    host: str,
    port: int,
    public: bool,
    allow_sql: bool,
    index: bool,
    open_browser: bool,
) -> None:
    """Browse and search the archive in Datasette; Ctrl-C stops it.

    Without an argument this is the archive itself, also while a crawl writes to it; a release folder or a database
    file can be named instead.

    With --public a masked copy is served, as `minzheng export` makes it. Of an archive it is kept in the
    folder `public` beside the database and made anew when the archive is newer; start again to show what is new.
    """
    from archive.browse.serve import ServeError, serve

    if allow_sql and not public:
        raise click.UsageError("--allow-sql goes with --public; for yourself SQL is allowed anyway.")
    try:
        serve(
            path or folder,
            host=host,
            port=port,
            public=public,
            allow_sql=allow_sql,
            index=index,
            open_browser=open_browser,
            announce=_announce,
            masking=partial(bar, "masking"),
        )
    except ServeError as error:
        end(str(error), NOTHING_USABLE)


def _announce(address: str) -> None:
    click.echo(address)
    click.echo("Open it in a browser; Ctrl-C stops serving.", err=True)
