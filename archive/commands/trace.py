"""`minzheng trace`: how the copies of a notice hang together, each with the evidence, as a tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.commands.chain_tree import Chain, below, tree
from archive.commands.side_by_side import print_texts
from archive.commands.terminal import Words, as_json, print_json, reading, resolve

if TYPE_CHECKING:
    from archive.records import Fidelity
    from archive.store import Database
    from archive.store.chains import Linked


@click.command()
@click.argument("notice", metavar="ID-OR-URL", type=Words())
@click.option("--texts", is_flag=True, help="Lay each copy beside the one it was taken from; of an address that copy.")
@as_json
@click.pass_obj
def trace(folder: Path, notice: str, *, texts: bool, as_json: bool) -> None:
    """Show how each copy leads to the original, as a tree.

    A copy hangs beneath the one it was taken from. Each comes with its rule, its evidence, the class of the match with
    its measured confidence, whom it names as its source beside where it was found, what it did to the text, the other
    notice that it is most like and what parts them, and what a person should look at. The notice is named by its id, a
    former id, or the address of any of its copies.
    """
    from archive.store.chains import candidates_for, chain
    from archive.store.dataset import one_notice
    from archive.store.fidelities import fidelities_of

    with reading(folder) as (archive, db):
        found = one_notice(db, resolve(archive, notice))
        copies = chain(db, found["id"], found["original_url"])
        named = [one for one in copies if "/" in notice and one["copy"]["url"] == archive.address(notice)]
        fidelities = fidelities_of(db, found["id"])
        told = Chain(
            notice=found,
            copies=copies,
            fidelities=fidelities,
            candidates=candidates_for(db, found["id"]),
            successors=archive.successors(notice),
            texts=dict(_texts(db, copies, named, fidelities)) if texts else {},
        )
    if as_json:
        print_json(_as_json(told))
        return
    for line in tree(told):
        click.echo(line)
    if texts and not told.texts:
        click.echo("No copy was taken from another that is held: there are no two texts to lay side by side.", err=True)
    for one in copies:
        if (pair := told.texts.get(one["copy"]["url_key"])) is not None:
            click.echo()
            above = next(other["copy"] for other in copies if other["copy"]["url_key"] == one["beneath"])
            revision = _revision(one, told.fidelities)
            which = f" · 第 {revision} 版 revision {revision}" if revision is not None else ""
            print_texts(*pair, headers=(above["url"] + which, one["copy"]["url"]))


def _texts(
    db: Database, copies: Sequence[Linked], named: Sequence[Linked], fidelities: Mapping[str, Fidelity]
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Of copies that hang beneath another both texts: of those that were named, else of all."""
    from archive.store.chains import text_of

    held = {one["copy"]["url_key"] for one in copies}
    lower = [one for one in copies if one["beneath"] in held]
    for one in [one for one in lower if one in named] or lower:
        key, above = one["copy"]["url_key"], one["beneath"]
        if above is not None:
            yield key, (text_of(db, above, _revision(one, fidelities)), text_of(db, key))


def _revision(one: Linked, fidelities: Mapping[str, Fidelity]) -> int | None:
    """Which revision of the copy above a copy comes nearest to; None for the latest."""
    fidelity = fidelities.get(one["copy"]["url_key"])
    return fidelity.revision if fidelity is not None and fidelity.against == one["beneath"] else None


def _as_json(told: Chain) -> dict[str, object]:
    from archive.trace.side_by_side import side_by_side

    notice = told.notice
    urls = {one["copy"]["url_key"]: one["copy"]["url"] for one in told.copies}
    wanted = (
        "url", "role", "state", "source", "agency", "title", "published_on", "attribution", "claimed_original",
        "rule", "match_class", "confidence", "match_evidence",
    )  # fmt: skip
    names = {"match_class": "class", "match_evidence": "evidence"}
    copies = []
    for one in told.copies:
        key = one["copy"]["url_key"]
        row = {names.get(name, name): dict(one["copy"])[name] for name in wanted}
        row["beneath"] = urls.get(one["beneath"] or "", notice["original_url"] if one["beneath"] else None)
        row |= {name: dict(one)[name] for name in ("claimed", "runner_up", "doubts")}
        row["fidelity"] = asdict(told.fidelities[key]) if key in told.fidelities else None
        if key in told.texts:
            row["spans"] = side_by_side(*told.texts[key])
        copies.append(row)
    return {
        "id": notice["id"],
        "title": notice["title"],
        "original_url": notice["original_url"],
        "original_captured": notice["original_captured"],
        "copies": copies,
        "tree": _nested(None, below(told.copies), urls),
        "candidates": told.candidates,
        "successors": told.successors,
    }


def _nested(
    above: str | None, hanging: Mapping[str | None, Sequence[Linked]], urls: Mapping[str, str]
) -> list[dict[str, object]]:
    keys = [one["copy"]["url_key"] for one in hanging.get(above, ())]
    return [{"url": urls[key], "copies": _nested(key, hanging, urls)} for key in keys]
