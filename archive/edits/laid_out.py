"""Edits as a page lays them out: numbered by what matters most, and in place in the whole text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from archive.edits.pieces import run_on
from archive.edits.states import compare_texts
from archive.records import Edit, Revision

_FOLDED: Final = 8
"""Lines that stayed, beyond which the middle of them is folded away."""
_KEPT: Final = 2


class Strip(NamedTuple):
    """A stretch of the text. `folded` stayed, too, and is only worth a line that tells how many lines it has."""

    op: Literal["same", "removed", "added", "folded"]
    text: str
    begins: int | None = None
    """The number of the edit that begins here."""
    is_layout: bool = False
    """It belongs to an edit that is layout only."""

    @property
    def lines(self) -> int:
        """How many lines a folded strip has."""
        return len(self.text.splitlines())


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEdits:
    """What was edited in a file, by the texts of both its versions."""

    url: str
    name: str
    before: str
    after: str
    edits: Sequence[Edit]


def numbered(edits: Sequence[Edit]) -> dict[int, int]:
    """Places of the edits that are more than layout, in their order, with their numbers from 1."""
    counted = [place for place, edit in enumerate(edits) if edit.classes != ("cosmetic",)]
    return {place: number for number, place in enumerate(counted, 1)}


def in_brief(edit: Edit) -> list[tuple[str, str]]:
    """What was there and what is there now, of each stretch that differs; of the whole where none is told apart."""
    told = [(one.before, one.after) for one in edit.stretches if one.edit_class != "cosmetic"]
    return told or [("" if edit.kind == "moved" else edit.before, edit.after)]


def lay_out(edits: Sequence[Edit], before: str, after: str, *, is_whole: bool = False) -> Iterator[Strip]:
    """The text after with its edits in place, in reading order. Unless it is `is_whole`, long stretches are folded."""
    numbers = numbered(edits)
    told: set[int] = set()
    for piece in run_on(edits, before, after):
        if piece.edit is None:
            yield from [Strip("same", piece.text)] if is_whole else _fold(piece.text)
            continue
        number = numbers.get(piece.edit)
        begins = number if number not in told else None
        if number is not None:
            told.add(number)
        yield Strip(piece.op, piece.text, begins, number is None)


def edits_of_files(before: Revision, after: Revision, texts: Mapping[str, str]) -> list[FileEdits]:
    """What was edited in the files that both states link and whose texts differ, in the order of the page.

    `texts` are what the payloads of files say, by their digests.
    """
    found = []
    for link in after.reading.attachments:
        old, new = (texts.get(one.files.get(link.url, "")) for one in (before, after))
        if old is not None and new is not None and old != new:
            edits = [edit for edit in compare_texts(old, new) if edit.before or edit.after]
            found.append(FileEdits(url=link.url, name=link.name, before=old, after=new, edits=edits))
    return found


def _fold(text: str) -> Iterator[Strip]:
    """What stayed; of many lines the middle by itself, to be folded."""
    lines = text.splitlines(keepends=True)
    if len(lines) <= _FOLDED:
        yield Strip("same", text)
        return
    yield Strip("same", "".join(lines[:_KEPT]))
    yield Strip("folded", "".join(lines[_KEPT:-_KEPT]))
    yield Strip("same", "".join(lines[-_KEPT:]))
