"""Whether a page prints the text of a notice, told by aligning them, and how much of it.

Likeness nominates and never decides: what merges is that nothing differs on both sides, and that enough is common.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from archive.records import Likeness, LikenessClass
from archive.trace.align import Run, align
from archive.trace.forms import MOST, Form, cut, read_form
from archive.trace.postings import postings
from archive.trace.slots import find_slot
from archive.trace.titles import agreement, forwards, periods_part, title_form, titles_part

MOST_ALIGNED: Final = 8
"""Candidates that are aligned with a page; their titles cost little and are asked first."""

_LEAST: Final = 60
"""Tokens in common below which nothing is told."""
_ORDER: Final = ("full", "embedded", "part", "excerpt", "weak")
_AGREES: Final = 0.8
"""Agreement of titles from which on they are one; that of a headline in the text, whatever the page's own title."""
_WHOLE: Final = 0.85
_EDITED: Final = 0.9
"""Share that each of two states of one notice has of the other; else its address may show another notice now."""
_PARTS: Final = 1.05
"""Shares of a page that two of its parts have at most: they may begin or end with the same words."""
_HEADLINE: Final = 10
_NUMBER: Final = re.compile(r"\d")
_FRAME: Final = 400
"""Tokens at the beginning of a page among which the headline of its notice stands."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """One page as tracing compares it."""

    key: str
    title: str
    text: str
    length: int
    """Characters of the normalised text."""
    is_bureau: bool = False
    agency: str | None = None
    document_number: str | None = None
    earlier: tuple[tuple[str, str], ...] = ()
    """Title and text of what it was before, the latest first."""

    @property
    def fullness(self) -> tuple[bool, int, str]:
        """Sorts the pages that others may print first: bureaus' first, then the longer text, which the others cut."""
        return not self.is_bureau, -self.length, self.key

    @cached_property
    def states(self) -> tuple[Text, ...]:
        """What it was before, as far as that is this notice still: an address may show another one later."""
        before = [replace(self, title=title, text=text, earlier=()) for title, text in self.earlier]
        return tuple(one for one in before if titles_part(self.title, one.title) is None and _is_edited(one, self))

    @cached_property
    def postings(self) -> frozenset[int]:
        """What it is found under."""
        return postings(self.title, self.form)

    @cached_property
    def form(self) -> Form:
        """The text for comparison, read when it is asked for: of many candidates the titles say enough.

        Of a very long one the beginning.
        """
        return cut(read_form(self.text))


def compare(page: Text, candidates: Iterable[Text]) -> list[Likeness]:
    """Every candidate that a page has something of, best first; candidates come in order of promise.

    Those whose agency the page names are aligned first: the others of a series are another place's. Those that a veto
    parts it from are there too, so that a series shows itself. Of a bureau's page that was edited since, a page may
    print what it was before.
    """
    found: list[Likeness] = []
    aligned = 0
    for notice in sorted(candidates, key=lambda one: not _names(page, one)):
        if notice.fullness > page.fullness and not notice.is_bureau:
            continue
        veto = _heads_part(notice, page)
        if veto is not None and aligned >= MOST_ALIGNED // 2:
            continue
        if aligned >= MOST_ALIGNED:
            break
        aligned += 1
        likeness = _lay_beside(notice, page, veto)
        if likeness is not None and likeness.veto is not None and notice.is_bureau:  # it may have been edited since
            before = (_lay_beside(state, page, _heads_part(state, page)) for state in notice.states)
            likeness = next((one for one in before if one is not None and one.veto is None), likeness)
        if likeness is not None:
            found.append(likeness)
    return sorted(found, key=rank)


def rank(likeness: Likeness) -> tuple[bool, int, float, float, float, str]:
    """The better one sorts first."""
    return (
        likeness.veto is not None,
        _ORDER.index(likeness.match_class),
        -likeness.title,
        -round(likeness.covered, 2),
        -(likeness.covers + likeness.covered),
        likeness.other,
    )


