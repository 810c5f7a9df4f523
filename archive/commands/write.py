"""`minzheng ingest`, `index`, `rebuild`, `merge`, `split`: the commands that change an archive, one at a time."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from archive.commands import SOURCES
from archive.commands.terminal import NEEDS_A_LOOK, NOTHING_USABLE, as_json, end, print_json, print_table

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.index import IndexReport


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@as_json
@click.pass_context
def ingest(ctx: click.Context, paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Take in WARC files made elsewhere, then index them.

    PATHS are WARC files, or folders that are searched for them. Files are kept byte for byte; one that is held already
    is left as it is. Exit code 3 when something in a file is damaged, or one of several files is no WARC file: the
    rest is taken in.
    """
    from archive.ingest import ingest as take_in

    sources = ctx.meta.get(SOURCES, list)()
    with _writing(ctx.obj, "minzheng ingest") as archive:
        taken = list(take_in(archive, paths, sources, vantage="elsewhere"))
        report = catch_up(archive)
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
@as_json
@click.pass_obj
def index(folder: Path, *, as_json: bool) -> None:
    """Bring notices.db up to date with the WARC files.

    `crawl`, `ingest`, `merge` and `split` do it by themselves.
    """
    with existing(folder, "minzheng index") as archive:
        report = catch_up(archive)
    if as_json:
        print_json(report)
    else:
        _print_report(report)


@click.command()
@as_json
@click.pass_obj
def rebuild(folder: Path, *, as_json: bool) -> None:
    """Make notices.db anew from captures and rulings alone.

    The old one is served until the new one is whole.
    """
    from archive.rebuild import rebuild as make_anew
    from archive.worker import IndexFailed

    with existing(folder, "minzheng rebuild") as archive, _bar("reading captures") as progress:
        try:
            found = make_anew(archive, progress=progress)
        except IndexFailed as error:
            end(str(error), error.exit_code)
    if as_json:
        print_json(found)
    else:
        click.echo(f"copies kept {found.kept}, moved {found.moved}, added {found.added}, dropped {found.dropped}")


@click.command()
@click.argument("one")
@click.argument("others", nargs=-1, required=True)
@click.option("--why", required=True, help="Your reason; it is kept with the ruling.")
@click.option("--who", default=getpass.getuser, help="Whose ruling it is.", show_default="user name")
@click.pass_obj
def merge(folder: Path, one: str, others: tuple[str, ...], why: str, who: str) -> None:
    """Rule that notices or copies are one notice.

    Each is named by its id or an address. The ruling outlives every rebuild.
    """
    with existing(folder, "minzheng merge") as archive:
        urls = tuple(dict.fromkeys(_address(archive, named) for named in (one, *others)))
        if len(urls) < 2:
            end("These are one notice already: nothing to merge.", 2)
        _rule(archive, "merge", urls, who, why)
        click.echo(f"One notice now: {archive.find(urls[0])}")


@click.command()
@click.argument("address")
@click.option("--why", required=True, help="Your reason; it is kept with the ruling.")
@click.option("--who", default=getpass.getuser, help="Whose ruling it is.", show_default="user name")
@click.pass_obj
def split(folder: Path, address: str, why: str, who: str) -> None:
    """Rule that a copy does not belong to the notice it is in.

    ADDRESS is the copy's. The ruling outlives every rebuild.
    """
    with existing(folder, "minzheng split") as archive:
        notice = archive.find(address)
        if notice is None:
            end(f"No copy at {address!r} in {folder}; `minzheng search` finds addresses", 4)
        mine, others = archive.part(notice, address)
        if not others:
            end(f"{address} is the only copy of notice {notice}: nothing to split.", 2)
        _rule(archive, "split", (mine, *others), who, why)
        click.echo(f"Notice {archive.find(mine)} now, apart from {archive.find(others[0])}")


def _rule(archive: Archive, what: Literal["merge", "split"], urls: tuple[str, ...], who: str, why: str) -> None:
    from archive.records import Decision

    archive.rule(Decision(at=datetime.now(UTC), who=who, what=what, urls=urls, why=why))
    catch_up(archive)


def _address(archive: Archive, named: str) -> str:
    address = archive.address(named)
    if address is None:
        end(f"No notice for {named!r} in {archive.path}; give an id or the address of a copy", 4)
    return address


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


def catch_up(archive: Archive) -> IndexReport:
    """Bring the database level with the facts; end the command where the index cannot finish."""
    from archive.worker import IndexFailed

    with _bar("indexing") as progress:
        index = archive.start_index(progress=progress)
        try:
            return index.catch_up().result()
        except IndexFailed as error:
            end(str(error), error.exit_code)
        finally:
            index.close()


@contextmanager
def _bar(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar over bytes, on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield show


def _print_report(report: IndexReport) -> None:
    click.echo(f"records {report.records}, pages read {report.read}, copies settled {report.settled}")
