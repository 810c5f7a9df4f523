"""Whether a page prints the text of a notice, told by aligning them, and how much of it.

Likeness nominates and never decides: what merges is that nothing differs on both sides, and that enough is common.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from archive.trace.align import Run, align
from archive.trace.forms import Form
from archive.trace.slots import find_slot
from archive.trace.titles import agreement, forwards, title_form, titles_part

Class = Literal["full", "embedded", "part", "excerpt", "weak"]

MOST_ALIGNED: Final = 8
"""Candidates that are aligned with a page; their titles cost little and are asked first."""

_LEAST: Final = 60
"""Tokens in common below which nothing is told."""
_ORDER: Final = ("full", "embedded", "part", "excerpt", "weak")
_AGREES: Final = 0.8
_HEADLINE: Final = 10
_FRAME: Final = 400
"""Tokens at the beginning of a page among which the headline of its notice stands."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """One page as tracing compares it."""

    key: str
    title: str
    text: str
    form: Form
    agency: str | None = None
    document_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How a page is like one notice."""

    notice: str
    match_class: Class
    covers: float
    """Share of the notice that the page has."""
    covered: float
    """Share of the page that is the notice's."""
    title: float
    """How far the titles agree, from 0 to 1."""
    agency: bool
    """Whether the page names the notice's agency."""

    @property
    def rank(self) -> tuple[int, float, float, float]:
        """The better one sorts first."""
        return (
            _ORDER.index(self.match_class),
            -self.title,
            -round(self.covered, 2),
            -(self.covers + self.covered),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What comparing a page with its candidates came to."""

    decision: Literal["merge", "review", "new"]
    best: Likeness | None = None
    why: str = ""
    """What makes it doubtful: `weak`, or the other notice that is as like."""
    vetoes: tuple[tuple[str, str], ...] = ()
    """Notices that it is like, and is not, each with the reason."""


def judge(page: Text, candidates: Iterable[Text]) -> Verdict:
    """Say which of some notices a page prints, if one; candidates are in order of promise."""
    found: list[Likeness] = []
    vetoes: list[tuple[str, str]] = []
    aligned = 0
    for notice in candidates:
        reason = titles_part(notice.title, page.title) or _letters_part(notice, page)
        if reason is None:
            aligned += 1
            if aligned > MOST_ALIGNED:
                break
            runs = align(notice.form, page.form)
            slot = find_slot(notice.form, page.form, runs)
            reason = str(slot) if slot is not None else None
            likeness = _measure(notice, page, runs)
            if likeness is None:
                continue
            if reason is None:
                found.append(likeness)
        if reason is not None:
            vetoes.append((notice.key, reason))
    return _choose(sorted(found, key=lambda one: one.rank), tuple(vetoes))


def _choose(found: Sequence[Likeness], vetoes: tuple[tuple[str, str], ...]) -> Verdict:
    if not found:
        return Verdict(decision="new", vetoes=vetoes)
    best = found[0]
    if best.match_class == "weak":
        return Verdict(decision="review", best=best, why="weak", vetoes=vetoes)
    rival = next((one for one in found[1:2] if one.match_class != "weak" and _ties(best, one)), None)
    if rival is not None:
        return Verdict(decision="review", best=best, why=f"as like {rival.notice}", vetoes=vetoes)
    return Verdict(decision="merge", best=best, vetoes=vetoes)


def _ties(best: Likeness, rival: Likeness) -> bool:
    """Whether nothing tells two notices apart from what a page has of them."""
    if best.title != rival.title or best.covered - rival.covered >= 0.02:
        return False
    is_partial = best.match_class == rival.match_class != "full"
    return is_partial or abs(best.covers + best.covered - rival.covers - rival.covered) < 0.03


def _letters_part(notice: Text, page: Text) -> str | None:
    if forwards(notice.title, notice.text) != forwards(page.title, page.text):
        return "only one of them forwards another notice"
    return None


def _measure(notice: Text, page: Text, runs: Sequence[Run]) -> Likeness | None:
    """The class of what is common; None where that is too little to speak of."""
    common = sum(run.size for run in runs)
    if common < _LEAST:
        return None
    covers, covered = common / len(notice.form.tokens), common / len(page.form.tokens)
    title = agreement(notice.title, page.title)
    agrees = title >= _AGREES or _is_headline(notice, page)
    agency = notice.agency is not None and notice.agency in page.text
    begins = runs[0].one <= max(12, 0.04 * len(notice.form.tokens))
    match_class = _class(covers, covered, common, agrees=agrees, agency=agency, begins=begins)
    if match_class is None:
        return None
    return Likeness(
        notice=notice.key,
        match_class=match_class,
        covers=covers,
        covered=covered,
        title=round(title, 1) if title >= _AGREES else _AGREES if agrees else 0.0,
        agency=agency,
    )


def _class(
    covers: float, covered: float, common: int, *, agrees: bool, agency: bool, begins: bool
) -> Class | None:
    if covers >= 0.85 and covered >= 0.7:
        return "full"
    if covers >= 0.85 and covered >= 0.12 and agrees:
        return "embedded"
    if covered >= 0.85 and (begins or agrees):
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
    return len(title.tokens) >= _HEADLINE and title.code in page.form.code[:_FRAME]
