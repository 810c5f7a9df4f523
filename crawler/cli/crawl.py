"""`minzheng crawl`: sources by key, lists by address, articles from a file."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.cli.times import Day, Span, Web

if TYPE_CHECKING:
    from archive.archive import SourceHealth
    from crawler.cli.choosing import Told
    from crawler.cli.planning import Choice, Planned
    from crawler.run import CrawlResult
    from crawler.spiders.plan import Plan

NEEDS_A_LOOK = 3
NOTHING_USABLE = 4
LOG = "crawl.log"
"""File in the archive that takes a crawl's log where a person watches a progress bar instead."""
_REASONS = {"closespider_timeout": "ended for its --max-time", "shutdown": "stopped"}
"""Scrapy's words for how a crawl ended, where a person would ask what they mean."""


@click.command()
@click.argument("targets", nargs=-1, metavar="[KEY|URL]...")
@click.option("--all", "everything", is_flag=True, help="Every source of the catalogue that was seen to answer.")
@click.option("--due", "only_due", is_flag=True, help="Only lists whose time has come, and copies to look at again.")
@click.option("--group", metavar="G", help="The sources of one file of the catalogue: a province, national, portals.")
@click.option(
    "--unverified", is_flag=True, help="With --all, --due, --group: also those that nobody has seen answer lately."
)
@click.option(
    "--from", "file", type=click.File("r", encoding="utf-8"), help="Article addresses, one a line; - is stdin."
)
@click.option("--since", type=Day(), help="Only entries listed with this day or a later one.")
@click.option("--until", type=Day(), help="Only entries listed with this day or an earlier one.")
@click.option("--limit", type=click.IntRange(1), help="At most so many new entries.")
@click.option("--max-time", type=Span(), help="Ask nothing new after this long (90, 30m, 2h).")
@click.option(
    "--recheck", type=click.IntRange(1), metavar="DAYS", help="Look again at what was not checked for so long."
)
@click.option("--delay", type=float, help="Seconds between two requests to one host, where more than usual is wanted.")
@click.option("--heartbeat", type=Web(), help="Ping URL/start, then URL or URL/fail (healthchecks).")
@click.option("--dry-run", is_flag=True, help="Say what would be asked; ask and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.pass_context
def crawl(ctx: click.Context, /, *, heartbeat: str | None, dry_run: bool, as_json: bool, **typed: Any) -> None:
    """Fetch what is new, and the originals that reposts point to.

    KEY names a source (`minzheng sources list`); URL is any list page, or one article. An interrupted crawl goes on
    where it was. A walk through a list ends where everything has been known since a complete walk; --limit, --since,
    --until and --max-time cut it short and leave what is behind to a later crawl. A host that blocked an earlier crawl
    is left alone for some days, unless its source is named here; so is a source that is paused.
    """
    folder: Path = ctx.obj
    from archive.archive import ArchiveError
    from crawler.catalogue import CatalogueError
    from crawler.cli.alerts import Heartbeat, tell_changes, unwell_after
    from crawler.cli.planning import Choice, make_plan
    from crawler.frontier import FrontierError

    choice = Choice(**typed)
    _check_options(choice)
    beat = Heartbeat(None if dry_run else heartbeat)
    beat.start()
    now = datetime.now(UTC)
    try:
        planned = make_plan(folder, choice, now=now)
        for note in planned.notes:
            click.echo(note, err=True)
        if dry_run:
            _print_plan(planned, as_json=as_json)
            return
        hindrance = _hindrance(folder, planned, now=now)
        if not as_json:
            _print_told(planned.told)
        if hindrance is not None:
            _print_hindrance(*hindrance, planned.told, as_json=as_json)
            beat.end(hindrance[0])
            ctx.exit(hindrance[0])
        result = run_with_progress(planned.plan, folder)
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
    except click.exceptions.Exit:
        raise
    except BaseException:
        beat.end(1)
        raise
    unwell = unwell_after(folder, result)
    exit_code = result.exit_code or (NEEDS_A_LOOK if unwell else 0)
    print_result(result, planned.told, unwell, as_json=as_json)
    beat.end(exit_code)
    tell_changes(folder, planned.config.webhook)
    ctx.exit(exit_code)


def run_with_progress(plan: Plan, folder: Path, *, log_file: Path | None = None) -> CrawlResult:
    """Run a crawl; on a terminal with a progress bar, the log then goes to `crawl.log` in the archive."""
    from crawler.run import run_crawl

    if not sys.stderr.isatty():
        return run_crawl(plan, folder, log_file=log_file)
    folder.mkdir(parents=True, exist_ok=True)
    with _bar() as bar:
        return run_crawl(plan, folder, log_file=folder / LOG, progress=bar)


def print_result(
    result: CrawlResult, told: tuple[Told, ...] = (), unwell: tuple[SourceHealth, ...] = (), *, as_json: bool = False
) -> None:
    """Print how a crawl went; `unwell` are the sources it walked that need a look."""
    if as_json:
        values = {**asdict(result), "exit_code": result.exit_code or (NEEDS_A_LOOK if unwell else 0)}
        values["needs_look"] = {one.key: one.state for one in unwell}
        if told:
            values["addresses"] = [asdict(one) for one in told]
        click.echo(json.dumps(values, ensure_ascii=False, indent=2))
        return
    tally, ended = result.tally, _REASONS.get(result.reason, result.reason)
    click.echo(
        f"crawl {result.crawl}: {ended}; {result.new_entries} new entries; asked {tally.asked} = "
        f"stored {tally.stored} + failed {tally.failed} + refused {tally.refused}"
    )
    if result.why:
        click.echo(f"ended early: {result.why}", err=True)
    for host, why in result.left_alone.items():
        click.echo(f"not asked: {host}: {why}", err=True)
    for one in unwell:
        click.echo(f"needs a look: {one.key} is {one.state}: {one.why}", err=True)
    if result.issues:
        click.echo(f"issues raised: {result.issues}; the command `issues` lists them", err=True)
    if result.problem:
        click.echo(f"Error: {result.problem}", err=True)
    elif result.exit_code == NOTHING_USABLE and result.why is None:
        click.echo(f"Error: nothing answered, all {tally.asked} requests failed; is there a network?", err=True)


def _check_options(choice: Choice) -> None:
    gathering = [
        name
        for name, given in (("--all", choice.everything), ("--due", choice.only_due), ("--group", choice.group))
        if given
    ]
    if not (choice.targets or gathering or choice.file):
        raise click.UsageError("Name sources or addresses, or give --all, --due, --group G or --from FILE.")
    if choice.everything and len(gathering) > 1:
        raise click.UsageError("--all takes every source; --due and --group take some of them.")
    if gathering and choice.targets:
        told = "takes every source" if choice.everything else "chooses the sources itself"
        raise click.UsageError(f"{gathering[0]} {told}; name none beside it.")
    if choice.unverified and not gathering:
        raise click.UsageError("--unverified goes with --all; a source that is named is crawled anyway.")
    if choice.file and (choice.targets or gathering or choice.since or choice.until or choice.limit or choice.recheck):
        raise click.UsageError(
            "--from asks the addresses of the file; it goes without sources, --since, --until, --limit, --recheck."
        )


def _print_hindrance(exit_code: int, why: str, told: tuple[Told, ...], *, as_json: bool) -> None:
    click.echo(why, err=True)
    if as_json:
        values = {"crawl": None, "exit_code": exit_code, "why": why, "addresses": [asdict(one) for one in told]}
        click.echo(json.dumps(values, ensure_ascii=False, indent=2))


def _hindrance(folder: Path, planned: Planned, *, now: datetime) -> tuple[int, str] | None:
    """Why there is to be no crawl now, and the command's exit code; None where nothing is in its way."""
    from crawler.config import contact_advice
    from crawler.schedule import opens_at
    from crawler.spiders.caps import lacks_room

    if planned.config.contact is None:
        raise click.UsageError(
            f"Sites must be able to reach whoever crawls them: {contact_advice(folder)}. It stands in the user agent."
        )
    opens = opens_at(planned.config.night, now)
    if opens is not None:
        return (
            0,
            f"Nothing was asked: it is day, and the night of minzheng.toml opens at {opens:%Y-%m-%d %H:%M} (China).",
        )
    if planned.is_empty:
        return 0, "Nothing is due: no list, no copy to look at again, no original that is wanted."
    if (why := lacks_room(folder, planned.config.min_free)) is not None:
        return NOTHING_USABLE, f"Error: {why}"
    return None


def _print_told(told: tuple[Told, ...]) -> None:
    for one in told:
        click.echo(f"{one.state:8} {one.address}" + (f"  ({one.why})" if one.why else ""))


def _print_plan(planned: Planned, *, as_json: bool) -> None:
    rows = [
        {"source": site.source.key, "channel": channel.name, "family": channel.family, "url": channel.url}
        for site in planned.plan.sites
        for channel in site.channels
    ]
    wants = [want.url for want in planned.wants]
    counts = {"lists": len(rows), "rechecks": len(planned.rechecks), "wanted": len(wants)}
    if as_json:
        addresses = [asdict(one) for one in planned.told]
        whole = {"lists": rows, "rechecks": planned.rechecks, "wanted": wants, "addresses": addresses, "counts": counts}
        click.echo(json.dumps(whole, ensure_ascii=False, indent=2))
        return
    from tabulate import tabulate

    if rows:
        click.echo(tabulate(rows, headers="keys", tablefmt="simple", disable_numparse=True))
    for name, urls in (("recheck", planned.rechecks), ("wanted", wants)):
        for url in urls:
            click.echo(f"{name:8} {url}")
    _print_told(planned.told)
    click.echo(", ".join(f"{name} {count}" for name, count in counts.items()))
    click.echo("Nothing was asked.", err=True)


@contextmanager
def _bar() -> Iterator[Any]:
    """A progress bar on stderr; what is known to be due grows while lists are read."""
    with click.progressbar(length=1, label="asking", file=sys.stderr, show_pos=True) as bar:

        def show(done: int, due: int) -> None:
            bar.length = max(due, done, 1)
            bar.update(done - bar.pos)

        yield show
