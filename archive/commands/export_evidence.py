"""What `minzheng export --issue` and `--notice` do: the pages themselves, for somebody who is to look at them."""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands.terminal import NOTHING_USABLE, disk_code, end, reading, size


def export_issue(folder: Path, target: Path, issue: str) -> None:
    """Write what an issue is about to a WARC file."""
    from archive.export.issue import NothingToExport
    from archive.export.issue import export_issue as write_issue
    from archive.store.exports import issue_row

    if not target.name.endswith(".warc.gz"):
        raise click.UsageError(f"{str(target)!r} must end in .warc.gz: --issue writes one WARC file.")
    with reading(folder) as (archive, db):
        row = issue_row(db, issue)
        if row is None:
            end(f"{issue!r} is no issue of {folder}; `minzheng issues` lists them with their ids", 2)
        try:
            count = write_issue(db, archive.warc, row, target)
        except NothingToExport as error:
            end(f"{str(error)[:1].upper()}{str(error)[1:]}.", NOTHING_USABLE)
        except OSError as error:
            end(f"Cannot write {target}: {error.strerror or error}. Nothing was changed there.", disk_code(error))
    click.echo(f"{target}  {size(target.stat().st_size)}  exchanges: {count}")
    if row.source:
        click.echo(f"Elsewhere: minzheng sources check {row.source} --from {target.name}", err=True)


def export_notice(folder: Path, target: Path, notice: str, *, unmasked: bool) -> None:
    """Write all evidence of one notice into a folder."""
    raise NotImplementedError
