"""What `minzheng export --release` does: one whole release, and what a person is told of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from archive.commands.terminal import NOTHING_USABLE, bar, end, reading, size

if TYPE_CHECKING:
    from archive.export.release import Order

_NAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}")


class ReleaseName(click.ParamType[str]):
    """A name that can stand in file names and addresses."""

    name = "NAME"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse what cannot."""
        if not _NAME.fullmatch(value):
            self.fail(
                f"{value!r} is no name of a release: letters, digits, dots and hyphens, as in 2026.2.", param, ctx
            )
        return value


def make_release(folder: Path, target: Path, order: Order) -> None:
    """Make a release of the archive in `folder`; end with a message where that cannot be."""
    from archive.export.release import write_release

    with reading(folder) as (_, db):
        try:
            write_release(db, target, order, bar=bar)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        except OSError as error:
            end(
                f"Cannot write {target}: {error.strerror or error}. What is done is kept; run it again to go on.",
                _code(error),
            )
    files = [path for path in sorted(target.rglob("*")) if path.is_file()]
    for file in files:
        click.echo(f"{file}  {size(file.stat().st_size)}")


def _code(error: OSError) -> int:
    from errno import EDQUOT, ENOSPC

    return 1 if error.errno in (ENOSPC, EDQUOT) else NOTHING_USABLE
