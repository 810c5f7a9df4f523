"""What every command shares: opening an archive to read, tables, JSON, days, and ending with a message."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.store import Database
    from archive.store.successors import Successor

NEEDS_A_LOOK = 3
NOTHING_USABLE = 4
_NAMED = 8
"""Notices that are named at most where an id stood for several."""

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


LIST = "list"
"""Of a `ListUnlessNamed` group the command that runs where none is named."""


class ListUnlessNamed(click.Group):
    """A group that lists when its first word names none of its commands."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the listing's name in front where no command is named."""
        if not args or (args[0] not in self.commands and args[0] not in self.get_help_option_names(ctx)):
            args = [LIST, *args]
        return super().parse_args(ctx, args)


class Words(click.ParamType[str]):
    """Words as a person typed them, in UTF-8 even where Python took the locale's word that all is ASCII."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002  click's signature
        """Read bytes that the locale could not as UTF-8."""
        unread = any("\udc80" <= character <= "\udcff" for character in value)
        return os.fsencode(value).decode("utf-8", "replace") if unread else value


class Day(click.ParamType[str]):
    """An ISO day (2024-03-01), given back as the text that the database holds."""

    name = "YYYY-MM-DD"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check the day and spell it as ISO does."""
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            self.fail(f"{value!r} is no day; write it as 2024-03-01.", param, ctx)


def at_option(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the option `--at DAY`; `moment` makes an instant of it."""
    return click.option("--at", type=Day(), help="Tell it as if it were that day.")(command)


def moment(at: str | None) -> datetime:
    """The end of a day in Beijing, so that all that happened on it is over; without a day, now."""
    from archive.dates import BEIJING

    return datetime.now(UTC) if at is None else datetime.combine(date.fromisoformat(at), time(23, 59, 59), BEIJING)


def day_of(at: str) -> str:
    """The day in Beijing of an instant as the database has it."""
    from archive.dates import BEIJING
    from archive.store.times import read_instant

    return read_instant(at).astimezone(BEIJING).date().isoformat()


def moment_of(at: datetime) -> str:
    """An instant as a person in Beijing reads it, to the minute: `2026-03-02 09:00`."""
    from archive.dates import BEIJING

    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def end(message: str, code: int) -> NoReturn:
    """End the command with a message for a person and an exit code of the contract (design: command line)."""
    click.echo(f"Error: {message}", err=True)
    raise click.exceptions.Exit(code)


@contextmanager
def reading(folder: Path) -> Iterator[tuple[Archive, Database]]:
    """Give the archive and a read-only connection to its database; end with code 4 where there is none."""
    from archive.archive import Archive, ArchiveError
    from archive.store import is_current, open_reader

    try:
        archive = Archive.open(folder)
    except ArchiveError as error:
        end(str(error), error.exit_code)
    if not archive.database.is_file():
        end(f"{folder} has captures but no notices.db; `minzheng index` makes it", NOTHING_USABLE)
    db = open_reader(archive.database)
    try:
        if not db.table("notices_fts").exists():  # the index was stopped while it made the tables
            end(f"{archive.database} was never finished; `minzheng index` makes it whole", NOTHING_USABLE)
        if not is_current(db):
            end(
                f"{archive.database} is of an older version of this program; `minzheng index` brings it up to date",
                NOTHING_USABLE,
            )
        yield archive, db
    except ArchiveError as error:
        end(str(error), error.exit_code)
    finally:
        db.close()


def resolve(archive: Archive, wanted: str) -> str:
    """Give the id of the notice that an id, a former id or an address names; end with code 4 if none does.

    Where an id once stood for more than that notice, the others are named on stderr.
    """
    found = archive.find(wanted)
    _name_others(wanted, archive.successors(wanted))
    if found is None:
        end(
            f"No notice for {wanted!r} in {archive.path}. Give an id or the address of a copy, "
            "or look for it with: minzheng search WORDS",
            NOTHING_USABLE,
        )
    return found


def _name_others(wanted: str, others: Sequence[Successor]) -> None:
    from archive.labels import PARTINGS

    if others:
        click.echo(f"{wanted} may have stood for these, too:", err=True)
    for one in others[:_NAMED]:
        click.echo(f"  {one['id']}  {clip(one['title'], 60)}  {one['url']}  {PARTINGS[one['known_by']]}", err=True)
    if len(others) > _NAMED:
        click.echo(f"  and {len(others) - _NAMED} others; --json names all", err=True)


def disk_code(error: OSError) -> int:
    """The exit code for what could not be written: 1 where the disk is full."""
    from errno import EDQUOT, ENOSPC

    return 1 if error.errno in (ENOSPC, EDQUOT) else NOTHING_USABLE


def check_sources(db: Database, keys: Sequence[str]) -> None:
    """Refuse a source key that the archive does not have, and say which come near."""
    from difflib import get_close_matches

    from archive.store.reading import source_keys

    known = source_keys(db)
    for key in keys:
        if key not in known:
            near = get_close_matches(key, known, n=3) or known[:12]
            raise click.BadParameter(
                f"{key!r} is no source of this archive. Known: {', '.join(near)}", param_hint="--source"
            )


@contextmanager
def bar(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar over what is done of how much, on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as shown:

        def show(done: int, total: int) -> None:
            shown.length = max(total, 1)
            shown.update(done - shown.pos)

        yield show


def print_json(value: object) -> None:
    """Print one JSON document to stdout, Chinese as it is; days and instants (UTC) as ISO 8601, records by field."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def json_line(value: object) -> bytes:
    """Give one JSON document as a line, spelled as `print_json` does; what is no UTF-8 in a file's name as escapes."""
    line = json.dumps(value, ensure_ascii=False, default=_plain)
    return f"{line}\n".encode(errors="backslashreplace")  # which for a lone surrogate is JSON's own escape


def print_table(rows: Sequence[Sequence[object]], headers: Sequence[str]) -> None:
    """Print rows as a table that keeps its columns under Chinese text; nothing for no rows."""
    from tabulate import tabulate

    if rows:
        click.echo(tabulate(rows, headers=headers, tablefmt="simple", disable_numparse=True))


def clip(text: str | None, columns: int) -> str:
    """Cut text to so many terminal columns (a Chinese character takes two), with … where it was cut."""
    from wcwidth import wcswidth, wcwidth

    line = " ".join((text or "").split())
    if wcswidth(line) <= columns:
        return line
    used = 0
    for end, character in enumerate(line):
        used += max(wcwidth(character), 0)
        if used > columns - 1:
            return line[:end] + "…"
    return line


def size(count: int) -> str:
    """Bytes in a unit that a person reads: `1.4 MB`."""
    amount = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} B" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def _plain(value: object) -> object:
    from archive.store.times import instant

    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
