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
    "index_number": ("索引号", "信息索引号", "信息索引", "索取号", "索引编号", "公开索引号"),
    "document_number": (
        "发文字号",
        "发文文号",
        "文件编号",
        "文件字号",
        "公文文号",
        "发文号",
        "文号",
        "文件号",
        "公文字号",
        "文件文号",
        "公文号",
        "发文编号",
    ),
    "issuing_agency": (
        "发文机关",
        "发文机构",
        "制发机关",
        "发文单位",
        "制发单位",
        "制定机关",
        "发布机关",
        "发文部门",
        "制发部门",
        "制发机构",
        "印发机关",
        "印发单位",
        "制定单位",
        "制定部门",
        "联合发文机关",
        "联合发文单位",
    ),
    "written_on": (
        "成文日期",
        "成文时间",
        "生成日期",
        "发文日期",
        "制发日期",
        "印发日期",
        "形成日期",
        "发文时间",
        "签发日期",
        "签署日期",
        "落款日期",
        "印发时间",
    ),
    "effective_on": ("施行日期", "实施日期", "生效日期", "执行日期", "生效时间", "实施时间", "施行时间", "执行时间"),
    "subject_category": ("主题分类", "主题类别", "信息类别", "信息分类", "所属主题", "分类"),
    "document_type": ("体裁分类", "公文种类", "公文类型", "公文类别", "文件种类", "文种", "体裁"),
    "validity": (
        "有效性",
        "效力状态",
        "是否有效",
        "时效性",
        "时效",
        "文件状态",
        "有效状态",
        "时效状态",
        "文件效力",
        "文件时效",
        "效力",
        "是否废止",
        "是否失效",
    ),
    "title": ("标题", "名称", "信息名称", "文件名称", "文件标题", "公文标题", "公文名称", "信息标题", "题名"),
    "published": (
        "发布日期",
        "发布时间",
        "公开日期",
        "公开时间",
        "公布日期",
        "公布时间",
        "发稿时间",
        "发稿日期",
        "发表时间",
        "发表日期",
        "上载日期",
        "上载时间",
        "上传时间",
        "上传日期",
        "上网日期",
        "上网时间",
        "录入时间",
        "录入日期",
        "刊发时间",
        "刊登日期",
        "首次发布时间",
        "信息发布时间",
        "创建时间",
        "发布于",
        "发表于",
        "发布",
        "日期",
        "时间",
        "更新时间",
        "更新日期",
        "最后更新",
        "修改时间",
    ),
    "source": (
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
        "文稿来源",
        "转载来源",
        "来源单位",
        "来源媒体",
        "发布来源",
        "数据来源",
        "转载自",
        "转自",
        "选自",
        "原载",
        "摘自",
        "来自",
    ),
    "publisher": (
        "发布机构",
        "发布单位",
        "发布部门",
        "供稿单位",
        "供稿部门",
        "供稿",
        "来稿单位",
        "报送单位",
        "提供单位",
        "信息提供",
        "发布者",
        "发布科室",
        "单位",
    ),
    "author": ("作者", "撰稿", "撰稿人", "本文作者", "文章作者", "供稿人", "通讯员", "执笔"),
    "end": (
        "内容概述",
        "内容摘要",
        "主题词",
        "关键词",
        "关键字",
        "公开方式",
        "公开形式",
        "公开范围",
        "公开时限",
        "公开程序",
        "公开类别",
        "公开属性",
        "公开依据",
        "信息格式",
        "载体类型",
        "信息载体",
        "载体",
        "语种",
        "相关信息",
        "废止日期",
        "失效日期",
        "失效时间",
        "有效期",
        "有效期限",
        "责任部门",
        "服务对象",
        "摘要",
        "备注",
        "统一编号",
        "登记号",
        "登记编号",
        "备案号",
        "文件登记号",
        "主送",
        "抄送",
        "更新频率",
        "浏览次数",
        "浏览量",
        "浏览",
        "点击数",
        "点击量",
        "点击率",
        "点击次数",
        "点击",
        "阅读次数",
        "阅读量",
        "阅读数",
        "阅读",
        "访问量",
        "访问次数",
        "人气",
        "字号",
        "字体",
        "字体大小",
        "字体颜色",
        "责任编辑",
        "责编",
        "编辑",
        "审核",
        "审核人",
        "录入",
        "录入人",
        "发布人",
        "打印",
        "分享",
        "分享到",
        "收藏",
        "评论",
        "下载",
        "关闭",
        "纠错",
        "信息员",
        "审稿",
        "校对",
        "摄影",
        "记者",
        "原标题",
        "附件",
        "视力保护色",
        "保护视力色",
        "背景色",
        "背景颜色",
        "阅读方式",
        "阅读模式",
        "编审",
        "初审",
        "复审",
        "终审",
        "签发人",
        "签发",
    ),
}
_FIELD: Final = {label: name for name, labels in LABELS.items() for label in labels}


def _pattern(label: str) -> str:
    return r"\s*".join(map(re.escape, label))


