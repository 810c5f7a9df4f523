"""What a title alone says of its notice's company: the series it belongs to and its place in it, or the notice that it
explains."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from archive.names import title_key
from archive.trace.numerals import value
from archive.trace.titles import title_form

_LEAST: Final = 8
"""Characters of a frame or a title below which it is that of many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a title stands in a series."""

    frame: str
    """The title with `#` for each period, number or holiday, without marks of revision."""
    order: str
    """Sorts the notices of a frame: by year, then by the other numbers."""


def place_of(title: str) -> Place | None:
    """The frame of a title and its place there; None of a title that says too little to be one of a series."""
    plain = title_form(without_revision(title)).plain
    frame = _BLANK.sub("#", plain)
    if len(frame.replace("#", "")) < _LEAST:
        return None
    numbers = sorted((_number(found) for found in _BLANK.findall(plain)), key=lambda number: not _is_year(number))
    return Place(frame=frame, order=".".join(f"{number:06}" for number in numbers))


def blanks_differ(one: str, other: str) -> tuple[str, str]:
    """What two titles of one frame say in the blanks that they fill in otherwise."""
    blanks = zip_longest(*(_SHOWN.findall(title_form(without_revision(title)).plain) for title in (one, other)))
    pairs = [(mine or "", theirs or "") for mine, theirs in blanks if mine != theirs]
    return _joined([mine for mine, _ in pairs]), _joined([theirs for _, theirs in pairs])


def explained_title(title: str) -> str | None:
    """The key of the title that a piece about a notice carries around its own words: 一图读懂|关于…的通知.

    None of what is no such piece. A title in 《》 is a citation, and told there.
    """
    if "《" in title or not _ABOUT.search(title):
        return None
    inner = _ABOUT_BEHIND.sub("", _ABOUT_BEFORE.sub("", title.strip()))
    key = title_key(inner)
    return key if inner != title.strip() and len(key) >= _LEAST else None


def without_revision(title: str) -> str:
    """A title without what says which edition it is: （2024年修订）, 修订版."""
    return _REVISION.sub("", title)


def revision_mark(title: str, text: str) -> str | None:
    """What says that a document is a later edition: in its title, or a line in brackets where its text begins."""
    found = _REVISION.search(title) or _REVISED.search(f"\n{text[:_HEAD]}\n")
    return found[0] if found else None


def _number(blank: str) -> int:
    if blank in _WORDS:
        return _WORDS.index(blank) + 1
    return int(re.sub(r"\D", "", value(blank) or "0")[:6] or 0)


def _is_year(number: int) -> bool:
    return 1949 <= number <= 2100


def _joined(words: Sequence[str]) -> str:
    return "、".join(filter(None, words))


_WORDS: Final = ["上半年", "下半年", "元旦", "春节", "清明", "五一", "劳动节", "端午", "中秋", "国庆"]
_BLANK: Final = re.compile(rf"\d+(?:\.\d+)*|[一二三四五六七八九十]{{1,3}}(?=季度|月份?|批|期|届|次)|{'|'.join(_WORDS)}")
_SHOWN: Final = re.compile(rf"第?(?:{_BLANK.pattern})(?:季度|年度|月份|[年月日批次期号届])?")
_REVISION: Final = re.compile(
    r"[（(〔\[][^（）()〔〕\[\]]{0,16}(?:修订|修正|修改)[^（）()〔〕\[\]]{0,8}[)）〕\]]|(?:新)?(?:修订|修正)(?:版|本|稿)?$"
)
_REVISED: Final = re.compile(r"(?<=\n)[（(][^（）()\n]{0,80}(?:修订|修正)[^（）()\n]{0,20}[)）](?=\n)")
_HEAD: Final = 300
_ABOUT: Final = re.compile("解读|一图[读看]懂|图解|问答|答记者问")
_ABOUT_BEFORE: Final = re.compile(
    r"^(?:[【\[]?(?:政策|文字|图文)?(?:解读|一图[读看]懂|图解|问答)[】\]]?[|丨｜:：\s-]*)?(?:关于(?=关于))?"
)
_ABOUT_BEHIND: Final = re.compile(
    r"[的—\-|丨｜:：\s]*(?:政策|文字|图文)?(?:解读|一图[读看]懂|图解|问答|答记者问)[)）]?$"
)
