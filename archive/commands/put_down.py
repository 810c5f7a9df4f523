"""What a command puts down of an export that cannot be called back, and what was put down of releases before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.commands.terminal import disk_code, end
from archive.commands.who import user_name

if TYPE_CHECKING:
    from archive.ledger import What


def check_ledger(folder: Path, target: Path, *, name: str | None = None) -> None:
    """End the command before it has written anything, where its export could not be put down."""
    from archive.ledger import NAME

    if name is None and _stays(folder, target):
        return
    try:
        with (folder / NAME).open("ab"):
            pass
    except OSError as error:
        why = f"{error.strerror or error}. Every release and what is unmasked is put down there; nothing was written."
        end(f"Cannot write {folder / NAME}: {why}", disk_code(error))


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

    What is written into that folder, as a daily snapshot is, has not left the archive and is not put down, unless it
    is a release (`name`), from which the next one is told.
    `files` are digests by name, `options` how the notices were chosen.
    """
    from archive.ledger import NAME, Export, append

    if name is None and _stays(folder, target):
        return
    export = Export(
        at=datetime.now(UTC),
        who=user_name(),
        what=what,
        name=name,
        folder=str(target.resolve()),
        formats=tuple(formats),
        selection=_as_text(options or {}),
        notices=notices,
        previous=previous,
        files=files,
    )
    try:
        append(folder / NAME, export)
    except OSError as error:
        why = f"{error.strerror or error}. {target} is whole, but not put down: run the same command again."
        end(f"Cannot write {folder / NAME}: {why}", disk_code(error))
    if what == "unmasked":
        click.echo(f"Not masked: personal data stand in it as printed. It is put down in {NAME}.", err=True)


def release_before(folder: Path, name: str, options: Mapping[str, Any], *, masked: bool) -> Path | None:
    """The folder of the last release of another name, chosen by the same options and masked like this one.

    None where there is none, or, with a word on stderr, where it cannot be had any more. Of a release that is made
    again it is the one that was before it the first time, so that the bytes are the same. Raises: LedgerError.
    """
    from archive.export.release.previous import find_previous
    from archive.ledger import NAME, read_ledger

    chosen = _as_text(options)
    ledger = read_ledger(folder / NAME)
    shown = {one.name for one in ledger if one.what == "unmasked"}
    alike = [one for one in ledger if one.what == "release" and one.selection == chosen]
    releases = [one for one in alike if (one.name in shown) is not masked]
    again = [one for one in releases if one.name == name]
    before = again[0].previous if again else releases[-1].name if releases else None
    if before is None:
        return None
    try:
        return find_previous(before, folder)
    except ValueError as error:
        click.echo(
            f"{str(error)[:1].upper()}{str(error)[1:]}. No changes are told; --previous FOLDER has them told.", err=True
        )
        return None


def _stays(folder: Path, target: Path) -> bool:
    return target.resolve().is_relative_to(folder.resolve())


def _as_text(options: Mapping[str, Any]) -> dict[str, str]:
    return {option: ",".join(said) if isinstance(said, list) else str(said) for option, said in options.items()}
