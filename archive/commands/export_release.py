"""What `minzheng export --release` does: one whole release, and what a person is told of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import click

from archive.commands.export_notices import formats_of, tell_what_it_would_be, tell_what_was_written
from archive.commands.put_down import check_ledger, put_down, release_before
from archive.commands.selection import choice_of, said_of, sampling_of
from archive.commands.terminal import NOTHING_USABLE, bar, disk_code, end, reading

if TYPE_CHECKING:
    from archive.commands.export import Given
    from archive.export.release import Order
    from archive.export.release.previous import Previous

_NAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}")


def export_release(folder: Path, target: Path, given: Given, *, base: str | None) -> None:
    """Make a release of the archive in `folder`; ends with code 3 where a file that should come along cannot."""
    from archive.export.formats.exporter import Unwritable
    from archive.export.release import ReleaseWriter
    from archive.export.sums import SUMS, digest

    name = str(given["release"])
    if not _NAME.fullmatch(name):
        raise click.UsageError(f"{name!r} is no name of a release: letters, digits, dots and hyphens, as in 2026.2.")
    order = _order(name, given, base=base)
    with reading(folder) as (archive, db):
        try:
            if given["dry_run"]:
                tell_what_it_would_be(db, given)
                return
            check_ledger(folder, target, name=name)
            with _previous(folder, order, given["changed_since"] or given["previous"]) as previous:
                writer = ReleaseWriter(db, archive.warc, order, previous=previous, bar=bar)
                notices = writer.write(target)
        except Unwritable as error:
            end(f"{error}. Nothing was written.", NOTHING_USABLE)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        except OSError as error:
            kept = "Nothing was changed there; what is done is kept, and the same command goes on with it."
            end(f"Cannot write {target}: {error.strerror or error}. {kept}", disk_code(error))
    files = {SUMS: digest(target / SUMS)}
    before = previous.facts["name"] if previous else None
    options = {**order.selection["options"], **({"--changed-since": before} if order.changes_only else {})}
    put = partial(
        put_down, folder, target, formats=order.formats, notices=notices, files=files, options=options, name=name
    )
    put("release", previous=before)
    if not order.masked:
        put("unmasked")
    click.echo(f"{notices} notices. Anybody can check it: minzheng verify {target}", err=True)
    written = sorted(path for path in target.rglob("*") if path.is_file())
    tell_what_was_written(written, notices, writer.missed, as_json=given["as_json"])


def _order(name: str, given: Given, *, base: str | None) -> Order:
    from archive.export.formats.shards import SHARD
    from archive.export.formats.table_files import TABULAR
    from archive.export.release import Order

    return Order(
        name=name,
        choice=choice_of(given),
        sampling=sampling_of(given),
        selection=said_of(given),
        formats=formats_of(given) or TABULAR,
        masked=not given["unmasked"],
        with_files=given["with_files"],
        changes_only=given["changed_since"] is not None,
        shard=given["shard_size"] or SHARD,
        base=base,
    )


@contextmanager
def _previous(folder: Path, order: Order, named: str | None) -> Iterator[Previous | None]:
    """The release before: the one that is named, else the last one that was put down."""
    from archive.export.release.previous import find_previous, read_previous

    if named:
        before: Path | None = find_previous(named, folder)
    else:
        before = release_before(folder, order.name, order.selection["options"], masked=order.masked)
    if before is None:
        yield None
        return
    with TemporaryDirectory() as scratch:
        yield read_previous(before, Path(scratch))
