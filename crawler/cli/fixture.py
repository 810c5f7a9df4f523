"""`minzheng fixture`: a page made into a test case that may be shared, its text and hosts invented."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from archive.records import Headers

NOTHING_USABLE = 4


@click.command()
@click.argument("what", metavar="URL|FILE")
@click.option("--url", metavar="URL", help="Address of the page, where FILE is given; links are read against it.")
@click.option("--family", metavar="NAME", help="The page is a list that this family reads; told from the page if not.")
@click.option("--option", "options", multiple=True, metavar="KEY=VALUE", help="Option of the family; may be repeated.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Default: ./<its name>.")
@click.pass_obj
def fixture(
    folder: Path, what: str, *, url: str | None, family: str | None, options: tuple[str, ...], out: Path | None
) -> None:
    """Make a test case of a page: DIR/page.html and DIR/expected.json.

    URL is an address that the archive holds an answer of, FILE a saved page; nothing is asked of the network.
    Structure, labels, dates and numbers of documents stay; every other run of Chinese becomes invented text of equal
    length, and every host one under .example. expected.json holds what our readers read in the result: look at each
    field before you keep it.
    """
    from archive.page import Unreadable
    from crawler.cases import make_case
    from crawler.families import FAMILIES

    if family is not None and family not in FAMILIES:
        raise click.BadParameter(f"{family!r} is no family. Known: {', '.join(FAMILIES)}", param_hint="--family")
    address, body, headers = _open(folder, what, url)
    try:
        case = make_case(address, body, headers, family=family, options=_pairs(options))
        target = out or Path(_name(address))
        case.write(target)
    except (Unreadable, ValueError, OSError) as error:
        click.echo(f"Error: {error}", err=True)
        raise click.exceptions.Exit(NOTHING_USABLE) from error
    click.echo(f"{target / case.file}\n{target / 'expected.json'}")
    for sentence in case.lost:
        click.echo(f"lost: {sentence}", err=True)


def _open(folder: Path, what: str, url: str | None) -> tuple[str, bytes, Headers]:
    from archive.urls import fetch_url

    file = Path(what)
    if file.is_file():
        address = url or f"http://www.example.com/{file.stem}.html"
        return _fetch_form(address), file.read_bytes(), ()
    if "://" not in what:
        raise click.UsageError(f"{what!r} is neither a file nor an address (http://…).")
    if url is not None:
        raise click.UsageError("--url goes with a FILE only.")
    from archive.archive import Archive, ArchiveError

    try:
        with Archive.open(folder) as archive:
            kept = archive.answer(fetch_url(what))
    except ArchiveError as error:
        click.echo(f"Error: {error}", err=True)
        raise click.exceptions.Exit(error.exit_code) from error
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if kept is None:
        click.echo(f"Error: {folder} holds no page of {what}; `minzheng crawl` or `minzheng ingest` gets it", err=True)
        raise click.exceptions.Exit(NOTHING_USABLE)
    return kept.url, kept.body, kept.headers


def _fetch_form(url: str) -> str:
    from archive.urls import fetch_url

    try:
        return fetch_url(url)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--url") from error


def _pairs(options: tuple[str, ...]) -> dict[str, str]:
    pairs = [option.partition("=") for option in options]
    for key, mark, value in pairs:
        if not (key and mark and value):
            raise click.BadParameter(f"{key!r}: write KEY=VALUE, like counts_from=1", param_hint="--option")
    return {key: value for key, _, value in pairs}


def _name(url: str) -> str:
    """A folder's name out of the last part of an address."""
    last = re.sub(r"\.\w+$", "", url.partition("?")[0].rstrip("/").rpartition("/")[2])
    return re.sub(r"[^a-z0-9]+", "-", last.lower()).strip("-") or "page"