_INITIALS: Final = frozenset(label[0] for label in _FIELD)
_NO_LETTER: Final = re.compile(r"[\s【】\[\]［］（）():：]+")
_NAMES: Final = "|".join(map(_pattern, sorted(_FIELD, key=len, reverse=True)))
_WITH_COLON: Final = re.compile(rf"({_NAMES})\s*[:：]")
_IN_BRACKETS: Final = re.compile(rf"[\[【［]\s*({_NAMES})\s*[\]】］]")
# Labels so short that another word before them makes another label: 截止时间, 主办单位, 资金来源. A name before them
# does not, for bylines run together: `作者:佚名时间:2021-11-05`.
_SHORT: Final = frozenset(("时间", "日期", "单位", "名称", "来源", "标题", "分类", "时效", "编辑", "效力"))
_LONGER: Final = re.compile(
    r"(?:截止|截至|开始|结束|起止|起始|终止|有效|到期|工作|上班|办公|办理|受理|服务|营业|开放|值班|咨询|举办|举行|会议|开会|活动|报到|报名|报送"
    r"|考试|笔试|面试|培训|出生|入职|公示|公告|征求|征集|反馈|申请|申报|提交|采购|招标|投标|开标|中标|成交|递交|评审|竣工|开工|签订|建设|施工"
    r"|主办|承办|协办|支持|指导|主管|责任|牵头|联系|组织|参与|用人|招聘|推荐|代理|监督|举报|管理|运营|资金|经费|数据|收入|项目|产品|机构|企业"
    r"|社会组织|职位|岗位|事项|部门|表彰|登记|审批|备案|成立|抽查|检查)\s*$"
)
_OTHER_DAY: Final = re.compile(rf"{_LONGER.pattern[:-1]}(?:时间|日期)\s*[:：]?\s*(?:19|20)\d\d[\d年月日\s./-]*")
_ALONE: Final = re.compile(rf"[\s【\[（(]*+({_NAMES})[\s】\]）)]*+")
_DAYS: Final = sorted((*LABELS["published"], *LABELS["written_on"], *LABELS["effective_on"]), key=len, reverse=True)
_BEFORE_DATE: Final = re.compile(rf"({'|'.join(map(_pattern, _DAYS))})\s*(?=(?:19|20)\d\d)")
# Buttons that stand behind a value without a colon.
_BUTTON: Final = re.compile(
    r"[\s【\[［（(|｜]\s*(?:分享|打印|[大小]?字号|字体|字\s号|关闭|收藏|浏览|点击|阅读|责任编辑|我要纠错|纠错|(?:我要)?评论|我有话说|参与互动|举报|下载|大\s中\s小|原创稿|[A]\+?\s|T\s?\|)"
)
_NEXT: Final = re.compile(r"\s*[|｜丨]|\s(?=(?:19|20)\d\d\s?[-/.年]|\d{1,2}月\d)")  # what ends a name without a label
_ENUMERATED: Final = re.compile(r"[、/／]|和$|和\S")
_STRIPPED: Final = " \t|｜丨·,，;；、【】[]［］（()）-—_>:：\"'"
_CELL_LINES: Final = 5  # lines from a label on in which its cell ends


@dataclass(frozen=True, slots=True)
class Pair:
    """A label, what it gives, its value (never empty), and the line that has the label."""

    name: str
    label: str
    value: str
    line: int
    end: int
    """The line that holds the value: the label's own, or the one beside it."""


def read_pairs(lines: Sequence[Line]) -> list[Pair]:
    """Read all labelled values in these lines, in their order; a label without a value gives no pair."""
    pairs: list[Pair] = []
    for at, line in enumerate(lines):
        if len(line.text) > 400 or (line.linked * 2 > len(line.text) and not _WITH_COLON.search(line.text)):
            continue
        alone = _ALONE.fullmatch(line.text.rstrip(" :：")) if len(line.text) < 16 else None
        if alone is not None:
            pairs += _pair_beside(alone[1], line, lines[at + 1 : at + _CELL_LINES])
            continue
        pairs += _read_pieces(line)
        for match, value, last in _cut_labels(line.text):
            if last and not value.strip(_STRIPPED):
                pairs += _pair_beside(match[1], line, lines[at + 1 : at + _CELL_LINES])
            else:
                pairs += _pair(match[1], value if _is_dated(match[1]) else _cut_element(value, match.end(), line), line)
    return pairs


def drop_other_days(text: str) -> str:
    """The text without days that a label gives to something else: `报名截止日期：2022-05-31`."""
    return _OTHER_DAY.sub("", text)


def labels_of(text: str) -> list[str]:
    """What the labels of a line give that is a label, or begins with one; empty for any other line."""
    text = text.lstrip(" 【[［（(·|")
    if text[:1] not in _INITIALS or len(text) > 400:
        return []
    alone = _FIELD.get(_NO_LETTER.sub("", text)) if len(text) < 16 else None
    if alone is not None:
        return [alone]
    if _WITH_COLON.match(text) or _IN_BRACKETS.match(f"[{text}"):
        return [_FIELD[re.sub(r"\s+", "", match[1])] for match in _find_labels(text)]
    return []


