"""The byline between title and text: source, author and time of publication, labelled or not, run together or not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from archive.dates import read_day
from archive.extract.labels import Pair, drop_other_days, labels_of
from archive.extract.lines import Line
from archive.extract.trim import is_button

_NOBODY: Final = re.compile(
    r"(?:佚名|admin\w*|管理员|系统管理员|网站管理员|网管|未知|不详|本站|本网|无|暂无|匿名|null|none|root|editor|小编|编辑部?|原创|\W*|\d+)",
    re.IGNORECASE,
)
_NO_SOURCE: Final = re.compile(
    r"(?:未知|不详|无|暂无|null|none|原创|转载|网络|互联网|其他|admin\w*|管理员|\W*|[\d\s:：./-]+)", re.IGNORECASE
)
_SAME_SITE: Final = re.compile(
    r"(?:本网|本站|本|本网站|本门户|本门户网站|本(?:局|厅|部|委|办|单位|部门|机关)(?:网站|门户网站)?)(?:原创|讯|整理|编辑|发布|综合)?"
)
_SHORT_YEAR: Final = re.compile(r"^(\d\d([-./])[01]\d\2[0-3]\d)(?=\D|$|\d\d:\d\d)")  # 发布时间：23-11-0508:30
_IN_BRACKETS: Final = re.compile(r"\s*[（(][^（）()]*[）)]\s*")  # （2023年2月8日）: of the speech beneath it
_DAY_FIRST: Final = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.((?:19|20)\d\d)(?![\d.])")  # 21.05.2020
_DAY_OVER: Final = re.compile(r"(?<![\d:])(\d{1,2})\s+((?:19|20)\d\d)\s?[-/.年]\s?(\d{1,2})月?(?![-/.\d])")
"""A day in large figures over its month: `05` above `2023-11`."""
_SPLIT_DATE: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)\s+(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)日?")
_DATE: Final = re.compile(
    r"(?:19|20)\d\d\s?[-/.年—]+\s?\d{1,2}\s?[-/.月—]+\s?\d{1,2}\s?日?(?:[\sT,]*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?"
)
_TIME_BEHIND: Final = re.compile(
    r"[\s(（]*+(?:(?:星期|周).[)）]?\s*+)?(?:上午|下午|晚上)?\s*+\d{1,2}\s?[:：时点][\d\s:：分秒]*(?:[AaPp][Mm])?"
)
_CLOCK: Final = re.compile("今天是|今日是|今天日期|现在是|当前时间|农历|^(?:欢迎|您好).*年|℃")
_NAME: Final = re.compile(r"[\u4e00-\u9fffA-Za-z0-9·（）()《》\[\]&.\-—_ ]{2,24}")
_ORGANISATION: Final = re.compile(
    r"(?:局|厅|部|委|办|处|科|院|校|网|报|社|台|刊|网站|中心|新闻|日报|晚报|时报|周刊|杂志|频道|客户端|在线|视频|出版社|政府|集团|公司|协会|联合会"
    r"|消息|传媒|融媒|融媒体|发布|财经|资讯|观察|电台|广播|快讯|站|所|馆|总?队|街道|镇|乡|商会|学会|研究会|基金会|促进会|总会)$"
)
_SOURCE_NAME: Final = re.compile(
    r"(?:^|[\s_-])(?:\w*source\w*|\w*media\w*|laiyuan|ly|copyfrom|from|origin)(?:$|[\s_-])", re.IGNORECASE
)
_NOTE: Final = re.compile(r"[\[（(][^\]）)]{1,6}[\]）)]$")  # 某某网[整理], 某某报（记者）
_HAS_SOURCE: Final = re.compile(r"来\s*源\s*[:：]|发布(?:机构|单位)")
_MARKS: Final = " |｜丨·,，;；:：-—"
_UPDATED: Final = frozenset(("更新时间", "更新日期", "最后更新", "修改时间"))
"""Labels of a day that is the one of publication only where no other is printed."""
_ADDRESS: Final = re.compile(r"(?:https?:|www\.|[\w-]+(?:\.[\w-]+)*\.(?:cn|com|org|net)\b)", re.IGNORECASE)
_PHRASE: Final = re.compile(
    r"[\s（(【\[]*(?:本文|文章|信息|稿件)?(?:来源于|来源自|转自|转载自|摘自|摘编自|选自|原载于?)\s*[:：]?\s*([^\s，。；：:（）()【】]{2,30})[\s）)】\]]*"
)
_ACCOUNT_NAME: Final = re.compile(
    r"(?:^|[\s_-])(?:author(?:[_-]?(?:name|txt))?|account(?:[_-]?name)?|nick(?:_?name)?|js_name|profile_nickname|user[_-]?name|media[_-]?name)"
    r"(?:$|\s)",
    re.IGNORECASE,
)
_PUBLISHER_NAME: Final = re.compile(r"\bjs_name\b|profile_nickname")  # on WeChat the account is the source
_GREETING: Final = re.compile("今天|今日|星期|欢迎")
_MENU: Final = re.compile(r"[>›»]|官方账号|认证|首页|位置|点击|登录|注册|关注|扫码|二维码|原创作者|编辑")


@dataclass(frozen=True, slots=True)
class Byline:
    """What stands over the text, as printed; None for what is not there or says nothing."""

    source: str | None
    author: str | None
    published: str | None
    """The text that holds the date, with its time if one is printed."""
    author_raw: str | None = None
    """What stands behind the label of the author, though it may name nobody: 佚名, admin."""
    published_over: str | None = None
    """The text of a day that stands over the title, without a label."""
    account: str | None = None
    """The name of the account that a platform shows over a text."""


def read_byline(
    pairs: Sequence[Pair], region: Sequence[Line], below: Sequence[Pair], *, over: Sequence[Line], site: str
) -> Byline:
    """Read the byline: labelled values above the text first, then names beside the date, then labels below the text.

    `region` are the lines between title and text, `over` those right above the title, which hold a day on some sites.
    `site` is what the page's `<title>` ends with; a name beside the date that is the site's own is its source.
    """
    dates = sorted(_by_name(pairs, "published"), key=lambda pair: pair.label in _UPDATED)
    dates = [replace(pair, value=_SHORT_YEAR.sub(r"20\1 ", pair.value)) for pair in dates]
    dated = next((pair for pair in dates if read_day(pair.value)), None)
    text = "\n".join(drop_other_days(line.text) for line in region if not is_clock(line.text))
    split = _in_pieces(region)
    for pair in pairs:
        if pair.name in ("written_on", "effective_on"):  # a day of its own, never the one of publication
            text, split = text.replace(pair.value, ""), split.replace(pair.value, "")
    outside = "\n".join(line for line in text.split("\n") if not _IN_BRACKETS.fullmatch(line))
    published = dated.value if dated is not None else _find_date(outside) or _find_date(text) or _find_date(split)
    if published is None:
        published = next((pair.value for pair in _by_name(below, "published") if read_day(pair.value)), None)
    account = _find_account(region, _ACCOUNT_NAME)
    sources = [value for pair in _by_name(pairs, "source") if says_source(value := _cut_address(pair.value))]
    source = sources[0] if sources else _find_phrase(region) or _find_account(region, _PUBLISHER_NAME)
    if source is None and published is not None and account is None and not _HAS_SOURCE.search(text):
        source = _find_unlabelled(region, site)
    if source is None:
        source = next((pair.value for pair in _by_name(below, "source") if says_source(pair.value)), None)
    authors = [pair.value for pair in (*_by_name(pairs, "author"), *_by_name(below, "author"))]
    named = next((value for value in authors if not _NOBODY.fullmatch(value) and len(value) <= 40), None)
    shown = account if account != source else None
    return Byline(
        source=source,
        author=named or shown,
        published=published,
        author_raw=named or shown or next(iter(authors), None),
        published_over=_find_date_over(over),
        account=account,
    )


def date_above(lines: Sequence[Line]) -> str | None:
    """The day that stands above a title, as some media print it; not the clock of a page's head (今天是…)."""
    return _find_date("\n".join(line.text for line in lines if not is_clock(line.text)))


