"""What `minzheng export --issue` and `--notice` do: the pages themselves, for somebody who is to look at them."""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands.put_down import check_ledger, put_down
from archive.commands.terminal import NEEDS_A_LOOK, NOTHING_USABLE, disk_code, end, print_json, reading, resolve, size


def export_issue(folder: Path, target: Path, issue: str, *, as_json: bool) -> None:
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
    if as_json:
        print_json({"path": str(target), "bytes": target.stat().st_size, "exchanges": count})
        return
    click.echo(f"{target}  {size(target.stat().st_size)}  exchanges: {count}")
    if row.source:
        click.echo(f"Elsewhere: minzheng sources check {row.source} --from {target.name}", err=True)


def export_notice(folder: Path, target: Path, notice: str, *, unmasked: bool, as_json: bool) -> None:
    """Write all evidence of one notice into a folder; ends with code 3 where something of it cannot be read."""
    from archive.export.evidence.bundle import write_bundle
    from archive.export.evidence.warc import RawIsUnmasked
    from archive.export.sums import SUMS, digest

    if not unmasked:
        raise click.UsageError(str(RawIsUnmasked("--notice")))
    with reading(folder) as (archive, db):
        held = resolve(archive, notice)
        check_ledger(folder, target)
        try:
            written = write_bundle(target, archive.warc, db, held)
        except LookupError as error:
            end(str(error), NOTHING_USABLE)
        except FileExistsError as error:
            raise click.BadParameter(str(error), param_hint="DIR") from error
        except OSError as error:
            end(f"Cannot write {target}: {error.strerror or error}. Nothing was changed there.", disk_code(error))
    sums = digest(target / SUMS)
    put_down(
        folder,
        target,
        "unmasked",
        formats=("warc", "wacz", "json"),
        notices=1,
        files={SUMS: sums},
        options={"--notice": held},
    )
    if as_json:
        print_json({"notice": held, "sha256sums": sums, "bundle": written})
    else:
        click.echo(f"{target}  captures: {written.captures}")
    click.echo(f"Read {target / 'index.html'}. SHA-256 of {SUMS}, to be notarised at once: {sums}", err=True)
    for left in (*(f"{one.record_id}: {one.why}" for one in written.missing), *written.missed):
        click.echo(f"Not there: {left}", err=True)
    if written.missing or written.missed:
        raise click.exceptions.Exit(NEEDS_A_LOOK)
