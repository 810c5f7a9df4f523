"""The grammar of labels: 来源：, 发布时间：, 发文字号：, alone in a cell, in a line of their own, or run together.

Both colons; blanks inside a label (`索 引 号`) and on either side of the colon; a label ends where the next begins.
Source: saved pages of 2018–2026 and what public readers of such pages list as synonyms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement

from archive.extract.lines import Line

# What a label gives → how it is printed, best first. `end` gives nothing, it only ends the value before it.
LABELS: Final = {
    "index_number": ("索引号", "信息索引号", "信息索引", "索取号"),
    "document_number": ("发文字号", "发文文号", "文件编号", "文件字号", "公文文号", "发文号", "文号", "文件号"),
    "issuing_agency": ("发文机关", "发文机构", "制发机关", "发文单位", "制发单位", "制定机关", "发布机关"),
    "written_on": ("成文日期", "成文时间", "生成日期", "发文日期", "制发日期", "印发日期", "形成日期", "发文时间"),
    "effective_on": ("施行日期", "实施日期", "生效日期", "执行日期", "生效时间", "实施时间"),
    "subject_category": ("主题分类", "信息类别", "体裁分类", "信息分类", "分类"),
    "validity": ("有效性", "效力状态", "是否有效", "时效性", "时效", "文件状态", "有效状态"),
    "title": ("标题", "名称", "信息名称", "文件名称", "文件标题"),
    "published": (
        *(
            "发布日期",
            "发布时间",
            "公开日期",
            "公开时间",
            "公布日期",
            "发稿时间",
            "发表时间",
            "上载日期",
            "上传时间",
            "录入时间",
        ),
        *("发布于", "发表于", "日期", "时间", "更新时间", "更新日期", "修改时间"),
    ),
    "source": (
        *(
            "来源",
            "信息来源",
            "文章来源",
            "稿件来源",
            "新闻来源",
            "内容来源",
            "资料来源",
            "本文来源",
            "消息来源",
            "来源于",
            "稿源",
            "出处",
        ),
        *("转载自", "摘自"),
    ),
    "publisher": ("发布机构", "发布单位", "发布部门", "供稿单位", "供稿", "发布者"),
    "author": ("作者", "撰稿", "撰稿人", "本文作者", "文章作者"),
    "end": (
        *(
            "内容概述",
            "主题词",
            "关键词",
            "关键字",
            "公开方式",
            "公开形式",
            "公开范围",
            "公开时限",
            "公开程序",
            "公开类别",
            "信息格式",
        ),
        *(
            "载体类型",
            "载体",
            "语种",
            "相关信息",
            "废止日期",
            "失效日期",
            "责任部门",
            "服务对象",
            "摘要",
            "备注",
            "公文种类",
            "文种",
        ),
        *(
            "浏览次数",
            "浏览量",
            "浏览",
            "点击数",
            "点击量",
            "点击率",
            "点击",
            "阅读次数",
            "阅读量",
            "阅读",
            "访问量",
            "访问次数",
            "人气",
        ),
        *(
            "字号",
            "字体",
            "字体大小",
            "责任编辑",
            "责编",
            "编辑",
            "审核",
            "录入",
            "打印",
            "分享",
            "分享到",
            "收藏",
            "评论",
            "下载",
            "关闭",
        ),
        *("纠错", "信息员", "审稿", "校对", "摄影", "记者", "原标题", "附件", "视力保护色", "保护视力色", "背景色"),
    ),
}
_FIELD: Final = {label: name for name, labels in LABELS.items() for label in labels}


def _pattern(label: str) -> str:
    return r"\s*".join(map(re.escape, label))


_NAMES: Final = "|".join(map(_pattern, sorted(_FIELD, key=len, reverse=True)))
_WITH_COLON: Final = re.compile(rf"(?<![一-龥])?({_NAMES})\s*[:：]")
_ALONE: Final = re.compile(rf"[\s【\[（(]*({_NAMES})[\s】\]）)]*")
_BEFORE_DATE: Final = re.compile(rf"({'|'.join(map(_pattern, LABELS['published']))})\s*(?=(?:19|20)\d\d)")
# Buttons that stand behind a value without a colon.
_BUTTON: Final = re.compile(
    r"[\s【\[［（(|｜]\s*(?:分享|打印|[大小]?字号|字体|字\s号|关闭|收藏|浏览|点击|阅读|责任编辑|我要纠错|纠错|(?:我要)?评论|我有话说|参与互动|举报|下载|大\s中\s小|原创稿|[A]\+?\s|T\s?\|)"
)
_NEXT: Final = re.compile(r"\s*[|｜丨]|\s(?=(?:19|20)\d\d\s?[-/.年])")  # what ends a name without a label
_STRIPPED: Final = " \t|｜丨·,，;；、【】[]［］（()）-—_>:：\"'"
_CELL: Final = frozenset(("td", "th", "dt", "dd", "li", "div", "p", "span"))


@dataclass(frozen=True, slots=True)
class Pair:
    """A label, what it gives, its value (never empty), and the line that has the label."""

    name: str
    label: str
    value: str
    line: int


def read_pairs(lines: Sequence[Line]) -> list[Pair]:
    """Read all labelled values in these lines, in their order; a label without a value gives no pair."""
    pairs: list[Pair] = []
    for at, line in enumerate(lines):
        if len(line.text) > 400 or (line.linked * 2 > len(line.text) and not _WITH_COLON.search(line.text)):
            continue
        alone = _ALONE.fullmatch(line.text.rstrip(" :：")) if len(line.text) < 16 else None
        if alone is not None:
            value = _value_beside(line, lines[at + 1 : at + 3])
            pairs += _pair(alone[1], value, line)
            continue
        pairs += _read_pieces(line)
        for label, value, last in _cut_labels(line.text):
            beside = last and not value.strip(_STRIPPED)
            pairs += _pair(label, _value_beside(line, lines[at + 1 : at + 3]) if beside else value, line)
    return pairs


def _read_pieces(line: Line) -> Iterator[Pair]:
    """Labels without a colon that fill an element of their own: `来源<a>…</a>`."""
    for piece, value in zip(line.pieces, line.pieces[1:], strict=False):
        match = _ALONE.fullmatch(piece.lstrip("|｜· "))
        if match is not None and not value.startswith((":", "：")):
            yield from _pair(match[1], _cut_button(value), line)


def _cut_button(value: str) -> str:
    button = _BUTTON.search(value)
    return value[: button.start()] if button is not None else value


def _pair(label: str, value: str, line: Line) -> Iterator[Pair]:
    printed = re.sub(r"\s+", "", label)
    name = _FIELD[printed]
    if name in ("source", "publisher", "author"):
        value = _NEXT.split(value.strip(_STRIPPED), maxsplit=1)[0].strip(_STRIPPED)
    else:
        value = value.strip(" \t|｜丨,，;；:：")
    if value and name != "end":
        yield Pair(name, printed, value, line.number)


def _cut_labels(text: str) -> Iterator[tuple[str, str, bool]]:
    """Cut a line at its labels: each label, its value, and whether it is the last of the line."""
    found = sorted((*_WITH_COLON.finditer(text), *_BEFORE_DATE.finditer(text)), key=lambda match: match.start())
    for number, match in enumerate(found):
        last = number + 1 == len(found)
        end = len(text) if last else found[number + 1].start()
        value = text[match.end() : end]
        yield match[1], _cut_button(value), last


def _value_beside(label: Line, following: Sequence[Line]) -> str:
    """The value of a label that stands alone: the next line, if it is in the same row and no label itself."""
    for line in following[:1]:
        if _ALONE.fullmatch(line.text.rstrip(" :：")) or _WITH_COLON.match(line.text) or len(line.text) > 200:
            return ""
        return line.text if _is_beside(label.block, line.block) else ""
    return ""


def _is_beside(label: HtmlElement, value: HtmlElement) -> bool:
    """Tell whether a value stands in the label's own block, in the next cell, or in a block of the same row."""
    if label is value or label in value.iterancestors() or value in label.iterancestors():
        return True
    cell: HtmlElement | None = label
    for _ in range(3):
        if cell is None:
            return False
        beside = cell.getnext()
        if beside is not None and isinstance(beside.tag, str):
            return beside is value or beside in value.iterancestors()
        if cell.tag in ("tr", "ul", "table", "dl"):
            return False
        cell = cell.getparent()
    return False
