"""`minzheng doctor`: what this machine can do, and what will go wrong on it."""

from __future__ import annotations

import fcntl
import os
import platform
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import click

from archive.commands.terminal import as_json, print_json, print_table, size

_ROOM = 2_000_000_000
"""Bytes: two WARC files of full size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at: how it stands, what was seen, and what to do when that is not good."""

    name: str
    state: Literal["good", "warning", "bad"]
    seen: str
    advice: str | None = None


@click.command()
@as_json
@click.pass_obj
def doctor(folder: Path, *, as_json: bool) -> None:
    """Tell what this machine lacks.

    Looks at Python, SQLite, the disk, the contact, the archive and its lock, and says what to do about each.
    Changes nothing and makes no archive; the exit code is 0 whatever is found.
    """
    checks = [_python(), *_sqlite(), _disk(folder), _contact(folder), *_archive(folder), _lock(folder)]
    if as_json:
        print_json(checks)
        return
    print_table([(check.state, check.name, check.seen) for check in checks], ["state", "what", "seen"])
    for check in checks:
        if check.advice:
            click.echo(f"\n{check.name}: {check.advice}")


def _python() -> Check:
    seen = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return Check(name="python", state="good", seen=seen)


def _sqlite() -> Iterator[Check]:
    from archive.store.engine import has_fts5, has_wal_race, version

    seen = ".".join(map(str, version()))
    if has_wal_race(version()):
        advice = (
            f"SQLite {seen} can damage a database when two programs reset its write-ahead log at once (3.7.0 to "
            "3.51.2; mended in 3.51.3, 3.50.7, 3.44.6). The archive has one writer: let no other program write to "
            "notices.db; a newer Python or system SQLite ends the danger. `minzheng rebuild` restores a damaged file."
        )
        yield Check(name="sqlite", state="warning", seen=f"{seen}, with the WAL-reset fault", advice=advice)
    else:
        yield Check(name="sqlite", state="good", seen=seen)
    if has_fts5():
        yield Check(name="search", state="good", seen="FTS5 is there")
    else:
        advice = (
            "nothing can be indexed or searched: use a Python whose SQLite has FTS5 (python.org's and most Linux's)"
        )
        yield Check(name="search", state="bad", seen="SQLite without FTS5", advice=advice)


def _disk(folder: Path) -> Check:
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    usage = shutil.disk_usage(there)
    seen = f"{size(usage.free)} free of {size(usage.total)} at {there}"
    if usage.free < _ROOM:
        advice = (
            f"make room: a crawl stops on a full disk, and rebuild and verify need a copy of notices.db ({size(_ROOM)})"
        )
        return Check(name="disk", state="warning", seen=seen, advice=advice)
    return Check(name="disk", state="good", seen=seen)


def _contact(folder: Path) -> Check:
    file = folder / "minzheng.toml"
    try:
        contact = tomllib.loads(file.read_text("utf-8")).get("contact") if file.exists() else None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return Check(name="contact", state="bad", seen=f"{file} is broken", advice=f"mend {file}: {error}")
    contact = os.environ.get("MINZHENG_CONTACT") or contact
    if isinstance(contact, str) and contact.strip():
        return Check(name="contact", state="good", seen=contact)
    advice = (
        f'write contact = "you@example.org" in {file}, or set MINZHENG_CONTACT; only the demo is crawled without one'
    )
    return Check(name="contact", state="warning", seen="none" if contact is None else repr(contact), advice=advice)


def _archive(folder: Path) -> Iterator[Check]:
    from archive.archive import Archive, ArchiveError

    try:
        archive = Archive.open(folder)
    except ArchiveError as error:
        yield Check(name="archive", state="warning", seen="none", advice=str(error))
        return
    if not archive.database.is_file():
        advice = "`minzheng index` makes notices.db from the captures"
        yield Check(name="archive", state="warning", seen=f"{archive.path}, no notices.db", advice=advice)
        return
    with archive:
        seen = f"{archive.path}, notices.db {size(archive.database.stat().st_size)}"
        yield Check(name="archive", state="good", seen=seen)
        changed = archive.tracing_changed()
        seen = "as it settled the copies" if changed is None else "another version than settled the copies"
        yield Check(name="tracing", state="good" if changed is None else "warning", seen=seen, advice=changed)


def _lock(folder: Path) -> Check:
    """Tell who works on the archive now. A file that names nobody is free: its last holder let go in order."""
    from archive.lock import describe_holder

    file = folder / "archive.lock"
    if not file.exists() or not file.stat().st_size or not _is_held(file):
        return Check(name="lock", state="good", seen="free")
    return Check(name="lock", state="good", seen=describe_holder(file))


def _is_held(file: Path) -> bool:
    with file.open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
