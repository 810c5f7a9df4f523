"""The byline between title and text: source, author and time of publication, labelled or not, run together or not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from archive.dates import read_day
from archive.extract.labels import Pair, drop_other_days
from archive.extract.lines import Line
from archive.extract.trim import is_button

_NOBODY: Final = re.compile(
    r"(?:佚名|admin\w*|管理员|系统管理员|网站管理员|网管|未知|不详|本站|本网|无|暂无|匿名|null|none|root|editor|小编|编辑部?|原创|\W*|\d+)",
    re.IGNORECASE,
)
_NO_SOURCE: Final = re.compile(r"(?:未知|不详|无|暂无|null|none|原创|转载|\W*|[\d\s:：./-]+)", re.IGNORECASE)
_SAME_SITE: Final = re.compile(r"(?:本网|本站|本|本网站|本站原创|本网原创|本网讯|本站讯)")
_SPLIT_DATE: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)\s+(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)日?")
_DATE: Final = re.compile(
    r"(?:19|20)\d\d\s?[-/.年—]+\s?\d{1,2}\s?[-/.月—]+\s?\d{1,2}\s?日?(?:[\sT,]*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?"
)
_TIME_BEHIND: Final = re.compile(
    r"[\s(（]*(?:(?:星期|周).[)）]?\s*)?(?:上午|下午|晚上)?\s*\d{1,2}\s?[:：时点][\d\s:：分秒]*(?:[AaPp][Mm])?"
)
_CLOCK: Final = re.compile("今天是|今日是|今天日期|现在是|当前时间|农历|^(?:欢迎|您好).*年|℃")
_NAME: Final = re.compile(r"[\u4e00-\u9fffA-Za-z0-9·（）()《》\[\]&.\-—_ ]{2,24}")
_ORGANISATION: Final = re.compile(
    r"(?:局|厅|部|委|办|处|科|院|校|网|报|社|台|刊|网站|中心|新闻|日报|晚报|时报|周刊|杂志|频道|客户端|在线|视频|出版社|政府|集团|公司|协会|联合会"
    r"|消息|传媒|融媒|发布|财经|资讯)$"
)
_SOURCE_NAME: Final = re.compile(
    r"(?:^|[\s_-])(?:\w*source\w*|\w*media\w*|laiyuan|ly|copyfrom|from|origin)(?:$|[\s_-])", re.IGNORECASE
)
_NOTE: Final = re.compile(r"[\[（(][^\]）)]{1,6}[\]）)]$")  # 某某网[整理], 某某报（记者）
_HAS_SOURCE: Final = re.compile(r"来\s*源\s*[:：]|发布(?:机构|单位)")
_MARKS: Final = " |｜丨·,，;；:：-—"
_MENU: Final = re.compile(r"[>›»]|首页|位置|点击|登录|注册|关注|扫码|二维码|原创作者|编辑")


@dataclass(frozen=True, slots=True)
class Byline:
    """What stands over the text, as printed; None for what is not there or says nothing."""

    source: str | None
    author: str | None
    published: str | None
    """The text that holds the date, with its time if one is printed."""


def read_byline(pairs: Sequence[Pair], region: Sequence[Line], below: Sequence[Pair], *, site: str) -> Byline:
    """Read the byline: labelled values above the text first, then names beside the date, then labels below the text.

    `site` is what the page's `<title>` ends with; a name beside the date that is the site's own is its source.
    """
    dated = next((pair for pair in _by_name(pairs, "published") if read_day(pair.value)), None)
    text = "\n".join(drop_other_days(line.text) for line in region if not is_clock(line.text))
    for pair in pairs:
        if pair.name in ("written_on", "effective_on"):  # a day of its own, never the one of publication
            text = text.replace(pair.value, "")
    published = dated.value if dated is not None else _find_date(text)
    if published is None:
        published = next((pair.value for pair in _by_name(below, "published") if read_day(pair.value)), None)
    sources = [pair for pair in _by_name(pairs, "source") if _says_source(pair.value)]
    source = sources[0].value if sources else None
    if source is None and published is not None and not _HAS_SOURCE.search(text):
        source = _find_unlabelled(region, site)
    if source is None:
        source = next((pair.value for pair in _by_name(below, "source") if _says_source(pair.value)), None)
    authors = (*_by_name(pairs, "author"), *_by_name(below, "author"))
    author = next((pair.value for pair in authors if not _NOBODY.fullmatch(pair.value)), None)
    return Byline(source, author if author is not None and len(author) <= 40 else None, published)


def date_above(lines: Sequence[Line]) -> str | None:
    """The day that stands above a title, as some media print it; not the clock of a page's head (今天是…)."""
    return _find_date("\n".join(line.text for line in lines if not is_clock(line.text)))


def is_clock(text: str) -> bool:
    """Tell whether a line is the clock of a page's head: 今天是2021年11月5日 星期五."""
    return len(text) < 60 and _CLOCK.search(text) is not None


def is_same_site(source: str) -> bool:
    """Tell whether a source only says that it is the site itself: 本网, 本站, or what is left of it."""
    return _SAME_SITE.fullmatch(source) is not None


def _by_name(pairs: Sequence[Pair], name: str) -> list[Pair]:
    return [pair for pair in pairs if pair.name == name]


def _says_source(value: str) -> bool:
    if len(value) > 60 or _NO_SOURCE.fullmatch(value):
        return False
    return not value.startswith(("http:", "https:", "www.")) and not re.search("[，。；！？]", value)


def _find_date(text: str) -> str | None:
    joined = _SPLIT_DATE.sub(r"\1-\2-\3", text)
    for match in _DATE.finditer(joined):
        if read_day(match[0]):
            time = _TIME_BEHIND.match(joined, match.end())
            return joined[match.start() : time.end() if time is not None else match.end()]
    return None


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
    ):
        return False
    plain = _NOTE.sub("", name)
    if _ORGANISATION.search(plain) or (len(plain) >= 3 and plain in site):
        return True
    elements = (line.block, *line.links, *line.block.iter("span", "a"))
    return any(_SOURCE_NAME.search(f"{element.get('class') or ''} {element.get('id') or ''}") for element in elements)
