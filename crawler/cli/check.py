"""`minzheng sources check`: whether sources can still be read, channel by channel and field by field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli.surveying import choose, end, load, need_contact, run

if TYPE_CHECKING:
    from archive.records import Channel, Entry
    from crawler.lists import Site
    from crawler.probe.check import ArticleCheck, ChannelCheck
    from crawler.spiders.survey import SurveySpider

Checks = dict[str, tuple["ChannelCheck", ...]]


@click.command()
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--all", "everything", is_flag=True, help="Every source that was seen to answer.")
@click.option(
    "--from",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="WARC",
    help="Read the pages from a WARC file; nothing is asked.",
)
@click.option("--articles", type=click.IntRange(0), default=3, show_default=True, help="Articles of each channel.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.pass_obj
def check(
    folder: Path, keys: tuple[str, ...], *, everything: bool, file: Path | None, articles: int, as_json: bool
) -> None:
    """Read one list page and a few articles of each channel.

    Says of each channel whether it answers, what its family reads there, and which fields its articles give. With
    --from FILE.warc.gz the same is read from a file, so that an issue can be looked into anywhere.
    """
    if file is None:
        need_contact(folder)
    catalogue = load(folder)
    chosen = choose(keys, catalogue, everything=everything)
    sites = tuple(site for site in chosen if site.channels and (keys or file or not site.unverified))
    for site in chosen:
        if not site.channels and keys:
            click.echo(f"{site.source.key} has no channels; `minzheng sources probe {site.source.key}` looks for them")
    if file is not None:
        checks = _check_file(file, sites, articles=articles, everything=everything)
        _print(checks, as_json=as_json)
        end(None, needs_a_look=not checks or _fails(checks))
        return
    from crawler.probe.check import check_site

    found: Checks = {}

    async def look(spider: SurveySpider, site: Site) -> None:
        def keep(entry: Entry, channel: Channel, list_url: str) -> None:
            spider.recording.listed(entry, source=channel.source, channel=channel.url, list_url=list_url)

        found[site.source.key] = await check_site(site, spider, articles=articles, keep=keep)

    done = run(folder, sites, catalogue, look, named=bool(keys))
    ordered = {site.source.key: found[site.source.key] for site in sites if site.source.key in found}
    _print(ordered, as_json=as_json)
    end(done, needs_a_look=_fails(ordered))


def _check_file(file: Path, sites: tuple[Site, ...], *, articles: int, everything: bool) -> Checks:
    """The checks of the sites that the file has a list of; with --all the others are passed over."""
    import asyncio

    from crawler.probe.check import check_site
    from crawler.probe.replay import Replay

    try:
        road = Replay(file)
    except (OSError, ValueError) as error:
        raise click.UsageError(str(error)) from error
    held = {site.source.key: any(road.holds(channel.url) for channel in site.channels) for site in sites}

    async def survey() -> Checks:
        return {
            site.source.key: await check_site(site, road, articles=articles, holds=road.holds)
            for site in sites
            if held[site.source.key] or not everything
        }

    if everything and not any(held.values()):
        click.echo(f"{file} has a list page of no source in the catalogue", err=True)
    return asyncio.run(survey())


def _fails(checks: Checks) -> bool:
    """Whether a channel fails. What a file lacks is no failure, unless it lacks every list of a source."""
    return any(
        all(check.is_absent for check in found) or any(check.problem and not check.is_absent for check in found)
        for found in checks.values()
    )


def _print(checks: Checks, *, as_json: bool) -> None:
    if as_json:
        told = {key: [as_values(check) for check in found] for key, found in checks.items()}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for key, found in checks.items():
        for check in found:
            _print_channel(key, check)


def _print_channel(key: str, check: ChannelCheck) -> None:
    channel, listing = check.seen.channel, check.seen.listing
    verdict = "not in the file" if check.is_absent else "FAILS" if check.problem else "ok"
    click.echo(f"{key}  {channel.name}  {verdict}\n  {channel.url}")
    if check.problem and not check.is_absent:
        click.echo(f"  problem   {check.problem}")
    if listing is not None:
        stated = [
            f"{listing.pages} pages" if listing.pages else "",
            f"{listing.total} entries" if listing.total else "",
        ]
        click.echo(f"  family    {channel.family}")
        click.echo(f"  entries   {len(listing.entries)}, {check.seen.dated} dated")
        click.echo(f"  next      {check.seen.next_url or 'none found'}")
        click.echo(f"  states    {' and '.join(filter(None, stated)) or 'no total'}")
        for doubt in listing.doubts:
            click.echo(f"  doubt     {doubt}")
    for article in check.articles:
        _print_article(article)


def _print_article(article: ArticleCheck) -> None:
    click.echo(f"  article   {article.url}")
    if article.reading is None:
        told = " ".join(filter(None, (article.outcome, article.kind, article.detail and f"({article.detail})")))
        click.echo(f"    {told}")
        return
    for name, value in _fields(article).items():
        click.echo(f"    {name:16} {value if value is not None else 'missing'}")


def _fields(article: ArticleCheck) -> Mapping[str, object]:
    """The fields as told: None for what is missing, the text by its length."""
    from crawler.probe.check import FIELDS

    reading = article.reading
    values = {name: getattr(reading, name) or None for name in FIELDS}
    if reading is not None and reading.text:
        values["text"] = f"{len(reading.text)} characters"
    return values


def as_values(check: ChannelCheck) -> dict[str, object]:
    """A channel's check as JSON has it."""
    seen, listing = check.seen, check.seen.listing
    return {
        "name": seen.channel.name,
        "url": seen.channel.url,
        "family": seen.channel.family,
        "outcome": seen.got.verdict.outcome,
        "problem": check.problem,
        "entries": len(listing.entries) if listing else 0,
        "dated": seen.dated,
        "next": seen.next_url,
        "pages": listing.pages if listing else None,
        "total": listing.total if listing else None,
        "doubts": list(listing.doubts) if listing else [],
        "articles": [
            {
                "url": article.url,
                "outcome": article.outcome,
                "kind": article.kind,
                "detail": article.detail,
                **({name: _json(article, name) for name in _fields(article)} if article.reading else {}),
                "missing": list(article.missing) if article.reading else [],
            }
            for article in check.articles
        ],
    }


def _json(article: ArticleCheck, name: str) -> object:
    value = getattr(article.reading, name)
    if name == "text":
        return {"characters": len(value)}
    return value.isoformat() if hasattr(value, "isoformat") else value or None
