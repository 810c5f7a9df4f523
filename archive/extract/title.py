"""The title: the tag that is for it, the heading that `<title>` repeats, the list's link, what is left of `<title>`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from lxml.html import HtmlElement

from archive.extract.agency_names import is_agency
from archive.extract.body import Body
from archive.extract.byline import is_clock
from archive.extract.evidence import Found
from archive.extract.labels import labels_of
from archive.extract.lines import Line, Lines
from archive.extract.meta import Tags
from archive.extract.trim import is_byline, names_day, squeeze
from archive.extract.window import is_site_name, split_window, window_of
from archive.records import Entry, Page

_HEADINGS: Final = ("h1", "h2", "h3")
_TITLE_NAME: Final = re.compile(r"(?:^|[\s_-])(?:\w*title\w*|biaoti|bt|headline|tit)(?:$|[\s_-])", re.IGNORECASE)
_OLD: Final = 6  # lines around the start of the text in which a title without a heading may stand
_ONLY_DAY: Final = re.compile(
    r"[（(]?(?:19|20)\d\d\s?[-/.年][\d\s:：/.年月日-]*[）)]?|\S{2,8}\d{4}年\d{1,2}月\d{1,2}日\s?(?:星期|周)."
)
_NEXT: Final = re.compile("(?:上|下|前|后)一?(?:篇|条|则|页)")
_BYLINE: Final = 3  # lines from the start of the text in which its byline may stand
_CUT_SHORT: Final = re.compile(r"(?:…|\.{2,}|“|《)$")
_COLUMN: Final = re.compile(
    r"(?:政府|政务|部门)?信息公开(?:目录|指南|年报|年度报告|制度|专栏|平台|内容|信息表)?|(?:政务|政策|公告|公示|信息|新闻|通知)(?:公开|文件|公示|公告|中心|动态|内容|详情)"
    r"|(?:内容|文章|新闻|信息|公告)(?:正文|详情|详细|内容|页)|详细(?:信息|内容)|工作动态|政策解读|政策法规|公开目录|网站首页|主题导航|.{0,12}(?:内容|详情|正文|文章)页"
    r"|(?:文字|图文|访谈|直播)(?:实录|直播|内容)|(?:公告|公示|文件|信件|来信|回复|办理)(?:内容|正文|结果|详情|原文)|(?:文章|信息|信件)(?:详情|内容)"
)
_COLUMN_LENGTH: Final = 12  # characters of the longest name of a column
_NEAR: Final = 10  # lines between a heading and the text it heads
_NO_TITLE: Final = 500  # characters that no title has; a line may have millions


@dataclass(frozen=True, slots=True)
class Title:
    """A title, where it was read, and the slice of lines that shows it (empty if none does)."""

    text: str | None
    evidence: str
    start: int
    end: int
    others: tuple[Found[str], ...] = ()
    """What the other witnesses say, by their trust; most say the same."""


@dataclass(frozen=True, slots=True)
class _Shown:
    text: str
    start: int
    end: int
    score: float


def read_title(  # noqa: C901 (one witness after the other; each is two lines)
    page: Page, lines: Lines, tags: Tags, body: Body, *, entry: Entry | None
) -> Title:
    """Read the title in the order of trust; the visible one is found in any case, for the byline stands beneath it."""
    window = window_of(page)
    names = _names(lines, body, tags)
    official = _official(tags)
    shown = _find_shown(lines, body, official or window, names)
    headed = shown
    if official and (shown is None or _is_column(official, names)):
        headed = _find_heading(lines, body, "", names)
        if headed is not None and _is_column(official, names) and abs(body.start - headed.end) <= _NEAR:
            official, shown = None, headed  # the tag names the column
    if official is None and shown is None:
        site = squeeze(window) if is_site_name(window) else ""
        shown = headed = _find_heading(lines, body, site, names)
    listed = entry.title.strip() if entry is not None and entry.title else ""
    left = _strip_site(window, tags, names)
    found: list[Found[str]] = []
    if official and tags.title is not None:
        found.append(Found(official, f"meta:{tags.title.name}"))
    if headed is not None and (headed is shown or _is_beside(headed, body)):
        found.append(Found(headed.text, "heading"))
    if listed and not _CUT_SHORT.search(listed):
        found.append(Found(listed, "list"))
    if left:
        found.append(Found(left, "title"))
    if not found and listed:
        found.append(Found(listed, "list"))
    if len(found) > 1 and (is_site_name(left) or _is_column(left, names)):
        found = [one for one in found if one.evidence != "title"]
    start, end = (shown.start, shown.end) if shown is not None else (body.start, body.start)
    if not found:
        return Title(None, "list", start, end)
    return Title(found[0].value, found[0].evidence, start, end, tuple(found[1:]))


def _official(tags: Tags) -> str | None:
    if tags.title is None:
        return None
    others = {tag.value for tag in (tags.site, tags.channel) if tag is not None}
    return None if tags.title.value in others else tags.title.value


def _names(lines: Lines, body: Body, tags: Tags) -> frozenset[str]:
    """Names of the site and its columns: the tags', and short links above the text."""
    menu = (line for line in lines.all[: body.start + 1] if line.linked)
    links = (piece for line in menu for piece in line.pieces if len(piece) <= _COLUMN_LENGTH)
    return frozenset((*links, *(tag.value for tag in (tags.site, tags.channel) if tag is not None)))


def _is_column(text: str, names: Collection[str]) -> bool:
    return (len(text) <= _COLUMN_LENGTH and text in names) or _COLUMN.fullmatch(text) is not None


def _is_beside(shown: _Shown, body: Body) -> bool:
    return abs(body.start - shown.end) <= _NEAR and len(shown.text) >= 8


