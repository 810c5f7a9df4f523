"""`minzheng trace`: how each copy of a notice was traced to its original, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.commands.terminal import Words, as_json, print_json, reading, resolve
from archive.labels import EVIDENCE, FIELDS, ROLES, STATES, evidence_words, rule_words, words_for

if TYPE_CHECKING:
    from archive.store.dataset import DatasetNotice
    from archive.store.reading import ShownCopy


@click.command()
@click.argument("notice", metavar="ID-OR-URL", type=Words())
@as_json
@click.pass_obj
def trace(folder: Path, notice: str, *, as_json: bool) -> None:
    """Show how each copy leads to the original.

    Each step comes with its rule and its evidence.
    The notice is named by its id, a former id, or the address of any of its copies.
    """
    from archive.store.dataset import one_notice
    from archive.store.reading import shown_copies

    with reading(folder) as (archive, db):
        found = one_notice(db, resolve(archive, notice))
        copies = shown_copies(db, found["id"])
    if as_json:
        print_json(_chain(found, copies))
        return
    for line in _tree(found, copies):
        click.echo(line)


def _chain(notice: DatasetNotice, copies: Sequence[ShownCopy]) -> dict[str, object]:
    wanted = (
        "url", "role", "state", "source", "agency", "title", "published_on", "attribution", "claimed_original",
        "rule", "match_class", "confidence", "match_evidence",
    )  # fmt: skip
    names = {"match_class": "class", "match_evidence": "evidence"}
    return {
        "id": notice["id"],
        "title": notice["title"],
        "original_url": notice["original_url"],
        "original_captured": notice["original_captured"],
        "copies": [{names.get(name, name): dict(copy)[name] for name in wanted} for copy in copies],
    }


def _tree(notice: DatasetNotice, copies: Sequence[ShownCopy]) -> Iterator[str]:
    yield notice["title"] or "(no title)"
    originals = [copy for copy in copies if copy["url"] == notice["original_url"]]
    others = [copy for copy in copies if copy["url"] != notice["original_url"]]
    if originals:
        yield f"└─ {ROLES['original']}: {_what(originals[0])}"
        yield from _why(originals[0], "   " + ("│  " if others else "   "))
    elif notice["original_url"]:
        yield f"└─ {ROLES['original']}, 未采集 named but not captured: {notice['original_url']}"
    else:
        yield f"└─ {ROLES['original']}: 未知 unknown, no official first publication was found"
    for number, copy in enumerate(others, start=1):
        last = number == len(others)
        yield f"   {'└─' if last else '├─'} {words_for(ROLES, copy['role'])}: {_what(copy)}"
        yield from _why(copy, "      " if last else "   │  ")


def _what(copy: ShownCopy) -> str:
    state = "" if copy["state"] == "live" else f" ({words_for(STATES, copy['state'])})"
    return " · ".join(filter(None, (copy["agency"] or copy["source"], copy["published_on"], copy["url"] + state)))


def _why(copy: ShownCopy, indent: str) -> Iterator[str]:
    told = copy["confidence"] is not None and copy["match_class"] != "self"
    yield f"{indent}{rule_words(copy['rule'])}" + (f" (把握 confidence {copy['confidence']:.2f})" if told else "")
    if copy["attribution"]:
        yield f"{indent}   {FIELDS['attribution']}: {copy['attribution']}"
    for name, value in copy["match_evidence"].items():
        yield f"{indent}   {words_for(EVIDENCE, name)}: {evidence_words(name, value)}"
