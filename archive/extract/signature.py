"""The end of a document: who signs (署名) and the day it was written (成文日期), as its last lines give them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from archive.dates import read_day
from archive.extract.agency_names import looks_like_agency, split_agencies
from archive.extract.evidence import Found

_DAY: Final = re.compile(
    r"[（(]?\s*((?:\d{4}|[一二][〇○◯ＯΟОοо０零oO一二三四五六七八九]{3})\s*(?:年|[-./])\s*[\d一二三四五六七八九十〇]{1,3}\s*(?:月|[-./])\s*[\d一二三四五六七八九十〇]{1,3}\s*日?)\s*[)）]?"
)
_EFFECTIVE: Final = re.compile(
    r"(?:本(?:办法|规定|细则|条例|通知|意见|方案|规则|公告|通告|决定|标准|章程|法|目录|指南)|现予公布，|以上[^。]{0,8})[^。]{0,12}?自"
    r"([^。起]{6,24}?)起?(?:正式)?(?:施行|实施|执行|生效)"
)
_SPACED: Final = re.compile(
    r"(?<=[〇○◯ＯΟОοо零oO一二三四五六七八九十年月])\s+(?=[〇○◯ＯΟОοо零oO一二三四五六七八九十年月日])"
)
_LETTERED: Final = re.compile(r"[一-龥](?:\s[一-龥]){3,}")  # 水 西 市 民 政 局
_SENTENCE: Final = re.compile(r"^[^（(].{20,}。$")
_LAST: Final = 12


@dataclass(frozen=True, slots=True)
class Signature:
    """The signing agencies in their order, and the day; either may be missing."""

    agencies: tuple[str, ...]
    day: date | None
    raw: str | None = None
    """The day as printed."""


def read_signature(paragraphs: Sequence[str]) -> Signature:
    """Read the last lines of a text; a date inside a sentence is no signature."""
    last = list(paragraphs[-_LAST:])
    for number in range(len(last) - 1, -1, -1):
        text = _tighten(last[number])
        match = _DAY.search(text) if len(text) <= 60 else None
        if match is None or match.end() != len(text) or read_day(match[1]) is None:
            continue
        before = text[: match.start()].strip(" ，,")
        if before and not all(map(looks_like_agency, split_agencies(before))):
            continue
        agencies = split_agencies(before) if before else _signers(last[:number])
        if not agencies and any(_SENTENCE.search(later) for later in last[number + 1 :]):
            continue  # a day within a chronicle
        return Signature(agencies, read_day(match[1]), match[1])
    return Signature((), None)


def read_effective(text: str) -> Found[date] | None:
    """Read the day from which the document itself says that it is in force (本办法自…起施行)."""
    found = None
    for match in _EFFECTIVE.finditer(text):
        day = read_day(match[1])
        if day is not None:
            found = Found(day, "body", match[1].strip())
    return found


def _tighten(text: str) -> str:
    """A line without the blanks that set its letters apart."""
    text = _SPACED.sub("", text.strip())
    return text.replace(" ", "") if _LETTERED.fullmatch(text) else text


def _signers(above: Sequence[str]) -> tuple[str, ...]:
    """The agencies in the lines right above the day, one or several a line."""
    found: tuple[str, ...] = ()
    for text in map(_tighten, reversed(above)):
        names = split_agencies(text) if len(text) <= 80 else ()
        if not names or not all(map(looks_like_agency, names)):
            break
        found = names + found
    return found
