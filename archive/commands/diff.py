"""`minzheng diff`: what was edited between two states of a notice, or between two copies, clause by clause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.commands.terminal import Words, as_json, moment_of, print_json, reading, resolve
from archive.labels import EDIT_KINDS, EDITS, FIELDS, words_for

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.edits.pieces import Piece
    from archive.records import Edit, Revision
    from archive.store import Database
    from archive.store.reading import ShownCopy

_AROUND = 24
"""Characters of what stayed that are shown on either side of an edit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two states and what was edited between them; `url` and `new_url` are the addresses that show them."""

    notice: str
    url: str
    new_url: str
    before: Revision
    after: Revision
    edits: Sequence[Edit]
    edited_elsewhere: Sequence[str] = ()
    """Where this copy has one revision: addresses of copies of the notice that have more."""


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
    if other is not None and (first or last or url):
        raise click.UsageError("--from, --to and --copy choose between revisions of one copy; leave OTHER out")
    with reading(folder) as (archive, db):
        if other is not None:
            compared = _of_two_copies(archive, db, notice, other)
        else:
            compared = _of_one_copy(archive, db, notice, first=first, last=last, url=url)
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
    lines = [compared.url, f"{state_words(after)}: 同一版，没有改动。 One revision, so nothing was edited."]
    return lines + [f"其他副本有改动 Another copy was edited: {url}" for url in compared.edited_elsewhere]


def state_words(revision: Revision) -> str:
    """Which revision it is, and when it was seen first."""
    return f"第 {revision.number} 版 revision {revision.number} ({moment_of(revision.seen_from)})"


def edit_words(edit: Edit) -> str:
    """What an edit is about, what was done, and in which field where it is not the text."""
    about = "、".join(str(words_for(EDITS, name)) for name in edit.classes)
    field = f" · {FIELDS[edit.field]}" if edit.field not in ("text", "title", "attachments") else ""
    return f"{about} · {words_for(EDIT_KINDS, edit.kind)}{field}"


def _of_one_copy(
    archive: Archive, db: Database, wanted: str, *, first: int | None, last: int | None, url: str | None
) -> Compared:
    """Two revisions of one copy; where neither is named, the last two."""
    from archive.edits.states import compare
    from archive.store.revisions import states_of

    notice, copy, others = _pick(archive, db, wanted, url)
    states = states_of(db, copy["url_key"])
    last = last or len(states)
    first = first or max(last - 1, 1)
    for name, number in (("--to", last), ("--from", first)):
        if number > len(states):
            message = f"{copy['url']} has {len(states)} revisions, no {number}; `minzheng history` lists them"
            raise click.BadParameter(message, param_hint=name)
    before, after = states[first - 1], states[last - 1]
    return Compared(
        notice=notice,
        url=copy["url"],
        new_url=copy["url"],
        before=before,
        after=after,
        edits=compare(before.reading, after.reading, files=before.files, new_files=after.files),
        edited_elsewhere=tuple(one["url"] for one in others if one["revisions"] > 1) if len(states) == 1 else (),
    )


def _of_two_copies(archive: Archive, db: Database, wanted: str, other: str) -> Compared:
    """The latest states of two copies, of one notice or of two."""
    from archive.edits.states import compare
    from archive.store.revisions import states_of

    notice, copy, _ = _pick(archive, db, wanted, None)
    _, beside, _ = _pick(archive, db, other, None)
    before, after = states_of(db, copy["url_key"])[-1], states_of(db, beside["url_key"])[-1]
    return Compared(
        notice=notice,
        url=copy["url"],
        new_url=beside["url"],
        before=before,
        after=after,
        edits=compare(before.reading, after.reading),
    )


def _pick(archive: Archive, db: Database, wanted: str, url: str | None) -> tuple[str, ShownCopy, list[ShownCopy]]:
    """The notice, which of its copies is meant (the one that is named, else the best), and the others."""
    from archive.store.reading import shown_copies

    notice = resolve(archive, wanted)
    copies = shown_copies(db, notice)
    picked = _named(copies, url or wanted)
    if picked is None and url is not None:
        known = ", ".join(copy["url"] for copy in copies)
        raise click.BadParameter(f"{url} is no copy of {notice}. Its copies: {known}", param_hint="--copy")
    picked = picked or next((copy for copy in copies if copy["is_best"]), copies[0])
    return notice, picked, [copy for copy in copies if copy is not picked]


def _named(copies: Sequence[ShownCopy], text: str) -> ShownCopy | None:
    from archive.urls import url_key

    try:
        key = url_key(text)
    except ValueError:  # an id is no address
        return None
    return next((copy for copy in copies if copy["url_key"] == key), None)


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
    }


def _lines(compared: Compared) -> Iterator[str]:
    from archive.edits.pieces import pieces_of

    before, after = compared.before, compared.after
    yield after.reading.title or "(no title)"
    yield from about_words(compared)
    if before is after:
        return
    counted = [edit for edit in compared.edits if edit.classes != ("cosmetic",)]
    texts = f"{before.reading.text}\n", f"{after.reading.text}\n"
    for number, edit in enumerate(counted, 1):
        yield f"\n[{number}] {edit_words(edit)}"
        mine, theirs = texts if edit.field == "text" else (edit.before, edit.after)
        yield f"    {_inline(list(pieces_of(edit, mine, theirs)))}"
    if only := len(compared.edits) - len(counted):
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