def is_clock(text: str) -> bool:
    """Tell whether a line is the clock of a page's head: 今天是2021年11月5日 星期五."""
    return len(text) < 60 and _CLOCK.search(text) is not None


def is_same_site(source: str) -> bool:
    """Tell whether a source only says that it is the site itself: 本网, 本站, or what is left of it."""
    return _SAME_SITE.fullmatch(source) is not None


def says_source(value: str) -> bool:
    """Tell whether what stands behind 来源 names someone: no address, no sentence, not 未知."""
    if len(value) > 60 or _NO_SOURCE.fullmatch(value):
        return False
    return _ADDRESS.match(value) is None and not re.search("[，。；！？]", value)


def _by_name(pairs: Sequence[Pair], name: str) -> list[Pair]:
    return [pair for pair in pairs if pair.name == name]


def _cut_address(value: str) -> str:
    """A name without the address behind it: `某市民政局 http://…`."""
    found = re.search(r"[\s（(]+(?:https?:|www\.).*", value)
    return value[: found.start()] if found is not None and found.start() else value


def _find_phrase(region: Sequence[Line]) -> str | None:
    """A source in words and without a colon: 来源于某市民政局, 摘自《…》."""
    for line in region:
        match = _PHRASE.fullmatch(line.text)
        if match is not None and says_source(match[1]):
            return match[1]
    return None


