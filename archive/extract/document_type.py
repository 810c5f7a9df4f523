"""The kind of a document (文种): what its title ends with, or what its disclosure table says."""

from __future__ import annotations

import re
from typing import Final

# The fifteen of 党政机关公文处理工作条例 (2012) and those that civil-affairs bodies publish besides.
_TYPES: Final = (
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
    "公示",
    "办法",
    "规定",
    "细则",
    "条例",
    "方案",
    "规划",
    "章程",
    "规则",
    "计划",
    "要点",
    "目录",
    "指南",
    "令",
    "解读",
    "答复",
    "预案",
    "规程",
    "规范",
    "标准",
    "准则",
    "倡议书",
    "公开信",
    "建议书",
    "复函",
    "措施",
    "守则",
    "简报",
    "制度",
)
_ANY: Final = "|".join(sorted(_TYPES, key=len, reverse=True))
_TYPE_END: Final = re.compile(rf"(?:{_ANY})$")
_ONE: Final = {"命令": "令", "复函": "函"}
_EXPLAINED: Final = re.compile(
    r"^[\s【\[（(《]*(?:政策|权威|专家|文字|图文|图片|视频|部门|官方|一图)*(?:解读|图解|读懂)(?!的?(?:通知|公告|工作))"
)
_EXPLAINS: Final = re.compile(
    r"(?:政策|文件|起草|编制)?(?:解读|说明解读|解读材料|解读稿|政策问答)(?:[（(].{1,12}[）)])?$"
)
_TAIL: Final = re.compile(
    r"(?>[（(][^（()）]{1,30}[)）]|【[^【】]{1,30}】|[\[〔][^\[\]〔〕]{1,30}[\]〕]|(?:(?:(?:19|20)\d\d年)?第\s*+|(?:19|20)\d\d年\s*+)?[一二三四五六七八九十〇\d]{1,6}\s*+[号批期次]"
    r"|之[一二三四五六七八九十]"
    r"|[\s。．.！!”\"’》〉\-—_]|[-—]?\d{1,8}|附件|全文)+$"
)
_NO_TYPE: Final = re.compile(r"(?:来函|信函|公函|指令|口令|司令|命令行|法规标准|示范目录)$")


def read_document_type(title: str) -> str | None:
    """Give the kind of document that a title ends with: 通知, 公告, 批复 …; None if it ends with none.

    What explains a document (政策解读, 一图读懂) is no such document, though its title ends with that one's.
    """
    text = title.strip()
    if _EXPLAINED.search(text) or _EXPLAINS.search(text):
        return "解读"
    for _ in range(4):
        match = _TYPE_END.search(text)
        if match is not None and not _NO_TYPE.search(text):
            return _ONE.get(match[0], match[0])
        shorter = _TAIL.sub("", text)
        if shorter == text:
            return None
        text = shorter
    return None


def read_type_cell(value: str) -> str | None:
    """Give the kind that a table's 文种 or 体裁分类 names: `通知`, `公文 > 通知`, `命令（令）`; else None."""
    for part in reversed(re.split(r"[\s>/、，,;；\-—|]+", value.strip())):
        plain = re.sub(r"[（(].*?[）)]", "", part).removesuffix("类")
        if re.fullmatch(_ANY, plain):
            return _ONE.get(plain, plain)
    return None
