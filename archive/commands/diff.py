"""`minzheng diff`: what was edited between two states of a notice, or between two copies, clause by clause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.commands.terminal import Words, as_json, moment_of, print_json, reading
from archive.labels import EDIT_KINDS, EDITS, FIELDS, words_for

if TYPE_CHECKING:
    from archive.commands.compared import Compared
    from archive.edits.pieces import Piece
    from archive.records import Edit, Revision

_AROUND = 24
"""Characters of what stayed that are shown on either side of an edit."""


@click.command()
@click.argument("notice", metavar="ID-OR-URL", type=Words())
@click.argument("other", metavar="[OTHER]", required=False, type=Words())
@click.option("--from", "first", type=click.IntRange(1), metavar="N", help="The revision before; the one before --to.")
@click.option("--to", "last", type=click.IntRange(1), metavar="M", help="The revision after; the last one.")
@click.option("--copy", "url", type=Words(), metavar="URL", help="The copy that is meant; the best one.")
@click.option("--format", "form", type=click.Choice(["text", "html", "json"]), default="text", show_default=True)
@as_json
@click.pass_obj
def diff(
    folder: Path,
    notice: str,
    other: str | None,
    *,
    first: int | None,
    last: int | None,
    url: str | None,
    form: str,
    as_json: bool,
) -> None:
    """Show what was edited between two revisions of a copy.

    The copy is the one whose address is given, else the one the notice's text is taken from.
    With OTHER, a second id or address, the latest texts of both are laid beside each other instead.
    What matters most comes first: sums, deadlines, who is entitled, names. `minzheng history` lists the revisions.
    """
    from archive.commands.compared import of_one_copy, of_two_copies

    if other is not None and (first or last or url):
        raise click.UsageError("--from, --to and --copy choose between revisions of one copy; leave OTHER out")
    with reading(folder) as (archive, db):
        if other is not None:
            compared = of_two_copies(archive, db, notice, other)
        else:
            compared = of_one_copy(archive, db, notice, first=first, last=last, url=url)
    if as_json or form == "json":
        print_json(_plain(compared))
    elif form == "html":
        from archive.commands.diff_page import page

        click.echo(page(compared), nl=False)
    else:
        for line in _lines(compared):
            click.echo(line)


def about_words(compared: Compared) -> list[str]:
    """Which states are laid beside each other; that there is nothing to see where that is so."""
    before, after = compared.before, compared.after
    if compared.url != compared.new_url:
        return [
            f"− {compared.url} ({moment_of(before.seen_from)})",
            f"+ {compared.new_url} ({moment_of(after.seen_from)})",
        ]
    if before.number != after.number:
        return [compared.url, f"{state_words(before)} → {state_words(after)}"]
    said = "只有一版，没有改动。 One revision, so nothing was edited."
    if compared.has_more:
        said = "两边是同一版。 The same revision on both sides; --from and --to choose others."
    lines = [compared.url, f"{state_words(after)}: {said}"]
    return lines + [f"其他副本有改动 Another copy was edited: {url}" for url in compared.edited_elsewhere]


def state_words(revision: Revision) -> str:
    """Which revision it is, and when it was seen first."""
    return f"第 {revision.number} 版 revision {revision.number} ({moment_of(revision.seen_from)})"


def edit_words(edit: Edit) -> str:
    """What an edit is about, what was done, and in which field where it is not the text."""
    about = "、".join(str(words_for(EDITS, name)) for name in edit.classes)
    field = f" · {FIELDS[edit.field]}" if edit.field not in ("text", "title", "attachments") else ""
    return f"{about} · {words_for(EDIT_KINDS, edit.kind)}{field}"


def _plain(compared: Compared) -> dict[str, object]:
    from archive.edits.states import brief

    classes, headline = brief(compared.edits)
    states = ((compared.url, compared.before), (compared.new_url, compared.after))
    before, after = (
        {"url": url, "number": one.number, "seen_from": one.seen_from, "seen_to": one.seen_to} for url, one in states
    )
    return {
        "id": compared.notice,
        "before": before,
        "after": after,
        "classes": classes,
        "headline": headline,
        "edits": [asdict(edit) for edit in compared.edits],
        "files": [
            {"url": file.url, "name": file.name, "edits": [asdict(edit) for edit in file.edits]}
            for file in compared.files
        ],
    }


def _lines(compared: Compared) -> Iterator[str]:
    before, after = compared.before.reading, compared.after.reading
    yield after.title or "(no title)"
    yield from about_words(compared)
    if (compared.url, compared.before.number) == (compared.new_url, compared.after.number):
        return
    yield from _edit_lines(compared.edits, before.text, after.text)
    for file in compared.files:
        yield f"\n{FIELDS['attachments']}: {file.name} {file.url}"
        yield from _edit_lines(file.edits, file.before, file.after)


def _edit_lines(edits: Sequence[Edit], before: str, after: str) -> Iterator[str]:
    from archive.edits.pieces import pieces_of

    counted = [edit for edit in edits if edit.classes != ("cosmetic",)]
    for number, edit in enumerate(counted, 1):
        yield f"\n[{number}] {edit_words(edit)}"
        mine, theirs = (f"{before}\n", f"{after}\n") if edit.field == "text" else (edit.before, edit.after)
        yield f"    {_inline(list(pieces_of(edit, mine, theirs)))}"
    if only := len(edits) - len(counted):
        yield f"\n另有 {only} 处只是排版不同。 {only} more that are layout only; --format json has them."
    elif not counted:
        yield "\n没有不同。 Nothing differs."


def _inline(pieces: Sequence[Piece]) -> str:
    """An edit in one line: `[-…-]` was taken out, `{+…+}` put in; in colours where a terminal shows them."""
    shown = []
    for number, piece in enumerate(pieces):
        text = piece.text.strip("\n").replace("\n", "⏎")
        if piece.op == "removed" and text:
            shown.append(click.style(f"[-{text}-]", fg="red"))
        elif piece.op == "added" and text:
            shown.append(click.style(f"{{+{text}+}}", fg="green"))
        elif piece.op == "same":
            shown.append(_clip(text, is_first=number == 0, is_last=number == len(pieces) - 1))
    return "".join(shown)


def _clip(text: str, *, is_first: bool, is_last: bool) -> str:
    """What stayed, as far as it stands beside an edit."""
    if len(text) <= _AROUND * (1 if is_first or is_last else 2):
        return text
    head, tail = text[:_AROUND], text[-_AROUND:]
    return f"{'' if is_first else head}…{'' if is_last else tail}"
