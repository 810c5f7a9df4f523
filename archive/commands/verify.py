"""`minzheng verify`: prove that captures, rows and digests agree; of a release, all that can be proved without one."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import click

from archive.commands.terminal import NEEDS_A_LOOK, NOTHING_USABLE, as_json, bar, end, print_json, reading


@click.command()
@click.argument("release", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@as_json
@click.pass_context
def verify(ctx: click.Context, *, release: Path | None, as_json: bool) -> None:
    """Check that captures, rows and digests agree.

    Without DIR the archive: its WARC files, its database and the search index. Needs room for a copy of notices.db.

    With DIR a release, or the evidence of one notice, on any machine and without an archive: every file against
    SHA256SUMS, every row of every table in all its formats, digests of texts, counts and references, each record of
    its WARC and WACZ files against its row, attached files. Parquet is read where pyarrow is installed.

    Changes nothing. Ends with code 3 when something does not agree, each named, and 4 where there is nothing to check.
    """
    if release is None:
        _verify_archive(ctx, as_json=as_json)
    else:
        _verify_release(ctx, release, as_json=as_json)


def _verify_archive(ctx: click.Context, *, as_json: bool) -> None:
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


def _verify_release(ctx: click.Context, release: Path, *, as_json: bool) -> None:
    from archive.release_checks import Compared, Finding, Held, NoRelease, NotCompared, check_release

    found: dict[type, list[object]] = {kind: [] for kind in (Finding, Compared, Held, NotCompared)}
    try:
        for checked in check_release(release, bar):
            if isinstance(checked, Finding):
                finding = Finding(where=_printable(checked.where), detail=_printable(checked.detail))
                found[Finding].append(finding)
                if not as_json:
                    click.echo(f"{finding.where}: {finding.detail}")
            else:
                found[type(checked)].append(checked)
    except NoRelease as error:
        end(str(error), NOTHING_USABLE)
    except OSError as error:
        end(f"{release} cannot be read: {error.strerror or error}", NOTHING_USABLE)
    if as_json:
        names = {Finding: "findings", Compared: "tables", Held: "evidence", NotCompared: "not_compared"}
        print_json({names[kind]: every for kind, every in found.items()})
    else:
        for one in (*found[Compared], *found[Held], *found[NotCompared]):
            click.echo(_printable(str(one)))
        findings = len(found[Finding])
        click.echo(f"{findings} that do not agree." if findings else "All agree.")
    if found[Finding]:
        ctx.exit(NEEDS_A_LOOK)


def _printable(line: str) -> str:
    """What a stranger may have written, without what moves a terminal's cursor."""
    return "".join("�" if unicodedata.category(one) in ("Cc", "Cf", "Cs") else one for one in line)