def _find_shown(lines: Lines, body: Body, printed: str, names: Collection[str]) -> _Shown | None:
    """The lines before or at the head of the text that show what the page's `<title>` begins with."""
    wanted = squeeze(printed)
    if not wanted:
        return None
    best: _Shown | None = None
    # a `<title>` that may be the name of the site only counts if a heading repeats it: signatures do, too
    only_site = len(printed) <= 20 and is_site_name(printed)
    candidates = () if only_site else _line_candidates(lines, body)
    for candidate in (*_heading_candidates(lines, body), *candidates):
        text = squeeze(candidate.text)
        if len(text) < 4 or text not in wanted or (only_site and text == wanted):
            continue
        if text != wanted and is_agency(candidate.text):
            continue  # whose site it is
        distance = abs(body.start - candidate.start)
        score = len(text) + candidate.score + (20 if wanted.startswith(text) else 0) - min(distance, 60) * 0.3
        if text != wanted and _is_column(candidate.text, names):
            score -= 60
        if best is None or score > best.score:
            best = _Shown(candidate.text, candidate.start, candidate.end, score)
    return best


def _heading_candidates(lines: Lines, body: Body) -> Iterator[_Shown]:
    """Headings as wholes, for `<br>` breaks them into lines."""
    for element, (start, end) in lines.spans.items():
        if start < end <= start + 4 and start <= body.start + 6 and start < body.end and _is_heading(element):
            if any(line.disclosed or (line.is_prose and line.text.endswith("。")) for line in lines.all[start:end]):
                continue
            yield _Shown(_join(lines, start, end), start, end, 30 if element.tag in _HEADINGS else 15)


def _line_candidates(lines: Lines, body: Body) -> Iterator[_Shown]:
    for number, line in enumerate(lines.all[: body.start + 4]):
        if len(line.text) > 150 or line.linked * 2 > len(line.text) or line.disclosed:
            continue
        yield _Shown(line.text, number, number + 1, 0 if line.chrome is None else -10)
        if number >= body.start:
            for more in (2, 3, 4):
                yield _Shown(_join(lines, number, number + more), number, number + more, -5)


def _join(lines: Lines, start: int, end: int) -> str:
    """Lines that `<br>` broke a title into; names of agencies stay apart."""
    texts = [line.text[:_NO_TITLE] for line in lines.all[start:end]]
    if len(texts) < 2:
        return "".join(texts)
    marks = [
        " " if is_agency(one) and is_agency(re.split("关于|印发|转发", other)[0]) else ""
        for one, other in pairwise(texts)
    ]
    return "".join(f"{mark}{text}" for mark, text in zip(("", *marks), texts, strict=True))


def _find_heading(lines: Lines, body: Body, site: str, names: Collection[str]) -> _Shown | None:
    """The nearest heading above the text, for pages whose `<title>` names the site only; that name comes last."""
    best: _Shown | None = None
    for candidate in (*_heading_candidates(lines, body), *_plain_candidates(lines, body)):
        line = lines.all[candidate.start]
        if (
            not 4 <= len(candidate.text) <= 120
            or _is_no_title(candidate.text)
            or line.linked * 2 > len(line.text)
            or line.chrome is not None
        ):
            continue
        score = candidate.score - abs(body.start - candidate.end) - (50 if squeeze(candidate.text) == site else 0)
        score -= 60 if _is_column(candidate.text, names) else 0
        if best is None or score > best.score:
            best = _Shown(candidate.text, candidate.start, candidate.end, score)
    return best if best is not None and not _is_column(best.text, names) else None


def _is_no_title(text: str) -> bool:
    """Tell a day, the clock of a page's head, and what leads to the next article."""
    return _ONLY_DAY.fullmatch(text) is not None or is_clock(text) or _NEXT.match(text) is not None


def _plain_candidates(lines: Lines, body: Body) -> Iterator[_Shown]:
    """Titles of pages without headings: a line in bold or a larger font, or the one right above the byline."""
    for line in lines.all[max(body.start - _OLD, 0) : body.start + _OLD]:
        if line.chrome is None and not line.disclosed and not line.is_prose and _is_bold(line):
            yield _Shown(line.text, line.number, line.number + 1, 0)
    for line, beneath in pairwise(lines.all[max(body.start - _OLD, 0) : body.start + _BYLINE]):
        if line.chrome is not None or line.disclosed or _is_byline(line.text):
            continue
        if _is_byline(beneath.text) or (beneath.number < body.start and names_day(beneath.text)):
            yield _Shown(line.text, line.number, line.number + 1, -2)


def _is_byline(text: str) -> bool:
    """Tell whether a line is a byline, or the first label of one that is set in cells."""
    return is_byline(text) or bool({"published", "source"}.intersection(labels_of(text)))


def _is_bold(line: Line) -> bool:
    for element in line.block.iter("b", "strong", "font"):
        is_large = element.tag != "font" or element.get("size", "").strip("+") in ("4", "5", "6", "7")
        if is_large and " ".join("".join(element.itertext()).split()) == line.text:
            return True
    return False


def _is_heading(element: HtmlElement) -> bool:
    if element.tag in _HEADINGS:
        return True
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(name) > 1 and _TITLE_NAME.search(name) is not None


def _strip_site(window: str, tags: Tags, names: Collection[str]) -> str:
    """What is left of `<title>` without the names of site and column."""
    known = {tag.value for tag in (tags.site, tags.channel) if tag is not None}
    parts = split_window(window, names)
    left = [part for part in parts if part not in known and not _is_column(part, names)] or parts
    return next((part for part in left if not is_site_name(part)), left[0] if left else "")
