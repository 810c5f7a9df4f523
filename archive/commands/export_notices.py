"""What `minzheng export --format` does: the notices alone, as files of a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.commands.put_down import check_ledger, put_down
from archive.commands.selection import choice_of, said_of, sampling_of
from archive.commands.terminal import NEEDS_A_LOOK, NOTHING_USABLE, bar, disk_code, end, print_json, reading, size

if TYPE_CHECKING:
    from archive.commands.export import Given
    from archive.store import Database


def export_notices(folder: Path, target: Path, given: Given, *, base: str | None) -> None:
    """Write the notices into a folder, beside what is there."""
    from archive.export.formats.exporter import Unwritable
    from archive.export.plain import Order
    from archive.export.plain import export_notices as write_notices
    from archive.export.sums import digest

    if target.is_file():
        raise click.BadParameter(f"{str(target)!r} is a file; --format writes into a folder.", param_hint="DIR")
    order = Order(
        formats=formats_of(given),
        choice=choice_of(given),
        sampling=sampling_of(given),
        masked=not given["unmasked"],
        base=base,
    )
    with reading(folder) as (archive, db):
        try:
            if given["dry_run"]:
                tell_what_it_would_be(db, given)
                return
            if given["unmasked"]:
                check_ledger(folder, target)
            written = write_notices(db, archive.warc, target, order, bar=bar)
        except Unwritable as error:
            end(f"{error}. Nothing was written.", NOTHING_USABLE)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        except OSError as error:
            end(f"Cannot write to {target}: {error.strerror or error}. Nothing was changed there.", disk_code(error))
    files, count = written.files, written.notices
    if given["unmasked"]:
        digests = {file.name: digest(file) for file in files}
        options = said_of(given)["options"]
        put_down(folder, target, "unmasked", formats=order.formats, notices=count, files=digests, options=options)
    if count == 0 and said_of(given)["options"]:
        click.echo("No notice fits the filters.", err=True)
    tell_what_was_written(files, count, written.missed, as_json=given["as_json"])


def formats_of(given: Given) -> tuple[str, ...]:
    """The formats that are asked for, each once."""
    return tuple(dict.fromkeys(name for names in given["formats"] for name in names))


def tell_what_was_written(files: Sequence[Path], notices: int, missed: Sequence[str], *, as_json: bool) -> None:
    """Print the files of an export; ends with code 3 where something that should be in them could not be read."""
    if as_json:
        listed = [{"path": str(file), "bytes": file.stat().st_size} for file in files]
        print_json({"notices": notices, "files": listed, "missed": missed})
    else:
        for file in files:
            click.echo(f"{file}  {size(file.stat().st_size)}")
    for one in missed:
        click.echo(f"Not there: {one}", err=True)
    if missed:
        raise click.exceptions.Exit(NEEDS_A_LOOK)


def tell_what_it_would_be(db: Database, given: Given) -> None:
    """Print how many notices and copies an export would have."""
    from archive.export.draft import count_notices

    counts = count_notices(db, choice_of(given), sampling=sampling_of(given))
    if given["as_json"]:
        print_json(counts)
    else:
        masked = "as printed" if given["unmasked"] else "masked"
        click.echo(f"notices: {counts['notices']}  copies: {counts['copies']}  taken down: {counts['taken_down']}")
        click.echo(f"personal data: {masked}; nothing was written")