def ties(best: Likeness, rival: Likeness) -> bool:
    """Whether nothing that a page has tells two notices apart."""
    if rival.match_class == "weak" or best.title != rival.title or best.covered - rival.covered >= 0.02:
        return False
    is_partial = best.match_class == rival.match_class != "full"
    return is_partial or abs(best.covers + best.covered - rival.covers - rival.covered) < 0.03


def is_beside(best: Likeness, rival: Likeness) -> bool:
    """Whether a page under a title of its own prints two notices whole, each in another part: a digest does."""
    is_both = min(best.covers, rival.covers) >= _WHOLE and best.covered + rival.covered <= _PARTS
    return is_both and best.title <= _AGREES


def _lay_beside(notice: Text, page: Text, veto: str | None) -> Likeness | None:
    runs = align(notice.form, page.form)
    if veto is None and (slot := find_slot(notice.form, page.form, runs)) is not None:
        veto = str(slot)
    return _measure(notice, page, runs, veto)


def _is_edited(before: Text, after: Text) -> bool:
    """Whether nearly all of a state stands in the next, and the other way round, and it is of no other period: a page
    of one address may show the figures of each month."""
    if periods_part(before.form.plain, after.form.plain) is not None:
        return False
    common = sum(run.size for run in align(before.form, after.form))
    return common >= _EDITED * max(len(before.form), len(after.form))


def _heads_part(notice: Text, page: Text) -> str | None:
    if (titles := titles_part(notice.title, page.title)) is not None:
        return titles
    if forwards(notice.title, notice.text) != forwards(page.title, page.text):
        return "only one of them forwards another notice"
    mine, theirs = notice.document_number, page.document_number
    return f"document numbers differ: {mine} / {theirs}" if mine and theirs and mine != theirs else None


def _names(page: Text, notice: Text) -> bool:
    """Whether a page names the agency of a notice."""
    return notice.agency is not None and notice.agency in page.text


def _measure(notice: Text, page: Text, runs: Sequence[Run], veto: str | None) -> Likeness | None:
    """The class of what is common; None where that is too little to speak of."""
    common = sum(run.size for run in runs)
    if common < _LEAST:
        return None
    covers, covered = common / len(notice.form), common / len(page.form)
    title = agreement(notice.title, page.title)
    agrees = title >= _AGREES or _is_headline(notice, page)
    agency = _names(page, notice)
    begins = runs[0].one <= max(12, 0.04 * len(notice.form))
    match_class = _class(covers, covered, common, agrees=agrees, agency=agency, begins=begins)
    if match_class is None:
        return None
    return Likeness(
        other=notice.key,
        match_class="weak" if len(notice.form) == MOST else match_class,  # what differs may stand behind that
        covers=covers,
        covered=covered,
        title=round(title, 1) if title >= _AGREES else _AGREES if agrees else 0.0,
        agency=agency,
        numbered=any(_NUMBER.search(notice.form.between(run.one, run.one_end)) for run in runs),
        veto=veto,
    )


def _class(
    covers: float, covered: float, common: int, *, agrees: bool, agency: bool, begins: bool
) -> LikenessClass | None:
    if covers >= _WHOLE and covered >= 0.7:
        return "full"
    if covers >= _WHOLE and covered >= 0.12 and agrees:
        return "embedded"
    if covered >= _WHOLE and (begins or agrees):
        return "part"
    if covered >= 0.5 and (agrees or agency):
        return "excerpt"
    if begins and ((covers >= 0.35 and agrees) or (covers >= 0.5 and covered >= 0.65)):
        return "excerpt"
    if begins and covers >= 0.6 and covered >= 0.3 and common >= 2 * _LEAST:
        return "excerpt"
    return "weak" if max(covers, covered) >= 0.3 else None


def _is_headline(notice: Text, page: Text) -> bool:
    """Whether the notice's title stands at the head of the page's text."""
    title = title_form(notice.title)
    return len(title) >= _HEADLINE and title.code in page.form.code[:_FRAME]
