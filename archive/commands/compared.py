"""Which two states of which copies a person means, and what was edited between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import click

from archive.archive import Archive
from archive.commands.terminal import resolve
from archive.edits.laid_out import FileEdits, edits_of_files
from archive.edits.states import compare
from archive.records import Edit, Revision
from archive.store import Database
from archive.store.reading import ShownCopy, shown_copies
from archive.store.revisions import states_of
from archive.store.timeline import file_texts
from archive.urls import url_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two states and what was edited between them; `url` and `new_url` are the addresses that show them."""

    notice: str
    url: str
    new_url: str
    before: Revision
    after: Revision
    edits: Sequence[Edit]
    files: Sequence[FileEdits] = ()
    """What was edited in the files that both link and whose bytes changed."""
    has_more: bool = False
    """Whether the copy has more revisions than one."""
    edited_elsewhere: Sequence[str] = ()
    """Where this copy has one revision: addresses of copies of the notice that have more."""


def of_one_copy(
    archive: Archive, db: Database, wanted: str, *, first: int | None, last: int | None, url: str | None
) -> Compared:
    """Two revisions of one copy; where neither is named, the last two."""
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
        files=edits_of_files(before, after, file_texts(db, {*before.files.values(), *after.files.values()})),
        has_more=len(states) > 1,
        edited_elsewhere=tuple(one["url"] for one in others if one["revisions"] > 1) if len(states) == 1 else (),
    )


def of_two_copies(archive: Archive, db: Database, wanted: str, other: str) -> Compared:
    """The latest states of two copies, of one notice or of two."""
    notice, copy, _ = _pick(archive, db, wanted, None)
    _, beside, _ = _pick(archive, db, other, None)
    states, others = states_of(db, copy["url_key"]), states_of(db, beside["url_key"])
    before, after = states[-1], others[-1]
    return Compared(
        notice=notice,
        url=copy["url"],
        new_url=beside["url"],
        before=before,
        after=after,
        edits=compare(before.reading, after.reading),
        has_more=len(states) > 1,
    )


def _pick(archive: Archive, db: Database, wanted: str, url: str | None) -> tuple[str, ShownCopy, list[ShownCopy]]:
    """The notice, which of its copies is meant (the one that is named, else the best), and the others."""
    notice = resolve(archive, wanted)
    copies = shown_copies(db, notice)
    picked = _named(copies, url or wanted)
    if picked is None and url is not None:
        known = ", ".join(copy["url"] for copy in copies)
        raise click.BadParameter(f"{url} is no copy of {notice}. Its copies: {known}", param_hint="--copy")
    picked = picked or next((copy for copy in copies if copy["is_best"]), copies[0])
    return notice, picked, [copy for copy in copies if copy is not picked]


def _named(copies: Sequence[ShownCopy], text: str) -> ShownCopy | None:
    try:
        key = url_key(text)
    except ValueError:  # an id is no address
        return None
    return next((copy for copy in copies if copy["url_key"] == key), None)
