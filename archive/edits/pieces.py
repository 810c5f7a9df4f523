"""Edits as running text: what stayed, what was taken out and what was put in, in reading order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from archive.records import Edit

Op = Literal["same", "removed", "added"]


class Piece(NamedTuple):
    """A stretch of running text; `edit` is the number of the edit in its list, from 0, and None for what stayed."""

    op: Op
    text: str
    edit: int | None = None


def pieces_of(edit: Edit, before: str, after: str, number: int = 0) -> Iterator[Piece]:
    """One edit as running text. `before` and `after` are the texts that its places are counted in.

    Of a clause that moved the new place is told; of one that only looks otherwise both forms.
    """
    place = edit.place or (0, len(before))
    start, end = edit.new_place or (0, len(after))
    if edit.kind == "moved" or not edit.stretches:
        if edit.kind != "moved":
            yield Piece("removed", before[slice(*place)], number)
        yield Piece("added", after[start:end], number)
        return
    for one in edit.stretches:
        yield Piece("same", after[start : one.new_place[0]], number)
        yield Piece("removed", before[slice(*one.place)], number)
        yield Piece("added", after[slice(*one.new_place)], number)
        start = one.new_place[1]
    yield Piece("same", after[start:end], number)


def run_on(edits: Sequence[Edit], before: str, after: str) -> list[Piece]:
    """A whole text with its edits in place: without what was removed it is the text after. Others' edits are left."""
    one, other = f"{before}\n", f"{after}\n"
    placed = [(edit.new_place, number) for number, edit in enumerate(edits) if edit.new_place is not None]
    found: list[Piece] = []
    at = 0
    for (start, end), number in sorted(placed):
        found += [Piece("same", other[at:start]), *pieces_of(edits[number], one, other, number)]
        at = end
    return [piece for piece in [*found, Piece("same", other[at:])] if piece.text]
