"""`minzheng merge`, `split`: what a person rules about notices, whatever the tracing says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

import click

from archive.commands.terminal import NOTHING_USABLE, as_json, end, print_json
from archive.commands.who import user_name
from archive.commands.write import catch_up, existing

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.records import Decision

Command = TypeVar("Command", bound=Callable[..., None])

Said = tuple[Literal["merge", "split"], tuple[str, ...]]
"""What a person says of addresses: one notice all, or the first none of the others'."""

_USAGE = 2


def ruled_by(command: Command) -> Command:
    """Give a command the options `--why` and `--who`."""
    command = click.option("--who", default=user_name, help="Whose ruling it is.", show_default="user name")(command)
    return click.option("--why", required=True, help="Your reason; it is kept with the ruling.")(command)


@click.command()
@click.argument("one")
@click.argument("others", nargs=-1, required=True)
@ruled_by
@as_json
@click.pass_obj
def merge(folder: Path, one: str, others: tuple[str, ...], *, why: str, who: str, as_json: bool) -> None:
    """Rule that notices or copies are one notice.

    Each is named by its id or an address. The ruling outlives every rebuild; `minzheng decisions retire` takes it back.
    """
    with existing(folder, "minzheng merge") as archive:
        urls = tuple(dict.fromkeys(_address(archive, named) for named in (one, *others)))
        if len(urls) < 2:
            end("These are one notice already: nothing to merge.", _USAGE)
        ruled = rule(archive, [("merge", urls)], who=who, why=why)
        if as_json:
            _print_ruled(archive, ruled)
        else:
            click.echo(f"One notice now: {archive.find(urls[0])}")


@click.command()
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS...")
@click.option("--from", "parted_from", multiple=True, metavar="ADDRESS", help="Another notice's; repeatable.")
@ruled_by
@as_json
@click.pass_obj
def split(
    folder: Path, addresses: tuple[str, ...], *, parted_from: tuple[str, ...], why: str, who: str, as_json: bool
) -> None:
    """Rule that copies do not belong to the notice they are in.

    ADDRESS is a copy's, or an id. Several copies of one notice leave it together; whether they are one notice then is
    told as if the others were not there. With --from the ruling is that they are none of that notice, whether they are
    in it now or not: they never will be. The ruling outlives every rebuild; `minzheng decisions retire` takes it back.
    """
    with existing(folder, "minzheng split") as archive:
        named = tuple(dict.fromkeys(_address(archive, given) for given in addresses))
        said: list[Said] = [("split", (one, *_others(archive, one, named, parted_from))) for one in named]
        ruled = rule(archive, said, who=who, why=why)
        if as_json:
            _print_ruled(archive, ruled)
            return
        for one in ruled:
            mine, other = one.urls[:2]
            click.echo(f"Notice {archive.find(mine)} now, apart from {archive.find(other)}")


def rule(archive: Archive, said: Iterable[Said], *, who: str, why: str) -> list[Decision]:
    """Append rulings to a locked archive, and have the index carry them out."""
    ruled = [note(archive, one, who=who, why=why) for one in said]
    catch_up(archive)
    return ruled


def note(archive: Archive, said: Said, *, who: str, why: str) -> Decision:
    """Append a ruling to a locked archive; the next index run carries it out."""
    from archive.records import BEFOREHAND, Decision

    what, urls = said
    mine, *others = map(archive.find, urls)
    about = BEFOREHAND if what == "split" and mine not in others else None
    return archive.rule(Decision(at=datetime.now(UTC), who=who, what=what, urls=urls, why=why, about=about))


def members_of(archive: Archive, named: str) -> tuple[str, ...]:
    """The addresses of the notice that an id or an address names; end the command where none does."""
    notice = archive.find(named)
    if notice is None:
        end(f"No notice for {named!r} in {archive.path}; give an id or the address of a copy", NOTHING_USABLE)
    return archive.members(notice)


def _address(archive: Archive, named: str) -> str:
    address = archive.address(named)
    if address is None:
        end(
            f"No notice for {named!r} in {archive.path}; give an id or the address of a copy."
            " `minzheng search` finds them",
            NOTHING_USABLE,
        )
    return address


def _others(archive: Archive, one: str, named: Sequence[str], parted_from: Sequence[str]) -> tuple[str, ...]:
    """The addresses from which one is to be apart."""
    notices = parted_from or (one,)
    others = tuple(dict.fromkeys(url for notice in notices for url in members_of(archive, notice) if url not in named))
    if not others and parted_from:
        end(f"{', '.join(parted_from)} is what is to be parted from it: name another notice with --from.", _USAGE)
    if not others and len(members_of(archive, one)) > 1:
        end(f"These are all copies of notice {archive.find(one)}: name those that leave it.", _USAGE)
    if not others:
        end(f"{one} is the only copy of notice {archive.find(one)}: nothing to split.", _USAGE)
    return others


def _print_ruled(archive: Archive, ruled: Sequence[Decision]) -> None:
    urls = dict.fromkeys(url for one in ruled for url in one.urls)
    print_json({"rulings": ruled, "notices": {url: archive.find(url) for url in urls}})
