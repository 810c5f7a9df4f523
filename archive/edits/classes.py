"""What an edit is about, told from the words that differ and from those around them.

The nearest words speak first: those that differ, then the phrase or cell they stand in, then the heading, label or
head of a column over it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final, NamedTuple

from archive.edits.clauses import CELL, Clause, key_of
from archive.edits.cues import AROUND, COUNTED, DAY, FIGURE, HEAD_UNIT, LABELS, WORDS, Cues
from archive.persons import BODY, PERSON
from archive.records import EDIT_CLASSES, EditClass


class Side(NamedTuple):
    """Words of a clause that the other state does not have there: where they begin and end in its text."""

    clause: Clause
    start: int
    end: int

    @property
    def words(self) -> str:
        """The words; empty where the other state has more."""
        return self.clause.text[self.start : self.end]


class _Spot(NamedTuple):
    """Words that differ, and what is around them, from near to far."""

    words: str
    behind: str
    phrase: str
    label: str
    clause: str


def in_order(classes: Iterable[EditClass]) -> tuple[EditClass, ...]:
    """Classes, each once, the one that matters most first; `cosmetic` goes where there is another."""
    found = set(classes)
    return tuple(one for one in EDIT_CLASSES if one in found and (one != "cosmetic" or len(found) == 1))


def class_of_words(before: str, after: str, sides: Sequence[Side]) -> EditClass:
    """The class of what differs inside a clause that changed; `sides` are the words before and after."""
    if key_of(before) == key_of(after) or all(side.end <= side.clause.number_end for side in sides):
        return "cosmetic"
    spots = [_spot(side) for side in sides]
    if any(side.clause.is_foot for side in sides):
        return "date"
    for tells in (_by_words, _by_phrase, _by_label):
        found = in_order(one for spot in spots if (one := tells(spot)) is not None)
        if found:
            return found[0]
    if any(_is_listed(side.clause) or _names_somebody(side) for side in sides):
        return "names"
    return "date" if any(DAY.search(spot.words) for spot in spots) else "text"


def classes_of_clause(clause: Clause) -> tuple[EditClass, ...]:
    """All that a clause is about that stands in one text only."""
    text = clause.text
    if not clause.key:
        return ("cosmetic",)
    if clause.is_foot:
        return ("date",)
    if _is_listed(clause):
        return ("names",)
    found = {name for cues in (WORDS, AROUND) for name, pattern in cues.items() if pattern.search(text)}
    if not DAY.search(text):
        found.discard("validity")
        if not WORDS["deadline"].search(text):
            found.discard("deadline")
    if _names_somebody(Side(clause, 0, len(text))):
        found.add("names")
    if not found:
        found = set(_asked(LABELS, clause.label, "eligibility", "contact", "names"))
    return in_order(found) or (("date",) if DAY.search(text) else ("text",))


def whole_names(sides: Sequence[Side], *, is_listed: bool) -> tuple[str, str]:
    """The words before and after; of a name or a short item that differs in a sign, the whole of it."""
    before, after = (side.words for side in sides)
    is_part = is_listed or max(len(before), len(after)) < _SINGLE
    if before and after and is_part and not _MARK.search(before + after):
        whole = [side.clause.text[slice(*_item(side))] for side in sides]
        if max(map(len, whole)) <= (_NAME if is_listed else _ITEM):
            before, after = whole
    return before.strip(_MARKS), after.strip(_MARKS)


def _item(side: Side) -> tuple[int, int]:
    """Where the item begins and ends that words are in: marks part it from others."""
    text, start, end = side.clause.text, side.start, side.end
    first, last = max(0, start - _NAME), min(len(text), end + _NAME)
    while start > first and not _MARK.match(text[start - 1]):
        start -= 1
    while end < last and not _MARK.match(text[end]):
        end += 1
    return start, end


def _by_words(spot: _Spot) -> EditClass | None:
    return next((name for name, pattern in WORDS.items() if pattern.search(spot.words)), None)


def _by_phrase(spot: _Spot) -> EditClass | None:
    """What the phrase says: of a day that it is a deadline, or one of being in force; of a figure that it is a sum."""
    if DAY.search(spot.words):
        near = _asked(AROUND, spot.phrase, "validity", "deadline", "eligibility")
        far = chain(_asked(LABELS, spot.label, "deadline"), _asked(AROUND, spot.clause, "validity", "deadline"))
        return next(chain(near, far), None)
    if _is_bare(spot) and LABELS["amount"].search(spot.phrase):
        return "amount"
    return next(_asked(AROUND, spot.phrase, "attachment", "contact", "eligibility"), None)


def _by_label(spot: _Spot) -> EditClass | None:
    """What stands over it says; only a figure is an amount."""
    figures: tuple[EditClass, ...] = ("amount",) if _is_bare(spot) else ()
    return next(_asked(LABELS, spot.label, *figures, "contact", "eligibility", "names"), None)


def _is_bare(spot: _Spot) -> bool:
    """Whether the words are a figure that counts nothing else than money, as far as one sees."""
    return bool(FIGURE.search(spot.words)) and not COUNTED.search(spot.words + spot.behind)


def _asked(cues: Cues, text: str, *names: EditClass) -> Iterator[EditClass]:
    """Those of the classes, in that order, of which a text has a word."""
    return (name for name in names if cues[name].search(text))


def _spot(side: Side) -> _Spot:
    """Words in their cell, under the head of its column or beside its label; or in their phrase, under a heading."""
    text, words, clause = side.clause.text, side.words, side.clause
    if CELL in text:
        cells, column = text.split(CELL), text.count(CELL, 0, side.start)
        label = clause.heads[column] if column < len(clause.heads) else ""
        if column and not label and not FIGURE.search(cells[column - 1]):
            label = cells[column - 1]
        return _Spot(words + _unit(label, words), "", cells[column], label, "")
    first, last = max(0, side.start - _AROUND), side.end + _AROUND
    begin = max((mark.end() for mark in _PHRASE.finditer(text, first, side.start)), default=first)
    close = _PHRASE.search(text, side.end, last)
    phrase = text[begin : close.start() if close else last]
    return _Spot(words, text[side.end : side.end + 2], phrase, clause.label, text[first:last])


def _unit(head: str, words: str) -> str:
    """The unit that the head of a column gives a bare figure."""
    unit = HEAD_UNIT.search(head)
    return unit[1] if unit and FIGURE.fullmatch(words.strip()) else ""


def _is_listed(clause: Clause) -> bool:
    """Whether it is a row of a table, or one of a list that begins with a name."""
    name = next((cell for cell in clause.cells if not cell.isascii()), "")
    return CELL in clause.text or (len(clause.cells) > 1 and _is_name(name))


def _is_name(item: str) -> bool:
    return bool(PERSON.fullmatch(item) or BODY.search(item))


def _names_somebody(side: Side) -> bool:
    """Whether the words are the name of a person or a body, or part of one, among others of a list."""
    if side.start == side.end:
        return False
    clause = side.clause
    items = [item for item in _MARK.split(clause.text[slice(*_item(side))]) if item]
    is_listed = clause.is_row or clause.text.count("、") > 1 or "名单" in clause.text + clause.label
    named = sum(map(_is_name, items))
    return is_listed and named > 0 and named * 2 >= len(items)


_MARKS: Final = '，,、。；;：:！？|（）()《》〈〉“”" \u3000\n'
_MARK: Final = re.compile(f"[{re.escape(_MARKS)}]")
_SINGLE: Final = 2
_NAME: Final = 24
_ITEM: Final = 8
"""Characters of an item that is told whole."""
_AROUND: Final = 200
"""Characters on either side of words that differ that say what they are about."""
_PHRASE: Final = re.compile("[，,、。；;！？]")
