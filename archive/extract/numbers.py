"""Document numbers (发文字号), kinds of document (文种) and agencies, as they are printed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

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

# The fifteen of 党政机关公文处理工作条例 (2012) and those that civil-affairs bodies publish besides.
_TYPES: Final = (
    *(
        "决议",
        "决定",
        "命令",
        "公报",
        "公告",
        "通告",
        "意见",
        "通知",
        "通报",
        "报告",
        "请示",
        "批复",
        "议案",
        "函",
        "纪要",
    ),
    *("公示", "办法", "规定", "细则", "条例", "方案", "规划", "章程", "规则", "计划", "要点", "目录", "指南", "令"),
)
_TYPE_END: Final = re.compile(f"(?:{'|'.join(sorted(_TYPES, key=len, reverse=True))})$")
_TAIL: Final = re.compile(r"(?:[（(【\[〔].{1,30}?[)）】\]〕]|[\s。！!”\"》〉])+$")

_AGENCY: Final = re.compile(
    r"[一-龥（）()·]{1,40}(?:局|厅|部|委|委员会|办公室|办公厅|办|总局|署|人民政府|政府|国务院|常委会|常务委员会|领导小组|指挥部"
    r"|管理中心|服务中心|事务中心|联合会|总会|法院|检察院|总工会|银行|处)"
)
_NO_AGENCY: Final = re.compile(
    r"(?:编辑部|记者部|俱乐部|内部|全部|[东西南北中]部|干部|编辑|日报|新闻)$|^(?:市|省|区|县|州|自治区)(?:民政)?[局厅]$"
)
_JOINT: Final = re.compile(r"[\s、，,;；/]+")
_TITLE_AGENCY: Final = re.compile(r"^(.{2,80}?)(?:关于|印发|转发|发布|公布)")


def normalise_number(raw: str) -> str | None:
    """Give a number in one spelling: `民发〔2024〕5号`, digits half-width, no blanks; None if it holds no digit."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", raw).replace("〔", "[").replace("〕", "]"))
    if not re.search(r"\d", text) or _NONE.fullmatch(text):
        return None
    return _YEAR.sub(lambda year: f"〔{year[1].translate(_VALUES)}〕", text, count=1).translate(_WIDE)


def find_own_number(texts: Sequence[str]) -> str | None:
    """Give the number that stands in a line of its own, as printed; a number inside a sentence is a citation.

    That of an order may stand beneath the name of its issuer, in two lines: 某市人民政府令 / 第273号.
    """
    for number, text in enumerate(texts):
        if len(text) >= 60:
            continue
        printed = _SPACED.sub("", _SPACED.sub("", text.strip()))
        match = _OWN_LINE.fullmatch(printed.translate(_WIDE_DIGITS))
        if match is not None:
            return printed[match.start(1) : match.end(1)].strip()
        above = texts[number - 1] if number else ""
        if _SERIAL_LINE.fullmatch(printed) and len(above) < 60 and _HEAD_LINE.fullmatch(above):
            return re.sub(r"\s", "", above) + printed.strip(" （）()")
    return None


def read_document_type(title: str) -> str | None:
    """Give the kind of document that a title ends with: 通知, 公告, 批复 …; None if it ends with none."""
    text = title.strip()
    for _ in range(3):
        match = _TYPE_END.search(text)
        if match is not None:
            return "令" if match[0] == "命令" else match[0]
        shorter = _TAIL.sub("", text)
        if shorter == text:
            return None
        text = shorter
    return None


def split_agencies(raw: str) -> tuple[str, ...]:
    """Split a joint issuance (联合发文) into its agencies, in the printed order, each once."""
    return tuple(
        dict.fromkeys(part for part in _JOINT.split(raw.strip(" 。.:：")) if part and not _NONE.fullmatch(part))
    )


def is_agency(name: str) -> bool:
    """Tell whether a name is that of an agency in full: not a medium, and not 市民政局 without its city."""
    return _AGENCY.fullmatch(name) is not None and _NO_AGENCY.search(name) is None


def agencies_of_title(title: str) -> tuple[str, ...]:
    """Give the agencies that a title begins with: `民政部 财政部关于…` gives two; empty if it begins otherwise."""
    match = _TITLE_AGENCY.match(title)
    names = split_agencies(match[1]) if match is not None else ()
    return names if names and all(map(is_agency, names)) else ()


def find_number(
    cell: tuple[str, str] | None, beneath: Sequence[str], first: Sequence[str], title: str
) -> tuple[str, str] | None:
    """Find the document's own number and its evidence: in the table, under the title, in the first lines, in the title.

    `cell` is the label and the value of the table. Numbers in running text are citations of other documents.
    """
    if cell is not None and normalise_number(cell[1]) is not None:
        return cell[1], f"table:{cell[0]}"
    own = find_own_number(beneath)
    if own is not None:
        return own, "byline"
    own = find_own_number(first)
    if own is not None:
        return own, "body"
    own = find_own_number([title])
    if own is not None:
        return own, "title"
    at_end = _AT_END.search(title)
    return (at_end[1], "title") if at_end is not None and "转发" not in title else None
