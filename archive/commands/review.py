"""`minzheng review`: matches that tracing leaves to a person, with both texts, and the person's word on each."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from archive.commands.decide import Said, members_of, note
from archive.commands.side_by_side import print_texts
from archive.commands.terminal import (
    LIST,
    ListUnlessNamed,
    Words,
    as_json,
    clip,
    end,
    moment,
    print_json,
    print_table,
    reading,
)
from archive.commands.who import user_name
from archive.commands.write import catch_up, existing
from archive.labels import reason_words, veto_words
from archive.urls import url_key

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.records import Decision
    from archive.store import Database
    from archive.store.reviews import Pair, Rival

_HOLDER: Final = "minzheng review ask"
_SHOWN: Final = 20
_RIVALS: Final = 3
_TITLE: Final = 44
_KEYS: Final = click.Choice(["y", "n", "s", "q"])
_QUESTION: Final = "同一公告 one notice? (y 是 yes, n 不是 no, s 跳过 skip, q 停止 stop)"


@click.group(cls=ListUnlessNamed)
def review() -> None:
    """List doubtful matches, most useful first, and decide them.

    `minzheng review [--limit N] [--json]` lists them, `minzheng review NUMBER|URL` shows one with both texts, and
    `minzheng review ask` goes through them. Each has a copy that stands in a notice of its own and the candidate, a
    copy of another notice that it may print. The score is the percentage of the one text that the other has, 50 more
    where the copy's notice would get an official original, 20 more where the candidate's has no other copy yet, and 5
    for each other copy that would come along, up to 25; a tenth of that for a link to a text with nothing in common.
    What a person decided never comes up again.
    """


@review.command(LIST, hidden=True)
@click.argument("which", required=False, metavar="NUMBER-OR-URL", type=Words())
@click.option("--limit", type=click.IntRange(min=1), default=_SHOWN, show_default=True, help="How many are listed.")
@as_json
@click.pass_obj
def list_reviews(folder: Path, which: str | None, *, limit: int, as_json: bool) -> None:
    """List doubtful matches, or show one of them with both texts."""
    from archive.store.reviews import rivals, texts
    from archive.trace.side_by_side import side_by_side

    with reading(folder) as (archive, db):
        found = _open(archive, db)
        if which is not None:
            pair = _named(found, which)
            others, both = rivals(db, pair, _RIVALS), texts(db, pair)
            if as_json:
                print_json({**pair, "spans": side_by_side(*both), "rivals": others})
            else:
                _print_pair(pair, others, both)
                mine, other = pair["copy"]["url"], pair["candidate"]["url"]
                click.echo(f"\n同一公告 if one:  minzheng merge {mine} {other} --why …")
                click.echo(f"不是 if two:  minzheng split {mine} --from {other} --why …")
            return
    if as_json:
        print_json([{"number": number, **pair} for number, pair in _numbered(found, limit)])
        return
    print_table(
        [
            (
                number,
                pair["score"],
                clip(pair["copy"]["title"], _TITLE),
                clip(pair["candidate"]["title"], _TITLE),
                clip(str(reason_words(pair["why"])), _TITLE),
                pair["copy"]["url"],
            )
            for number, pair in _numbered(found, limit)
        ],
        ["number", "score", "copy", "candidate", "why", "url of the copy"],
    )
    click.echo(
        f"{min(limit, len(found))} of {len(found)} doubtful matches; `minzheng review ask` decides them", err=True
    )


@review.command("ask")
@click.option("--limit", type=click.IntRange(min=1), help="How many are asked.")
@click.option("--why", default="compared side by side", show_default=True, help="The reason kept with each ruling.")
@click.option("--who", default=user_name, help="Whose rulings they are.", show_default="user name")
@click.pass_obj
def ask(folder: Path, *, limit: int | None, why: str, who: str) -> None:
    """Go through doubtful matches: one notice, two, or skip.

    Keys: y they are one notice, n they are two, s skip, q stop. Each ruling is kept at once, and all take effect at the
    end. They are those of `merge` and `split`, and `minzheng decisions retire` takes them back.
    """
    if not _is_terminal():
        end("Nobody is there to answer: give the rulings by `minzheng merge` and `minzheng split --from`.", 2)
    with reading(folder) as (archive, db):
        asked = _open(archive, db)[:limit]
    if not asked:
        click.echo("No doubtful match is left.", err=True)
    ruled: list[Decision] = []
    for pair, is_one in _answers(folder, asked):
        with existing(folder, _HOLDER) as archive:  # not while somebody thinks: a crawl may want to begin
            ruled.append(note(archive, _said(archive, pair, is_one=is_one), who=who, why=why))
    if ruled:
        with existing(folder, _HOLDER) as archive:
            catch_up(archive)
            for one in ruled:
                click.echo(f"{one.what}: {one.urls[0]} is of notice {archive.find(one.urls[0])}")


def _answers(folder: Path, asked: Sequence[Pair]) -> Iterator[tuple[Pair, bool]]:
    """The pairs of which a person says whether they are one notice, until they stop."""
    from archive.store.reviews import rivals, texts

    for number, pair in enumerate(asked, start=1):
        with reading(folder) as (_, db):
            others, both = rivals(db, pair, _RIVALS), texts(db, pair)
        _print_pair(pair, others, both)
        try:
            pressed = click.prompt(f"\n{number}/{len(asked)} {_QUESTION}", type=_KEYS, show_choices=False)
        except click.Abort:  # Ctrl-C or Ctrl-D: what was said before holds
            return
        if pressed == "q":
            return
        if pressed != "s":
            yield pair, pressed == "y"


def _said(archive: Archive, pair: Pair, *, is_one: bool) -> Said:
    mine, other = pair["copy"]["url"], pair["candidate"]["url"]
    if is_one:
        return "merge", (mine, other)
    return "split", (mine, *(url for url in members_of(archive, other) if url != mine))


def _open(archive: Archive, db: Database) -> list[Pair]:
    """The pairs to look at, without links that somebody put off."""
    from archive.dates import BEIJING
    from archive.store.issues import OFF_TOPIC
    from archive.store.reviews import queue

    acked = archive.acked(moment(None).astimezone(BEIJING).date())
    return [pair for pair in queue(db) if not pair["is_link"] or (OFF_TOPIC, pair["copy"]["url"]) not in acked]


def _numbered(found: Sequence[Pair], limit: int | None) -> Iterator[tuple[int, Pair]]:
    return enumerate(found[:limit], start=1)


def _named(found: Sequence[Pair], which: str) -> Pair:
    """The pair of this number, or of this copy's address; end the command where there is none."""
    if which.isascii() and which.isdigit() and 0 < int(which) <= len(found):
        return found[int(which) - 1]
    key = None
    with suppress(ValueError):
        key = url_key(which)
    pair = next((one for one in found if url_key(one["copy"]["url"]) == key), None)
    if pair is None:
        end(f"{which!r} is no doubtful match; `minzheng review` lists them", 2)
    return pair


def _print_pair(pair: Pair, others: Sequence[Rival], both: tuple[str, str]) -> None:
    mine, theirs = pair["copy"], pair["candidate"]
    click.echo(f"\n{reason_words(pair['why'])}  (score {pair['score']})")
    for name, side in (("候选 candidate", theirs), ("副本 copy", mine)):
        click.echo(f"{name}: {side['title'] or '(no title)'}")
        shown = (side["agency"] or side["source"], side["published_on"], side["url"])
        click.echo(f"  {' · '.join(filter(None, shown))}")
    for rival in others:
        click.echo(f"另一候选 runner-up: {clip(rival['title'], _TITLE)} {rival['url']} — {veto_words(rival['veto'])}")
    click.echo()
    print_texts(*both, headers=("候选 candidate", "副本 copy"))


def _is_terminal() -> bool:
    return sys.stdin.isatty()
