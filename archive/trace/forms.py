"""The form in which two printings of one text are laid beside each other: tokens, and where sentences end.

A token is a Chinese character, a whole number or a whole Latin word, so that a changed figure differs as one thing.
Numerals of ordinals and dates are Arabic, dates in one spelling, thousands without commas, glosses gone.
Source: shared forms of reposts as measured in 2026 (traditional characters, pinyin glosses, numeral styles).
"""

from __future__ import annotations

import re
import zlib
from bisect import bisect_right
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from typing import Final

from archive.text import fold_visible

MOST: Final = 20_000
"""Tokens of a text that are aligned: it takes time and memory (here 50 MB) with the product of two lengths."""


@dataclass(frozen=True)
class Form:
    """A text as tokens, one character of `code` each: a Chinese character is itself, a number or a word stands in
    `words` under a character of private use. One word has the same character everywhere, two nearly always two."""

    code: str
    words: Mapping[str, str]
    bounds: tuple[int, ...]
    """Numbers of the tokens that begin a line or a sentence, rising, with 0 and the number of tokens."""

    def __len__(self) -> int:
        return len(self.code)

    def beside(self, one: Form) -> Form:
        """This form so that a word has the character it has in the other, and no two words share one: nearly always
        itself."""
        pairs = self.words.items()
        if all(one.signs.get(word, sign) == sign and one.words.get(sign, word) == word for sign, word in pairs):
            return self
        taken = set(one.words)
        words: dict[str, str] = {}
        table: dict[int, str] = {}
        for sign, word in pairs:
            table[ord(sign)] = found = one.signs.get(word) or _free(sign, taken)
            taken.add(found)
            words[found] = word
        return replace(self, code=self.code.translate(table), words=words)

    @cached_property
    def signs(self) -> Mapping[str, str]:
        """The character of each word."""
        return {word: sign for sign, word in self.words.items()}

    @cached_property
    def plain(self) -> str:
        """All tokens in a row."""
        return self.between(0, len(self.code))

    @cached_property
    def starts(self) -> frozenset[int]:
        """`bounds` as a set."""
        return frozenset(self.bounds)

    def begins(self, at: int) -> int:
        """Where the line or sentence begins that a place is in."""
        return self.bounds[bisect_right(self.bounds, at) - 1]

    def token(self, at: int) -> str:
        """One token."""
        return self.words.get(self.code[at], self.code[at])

    def tokens(self, start: int, end: int) -> list[str]:
        """The tokens from `start` to before `end`."""
        return [self.words.get(sign, sign) for sign in self.code[start:end]]

    def between(self, start: int, end: int) -> str:
        """The same in a row."""
        return "".join(self.tokens(start, end))


def read_form(text: str) -> Form:
    """Lay a text out for comparison."""
    words: dict[str, str] = {}

    def put(match: re.Match[str]) -> str:
        word = match[0]
        sign = _sign(word)
        while words.setdefault(sign, word) != word:
            sign = _after(sign)
        return sign

    marked = _WORD.sub(put, _END.sub(_BOUND, spell(text)))
    pieces = _DROPPED.sub("", marked).split(_BOUND)
    bounds = {0, *accumulate(map(len, pieces))}
    return Form("".join(pieces), words, tuple(sorted(bounds)))


def cut(form: Form) -> Form:
    """The beginning of a form, where it is longer than can be aligned."""
    if len(form) <= MOST:
        return form
    return Form(form.code[:MOST], form.words, (*(bound for bound in form.bounds if bound < MOST), MOST))


def spell(text: str) -> str:
    """A text in the one spelling of letters, numerals and dates, with its marks and lines."""
    plain = _GLOSS.sub("", fold_visible(text).translate(_VARIANTS))
    plain = _THOUSANDS.sub("", _NUMERAL.sub(_arabic, plain))
    return _DATE.sub(lambda date: "{}年{}月{}日".format(*map(int, date.groups())), plain)


def is_number(token: str) -> bool:
    """Whether a token is a number."""
    return token[0].isdigit()


def _sign(word: str) -> str:
    return chr(_PRIVATE + zlib.crc32(word.encode()) % _SIGNS)


def _after(sign: str) -> str:
    return chr(_PRIVATE + (ord(sign) - _PRIVATE + 1) % _SIGNS)


def _free(sign: str, taken: AbstractSet[str]) -> str:
    while sign in taken:
        sign = _after(sign)
    return sign


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
_WORD: Final = re.compile(r"\d+(?:\.\d+)*%?|[a-z]{2,}")
_PRIVATE: Final = 0xF0000
_SIGNS: Final = 0x1FFF0
_DROPPED: Final = re.compile(r"[^\x01\w\U000f0000-\U0010ffff]+|_+")
