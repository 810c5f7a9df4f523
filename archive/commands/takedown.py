"""`minzheng takedown`: what is not given out any more, because somebody asked."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import click

from archive.commands.decide import ruled_by
from archive.commands.terminal import as_json, clip, end, print_json, print_table, reading
from archive.commands.write import catch_up, existing

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.store import Database
    from archive.store.takedown_reach import FileAt, NoticeAt

_USAGE = 2


class Reach(TypedDict):
    """What one address leaves out; two empty lists where the archive knows nothing there yet."""

    url: str
    notices: list[NoticeAt]
    files: list[FileAt]


@click.command()
@click.argument("named", nargs=-1, required=True, metavar="URL|FILE...")
@ruled_by
@click.option("--dry-run", is_flag=True, help="Say what would be left out, and rule nothing.")
@as_json
@click.pass_obj
def takedown(folder: Path, named: tuple[str, ...], *, why: str, who: str, dry_run: bool, as_json: bool) -> None:
    """Rule that something is not given out any more.

    URL is the address of a copy, of an original that copies name, or of a linked file; FILE is a list of such
    addresses, one a line. A notice is left out whole, whichever of its addresses is named: of every export and release
    that is made from now on, and of what `minzheng serve --public` shows. Of a file its text and bytes are left out,
    wherever the same bytes are linked. Captures and your own reading room keep everything.

    An address that the archive does not know is ruled all the same and obeyed when it comes. The ruling outlives every
    rebuild; `minzheng decisions retire` takes it back. What was exported before is beyond reach: tell who has it.
    """
    from archive.urls import url_key

    urls = tuple({url_key(url): url for url in _addresses(named)}.values())
    if not urls:
        end(f"{', '.join(named)}: there is no address in it; nothing was ruled.", _USAGE)
    held: list[str] = []
    if not dry_run:
        with existing(folder, "minzheng takedown") as archive:
            held = _rule(archive, urls, who=who, why=why)
            catch_up(archive)
    with reading(folder) as (_, db):
        found = [_reach(db, url) for url in urls]
    if as_json:
        print_json({"dry_run": dry_run, "held_already": held, "leaves_out": found})
    else:
        _print_reach(found)
    for one in found:
        if not one["notices"] and not one["files"]:
            verb = "would be" if dry_run else "is"
            click.echo(f"Warning: nothing is known of {one['url']}; it {verb} obeyed when it comes.", err=True)
    _warn_of_others(found)
    for url in held:
        click.echo(f"ruled already: {url}", err=True)
    if not dry_run and (folder / "public").is_dir():
        click.echo("A running `minzheng serve --public` shows what it had: start it again.", err=True)


def _warn_of_others(found: Sequence[Reach]) -> None:
    """Name the notices that print the same and stay."""
    notices = [notice for one in found for notice in one["notices"]]
    gone = {notice["id"] for notice in notices}
    others = {other["id"]: other for notice in notices for other in notice["printed_by"] if other["id"] not in gone}
    if others:
        click.echo(
            "Warning: these print its text, or much of it, and stay; name them, too, if they are meant:", err=True
        )
    for other in others.values():
        click.echo(f"  {other['id']}  {clip(other['title'], 60)}  {other['url']}", err=True)


def _addresses(named: Sequence[str]) -> Iterator[str]:
    """The addresses that are given, in a list or by themselves, in fetch form; end the command at what is none."""
    from archive.urls import fetch_url

    for word in named:
        is_list = "://" not in word and os.path.isfile(word)  # noqa: PTH113 (an address may be too long for Path)
        for line in Path(word).read_text("utf-8-sig", "replace").splitlines() if is_list else [word]:
            if line.strip():
                try:
                    yield fetch_url(line.strip())
                except ValueError:
                    place = f"{line.strip()!r} in {word}" if is_list else repr(word)
                    end(f"{place} is no web address and no file of addresses; nothing was ruled.", _USAGE)


def _rule(archive: Archive, urls: Sequence[str], *, who: str, why: str) -> list[str]:
    """Append a ruling for each address, so that each can be taken back by itself; give those that held before."""
    from archive.decisions import TAKEDOWNS, standing_rulings
    from archive.records import Decision
    from archive.urls import url_key

    standing = standing_rulings(archive.rulings(), of=TAKEDOWNS)
    ruled = {url_key(url) for one in standing for url in one.urls}
    for url in urls:
        if url_key(url) not in ruled:
            archive.rule(Decision(at=datetime.now(UTC), who=who, what="takedown", urls=(url,), why=why))
    return [url for url in urls if url_key(url) in ruled]


def _reach(db: Database, url: str) -> Reach:
    from archive.store.takedown_reach import describe_file, describe_notice
    from archive.store.takedowns import files_at, notices_at
    from archive.urls import url_key

    notices = [describe_notice(db, notice) for notice in notices_at(db, url_key(url))]
    return Reach(url=url, notices=notices, files=[describe_file(db, file) for file in files_at(db, url_key(url))])


def _print_reach(found: Sequence[Reach]) -> None:
    rows = [
        ("notice", one["id"], clip(one["title"], 40), url)
        for reach in found
        for one in reach["notices"]
        for url in one["copies"]
    ]
    rows += [
        ("file", notice, clip(one["name"], 40), one["url"])
        for reach in found
        for one in reach["files"]
        for notice in one["notices"]
    ]
    print_table(list(dict.fromkeys(rows)), ["leaves out", "notice", "title or name", "address"])
