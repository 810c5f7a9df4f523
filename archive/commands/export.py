"""`minzheng export`: the notices as files of a dataset, or the exchanges that an issue is about as one WARC file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.commands.release import ReleaseName
from archive.commands.terminal import NOTHING_USABLE, Day, bar, check_sources, end, reading, size

if TYPE_CHECKING:
    from archive.store import Database


class Formats(click.ParamType[tuple[str, ...]]):
    """One or more format names with commas between them."""

    name = "FORMAT[,FORMAT]"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Split the names and refuse unknown ones."""
        from archive.export.formats import NAMES

        names = tuple(name.strip() for name in value.split(",")) if isinstance(value, str) else ()
        for name in names:
            if name not in NAMES:
                self.fail(f"{name!r} is no format. Known: {', '.join(NAMES)}", param, ctx)
        return names


@click.command()
@click.argument("target", metavar="DIR|FILE.warc.gz", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "formats",
    type=Formats(),
    multiple=True,
    help="csv, jsonl or sqlite; several with commas, or give the option again. Needed without --issue.",
)
@click.option("--release", "release", type=ReleaseName(), help="A whole release of that name: every table, described.")
@click.option("--unmasked", is_flag=True, help="Of a release: show personal data as printed.")
@click.option("--issue", metavar="ID", help="The exchanges of this issue as one WARC file; goes with no other option.")
@click.option("--source", "sources", metavar="KEY", multiple=True, help="Only notices of this source; may be repeated.")
@click.option("--since", type=Day(), help="Published on this day or later.")
@click.option("--until", type=Day(), help="Published on this day or earlier.")
@click.option("--canonical-only", is_flag=True, help="Only notices whose original was captured.")
@click.option("--public", is_flag=True, help="Personal data masked: identity numbers, phones, cards, lists of names.")
@click.pass_obj
def export(
    folder: Path,
    target: Path,
    *,
    formats: tuple[tuple[str, ...], ...],
    release: str | None,
    unmasked: bool,
    issue: str | None,
    sources: tuple[str, ...],
    since: str | None,
    until: str | None,
    canonical_only: bool,
    public: bool,
) -> None:
    """Write the notices as a dataset, or what one issue is about.

    DIR/notices.jsonl and .csv have one notice a line with its copies and attachments.
    A second run over an unchanged archive gives the same bytes. The sqlite file is always the whole database.
    A notice without a publication day is left out when --since or --until is given.
    With --public every text of every table is masked, and the table `masks` tells what was, by notice and rule.

    With --issue ID the target is a file: FILE.warc.gz gets the answers, redirects, robots.txt and notes of that issue,
    as they were kept. Elsewhere `minzheng sources check KEY --from FILE.warc.gz` or `minzheng ingest FILE.warc.gz`
    shows the same.
    """
    if issue is not None:
        if formats or sources or since or until or canonical_only or public:
            raise click.UsageError("--issue writes one WARC file and goes with no other option; leave the others out.")
        _export_issue(folder, target, issue)
        return
    if release is not None:
        from archive.commands.release import make_release
        from archive.export.release import Order

        make_release(folder, target, Order(name=release, masked=not unmasked))
        return
    if not formats:
        raise click.UsageError("Give --format csv, jsonl or sqlite for the notices, or --issue ID for one issue.")
    if target.is_file():
        raise click.BadParameter(f"{str(target)!r} is a file; --format writes into a folder.", param_hint="DIR")
    from archive.export.plain import export_notices
    from archive.store.dataset import Choice

    choice = Choice(sources=sources, since=since, until=until, captured_only=canonical_only)
    with reading(folder) as (_, db):
        check_sources(db, sources)
        try:
            with _shown(db, target, public=public) as shown:
                files, count = export_notices(
                    shown, target, formats=[name for names in formats for name in names], choice=choice
                )
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        except OSError as error:
            end(f"Cannot write to {target}: {error.strerror}. Nothing was changed there.", _code(error))
    for file in files:
        click.echo(f"{file}  {size(file.stat().st_size)}")
    if count == 0 and choice != Choice():
        click.echo("No notice fits the filters.", err=True)


@contextmanager
def _shown(db: Database, target: Path, *, public: bool) -> Iterator[Database]:
    """What may leave of the database, masked for strangers."""
    from archive.store.masked import masked_copy
    from archive.store.outgoing import outgoing

    if not public:
        with outgoing(db, target) as allowed:
            yield allowed
        return
    target.mkdir(parents=True, exist_ok=True)
    with bar("masking") as progress, masked_copy(db, target, progress) as copy:
        yield copy


def _export_issue(folder: Path, target: Path, issue: str) -> None:
    from archive.export.issue import NothingToExport, export_issue
    from archive.store.exports import issue_row

    if not target.name.endswith(".warc.gz"):
        raise click.UsageError(f"{str(target)!r} must end in .warc.gz: --issue writes one WARC file.")
    with reading(folder) as (archive, db):
        row = issue_row(db, issue)
        if row is None:
            end(f"{issue!r} is no issue of {folder}; `minzheng issues` lists them with their ids", 2)
        try:
            count = export_issue(db, archive.warc, row, target)
        except NothingToExport as error:
            end(f"{str(error)[:1].upper()}{str(error)[1:]}.", NOTHING_USABLE)
        except OSError as error:
            end(f"Cannot write {target}: {error.strerror or error}. Nothing was changed there.", _code(error))
    click.echo(f"{target}  {size(target.stat().st_size)}  exchanges: {count}")
    if row.source:
        click.echo(f"Elsewhere: minzheng sources check {row.source} --from {target.name}", err=True)


def _code(error: OSError) -> int:
    from errno import EDQUOT, ENOSPC

    return 1 if error.errno in (ENOSPC, EDQUOT) else NOTHING_USABLE
