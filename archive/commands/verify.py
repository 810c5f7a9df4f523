"""`minzheng verify`: prove that captures, rows and digests agree."""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands.terminal import NEEDS_A_LOOK, as_json, print_json, reading


@click.command()
@as_json
@click.pass_context
def verify(ctx: click.Context, *, as_json: bool) -> None:
    """Check that captures, rows and digests agree.

    The database and its search index are checked against themselves.
    Changes nothing. Ends with code 3 when something does not agree. Needs room for a copy of notices.db.
    """
    from archive.checks import Finding, Sound, check_captures, check_database

    folder: Path = ctx.obj
    findings: list[Finding] = []
    files: list[Sound] = []
    with reading(folder) as (archive, db):
        for checked in (*check_captures(archive.path / "warc", db), *check_database(db, archive.path)):
            if isinstance(checked, Sound):
                files.append(checked)
            else:
                findings.append(checked)
                if not as_json:
                    click.echo(f"{checked.where}: {checked.detail}")
    if as_json:
        print_json({"findings": findings, "files": files})
    else:
        records, rows = sum(file.records for file in files), sum(file.rows for file in files)
        outcome = f"{len(findings)} that do not agree" if findings else "all agree"
        click.echo(f"WARC files {len(files)}, records {records}, rows {rows}: {outcome}.")
    if findings:
        ctx.exit(NEEDS_A_LOOK)
