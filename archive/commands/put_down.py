"""What a command puts down of an export that cannot be called back, and what was put down of releases before."""

from __future__ import annotations

import getpass
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from archive.ledger import Export, What


def put_down(
    folder: Path,
    target: Path,
    what: What,
    *,
    formats: Sequence[str],
    notices: int,
    files: Mapping[str, str],
    options: Mapping[str, Any] | None = None,
    name: str | None = None,
    previous: str | None = None,
) -> None:
    """Add an export to the ledger of the archive in `folder`; of an unmasked one a person is told so.

    `files` are digests by name, `options` how the notices were chosen.
    """
    from archive.ledger import NAME, Export, append

    given = (options or {}).items()
    export = Export(
        at=datetime.now(UTC),
        who=getpass.getuser(),
        what=what,
        name=name,
        folder=str(target.resolve()),
        formats=tuple(formats),
        selection={option: ",".join(said) if isinstance(said, list) else str(said) for option, said in given},
        notices=notices,
        previous=previous,
        files=files,
    )
    append(folder / NAME, export)
    if what == "unmasked":
        click.echo(f"Not masked: personal data stand in it as printed. It is put down in {NAME}.", err=True)


def folder_of_release(folder: Path, named: str) -> Path:
    """Where a release is: a folder, or the name of a release of this archive. Ends with a usage error for neither."""
    from archive.ledger import NAME

    if Path(named).is_dir():
        return Path(named)
    written = [one for one in _releases(folder) if one.name == named]
    if not written:
        known = ", ".join(dict.fromkeys(str(one.name) for one in _releases(folder))) or "none"
        raise click.UsageError(f"{named!r} is no folder, and no release that {NAME} knows; it knows: {known}.")
    if not Path(written[-1].folder).is_dir():
        raise click.UsageError(f"Release {named} was written to {written[-1].folder}, which is gone; give its folder.")
    return Path(written[-1].folder)


def release_before(folder: Path, name: str) -> Path | None:
    """The folder of the last whole release of another name; None, and a word on stderr, where it cannot be had.

    Of a release that is made again it is the one that was before it the first time, so that the bytes are the same.
    """
    releases = _releases(folder)
    if again := [one for one in releases if one.name == name]:
        releases = [one for one in releases if one.name == again[0].previous]
    if not releases:
        return None
    if not Path(releases[-1].folder).is_dir():
        click.echo(
            f"Release {releases[-1].name} was written to {releases[-1].folder}, which is gone: no changes are"
            " told. Give --previous FOLDER to have them.",
            err=True,
        )
        return None
    return Path(releases[-1].folder)


def _releases(folder: Path) -> list[Export]:
    """The whole releases that were put down, in the order in which they were made."""
    from archive.ledger import NAME, LedgerError, read_ledger

    try:
        ledger = read_ledger(folder / NAME)
    except LedgerError as error:
        raise click.UsageError(str(error)) from error
    return [one for one in ledger if one.what == "release" and "--changed-since" not in one.selection]