def _read_pieces(line: Line) -> Iterator[Pair]:
    """Labels without a colon that fill an element of their own: `来源<a>…</a>`."""
    for piece, value in zip(line.pieces, line.pieces[1:], strict=False):
        match = _ALONE.fullmatch(piece.lstrip("|｜· "))
        if match is not None and not value.startswith((":", "：")):
            yield from _pair(match[1], _cut_button(value), line)


def _is_dated(label: str) -> bool:
    """Tell whether a label gives a day, whose hour may stand in an element of its own."""
    return _FIELD[re.sub(r"\s+", "", label)] in ("published", "written_on", "effective_on")


def _cut_element(value: str, start: int, line: Line) -> str:
    """The value up to where the element ends that holds it: names are set as spans without a blank between them.

    `start` is the value's place in the line. A list of names goes on: `<a>民政部</a>、<a>财政部</a>`.
    """
    at = 0
    for piece, after in zip(line.pieces, (*line.pieces[1:], ""), strict=True):
        at = line.text.find(piece, at) + len(piece)
        said = value[: max(at - start, 0)]
        if said.strip(_STRIPPED) and after and not (_ENUMERATED.match(after) or _ENUMERATED.match(piece[-1])):
            return said
    return value


def _cut_button(value: str) -> str:
    button = _BUTTON.search(value)
    return value[: button.start()] if button is not None else value


def _pair_beside(label: str, line: Line, following: Sequence[Line]) -> Iterator[Pair]:
    values = _values_beside(line, following)
    mark = "" if _FIELD[re.sub(r"\s+", "", label)] == "title" else " "  # joint issuers are set one a line
    yield from _pair(label, mark.join(values), line, end=line.number + max(len(values), 1))


def _pair(label: str, value: str, line: Line, *, end: int | None = None) -> Iterator[Pair]:
    printed = re.sub(r"\s+", "", label)
    name = _FIELD[printed]
    if name in ("source", "publisher", "author"):
        value = _strip_marks(_NEXT.split(_strip_marks(value), maxsplit=1)[0])
    else:
        value = _close(value.strip(" \t|｜丨,，;；:："))
    if value and name != "end":
        yield Pair(name, printed, value, line.number, line.number if end is None else end)


def _close(value: str) -> str:
    """The value without brackets at its end that have no partner in it."""
    while value and (value[-1] in " [［【（(" or (value[-1] == "】" and value.count("【") < value.count("】"))):
        value = value[:-1]
    return value


def _strip_marks(value: str) -> str:
    """The value without marks around it, but with the brackets that belong to it: `民政局（救助科）`."""
    plain = value.strip(_STRIPPED)
    for opened, closed in ("（）", "()"):
        if plain.count(opened) == plain.count(closed) + 1 and value[value.index(plain) + len(plain) :].startswith(
            closed
        ):
            return plain + closed
    return plain


def _cut_labels(text: str) -> Iterator[tuple[re.Match[str], str, bool]]:
    """Cut a line at its labels: each label, its value, and whether it is the last of the line."""
    found = _find_labels(text)
    for number, match in enumerate(found):
        last = number + 1 == len(found)
        end = len(text) if last else found[number + 1].start()
        yield match, _cut_button(text[match.end() : end]), last


def _find_labels(text: str) -> list[re.Match[str]]:
    found = [match for match in (*_WITH_COLON.finditer(text), *_BEFORE_DATE.finditer(text)) if _is_whole(match)]
    if text.lstrip().startswith(("[", "【", "［")):
        found += _IN_BRACKETS.finditer(text)
    return sorted(found, key=lambda match: match.start())


def _is_whole(match: re.Match[str]) -> bool:
    if re.sub(r"\s+", "", match[1]) not in _SHORT:
        return True
    return _LONGER.search(match.string[max(match.start() - 4, 0) : match.start()]) is None


def _values_beside(label: Line, following: Sequence[Line]) -> list[str]:
    """The value of a label that stands alone: the lines of the next cell, in the same row and no labels themselves."""
    found: list[str] = []
    for line in following:
        if _ALONE.fullmatch(line.text.rstrip(" :：")) or _WITH_COLON.match(line.text) or len(line.text) > 200:
            break
        if found and (line.block is not following[0].block or line.block is label.block):
            break
        if not found and not _are_beside(label.block, line.block):
            break
        found.append(line.text)
    return found


def is_beside(label: Line, following: Line) -> bool:
    """Tell whether the line after a label holds its value: the label has none of its own, and both stand in one row."""
    if not _ALONE.fullmatch(label.text.rstrip(" :：")) and not label.text.endswith((":", "：")):
        return False
    return len(following.text) <= 200 and _are_beside(label.block, following.block)


def _are_beside(label: HtmlElement, value: HtmlElement) -> bool:
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
