"""`minzheng sources probe`: which lists sites have now, which family reads them, and where sites have gone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli.surveying import choose, end, folders_of, load, need_contact, run, today

if TYPE_CHECKING:
    from crawler.lists import Site
    from crawler.probe.results import Result
    from crawler.spiders.survey import SurveySpider
    from crawler.toml_values import Table

SHOWN = 5
"""Up to so many sites are shown with their lists; of more only the table."""


@click.command()
@click.argument("targets", nargs=-1, metavar="[KEY|URL]...")
@click.option("--all", "everything", is_flag=True, help="Every source of the catalogue, unverified ones too.")
@click.option("--write", is_flag=True, help="Write what was found to sources/KEY.toml of the archive.")
@click.option(
    "--again",
    type=click.IntRange(0),
    default=7,
    show_default=True,
    metavar="DAYS",
    help="With --all: ask sites again that were reached so many days ago.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.pass_obj
def probe(folder: Path, targets: tuple[str, ...], *, everything: bool, write: bool, again: int, as_json: bool) -> None:
    """Look for the lists of sites, from their home pages.

    Says whether a site is reachable, moved, blocked, without a list, or unreachable, and of each list its family,
    address and pager. --all goes on where it was stopped: results are kept in probe.jsonl of the archive.
    """
    need_contact(folder)
    catalogue = load(folder)
    sites = choose(targets, catalogue, everything=everything)
    from crawler.probe.home import probe_site
    from crawler.probe.results import append_result, as_values, read_results, result_of

    day = today()
    kept = _recent(read_results(folder), since=day - timedelta(days=again)) if everything and again else {}
    results: dict[str, Result] = {site.source.key: kept[site.source.key] for site in sites if site.source.key in kept}

    async def look(spider: SurveySpider, site: Site) -> None:
        result = result_of(await probe_site(site, spider), on=day)
        results[site.source.key] = result
        append_result(folder, result)

    due = tuple(site for site in sites if site.source.key not in results)
    done = run(folder, due, catalogue, look, named=not everything)
    found = [(site, results[site.source.key]) for site in sites if site.source.key in results]
    if as_json:
        click.echo(json.dumps([as_values(result) for _, result in found], ensure_ascii=False, indent=2))
    else:
        _print(found)
    unwritten = _write(folder, found, day) if write else 0
    end(done, needs_a_look=unwritten > 0 or any(result.probed.state != "reachable" for _, result in found))


def _recent(results: Mapping[str, Result], *, since: date) -> Mapping[str, Result]:
    """Results that need no asking again; what could not be reached is always asked again."""
    return {
        key: result for key, result in results.items() if result.on > since and result.probed.state != "unreachable"
    }


def _print(found: Iterable[tuple[Site, Result]]) -> None:
    from tabulate import tabulate

    rows = list(found)
    table = [
        (
            site.source.key,
            result.probed.state.replace("_", " "),
            len(result.probed.lists),
            ", ".join(dict.fromkeys(one.family for one in result.probed.lists)),
            result.on.isoformat(),
            _short(result.probed.why),
        )
        for site, result in rows
    ]
    click.echo(
        tabulate(
            table, headers=("key", "is", "lists", "family", "asked", "why"), tablefmt="simple", disable_numparse=True
        )
    )
    if len(rows) > SHOWN:
        return
    for site, result in rows:
        for one, (entries, dated) in zip(result.probed.lists, result.counts, strict=True):
            stated = [f"{one.pages} pages" if one.pages else "", f"{one.total} entries" if one.total else ""]
            click.echo(f"\n{site.source.key}  {one.name}\n  {one.url}")
            options = "".join(f", {name} = {value}" for name, value in one.options.items())
            click.echo(f"  family   {one.family}{options} ({one.mark})")
            click.echo(
                f"  entries  {entries}, {dated} dated; states {' and '.join(filter(None, stated)) or 'no total'}"
            )
            click.echo(f"  next     {one.next_url or 'none found'}")


def _short(text: str, most: int = 70) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _write(folder: Path, found: Iterable[tuple[Site, Result]], day: date) -> int:
    """Write entries for the sites that have lists, and say what is replaced; how many could not be written."""
    from crawler.catalogue import CatalogueError, entry_tables
    from crawler.entries import write_entry
    from crawler.probe.entry import entry_of

    tables: Mapping[str, Table] = entry_tables(*folders_of(folder))
    *below, own = folders_of(folder)
    unwritten = 0
    for site, result in found:
        key = site.source.key
        if not result.probed.lists:
            click.echo(f"{key}: no list, nothing written", err=True)
            continue
        table, comments = entry_of(site, result.probed, tables.get(key), today=day)
        try:
            written = write_entry(own, table, comments=comments, below=below)
        except CatalogueError as problem:
            unwritten += 1
            click.echo(f"{key}: not written: {problem}", err=True)
            continue
        former = f"; what it said is in {written.former.name}" if written.former else ""
        click.echo(f"{key}: {len(result.probed.lists)} lists in {written.file}{former}", err=True)
    return unwritten
