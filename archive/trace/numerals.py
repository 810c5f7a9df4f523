"""What a number comes to, in figures or in Chinese numerals."""

from __future__ import annotations

import re
from typing import Final


def value(words: str) -> str | None:
    """What a number comes to, in one spelling of its figures: 五十, 050 and 50.0 are `50`; None of what is none."""
    if _ARABIC.fullmatch(words):
        sign = words[len(words.rstrip("%")) :]
        figures = words.rstrip("%").lstrip("0")
        if "." in figures:
            figures = figures.rstrip("0").rstrip(".")
        return (figures or "0") + sign
    return str(_total(words)) if _CHINESE.fullmatch(words) else None


def _total(numeral: str) -> int:
    """The value of 二十三, 一百零五, 三万两千 or 一〇五."""
    if not _PLACES.search(numeral):
        return int("".join(str(_DIGITS[sign]) for sign in numeral))
    whole = part = digit = 0
    for sign in numeral:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif _UNITS[sign] < 10_000:
            part, digit = part + (digit or 1) * _UNITS[sign], 0
        else:
            whole, part, digit = whole + (part + digit or 1) * _UNITS[sign], 0, 0
    return whole + part + digit


_DIGITS: Final = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_UNITS: Final = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_PLACES: Final = re.compile("[十百千万亿]")
_CHINESE: Final = re.compile("[零〇○一二三四五六七八九两十百千万亿]{1,12}")
_ARABIC: Final = re.compile(r"\d+(?:\.\d+)*%?")
