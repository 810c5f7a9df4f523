"""What was edited: `/notice/<id>/diff`, between two revisions of a copy or between two copies.

`?from=1&to=2` are numbers of revisions, the last two unless given; `?copy=` names whose, the notice's own unless given.
`?a=` and `?b=` name two copies by their url keys instead, whose latest texts are laid beside each other. `?whole=1`
folds nothing away.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from archive.browse.notice.page import named_copy
from archive.browse.notice.picking import Moved, NoRevision, read_known
from archive.browse.notice.revision import otherwise
from archive.browse.notice.states import State, counted_copy
from archive.browse.pages import allow, database_of, read, show
from archive.browse.rows import Row
from archive.edits.laid_out import FileEdits, Strip, edits_of_files, in_brief, lay_out, numbered
from archive.edits.states import compare
from archive.labels import EDIT_KINDS, EDITS, FIELDS, Words, words_for
from archive.store import Database
from archive.store.revisions import states_of
from archive.store.timeline import file_texts

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

    from archive.records import Edit, Revision

_LISTED: Final = 200
"""Edits in a table; the text below has all."""
_LONGEST: Final = 400_000
"""Characters of both texts beyond which they are not compared while somebody waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditShown:
    """One line of the table of edits: what it is about, where in the text below it stands, what differs in brief."""

    number: int
    is_placed: bool
    classes: tuple[Words, ...]
    kind: Words
    field: Words | None
    """Where it is neither the text nor its title nor a file."""
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The notice's text, or one of its files where it has a `name`, with the edits in it; `count` is of all of them."""

    anchor: str
    name: str
    edits: tuple[EditShown, ...]
    count: int
    layout: int
    """How many more are layout only."""
    strips: tuple[Strip, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two states; `copy` names its copy in addresses where the notice's own is not meant."""

    state: State
    copy: str | None
    revision: Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Two states of a notice, and what the files that they link say, by the digests of their payloads."""

    notice: Row
    before: Side
    after: Side
    texts: Mapping[str, str]

    @property
    def is_one_copy(self) -> bool:
        """Whether it is one page that was edited."""
        return self.before.state.copy_key == self.after.state.copy_key

    @property
    def is_one_state(self) -> bool:
        """Whether there is nothing to compare."""
        return self.before.state == self.after.state

    @property
    def are_short(self) -> bool:
        """Whether they can be compared while somebody waits."""
        return sum(len(side.revision.reading.text) for side in (self.before, self.after)) <= _LONGEST

    @property
    def short_texts(self) -> dict[str, str]:
        """What those files say that can be compared while somebody waits."""
        return {digest: text for digest, text in self.texts.items() if len(text) <= _LONGEST // 2}

    @property
    def long_files(self) -> tuple[str, ...]:
        """Names of the files that changed between two states of a page and are too long for that."""
        before, after = self.before.revision, self.after.revision
        pairs = [
            (link.name, before.files.get(link.url), after.files.get(link.url)) for link in after.reading.attachments
        ]
        changed = [(name, {old, new}) for name, old, new in pairs if old and new and old != new]
        long = self.texts.keys() - self.short_texts.keys()
        return tuple(name for name, digests in changed if self.is_one_copy and digests & long)


async def diff_view(request: Request, datasette: Datasette) -> Response:
    """Show what was edited between two states; 404 where one of them is not there."""
    database = database_of(request, datasette)
    await allow(request, datasette, database, "notices", "revisions")
    asked = {name: request.args.get(name) for name in ("from", "to", "copy", "a", "b")}
    is_whole = bool(request.args.get("whole"))
    found = await read(datasette, database, partial(_read, given=request.url_vars["id"], asked=asked))
    if not isinstance(found, Sides):
        return await otherwise(request, datasette, database, found, "/diff")
    parts: tuple[Part, ...] = ()
    if found.are_short and not found.is_one_state:
        work = partial(_compare, found, is_whole=is_whole)
        parts = await asyncio.get_running_loop().run_in_executor(None, work)
    here = {name: value for name, value in asked.items() if value}
    context = {"page": found, "parts": parts, "is_whole": is_whole, "here_query": here}
    return await show(request, datasette, database, "minzheng_diff.html", context)


def _read(conn: sqlite3.Connection, *, given: str, asked: Mapping[str, str | None]) -> Sides | Moved | NoRevision:
    """The two states that are asked for."""
    known = read_known(conn, given)
    if not isinstance(known, tuple):
        return known
    notice, states = known
    before, after = _pick(states, given, asked)
    if before is None or after is None:
        return NoRevision(why="no_number", notice=notice, states=states)
    db = Database(conn, execute_plugins=False)
    mine = {(one.copy, one.number): one for key in {before.copy_key, after.copy_key} for one in states_of(db, key)}
    sides = [
        Side(state=state, copy=named_copy(states, given, state), revision=mine[state.copy_key, state.number])
        for state in (before, after)
    ]
    texts = file_texts(db, {digest for side in sides for digest in side.revision.files.values()})
    return Sides(notice=notice, before=sides[0], after=sides[1], texts=texts)


def _pick(states: Sequence[State], notice: str, asked: Mapping[str, str | None]) -> tuple[State | None, State | None]:
    """The two states; None of one that is not there."""
    if asked["a"] or asked["b"]:
        newest = {state.copy_key: state for state in states if state.is_newest}
        return newest.get(asked["a"] or ""), newest.get(asked["b"] or "")
    copy = asked["copy"] or counted_copy(states, notice)
    mine = {state.number: state for state in states if state.copy_key == copy}
    last = _number(asked["to"], max(mine, default=0))
    return mine.get(_number(asked["from"], max(last - 1, 1))), mine.get(last)


def _number(printed: str | None, otherwise: int) -> int:
    """A number as an address has it; 0, which no revision has, where that is none."""
    if not printed:
        return otherwise
    return int(printed) if printed.isdecimal() and len(printed) < 10 else 0


def _compare(sides: Sides, *, is_whole: bool) -> tuple[Part, ...]:
    """The text first, then each file that both states of a page link and that changed."""
    before, after = sides.before.revision, sides.after.revision
    files, new_files = (before.files, after.files) if sides.is_one_copy else ({}, {})
    edits = compare(before.reading, after.reading, files=files, new_files=new_files)
    found = [_part(edits, before.reading.text, after.reading.text, "edit", is_whole=is_whole)]
    changed = edits_of_files(before, after, sides.short_texts) if sides.is_one_copy else []
    for number, file in enumerate(changed, 1):
        found.append(_part(file.edits, file.before, file.after, f"file-{number}", is_whole=is_whole, file=file))
    return tuple(found)


def _part(
    edits: Sequence[Edit], before: str, after: str, anchor: str, *, is_whole: bool, file: FileEdits | None = None
) -> Part:
    numbers = numbered(edits)
    return Part(
        anchor=anchor,
        name=file.name if file else "",
        edits=tuple(_show_edit(edits[place], number) for place, number in list(numbers.items())[:_LISTED]),
        count=len(numbers),
        layout=len(edits) - len(numbers),
        strips=tuple(lay_out(edits, before, after, is_whole=is_whole)),
    )


def _show_edit(edit: Edit, number: int) -> EditShown:
    return EditShown(
        number=number,
        is_placed=edit.new_place is not None,
        classes=tuple(words_for(EDITS, name) for name in edit.classes),
        kind=words_for(EDIT_KINDS, edit.kind),
        field=None if edit.field in ("text", "title", "attachments") else words_for(FIELDS, edit.field),
        pairs=tuple(in_brief(edit)),
    )