def _find_account(region: Sequence[Line], names: re.Pattern[str]) -> str | None:
    """The account whose name a platform shows between title and text, in an element that says so."""
    for line in region:
        if len(line.text) > 60 or ":" in line.text.partition(" ")[0] or "：" in line.text:
            continue
        for element in (*line.links, *line.block.iter("span", "a", "strong", "em"), line.block):
            if names.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
                name = " ".join("".join(element.itertext()).split())
                if name and name in line.text and _is_account(name):
                    return name
    return None


def _is_account(name: str) -> bool:
    if not _NAME.fullmatch(name) or _NOBODY.fullmatch(name) or _MENU.search(name) or is_button(name):
        return False
    return read_day(name) is None and _DATE.search(name) is None


def _find_date(text: str) -> str | None:
    joined = _SPLIT_DATE.sub(r"\1-\2-\3", _DAY_FIRST.sub(r"\3-\2-\1", text))
    for match in _DATE.finditer(joined):
        if read_day(match[0]):
            time = _TIME_BEHIND.match(joined, match.end())
            return joined[match.start() : time.end() if time is not None else match.end()]
    return None


def _find_date_over(over: Sequence[Line]) -> str | None:
    """A day that stands alone above the title; neither a clock nor a row of a list."""
    alone = (line for line in over if not line.linked and len(line.text) <= 40 and not _GREETING.search(line.text))
    pieces = _in_pieces(list(alone))
    return _find_date(pieces) or _find_date(_DAY_OVER.sub(r"\2-\3-\1", pieces.replace("\n", " ")))


def _in_pieces(lines: Sequence[Line]) -> str:
    """Lines with a blank wherever an element ends: year, month and day may be set as elements of their own."""
    return "\n".join(drop_other_days(" ".join(line.pieces)) for line in lines)


def _find_unlabelled(region: Sequence[Line], site: str) -> str | None:
    """The name of a medium or an office that stands beside the date without a label."""
    pieces = [(piece, line) for line in region for piece in line.pieces]
    at = next((number for number, (piece, _) in enumerate(pieces) if _DATE.search(piece)), None)
    if at is None:
        return None
    before, after = _DATE.split(pieces[at][0], maxsplit=1)
    near = [
        (after, pieces[at][1]),
        *pieces[at + 1 : at + 4],
        (before, pieces[at][1]),
        *reversed(pieces[max(at - 2, 0) : at]),
    ]
    for text, line in near:
        if text.startswith(("—", "－－", "--")):
            continue  # a subtitle
        for name in re.split(r"\s*[|｜丨·•]\s*|\s{1,}", text):
            if _is_source_name(name.strip(_MARKS), line, site):
                return name.strip(_MARKS)
    return None


def _is_source_name(name: str, line: Line, site: str) -> bool:
    if (
        not name
        or not _NAME.fullmatch(name)
        or is_button(name)
        or _MENU.search(name)
        or _DATE.search(name)
        or name.isdigit()
        or labels_of(name)
    ):
        return False
    plain = _NOTE.sub("", name)
    if _ORGANISATION.search(plain) or (len(plain) >= 3 and plain in site):
        return True
    elements = (line.block, *line.links, *line.block.iter("span", "a"))
    return any(_SOURCE_NAME.search(f"{element.get('class') or ''} {element.get('id') or ''}") for element in elements)
