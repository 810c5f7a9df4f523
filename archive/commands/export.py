"""`minzheng export`: the notices as files of a dataset."""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands.terminal import NOTHING_USABLE, Day, check_sources, end, reading, size


class Formats(click.ParamType[tuple[str, ...]]):
    """One or more format names with commas between them."""

    name = "FORMAT[,FORMAT]"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Split the names and refuse unknown ones."""
        from archive.export import EXPORTERS

        names = tuple(name.strip() for name in value.split(",")) if isinstance(value, str) else ()
        for name in names:
            if name not in EXPORTERS:
                self.fail(f"{name!r} is no format. Known: {', '.join(EXPORTERS)}", param, ctx)
        return names


@click.command()
@click.argument("target", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--format",
    "formats",
    type=Formats(),
    multiple=True,
    required=True,
    help="csv, jsonl or sqlite; several with commas, or give the option again.",
)
@click.option("--source", "sources", metavar="KEY", multiple=True, help="Only notices of this source; may be repeated.")
@click.option("--since", type=Day(), help="Published on this day or later.")
@click.option("--until", type=Day(), help="Published on this day or earlier.")
@click.option("--canonical-only", is_flag=True, help="Only notices whose original was captured.")
@click.pass_obj
def export(
    folder: Path,
    target: Path,
    *,
    formats: tuple[tuple[str, ...], ...],
    sources: tuple[str, ...],
    since: str | None,
    until: str | None,
    canonical_only: bool,
) -> None:
    """Write the notices as files of a dataset.

    DIR/notices.jsonl and .csv have one notice a line with its copies and attachments.
    A second run over an unchanged archive gives the same bytes. The sqlite file is always the whole database.
    A notice without a publication day is left out when --since or --until is given.
    """
    from archive.export import export_notices
    from archive.store.dataset import Choice

    choice = Choice(sources=sources, since=since, until=until, captured_only=canonical_only)
    with reading(folder) as (_, db):
        check_sources(db, sources)
        try:
            files, count = export_notices(
                db, target, formats=[name for names in formats for name in names], choice=choice
            )
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        except OSError as error:
            end(f"Cannot write to {target}: {error.strerror}. Nothing was changed there.", _code(error))
    for file in files:
        click.echo(f"{file}  {size(file.stat().st_size)}")
    if count == 0 and choice != Choice():
        click.echo("No notice fits the filters.", err=True)


def _code(error: OSError) -> int:
    from errno import EDQUOT, ENOSPC

    return 1 if error.errno in (ENOSPC, EDQUOT) else NOTHING_USABLE
