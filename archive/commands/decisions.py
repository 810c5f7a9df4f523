"""`minzheng decisions`: what people ruled, taken back, and exchanged between archives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from archive.commands.decide import ruled_by
from archive.commands.terminal import (
    LIST,
    NEEDS_A_LOOK,
    ListUnlessNamed,
    as_json,
    clip,
    end,
    print_json,
    print_table,
)
from archive.commands.write import catch_up, existing

if TYPE_CHECKING:
    from archive.appended import BrokenLine
    from archive.records import Decision


@click.group(cls=ListUnlessNamed)
def decisions() -> None:
    """List what people ruled, take it back, or exchange it.

    `minzheng decisions [--all] [--json]` lists the merges, splits and takedowns that hold. Rulings name addresses,
    never ids, so another archive can take them over: `export` writes them to a file and `import` takes in what is not
    held yet.
    """


@decisions.command(LIST, hidden=True)
@click.option("--all", "everything", is_flag=True, help="What was taken back, put off and paused, too.")
@as_json
@click.pass_obj
def list_decisions(folder: Path, *, everything: bool, as_json: bool) -> None:
    """List the merges, splits and takedowns that hold, in the order in which they were made."""
    from archive.decisions import SHARED, in_order, standing_rulings

    found = _read(folder)
    holds = set(standing_rulings(found, of=SHARED))
    numbers = {one: number for number, one in enumerate(found, start=1)}
    shown = [(numbers[one], one) for one in in_order(numbers) if everything or one in holds]
    if as_json:
        print_json([{"number": number, **asdict(one), "holds": one in holds} for number, one in shown])
        return
    print_table(
        [
            (
                number,
                f"{one.at:%Y-%m-%d %H:%M}",
                one.what if one.retired_at is None else f"{one.what} taken back",
                one.who,
                clip(one.why, 40),
                f"{one.urls[0]}" + (f" +{len(one.urls) - 1}" if one.urls[1:] else ""),
                clip(one.taken_from, 24),
            )
            for number, one in shown
        ],
        ["number", "at", "what", "who", "why", "about", "taken from"],
    )


@decisions.command("retire")
@click.argument("numbers", nargs=-1, required=True, type=click.IntRange(min=1), metavar="NUMBER...")
@ruled_by
@as_json
@click.pass_obj
def retire(folder: Path, numbers: tuple[int, ...], *, why: str, who: str, as_json: bool) -> None:
    """Take rulings back: what the tracing says holds again, and what was taken down is given out again.

    NUMBER is what `minzheng decisions` lists. The ruling stays on record, with who took it back and why.
    """
    from archive.decisions import SHARED, standing_rulings

    with existing(folder, "minzheng decisions retire") as archive:
        found = archive.rulings()
        holds = set(standing_rulings(found, of=SHARED))
        for number in numbers:
            if number > len(found) or found[number - 1] not in holds:
                end(f"{number} is no merge, split or takedown that holds; `minzheng decisions` lists those", 2)
        retired = []
        for number in dict.fromkeys(numbers):
            at = datetime.now(UTC)
            retired.append(archive.rule(replace(found[number - 1], at=at, who=who, why=why, retired_at=at)))
        catch_up(archive)
    if as_json:
        print_json({"retired": retired})
    else:
        for one in retired:
            click.echo(f"taken back: {one.what} {' '.join(one.urls)}")


@decisions.command("export")
@click.argument("file", type=click.File("wb", atomic=True))
@click.pass_obj
def export_decisions(folder: Path, file: BinaryIO) -> None:
    """Write every merge, split and takedown to FILE (- for stdout), those that were taken back too.

    Another archive imports it.
    """
    from archive.decisions import SHARED, decision_line

    found = [one for one in _read(folder) if one.what in SHARED]
    file.write(b"".join(map(decision_line, found)))
    click.echo(f"{len(found)} rulings", err=True)


@decisions.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", help="What to call the archive they are from.  [default: the file's name]")
@click.option("--all", "everything", is_flag=True, help="Take what it put off and paused, too.")
@click.option("--dry-run", is_flag=True, help="Say what would be taken over, and take nothing.")
@as_json
@click.pass_context
def import_decisions(
    ctx: click.Context, file: Path, *, name: str | None, everything: bool, dry_run: bool, as_json: bool
) -> None:
    """Take over another archive's rulings: those that are not held yet, with who made them and when.

    FILE is what `export` wrote, or the other archive's decisions.jsonl. Of rulings that contradict each other the one
    made later holds, in whichever archive it was made. What an operator put off or paused there is left alone, unless
    with --all. Exit code 3 when a line is no ruling: it is named, and the others are taken.
    """
    from archive.appended import BrokenLine
    from archive.decisions import SHARED, not_held, scan_decisions

    with existing(ctx.obj, "minzheng decisions import") as archive:
        lines = list(scan_decisions(file))
        broken = [one for one in lines if isinstance(one, BrokenLine)]
        theirs = [one for one in lines if not isinstance(one, BrokenLine) and (everything or one.what in SHARED)]
        new: Sequence[Decision] = not_held(archive.rulings(), theirs)
        if not dry_run and new:
            new = archive.take_over(theirs, taken_from=name or file.name)
            catch_up(archive)
    _print_taken(new, broken, held=len(theirs) - len(new), dry_run=dry_run, as_json=as_json)
    for one in broken:
        click.echo(f"Error: {file} line {one.number} is no ruling: {one.why}", err=True)
    if broken:
        ctx.exit(NEEDS_A_LOOK)


def _print_taken(
    new: Sequence[Decision], broken: Sequence[BrokenLine], *, held: int, dry_run: bool, as_json: bool
) -> None:
    if as_json:
        print_json({"taken": new, "held_already": held, "broken": broken, "dry_run": dry_run})
        return
    for one in new:
        click.echo(f"{one.at:%Y-%m-%d} {one.who}: {one.what} {' '.join(one.urls)} ({one.why})")
    click.echo(f"{'would be ' * dry_run}taken over {len(new)}, held already {held}", err=True)


def _read(folder: Path) -> list[Decision]:
    """Every ruling of an archive; end the command where there is none, or a line cannot be read."""
    from archive.archive import Archive, ArchiveError

    try:
        return Archive.open(folder).rulings()
    except ArchiveError as error:
        end(str(error), error.exit_code)
