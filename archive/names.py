"""The names under which a document is cited, its number and its title, in the forms in which they are compared.

A wrong link is worse than a missed one: what many documents may be called (政府令第3号, 政发〔2020〕1号, a short title)
gives no key, and where an agency is named beside a title, the document has to be that agency's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from archive.text import normalise

MIN_TITLE: Final = 8
"""Characters of a title's key below which it is the title of many."""

_AGENCY_END: Final = (
    r"(?:部|局|厅|委|院|府|会|办|室|署|处|中心|小组|中央)(?:等[\d一二三四五六七八九十]{1,3}(?:个)?(?:部门|单位))?"
)
_BEFORE_ABOUT: Final = re.compile(rf"([^《》，。]{{2,80}}?{_AGENCY_END})\s*(?=关于)")
_CARRIES: Final = re.compile(r"(?:印发|发布|公布|颁布|下发)(?:了)?(?:新?修订(?:后)?的)?\s*(?=[《〈])")
_CARRIES_PLAIN: Final = re.compile(
    r"(?:关于)?(?:印发|发布|公布|颁布|下发)(?:新?修订(?:后)?的)?([^《》]{4,120}?)的?(?:通知|公告|通告|决定|函|令)$"
)
_TITLE: Final = re.compile(r"\s*+[、和及与]?\s*+[《〈]([^《》]{2,150})[》〉]")
_RELATIVE: Final = re.compile(
    r"(?:[省市区县州盟旗]|自治[区州县])?(?:人民)?(?:[政府党委办厅局发字规函文]+〔|政府令|民政[局厅](?:令|公告|通告))"
)
_STATE: Final = re.compile("中华人民共和国(?=.{2})")
_SERIAL: Final = re.compile("第([〇○零一二三四五六七八九十百]{1,6})号")
_DIGITS: Final = {digit: value for value, digits in enumerate(("〇○零", *"一二三四五六七八九")) for digit in digits}
_NAMED: Final = re.compile(
    rf"([一-龥]{{1,20}}?{_AGENCY_END})(?:联合|共同)?(?:印发|发布|下发|出台|制定|公布)?(?:的|了)?[“\"]?$"
)
_LEADING: Final = re.compile(
    r".*(?:根据|按照|依据|依照|遵照|参照|落实|贯彻|执行|转发|现将|废止|经|由|对|按|将|和|及|与|的)"
)
_LINKED: Final = re.compile(r"[\s、，,;；]+")


def title_key(title: str) -> str:
    """A title without the agencies in front of its 关于, without brackets and marks."""
    return normalise(title[len(agencies_before(title)) :])


def agencies_before(title: str) -> str:
    """The agencies that a title begins with, as printed: 民政部 of 民政部关于…; empty if it begins otherwise."""
    match = _BEFORE_ABOUT.match(title)
    return match[0] if match is not None and not re.search("[转印]发|发布", match[1]) else ""


def carried_titles(title: str) -> tuple[str, ...]:
    """The documents that a notice itself is the carrier of: X and Y of 关于印发《X》和《Y》的通知; in their order."""
    match = _CARRIES.search(title)
    if match is None:
        plain = _CARRIES_PLAIN.search(title)
        return (plain[1].strip(),) if plain is not None else ()
    found: list[str] = []
    at = match.end()
    while (inner := _TITLE.match(title, at)) is not None:
        found.append(inner[1].strip())
        at = inner.end()
    return tuple(found)


def number_key(number: str) -> str | None:
    """A document number as one document has it; None where many have it: of an agency named without its place."""
    if _RELATIVE.match(number):
        return None
    return _SERIAL.sub(lambda serial: f"第{_value(serial[1])}号", _STATE.sub("", number, count=1))


def agency_named(sentence: str, raw: str) -> str | None:
    """The agency that stands right before a mention: 省民政厅 of 根据省民政厅《关于…》; None if none does."""
    before, found, _ = sentence.partition(raw)
    match = _NAMED.search(before[-30:]) if found else None
    return _LEADING.sub("", match[1]) or None if match is not None else None


def is_theirs(named: str, agencies: Sequence[str]) -> bool:
    """Whether a document of these agencies may be that of the one named, which may lack its place: 市民政局."""
    wanted = [normalise(re.sub(r"等.{1,4}(?:部门|单位)$", "", name)) for name in _LINKED.split(named.strip())]
    held = [normalise(name) for name in agencies]
    return any(name and (mine.endswith(name) or name.endswith(mine)) for name in wanted for mine in held if mine)


def is_like(title: str, other: str) -> bool:
    """Whether two titles may be one document's: one within the other, or half of the shorter's pairs shared."""
    keys = sorted((title_key(title), title_key(other)), key=len)
    if keys[0] in keys[1]:
        return True
    pairs = [{key[at : at + 2] for at in range(len(key) - 1)} for key in keys]
    return bool(pairs[0]) and len(pairs[0] & pairs[1]) * 2 >= len(pairs[0])


def _value(numeral: str) -> int:
    """The value of 二十三, 一百零五 or 一〇五."""
    if not re.search("[十百]", numeral):
        return int("".join(str(_DIGITS[digit]) for digit in numeral))
    total = digit = 0
    for sign in numeral:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        else:
            total += (digit or 1) * (100 if sign == "百" else 10)
            digit = 0
    return total + digit
