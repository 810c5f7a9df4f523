"""`minzheng sources add`: a new source looked at, written into the catalogue, with fixtures for the tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli.surveying import end, folders_of, load, need_contact, run, today

if TYPE_CHECKING:
    from archive.records import Channel
    from crawler.lists import Site
    from crawler.probe.adding import Looked
    from crawler.spiders.survey import Surveyed, SurveySpider
    from crawler.toml_values import Table


@click.command()
@click.argument("key")
@click.option("--agency", required=True, help="Full name of the publisher.")
@click.option("--home", required=True, metavar="URL", help="Address of the site.")
@click.option("--list", "lists", required=True, multiple=True, metavar="NAME=URL", help="A list; may be repeated.")
@click.option("--division", metavar="CODE", help="Six digits of GB/T 2260.")
@click.option("--kind", type=click.Choice(["bureau", "portal"]), default="bureau", show_default=True)
@click.option("--family", metavar="NAME", help="How its lists are read; told from the pages if not given.")
@click.option(
    "--from",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="WARC",
    help="Read the pages from a WARC file; nothing is asked.",
)
@click.option(
    "--into",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Write the entry there, like crawler/sources of a checkout; default: sources of the archive.",
)
@click.option(
    "--tests",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write a fixture of each list and of an article there, like tests/pages of a checkout.",
)
@click.pass_obj
def add(
    folder: Path,
    key: str,
    *,
    agency: str,
    home: str,
    lists: tuple[str, ...],
    division: str | None,
    kind: str,
    family: str | None,
    file: Path | None,
    into: Path | None,
    tests: Path | None,
) -> None:
    """Add a source: KEY is its short name, never changed later.

    Each list and one of its articles are asked politely, or read from a file. A list that nothing reads is named, and
    nothing is written then. With --tests the pages become fixtures with invented text, and a test fails until a person
    has looked at each: it says what to do.
    """
    catalogue = load(folder)
    if key in catalogue:
        raise click.UsageError(f"{key!r} is in the catalogue; `minzheng sources show {key}` names its file")
    site = _site(key, {"agency": agency, "home": home, "kind": kind, "division": division}, lists, family)
    looked: list[Looked] = []
    done = _look(folder, site, looked, is_told=family is not None, file=file)
    for one in looked:
        click.echo(f"{one.channel.name}  {one.channel.url}\n  {_words(one)}")
    if done is not None and not looked:
        end(done, needs_a_look=True)
    if any(one.problem for one in looked):
        click.echo("Nothing was written; give the right address, or --family.", err=True)
        end(done, needs_a_look=True)
    click.echo(_write_entry(folder, site, looked, into))
    for path in _write_cases(key, looked, tests) if tests is not None else ():
        click.echo(path)
    if tests is not None:
        click.echo("Look at each fixture; `python -m pytest tests/test_fixtures.py` says what is left to do.", err=True)
    end(done, needs_a_look=False)


def _site(key: str, values: dict[str, str | None], lists: Iterable[str], family: str | None) -> Site:
    """The site as its entry will have it, checked by the catalogue."""
    import tempfile

    from crawler.catalogue import CatalogueError, load_catalogue
    from crawler.entries import write_entry

    pairs = [one.partition("=") for one in lists]
    if wrong := [name for name, mark, url in pairs if not (name and mark and url)]:
        raise click.BadParameter(f"{wrong[0]!r}: write NAME=URL, like 通知公告=https://…/tzgg/", param_hint="--list")
    channels = [{"name": name, "url": url} for name, _, url in pairs]
    table = {"key": key, **{name: value for name, value in values.items() if value}, "channel": channels}
    with tempfile.TemporaryDirectory() as scratch:
        try:
            write_entry(Path(scratch), {**table, **({"family": family} if family else {})})
            return load_catalogue(Path(scratch))[key]
        except CatalogueError as error:
            raise click.UsageError(str(error).replace(f"{scratch}/", "")) from error


def _look(folder: Path, site: Site, looked: list[Looked], *, is_told: bool, file: Path | None) -> Surveyed | None:
    from crawler.probe.adding import look_at

    if file is not None:
        import asyncio

        from crawler.probe.replay import Replay

        try:
            road = Replay(file)
        except (OSError, ValueError) as error:
            raise click.UsageError(str(error)) from error

        async def read() -> None:
            looked.extend([await look_at(one, road, is_told=is_told, holds=road.holds) for one in site.channels])

        asyncio.run(read())
        return None
    need_contact(folder)

    async def look(spider: SurveySpider, site: Site) -> None:
        looked.extend([await look_at(channel, spider, is_told=is_told) for channel in site.channels])

    return run(folder, (site,), {**load(folder), site.source.key: site}, look, named=True)


def _words(one: Looked) -> str:
    if one.problem is not None:
        return f"FAILS: {one.problem}"
    options = "".join(f", {name} = {value}" for name, value in one.channel.options.items())
    article = one.article.url if one.article is not None else "none of the first entries"
    further = one.next_url or "none found"
    return (
        f"family {one.channel.family}{options} ({one.mark}); {one.entries} entries; next: {further}; article: {article}"
    )


def _write_entry(folder: Path, site: Site, looked: list[Looked], into: Path | None) -> Path:
    from crawler.catalogue import CatalogueError
    from crawler.entries import write_entry

    source = site.source
    family = Counter(one.channel.family for one in looked).most_common(1)[0][0]
    table: Table = {
        "key": source.key,
        "agency": source.agency,
        "home": source.home,
        **({"kind": source.kind} if source.kind != "bureau" else {}),
        **({"division": source.division} if source.division else {}),
        "family": family,
        "channel": [_channel(one.channel, family) for one in looked],
        "seen": today().isoformat(),
    }
    *below, own = folders_of(folder)
    try:
        return write_entry(into or own, table, below=() if into else below).file
    except CatalogueError as error:
        raise click.UsageError(str(error)) from error


def _channel(channel: Channel, family: str) -> dict[str, str]:
    own = {"family": channel.family} if channel.family != family else {}
    return {"name": channel.name, "url": channel.url, **own, **channel.options}


def _write_cases(key: str, looked: list[Looked], tests: Path) -> list[Path]:
    """One fixture for each list and one for the first article, none of them confirmed."""
    from crawler.cases import case_of

    written = []
    for number, one in enumerate(looked, start=1):
        if one.page is not None:
            case = case_of(one.page, family=one.channel.family, options=one.channel.options)
            name = f"list-{key}" if number == 1 else f"list-{key}-{number}"
            case.write(tests / one.channel.family / name, confirmed=False)
            written.append(tests / one.channel.family / name)
    first = next((one for one in looked if one.article is not None), None)
    if first is not None and first.article is not None:
        case_of(first.article).write(tests / first.channel.family / f"{key}-notice", confirmed=False)
        written.append(tests / first.channel.family / f"{key}-notice")
    return written
