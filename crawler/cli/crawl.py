"""`minzheng crawl`: sources by key, lists by address, articles from a file."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from crawler.cli.times import Day, Span

if TYPE_CHECKING:
    from crawler.cli.choosing import Told
    from crawler.lists import Ask, Site
    from crawler.run import CrawlResult
    from crawler.spiders.plan import Plan

NOTHING_USABLE = 4
LOG = "crawl.log"
"""File in the archive that takes a crawl's log where a person watches a progress bar instead."""


@click.command()
@click.argument("targets", nargs=-1, metavar="[KEY|URL]...")
@click.option("--all", "everything", is_flag=True, help="Every source of the catalogue that was seen to answer.")
@click.option("--unverified", is_flag=True, help="With --all: also those that nobody has seen answer lately.")
@click.option(
    "--from", "file", type=click.File("r", encoding="utf-8"), help="Article addresses, one a line; - is stdin."
)
@click.option("--since", type=Day(), help="Only entries listed with this day or a later one.")
@click.option("--until", type=Day(), help="Only entries listed with this day or an earlier one.")
@click.option("--limit", type=click.IntRange(1), help="At most so many new entries.")
@click.option("--max-time", type=Span(), help="Ask nothing new after this long (90, 30m, 2h).")
@click.option("--delay", type=float, help="Seconds between two requests to one host, where more than usual is wanted.")
@click.option("--heartbeat", metavar="URL", help="Ping URL/start, then URL or URL/fail (healthchecks).")
@click.option("--dry-run", is_flag=True, help="Say what would be asked; ask and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.pass_context
def crawl(
    ctx: click.Context,
    targets: tuple[str, ...],
    *,
    everything: bool,
    unverified: bool,
    file: TextIO | None,
    since: date | None,
    until: date | None,
    limit: int | None,
    max_time: float | None,
    delay: float | None,
    heartbeat: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Fetch what is new, and the originals that reposts point to.

    KEY names a source (`minzheng sources list`); URL is any list page, or one article. An interrupted crawl goes on
    where it was. A walk through a list ends where everything has been known since a complete walk; --limit, --since,
    --until and --max-time cut it short and leave what is behind to a later crawl. A host that blocked an earlier crawl
    is left alone for some days, unless its source is named here.
    """
    folder: Path = ctx.obj
    _check_options(targets, everything=everything, unverified=unverified, file=file, bounds=(since, until, limit))
    from archive.archive import ArchiveError
    from crawler.catalogue import CatalogueError
    from crawler.cli.alerts import Heartbeat, tell_changes
    from crawler.config import load_config
    from crawler.frontier import FrontierError

    beat = Heartbeat(None if dry_run else heartbeat)
    beat.start()
    try:
        told, plan = _make_plan(folder, targets, everything=everything, unverified=unverified, file=file, delay=delay)
        plan = _bound(plan, since=since, until=until, limit=limit, max_time=max_time)
        if dry_run:
            _print_plan(plan, told, as_json=as_json)
            return
        _need_contact(folder)
        if not as_json:
            _print_told(told)
        if file is not None and not plan.articles:
            if as_json:
                click.echo(json.dumps({"addresses": [asdict(one) for one in told]}, ensure_ascii=False, indent=2))
            beat.end(0)
            return
        result = run_with_progress(plan, folder)
    except CatalogueError as error:
        beat.end(2)
        raise click.UsageError(str(error)) from error
    except ArchiveError as error:
        beat.end(error.exit_code)
        click.echo(f"Error: {error}", err=True)
        ctx.exit(error.exit_code)
    except (OSError, FrontierError) as error:
        beat.end(1)
        click.echo(f"Error: {folder} cannot be written: {error}", err=True)
        ctx.exit(1)
    except BaseException:
        beat.end(1)
        raise
    print_result(result, told, as_json=as_json)
    beat.end(result.exit_code)
    tell_changes(folder, load_config(folder, os.environ).webhook)
    ctx.exit(result.exit_code)


def run_with_progress(plan: Plan, folder: Path, *, log_file: Path | None = None) -> CrawlResult:
    """Run a crawl; on a terminal with a progress bar, the log then goes to `crawl.log` in the archive."""
    from crawler.run import run_crawl

    if not sys.stderr.isatty():
        return run_crawl(plan, folder, log_file=log_file)
    folder.mkdir(parents=True, exist_ok=True)
    with _bar() as bar:
        return run_crawl(plan, folder, log_file=folder / LOG, progress=bar)


def print_result(result: CrawlResult, told: tuple[Told, ...] = (), *, as_json: bool = False) -> None:
    """Print how a crawl went."""
    if as_json:
        values = {**asdict(result), "exit_code": result.exit_code}
        if told:
            values["addresses"] = [asdict(one) for one in told]
        click.echo(json.dumps(values, ensure_ascii=False, indent=2))
        return
    tally = result.tally
    click.echo(
        f"crawl {result.crawl}: {result.reason}; {result.new_entries} new entries; asked {tally.asked} = "
        f"stored {tally.stored} + failed {tally.failed} + refused {tally.refused}"
    )
    for host, why in result.left_alone.items():
        click.echo(f"not asked: {host}: {why}", err=True)
    if result.issues:
        click.echo(f"issues raised: {result.issues}; the command `issues` lists them", err=True)
    if result.problem:
        click.echo(f"Error: {result.problem}", err=True)
    elif result.exit_code == NOTHING_USABLE:
        click.echo(f"Error: nothing answered, all {tally.asked} requests failed; is there a network?", err=True)


def _make_plan(
    folder: Path, targets: tuple[str, ...], *, everything: bool, unverified: bool, file: TextIO | None,
    delay: float | None,
) -> tuple[tuple[Told, ...], Plan]:  # fmt: skip
    from crawler.catalogue import SHIPPED, load_catalogue
    from crawler.cli.choosing import choose_all, choose_sites
    from crawler.config import LEAST_DELAY
    from crawler.spiders.plan import Plan

    if delay is not None and delay < LEAST_DELAY:
        raise click.UsageError(f"--delay {delay:g} is too short: {LEAST_DELAY:g} seconds is the least.")
    catalogue = load_catalogue(SHIPPED, folder / "sources")
    told, asks = _read_addresses(folder, file) if file is not None else ((), ())
    sites: tuple[Site, ...] = choose_all(catalogue, unverified=unverified) if everything else ()
    named = choose_sites(targets, catalogue)
    own = {channel.url for site in catalogue.values() for channel in site.channels}
    return told, Plan(
        sites=(*sites, *named),
        articles=asks,
        catalogue=tuple(catalogue.values()),
        by_address=frozenset(channel.url for site in named for channel in site.channels) - own,
        delay=delay or 0.0,
        is_named=bool(named),
    )


def _read_addresses(folder: Path, file: TextIO) -> tuple[tuple[Told, ...], tuple[Ask, ...]]:
    from archive.archive import Archive, ArchiveError
    from crawler.cli.choosing import sort_addresses
    from crawler.guard import refusal

    try:
        archive = Archive.open(folder)
    except ArchiveError:  # there is none yet: nothing is held
        return sort_addresses(file, known=lambda _: set(), refusal=refusal)
    with archive:
        return sort_addresses(file, known=archive.known, refusal=refusal)


def _bound(plan: Plan, *, since: date | None, until: date | None, limit: int | None, max_time: float | None) -> Plan:
    from dataclasses import replace

    return replace(plan, since=since, until=until, limit=limit, max_time=max_time)


def _check_options(
    targets: tuple[str, ...], *, everything: bool, unverified: bool, file: TextIO | None, bounds: tuple[object, ...]
) -> None:
    if not (targets or everything or file):
        raise click.UsageError("Name sources or addresses, or give --all or --from FILE.")
    if everything and targets:
        raise click.UsageError("--all takes every source; name none beside it.")
    if unverified and not everything:
        raise click.UsageError("--unverified goes with --all; a source that is named is crawled anyway.")
    if file and (targets or everything or any(bounds)):
        raise click.UsageError(
            "--from asks the addresses of the file; it goes without sources, --since, --until, --limit."
        )


def _need_contact(folder: Path) -> None:
    from crawler.config import contact_advice, load_config

    if load_config(folder, os.environ).contact is None:
        raise click.UsageError(
            f"Sites must be able to reach whoever crawls them: {contact_advice(folder)}. It stands in the user agent."
        )


def _print_told(told: tuple[Told, ...]) -> None:
    for one in told:
        click.echo(f"{one.state:8} {one.address}" + (f"  ({one.why})" if one.why else ""))


def _print_plan(plan: Plan, told: tuple[Told, ...], *, as_json: bool) -> None:
    rows = [
        {"source": site.source.key, "channel": channel.name, "family": channel.family, "url": channel.url}
        for site in plan.sites
        for channel in site.channels
    ]
    if as_json:
        click.echo(
            json.dumps({"lists": rows, "addresses": [asdict(one) for one in told]}, ensure_ascii=False, indent=2)
        )
        return
    from tabulate import tabulate

    if rows:
        click.echo(tabulate(rows, headers="keys", tablefmt="simple", disable_numparse=True))
    _print_told(told)
    click.echo("Nothing was asked.", err=True)


@contextmanager
def _bar() -> Iterator[Any]:
    """A progress bar on stderr; what is known to be due grows while lists are read."""
    with click.progressbar(length=1, label="asking", file=sys.stderr, show_pos=True) as bar:

        def show(done: int, due: int) -> None:
            bar.length = max(due, done, 1)
            bar.update(done - bar.pos)

        yield show
