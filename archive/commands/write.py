"""`minzheng ingest`, `index`, `rebuild`: the commands that make the database, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.commands import SOURCES
from archive.commands.terminal import (
    NEEDS_A_LOOK,
    NOTHING_USABLE,
    as_json,
    bar,
    check_sources,
    end,
    print_json,
    print_table,
    reading,
)

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.index import IndexReport

workers_option = click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Read pages in N processes where there are many; 1 is in the index itself.  [default: one a core]",
)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@workers_option
@as_json
@click.pass_context
def ingest(ctx: click.Context, paths: tuple[Path, ...], *, workers: int | None, as_json: bool) -> None:
    """Take in WARC files made elsewhere, then index them.

    PATHS are WARC files, or folders that are searched for them. Files are kept byte for byte; one that is held already
    is left as it is. Exit code 3 when something in a file is damaged, or one of several files is no WARC file: the
    rest is taken in.
    """
    from archive.ingest import ingest as take_in

    sources = ctx.meta.get(SOURCES, list)()
    with _writing(ctx.obj, "minzheng ingest") as archive:
        taken = list(take_in(archive, paths, sources, vantage="elsewhere"))
        report = catch_up(archive, workers=workers)
    if as_json:
        print_json({"files": [{**asdict(found), "path": str(found.path)} for found in taken], "index": report})
    else:
        rows = [(found.path, found.state, found.exchanges, found.damaged) for found in taken]
        print_table(rows, ["file", "state", "records", "damaged"])
        _print_report(report)
    if not taken:
        click.echo("There is no .warc or .warc.gz file in it: nothing was taken in.", err=True)
    refused = [found for found in taken if found.state == "refused"]
    for found in refused:
        click.echo(f"Error: {found.path} {found.why}", err=True)
    if any(found.damaged for found in taken if found not in refused):
        click.echo("Some records are damaged; `minzheng issues` lists where.", err=True)
    if refused and len(refused) == len(taken):
        ctx.exit(NOTHING_USABLE)
    if any(found.damaged or found.state == "refused" for found in taken):
        ctx.exit(NEEDS_A_LOOK)


@click.command()
@workers_option
@as_json
@click.pass_obj
def index(folder: Path, *, workers: int | None, as_json: bool) -> None:
    """Bring notices.db up to date with the WARC files.

    `crawl`, `ingest`, `merge` and `split` do it by themselves.
    """
    with existing(folder, "minzheng index") as archive:
        report = catch_up(archive, workers=workers)
        changed = archive.tracing_changed()
    if as_json:
        print_json(report)
    else:
        _print_report(report)
    if changed is not None:
        click.echo(changed, err=True)


@click.command()
@click.option("--source", "sources", multiple=True, metavar="KEY", help="Read only this source again; repeatable.")
@click.option("--stale", is_flag=True, help="Read only again what another version of the reader read.")
@click.option("--matches", is_flag=True, help="Read nothing again; only trace every copy anew.")
@click.option("--report", is_flag=True, help="Compare every field with before; publish unless too much was lost.")
@click.option("--accept-loss", is_flag=True, help="With --report: publish whatever was lost.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and publish nothing.")
@workers_option
@as_json
@click.pass_obj
def rebuild(
    folder: Path,
    *,
    sources: tuple[str, ...],
    stale: bool,
    matches: bool,
    report: bool,
    accept_loss: bool,
    dry_run: bool,
    workers: int | None,
    as_json: bool,
) -> None:
    """Make notices.db anew from captures and rulings alone.

    The old one is served until the new one is whole. What became of the copies is told before it is published: how many
    are in the same notice, in another, new, or gone, with examples of those that moved.

    With --source, --stale or --matches only a part is done again, in a copy of notices.db; what comes out is what a
    whole rebuild would give. They may be combined. --matches is for when the tracing of a new version says otherwise.

    With --report each field of each source is told: filled before and after, changed, lost, gained, with examples. When
    more than 1 % of a field was lost (over all sources, or of a source with 20 values or more), the old notices.db
    stays as it is and the exit code is 3; --accept-loss publishes all the same, with exit code 0.
    """
    if accept_loss and not report:
        raise click.UsageError("--accept-loss is for --report: without it nothing is compared.")
    from archive.commands import changes
    from archive.rebuild import Again, shadow
    from archive.worker import IndexFailed

    again = Again(sources=sources, stale=stale, matches=matches) if sources or stale or matches else None
    with existing(folder, "minzheng rebuild") as archive, ExitStack() as stack:
        if sources:
            _check_sources(archive, sources)
        try:
            with bar("reading captures") as progress:
                made = stack.enter_context(shadow(archive, again=again, progress=progress, workers=workers))
        except IndexFailed as error:
            end(str(error), error.exit_code)
        lost_too_much = report and bool(made.losses) and not accept_loss
        publishes = not dry_run and not lost_too_much
        if report:
            changes.print_report(made, published=publishes, as_json=as_json)
        else:
            changes.print_difference(made.difference, published=publishes, as_json=as_json)
        if publishes:
            made.publish()
    if lost_too_much:
        end(changes.refusal(made.losses), NEEDS_A_LOOK)


def _check_sources(archive: Archive, keys: tuple[str, ...]) -> None:
    with reading(archive.path) as (_, db):
        check_sources(db, keys)


@contextmanager
def _writing(folder: Path, holder: str) -> Iterator[Archive]:
    from archive.archive import Archive, ArchiveError
    from archive.store import DatabaseError

    try:
        with Archive.lock(folder, holder=holder) as archive:
            yield archive
    except ArchiveError as error:
        end(str(error), error.exit_code)
    except OSError as error:
        end(f"{folder}: {error.strerror or error}; nothing that was written before is lost", 1)
    except DatabaseError as error:
        end(f"{folder}: {error}; the captures are whole, `minzheng doctor` tells what this machine lacks", 1)


@contextmanager
def existing(folder: Path, holder: str) -> Iterator[Archive]:
    """Lock an archive that is there; end the command with its exit code where none is, or somebody else writes."""
    from archive.archive import Archive, ArchiveError

    try:
        Archive.open(folder).close()
    except ArchiveError as error:
        end(str(error), error.exit_code)
    with _writing(folder, holder) as archive:
        yield archive


def catch_up(archive: Archive, *, workers: int | None = None) -> IndexReport:
    """Bring the database level with the facts; end the command where the index cannot finish."""
    from archive.worker import IndexFailed

    with bar("indexing") as progress:
        index = archive.start_index(progress=progress, workers=workers)
        try:
            return index.catch_up().result()
        except IndexFailed as error:
            end(str(error), error.exit_code)
        finally:
            index.close()


def _print_report(report: IndexReport) -> None:
    click.echo(f"records {report.records}, pages read {report.read}, copies settled {report.settled}")
