"""`minzheng exports`: what left the archive that cannot be called back."""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands.terminal import NEEDS_A_LOOK, as_json, clip, end, moment_of, print_json, print_table


@click.command()
@as_json
@click.pass_context
def exports(ctx: click.Context, *, as_json: bool) -> None:
    """List releases, and exports of unmasked personal data.

    They stand in exports.jsonl of the archive's folder, put down when each was whole. Exit code 3 when a line of it
    cannot be read: it is named, and the others are listed.
    """
    from archive.appended import BrokenLine
    from archive.archive import Archive, ArchiveError
    from archive.ledger import NAME, scan_ledger

    folder: Path = ctx.obj
    try:
        Archive.open(folder).close()
    except ArchiveError as error:
        end(str(error), error.exit_code)
    lines = list(scan_ledger(folder / NAME))
    found = [one for one in lines if not isinstance(one, BrokenLine)]
    if as_json:
        print_json(found)
    else:
        print_table(
            [
                (
                    moment_of(one.at),
                    one.what,
                    one.name or "",
                    one.who,
                    one.notices,
                    ",".join(one.formats),
                    clip(" ".join(f"{name}={given}" for name, given in one.selection.items()), 40),
                    one.folder,
                )
                for one in found
            ],
            ["at", "what", "name", "who", "notices", "formats", "selection", "folder"],
        )
    broken = [one for one in lines if isinstance(one, BrokenLine)]
    for one in broken:
        click.echo(f"Error: {folder / NAME} line {one.number} is no export: {one.why}", err=True)
    if broken:
        ctx.exit(NEEDS_A_LOOK)
