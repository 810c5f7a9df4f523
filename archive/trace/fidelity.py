"""What a copy did to its notice: what it left out, changed, added, re-titled, re-dated and dropped.

Furniture is no part of a text: what a page prints around it (来源, 责任编辑, 相关链接 …) is neither left out nor added.
Nor is a headline that is the title again, nor a number that is only spelt otherwise (五 for 5, 1,340 for 1340).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Final

from archive.records import Change, Fidelity, Link, Retitling
from archive.text import normalise
from archive.trace.differences import Difference, differences
from archive.trace.forms import MOST, Form, cut, read_form
from archive.trace.furniture import is_furniture, tells_of_others
from archive.trace.pieces import pieces, sentences
from archive.trace.side_by_side import token_starts
from archive.trace.titles import title_form

SHOWN: Final = 20
"""Changes of each kind that are kept; all are counted."""

_SPARED: Final = 0.02
"""Share of a notice up to which nothing worth a word is left out."""
_LEAD, _TAIL = 8, 4
_QUOTED: Final = 60
"""Characters that are quoted in one place."""
_SENTENCE: Final = 8
"""Tokens from which on a sentence that stands elsewhere was moved; shorter ones are numbers and salutations."""
_AROUND_TITLE: Final = 30
"""Tokens around a title in its line: the name of the site, the source, the time."""


@dataclass(frozen=True, kw_only=True)
class Printing:
    """A notice as one page prints it."""

    key: str
    title: str | None
    text: str
    text_digest: str
    published_on: date | None
    files: tuple[Link, ...] = ()

    @cached_property
    def form(self) -> Form:
        """The text for comparison, at most as much as is laid out."""
        return cut(read_form(self.text))

    @cached_property
    def starts(self) -> list[int]:
        """Where each token begins in the text."""
        return token_starts(self.form, self.text)

    def quote(self, start: int, end: int) -> str:
        """Some tokens as printed, in one line, without marks at the ends."""
        printed = " ".join(self.text[self.starts[start] : self.starts[end]].split()).strip(_MARKS)
        return printed if len(printed) <= _QUOTED else printed[: _QUOTED - 1] + "…"


def measure_among(states: Mapping[int, Printing], copy: Printing) -> Fidelity:
    """The same where the original was edited: told from its state that the copy comes nearest to.

    What the original changed afterwards is no change of the copy's. Of equals that is the latest state, else the first.
    `states` are by their number in `revisions`.
    """
    latest = max(states)
    found = measure(states[latest], copy)
    if len(states) == 1 or not any(_distance(found)):
        return found
    earlier = [replace(measure(states[number], copy), revision=number) for number in sorted(states)[:-1]]
    return min([found, *earlier], key=_distance)


def measure(original: Printing, copy: Printing) -> Fidelity:
    """Tell what a copy did to a notice that the original, or else the fullest copy, prints."""
    is_same = original.text_digest == copy.text_digest
    found = _Account() if is_same else _compare(original, copy)
    retitling = _retitling(original.title, copy.title)
    return Fidelity(
        copy=copy.key,
        against=original.key,
        revision=None,
        share=round(1 - found.left, 4),
        is_complete=found.left <= _SPARED,
        retitling=retitling,
        titles=(original.title or "", copy.title or "") if retitling is not None else None,
        days_later=_days(original.published_on, copy.published_on),
        numbers=tuple(_change(original, copy, one) for one in found.numbers[:SHOWN]),
        numbers_changed=len(found.numbers),
        wording=tuple(_change(original, copy, one) for one in found.wording[:SHOWN]),
        wording_changed=len(found.wording),
        moved=found.moved,
        dropped=tuple(link.name for link in original.files if not _is_linked(link, copy.files)),
        added=round(found.added, 4),
        added_words=copy.quote(*found.first_added) if found.first_added else "",
        is_partial=not is_same and max(len(original.form), len(copy.form)) == MOST,
    )


def _distance(found: Fidelity) -> tuple[float, ...]:
    """How far a copy is from what it was laid beside, the gravest first; all nothing of a faithful one."""
    changes = found.numbers_changed + found.wording_changed
    return changes, round(1 - found.share, 2), round(found.added, 2), found.moved, found.retitling is not None


@dataclass(kw_only=True)
class _Account:
    """What was found of two texts; of two that are the same, nothing."""

    numbers: list[Difference] = field(default_factory=list)
    wording: list[Difference] = field(default_factory=list)
    left: float = 0.0
    """Share of the original."""
    moved: int = 0
    added: float = 0.0
    """Share of the copy."""
    first_added: tuple[int, int] | None = None
    """Where in the copy the first sentence stands that it adds."""


def _compare(original: Printing, copy: Printing) -> _Account:
    one, other = original.form, copy.form.beside(original.form)
    mine, theirs = _lines(one), _lines(other)
    titles = {title_form(title or "").code for title in (original.title, copy.title)}
    found = _Account()
    left = added = 0
    for piece in pieces(one, other):
        for difference in differences(one, other, piece):
            (found.numbers if difference.kind == "numbers" else found.wording).append(difference)
        if piece.kind == "changed":
            said, told = piece.sizes
            left, added = left + max(0, said - told), added + max(0, told - said)
        for start, end in _of_the_text(one, piece.one, piece.one_end, titles) if piece.kind == "left_out" else ():
            sentence = one.code[start:end]
            if 0 < _times(sentence, one, mine) <= _times(sentence, other, theirs):
                found.moved += end - start >= _SENTENCE
            else:
                left += end - start
        for start, end in _of_the_text(other, piece.other, piece.other_end, titles) if piece.kind == "added" else ():
            if _times(other.code[start:end], one, mine) == 0:
                added += end - start
                found.first_added = found.first_added or (start, end)
    found.left, found.added = left / max(1, len(one)), added / max(1, len(other))
    return found


def _lines(form: Form) -> Counter[str]:
    """How often a text has each of its lines and sentences."""
    return Counter(form.code[start:end] for start, end in pairwise(form.bounds))


def _times(sentence: str, form: Form, lines: Counter[str]) -> int:
    """How often a text has a sentence; of a short one only lines of their own count."""
    return form.code.count(sentence) if len(sentence) >= _SENTENCE else lines[sentence]


def _of_the_text(form: Form, start: int, end: int, titles: set[str]) -> Iterator[tuple[int, int]]:
    """The sentences of a stretch that are no furniture."""
    for first, last in sentences(form, start, end):
        words, code = form.between(first, last), form.code[first:last]
        if tells_of_others(words):
            return
        is_title = any(title and title in code and len(code) <= len(title) + _AROUND_TITLE for title in titles)
        if not is_title and not is_furniture(words):
            yield first, last


def _change(original: Printing, copy: Printing, difference: Difference) -> Change:
    one, bounds = difference.place, original.form.bounds
    begins = max(bound for bound in bounds if bound <= one.one)
    ends = min(bound for bound in bounds if bound >= one.one_end)
    return Change(
        before=original.quote(one.one, one.one_end),
        after=copy.quote(one.other, one.other_end),
        lead=original.quote(max(begins, one.one - _LEAD), one.one),
        tail=original.quote(one.one_end, min(ends, one.one_end + _TAIL)),
    )


def _days(published_on: date | None, copied_on: date | None) -> int | None:
    return (copied_on - published_on).days if published_on is not None and copied_on is not None else None


def _retitling(title: str | None, copied: str | None) -> Retitling | None:
    if not title or not copied or normalise(title) == normalise(copied):
        return None
    mine, theirs = title_form(title).plain, title_form(copied).plain
    if mine == theirs:
        return "framed"
    if theirs in mine:
        return "shortened"
    return "extended" if mine in theirs else "changed"


def _is_linked(link: Link, links: Sequence[Link]) -> bool:
    """Whether a file is among some links: by its address, or by a name that is the other or a piece of it."""
    stem = _stem(link.name)
    return any(one.url == link.url for one in links) or any(
        one in stem or stem in one for one in (_stem(one.name) for one in links) if one and stem
    )


def _stem(name: str) -> str:
    """The name of a file without its number and ending."""
    return normalise(_ENDING.sub("", _NUMBERED.sub("", name.strip()))) or normalise(name)


_MARKS: Final = ' ，。；：、！？,.;:!?（）()【】[]《》“”"|·…—-'
_ENDING: Final = re.compile(r"\.[A-Za-z]{2,4}$")
_NUMBERED: Final = re.compile(r"^附件\s*[\d一二三四五六七八九十]{0,2}\s*[:：.、]?\s*")
