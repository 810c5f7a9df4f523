"""What titles say of two pages: that they cannot be one notice, or how far they agree. Alone they merge nothing."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from archive.text import fold
from archive.trace.align import equal_runs, gaps
from archive.trace.forms import Form, read_form, spell

_LEAST: Final = 4
"""Tokens below which a title says nothing."""
_LETTER: Final = 600
"""Characters at the beginning of a text among which a letter says that it passes something on."""
_ALIKE: Final = 0.6
"""Share of the shorter title from which on two words in one place are a blank that was filled in."""


def titles_part(one: str, other: str) -> str | None:
    """Why two titles are those of two notices: another period or number, another genre, another word in one frame."""
    mine, theirs = _core(one), _core(other)
    if (period := periods_part(mine, theirs)) is not None:
        return f"titles name {period}"
    genre = _genre(mine) or _genre(theirs)
    if genre and not (_genre(mine) and _genre(theirs)):
        return f"only one title is that of a piece about notices ({genre})"
    return _substitution(_form(one), _form(other))


def periods_part(one: str, other: str) -> str | None:
    """Which other year, quarter, number, month or holiday two texts in one spelling name; None where one names all
    that the other does."""
    for what, form in _PERIODS:
        said, told = set(form.findall(one)), set(form.findall(other))
        if said and told and not (said <= told or told <= said):
            return f"another {what}: {'、'.join(sorted(said))} / {'、'.join(sorted(told))}"
    return None


def agreement(one: str, other: str) -> float:
    """Share of the shorter title that the longer one has, from 0 to 1; 0 where one says too little."""
    mine, theirs = _form(one), _form(other)
    shorter = min(len(mine), len(theirs))
    return sum(run.size for run in equal_runs(mine, theirs)) / shorter if shorter >= _LEAST else 0.0


def forwards(title: str, text: str) -> bool:
    """Whether a page passes on another notice under a letter of its own."""
    return "转发" in _core(title) or _PASSED_ON.search(fold(text[:_LETTER])) is not None


def is_digest(title: str) -> bool:
    """Whether a title is that of a page which prints several notices."""
    return _DIGEST.search(title) is not None


def title_form(title: str) -> Form:
    """A title for comparison, without what portals put around it."""
    return _form(title)


def _substitution(one: Form, other: Form) -> str | None:
    if min(len(one), len(other)) < _LEAST:
        return None
    runs = list(equal_runs(one, other))
    if sum(run.size for run in runs) <= _ALIKE * min(len(one), len(other)):
        return None
    for gap in gaps(runs):
        if min(gap.sizes) > 0:
            return f"titles differ: {one.between(gap.one, gap.one_end)} / {other.between(gap.other, gap.other_end)}"
    first = runs[0]
    if 0 < first.one <= _LEAST and 0 < first.other <= _LEAST:
        return f"titles begin otherwise: {one.between(0, first.one)} / {other.between(0, first.other)}"
    return None


def _genre(core: str) -> str | None:
    found = _GENRE.search(core)
    return found[0] if found else None


@lru_cache(maxsize=16384)  # a title is laid beside those of all its candidates
def _form(title: str) -> Form:
    return read_form(_core(title))


@lru_cache(maxsize=16384)
def _core(title: str) -> str:
    """A title in one spelling, without what portals put around it: marks in brackets, the site's name, dots."""
    core = fold(title)
    for _ in range(2):
        core = _AROUND.sub("", core.strip())
    return spell(core)


_AROUND: Final = re.compile(
    r"【[^】]{1,10}】|\[[^\]]{1,10}\]|^(?:转载|最新|重磅)[:!|\s]+|\((?:附名单|全文|图)\)"
    r"|[_|].{2,12}$|(?:\s-\s[^-]{2,12}){1,2}$|…+$|\.{3,}$"
)
_GENRE: Final = re.compile("解读|一图读懂|图解|聚焦|汇总|摘编|合集|要闻|周报|问答|访谈|综述")
_DIGEST: Final = re.compile("汇总|摘编|合集|汇编|周报|速览")
_PASSED_ON: Final = re.compile("转发给你们")
_PERIODS: Final = (
    ("year", re.compile(r"(\d{4})年")),
    ("quarter", re.compile(r"(\d)季度")),
    ("number in a series", re.compile(r"第(\d+)[批次期号]")),
    ("month", re.compile(r"(\d{1,2})月")),
    ("holiday", re.compile("(元旦|春节|清明|劳动节|五一|端午|中秋|国庆)")),
)
