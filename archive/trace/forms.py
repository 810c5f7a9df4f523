"""The form in which two printings of one text are laid beside each other: tokens, and where sentences end.

A token is a Chinese character, a whole number or a whole Latin word, so that a changed figure differs as one thing.
Numerals of ordinals and dates are Arabic, dates in one spelling, thousands without commas, glosses gone.
Source: shared forms of reposts as measured in 2026 (traditional characters, pinyin glosses, numeral styles).
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from archive.text import fold_visible


@dataclass(frozen=True)
class Form:
    """A text as tokens. `code` is one character a token: equal tokens have equal characters, unequal ones nearly always
    others, so what an alignment takes for equal is compared again."""

    tokens: tuple[str, ...]
    code: str
    bounds: tuple[int, ...]
    """Numbers of the tokens that begin a line or a sentence, rising, with 0 and the number of tokens."""

    @cached_property
    def plain(self) -> str:
        """All tokens in a row."""
        return "".join(self.tokens)

    @cached_property
    def starts(self) -> frozenset[int]:
        """`bounds` as a set."""
        return frozenset(self.bounds)

    def between(self, start: int, end: int) -> str:
        """The tokens from `start` to before `end` in a row."""
        return "".join(self.tokens[start:end])


def read_form(text: str) -> Form:
    """Lay a text out for comparison."""
    tokens: list[str] = []
    bounds = {0}
    for match in _TOKEN.finditer(_END.sub(_BOUND, spell(text))):
        token = match[0]
        if token[0] == _BOUND:
            bounds.add(len(tokens))
        else:
            tokens.append(token)
    bounds.add(len(tokens))
    code = "".join(token if len(token) == 1 else _coded(token) for token in tokens)
    return Form(tuple(tokens), code, tuple(sorted(bounds)))


def spell(text: str) -> str:
    """A text in the one spelling of letters, numerals and dates, with its marks and lines."""
    plain = _GLOSS.sub("", fold_visible(text).translate(_VARIANTS))
    plain = _THOUSANDS.sub("", _NUMERAL.sub(_arabic, plain))
    return _DATE.sub(lambda date: "{}年{}月{}日".format(*map(int, date.groups())), plain)


def is_number(token: str) -> bool:
    """Whether a token is a number."""
    return token[0].isdigit()


def _coded(token: str) -> str:
    return chr(0xF0000 + zlib.crc32(token.encode()) % 0x1FFF0)


def _arabic(match: re.Match[str]) -> str:
    numeral = match[0]
    if not _PLACES.search(numeral):
        return "".join(str(_DIGITS[digit]) for digit in numeral)
    whole = digit = 0
    for sign in numeral:
        if sign == "百":
            whole, digit = whole + (digit or 1) * 100, 0
        elif sign == "十":
            whole, digit = whole + (digit or 1) * 10, 0
        else:
            digit = _DIGITS[sign]
    return str(whole + digit)


_BOUND: Final = "\x01"
_VARIANTS: Final = str.maketrans("著帐徵覆妳牠阪陜", "着账征复你它坂陕")
_GLOSS: Final = re.compile(r"(?<=[\u4e00-\u9fff])\([a-zāáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜü]{1,6}\)")
_DIGITS: Final = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_PLACES: Final = re.compile("[十百]")
_SIGN: Final = "[零〇○一二三四五六七八九十]"
_NUMERAL: Final = re.compile(
    rf"(?<=第)[零〇一二三四五六七八九十百]{{1,5}}(?=[^零〇一二三四五六七八九十百])|[零〇○一二三四五六七八九]{{4}}(?=年)"
    rf"|{_SIGN}{{1,3}}(?=月{_SIGN}{{1,3}}日)|(?<=月){_SIGN}{{1,3}}(?=日)|(?<=年){_SIGN}{{1,3}}(?=月)"
)
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DATE: Final = re.compile(r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})(?!\d)日?")
_END: Final = re.compile(r"[\n。;!?…]+")
_TOKEN: Final = re.compile(
    r"\x01+|\d+(?:\.\d+)*%?|[a-z]+|[\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|[^\W\d_]"
)
