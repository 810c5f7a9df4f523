"""Document numbers (发文字号) as they are printed, and the one spelling they are kept in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from archive.extract.evidence import Found

_OPEN: Final = "〔［\\[【（(﹝〈{"
_CLOSE: Final = "〕］\\]】）)﹞〉}"
_DIGITS: Final = "〇○◯零一二三四五六七八九"
_WITH_YEAR: Final = (
    r"[一-龥A-Za-z]{1,16}(?:[（(][一-龥]{1,6}[)）][一-龥]{0,8})?\s*"
    rf"[{_OPEN}]\s*(?:(?:19|20)\d\d|[一二][{_DIGITS}]{{3}})\s*[{_CLOSE}]\s*(?:第\s*)?\d{{1,5}}(?:[-—]\d{{1,4}})?\s*号"
)
_SERIAL: Final = rf"(?:(?:19|20)\d\d\s*年\s*)?第\s*(?:\d{{1,4}}|[{_DIGITS}十百]{{1,6}})\s*号"
_ORDER: Final = rf"[一-龥]{{2,30}}(?:令|公告|通告)\s*[（(]?\s*{_SERIAL}\s*[)）]?"
NUMBER: Final = re.compile(rf"{_WITH_YEAR}|{_ORDER}")
_OWN_LINE: Final = re.compile(
    rf"[\s（(【\[]*(?:文\s*号\s*[:：]\s*)?({_WITH_YEAR}|{_ORDER})[\s）)】\]]*(?:[（(][一-龥A-Z]{{1,4}}[)）]|签发人.*)?"
)
_SERIAL_LINE: Final = re.compile(rf"[\s（(]*{_SERIAL}[\s）)]*")
_HEAD_LINE: Final = re.compile(r"[一-龥\s]{4,40}(?:令|公告|通告)\s*")
_WIDE_DIGITS: Final = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}
_SPACED: Final = re.compile(r"(?<=[一-龥])\s(?=[一-龥])")
_AT_END: Final = re.compile(rf"[（(【\[\s]({_WITH_YEAR})[）)】\]]?$")
_YEAR: Final = re.compile(rf"[{_OPEN}]((?:19|20)\d\d|[一二][{_DIGITS}]{{3}})[{_CLOSE}](?:第)?")
_VALUES: Final = str.maketrans(_DIGITS, "0000123456789")
_WIDE: Final = str.maketrans("()", "（）")
_NONE: Final = re.compile(r"[\s无—\-/.。暂]*")
_REMARK: Final = re.compile(r"[\s，,;；]*(?:[（(].{1,20}[）)])?[\s。]*")


def normalise_number(raw: str) -> str | None:
    """Give a number in one spelling: `民发〔2024〕5号`, digits half-width, no blanks; None if it holds no digit."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", raw).replace("〔", "[").replace("〕", "]"))
    if not re.search(r"\d", text) or _NONE.fullmatch(text):
        return None
    return _YEAR.sub(lambda year: f"〔{year[1].translate(_VALUES)}〕", text, count=1).translate(_WIDE)


def find_own_number(texts: Sequence[str], *, above: str = "") -> str | None:
    """Give the number that stands in a line of its own, as printed; a number inside a sentence is a citation.

    That of an order may stand beneath the name of its issuer, in two lines: 某市人民政府令 / 第273号. `above` is the
    line before the first.
    """
    for number, text in enumerate(texts):
        if len(text) >= 60:
            continue
        printed = _SPACED.sub("", _SPACED.sub("", text.strip()))
        match = _OWN_LINE.fullmatch(printed.translate(_WIDE_DIGITS))
        if match is not None:
            return printed[match.start(1) : match.end(1)].strip()
        head = texts[number - 1] if number else above
        if _SERIAL_LINE.fullmatch(printed) and len(head) < 60 and _HEAD_LINE.fullmatch(head):
            return re.sub(r"\s", "", head) + printed.strip(" （）()")
    return None


def find_numbers(
    cell: tuple[str, str] | None, beneath: Sequence[str], first: Sequence[str], title: str
) -> list[Found[str]]:
    """Find what claims to be the document's own number, by trust: table, lines under the title, first lines, title.

    `cell` is the label and the value of the table. Numbers in running text are citations of other documents.
    """
    found: list[Found[str]] = []
    if cell is not None and normalise_number(cell[1]) is not None:
        found.append(Found(_of_cell(cell[1]), f"table:{cell[0]}"))
    for texts, above, evidence in ((beneath, title, "byline"), (first, title, "body"), ([title], "", "title")):
        own = find_own_number(texts, above=above)
        if own is not None:
            found.append(Found(own, evidence))
    at_end = _AT_END.search(title)
    if at_end is not None and "转发" not in title:
        found.append(Found(at_end[1], "title"))
    return found


def _of_cell(value: str) -> str:
    """The number in a cell, without a remark behind it: `民发〔2024〕5号（此件公开发布）`."""
    match = NUMBER.search(value)
    if match is None or _REMARK.fullmatch(value[match.end() :]) is None or match.start() > 0:
        return value
    return match[0]
