"""What `minzheng export --issue` and `--notice` do: the pages themselves, for somebody who is to look at them."""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands.put_down import put_down
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


def export_notice(folder: Path, target: Path, named: str, *, unmasked: bool, as_json: bool) -> None:
    """Write all evidence of one notice, named by an id or an address, into a folder."""
    from archive.export.bundle import write_bundle
    from archive.export.sums import SUMS, digest
    from archive.export.warc import RawIsUnmasked
    from archive.store.takedowns import taken_down

    with reading(folder) as (archive, db):
        notice = resolve(archive, named)
        try:
            if not unmasked:
                raise RawIsUnmasked("--notice and its evidence")
            bundle = write_bundle(target, archive.warc, db, notice, left_out=taken_down(db))
        except (ValueError, FileExistsError) as error:
            raise click.UsageError(str(error)) from error
        except LookupError:
            end(f"{notice} was taken down: its evidence is not given out", NOTHING_USABLE)
        except OSError as error:
            end(f"Cannot write {target}: {error.strerror or error}. Nothing was changed there.", disk_code(error))
    put_down(
        folder,
        target,
        "unmasked",
        formats=("notice",),
        notices=1,
        files={SUMS: digest(target / SUMS)},
        options={"--notice": notice},
    )
    if as_json:
        print_json(bundle)
    else:
        click.echo(f"{target / 'index.html'}  captures: {bundle.captures}")
    lost = [*(one.record_id for one in bundle.missing), *bundle.missed]
    for one in lost:
        click.echo(f"Not there: {one}", err=True)
    if lost:
        raise click.exceptions.Exit(NEEDS_A_LOOK)
