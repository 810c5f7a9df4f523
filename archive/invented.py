"""A page made into a fixture: its structure, labels and dates kept, every other run of Chinese invented, hosts too.

Works on the source as one text, so that what stands in attributes, scripts and comments is treated like what is shown.
A character of the source always becomes the same invented one (many become one, so nothing leads back): a title in a
tag, a heading and a list stays one title, and a clipped one still begins it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Final

from archive.kept_words import KEPT_WORDS, TAILS, VOCABULARY
from archive.pseudonyms import rename_hosts

RUN: Final = 4
"""Characters of a run of Chinese that must not survive, labels apart."""

HAN: Final = "〇㐀-䶿一-鿿豈-\ufaff\U00020000-\U0003ffff"
_HAN: Final = re.compile(f"[{HAN}]")
_RUNS: Final = re.compile(f"[{HAN}]+")
_REFERENCE: Final = re.compile(r"&#(?:[xX]([0-9a-fA-F]{4,5})|(\d{5,6}));?")
_ESCAPE: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
_PERCENT: Final = re.compile(r"(?:%[0-9a-fA-F]{2}){2,}")
_TAG: Final = re.compile(
    r"</?(?:b|strong|em|i|u|font|sup|sub|span|o:p)\b[^<>]*>", re.IGNORECASE
)  # words run through them
_CHARSET: Final = re.compile(
    r"(charset\s*=\s*[\"']?\s*)(?:gb2312|gbk|gb18030|gb_2312-80|big5|hz-gb-2312)", re.IGNORECASE
)
_PHONE: Final = re.compile(
    r"(?<![\w/.=\"'%&?#-])(?:0\d{2,3}[-—－ ]?[2-9]\d{6,7}|1[3-9]\d{9}|[2-8]\d{6,7}|\d{17}[\dXx])(?![\w/.%\"'-])",
    re.ASCII,
)

_WORDS: Final = re.compile("|".join(sorted(KEPT_WORDS, key=len, reverse=True)))
_BLANK: Final = r"(?:[\s\u3000\xa0]|&nbsp;|&emsp;|&ensp;|&#160;|&#12288;)"
_SPACED: Final = re.compile(
    "(?:"
    + "|".join(f"{_BLANK}*".join(word) for word in sorted(KEPT_WORDS) if 2 <= len(word) <= 5)
    + rf"){_BLANK}*[:：<】\]]"
)
# what a number or a bracket beside it makes a sign: 5月, 第5号, 共5页, 民发〔2024〕, 一、
_SIGNS: Final = re.compile(
    r"(?<=\d)\s?[年月日号时点分秒页条篇项次]|第(?=\s*\d)|共(?=\s*\d)|[发函字规办文令通公告](?=\s*[〔［\[【（(]\s*(?:19|20)\d\d)"
    rf"|(?<![{HAN}])[一二三四五六七八九十]{{1,3}}(?=[、．.）)])|(?<![{HAN}])[大中小](?![{HAN}])"
)
_DAY: Final = re.compile(
    r"([一二])([〇○◯Ｏ零])([〇○◯Ｏ零一二三四五六七八九])([〇○◯Ｏ零一二三四五六七八九])年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_MONTHS: Final = {1: "一二三四五六七八九十", 2: ("十一", "十二")}
_DAYS: Final = {
    1: tuple("一二三四五六七八九十"),
    2: ("十一", "十三", "十五", "十七", "十九"),
    3: ("二十一", "二十三", "二十五", "二十七"),
}


def invent(source: str, url: str) -> tuple[str, str]:
    """The source of a page and its address, with everything invented that is not structure, label or date.

    The result has the length of the source once character references are undone, but for hosts. The same source gives
    the same result. Raises: ValueError where no invention was found that shares no run of Chinese with the source.
    """
    plain = _CHARSET.sub(r"\1utf-8", _undo(source))
    grams = set(_grams_of(plain)) | set(_grams_of(_TAG.sub("", plain)))
    for salt in range(50):
        made = _attempt(plain, grams, salt)
        if made is not None:
            made = _PHONE.sub(_other_number, made)
            return rename_hosts(_percents(made, salt), _percents(url, salt))
    raise ValueError(f"{url}: no invented text found that shares no {RUN} characters in a row with the page")


def surviving(source: str, made: str) -> set[str]:
    """Every run of four Chinese characters that both have, in their source or shown, but for parts of kept words."""
    before = _undo(source)
    grams = set(_grams_of(before)) | set(_grams_of(_TAG.sub("", before)))
    return {
        gram for text in (made, _TAG.sub("", made)) for gram in _grams_of(text) if gram in grams and not _kept(gram)
    }


def _attempt(plain: str, grams: set[str], salt: int) -> str | None:
    """One invention; None if it has a run of the source that letting kept words go does not break."""
    keep = _places_to_keep(plain)
    other = {char: _other(char, salt) for char in set(_HAN.findall(plain))}
    made = [char if at in keep else other.get(char, char) for at, char in enumerate(plain)]
    for match in _DAY.finditer(plain):
        day = next((day for day in _days_like(match, salt) if not grams & set(_grams_of(day))), None)
        for at in range(match.start(), match.end()):
            made[at] = day[at - match.start()] if day is not None else _other(plain[at], salt)
    for _ in range(RUN * 5):
        wrong = list(_violations("".join(made), grams))
        if not wrong:
            return "".join(made)
        for places in wrong:
            if "".join(made[at] for at in places) not in grams:
                continue  # broken just now, for a run that overlaps it
            kept = [at for at in places if at in keep]
            if not kept:
                return None
            for at in kept[:2]:
                made[at] = _other(plain[at], salt)
            keep.difference_update(kept[:2])
    return None


def _places_to_keep(plain: str) -> set[int]:
    keep: set[int] = set()
    for pattern in (_WORDS, _SPACED, _SIGNS):
        for match in pattern.finditer(plain):
            keep.update(range(match.start(), match.end()))
    keep.update(
        match.end() - 1 for match in _RUNS.finditer(plain) if match[0][-1] in TAILS and match.end() > match.start() + 1
    )
    return keep


def _violations(made: str, grams: set[str]) -> Iterator[list[int]]:
    """Places of each run that the source has too, in the source of the page and in what it shows."""
    shown = [at for start, end in _between_tags(made) for at in range(start, end)]
    for places in (range(len(made)), shown):
        text = made if isinstance(places, range) else "".join(made[at] for at in places)
        for match in _RUNS.finditer(text):
            for at in range(match.start(), match.end() - RUN + 1):
                gram = text[at : at + RUN]
                if gram in grams and not _kept(gram):
                    yield [places[place] for place in range(at, at + RUN)]


def _between_tags(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for tag in _TAG.finditer(text):
        yield at, tag.start()
        at = tag.end()
    yield at, len(text)


def _kept(gram: str) -> bool:
    return any(gram in word for word in _LONG_WORDS)


_LONG_WORDS: Final = tuple(word for word in KEPT_WORDS if len(word) >= RUN)


def _grams_of(text: str) -> Iterator[str]:
    for match in _RUNS.finditer(text):
        run = match[0]
        yield from (run[at : at + RUN] for at in range(len(run) - RUN + 1))


def _other(char: str, salt: int) -> str:
    return VOCABULARY[_number(f"{salt} {char}") % len(VOCABULARY)]


def _days_like(match: re.Match[str], salt: int) -> Iterator[str]:
    """Days printed as long as this one, in an order of its own."""
    months, days = _MONTHS[len(match[5])], _DAYS[len(match[6])]
    first = _number(f"{salt} {match[0]}")
    for step in range(200):
        number = first + step * 7
        year = "一二三四五六七八九"[number % 9]
        month, day = months[number // 9 % len(months)], days[number // 90 % len(days)]
        yield f"{match[1]}{match[2]}一{year}年{month}月{day}日"


def _other_number(match: re.Match[str]) -> str:
    """A number to call, or of a person, with other digits behind the first three."""
    drawn = iter(str(_number(match[0])))
    return "".join(char if at < 3 or not char.isdigit() else next(drawn, "0") for at, char in enumerate(match[0]))


def _undo(source: str) -> str:
    """The source with Chinese as characters, where it was written as references or escapes."""
    text = _REFERENCE.sub(lambda match: _if_han(int(match[1], 16) if match[1] else int(match[2]), match[0]), source)
    return _ESCAPE.sub(lambda match: _if_han(int(match[1], 16), match[0]), text)


def _if_han(code: int, printed: str) -> str:
    return chr(code) if code < 0x40000 and _HAN.match(chr(code)) else printed


def _percents(text: str, salt: int) -> str:
    """The text with Chinese in percent-encoded addresses invented, too, in the length and charset that it has."""

    def swap(match: re.Match[str]) -> str:
        raw = bytes.fromhex(match[0].replace("%", ""))
        for charset in ("utf-8", "gb18030"):
            try:
                decoded = raw.decode(charset)
            except UnicodeDecodeError:
                continue
            if not _HAN.search(decoded):
                return match[0]
            invented = _HAN.sub(lambda han: _other(han[0], salt), decoded)
            return "".join(f"%{byte:02X}" for byte in invented.encode(charset))
        return match[0]

    return _PERCENT.sub(swap, text)


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
