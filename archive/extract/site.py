"""The names of the site and of the column a page stands in: by tags, `<title>`, the path above, the foot below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from archive.extract.agency_names import is_agency
from archive.extract.evidence import Found
from archive.extract.lines import Line, Lines
from archive.extract.meta import Tags
from archive.extract.title import Title
from archive.extract.trim import squeeze
from archive.extract.window import is_site_name, site_of_window
from archive.records import Page

_NAME: Final = r"([一-龥][一-龥（）()·]{3,29})"
_OWNER: Final = (
    re.compile(rf"版权所有\s*(?:[:：©]|\(c\))?\s*(?:(?:19|20)\d\d[-—\s]*)*{_NAME}", re.IGNORECASE),
    re.compile(rf"{_NAME}\s*版权所有"),
    re.compile(rf"(?:主办单位|主办)\s*[:：]?\s*(?!的){_NAME}"),
)
_NO_OWNER: Final = re.compile(r"版权所有|主办|承办|维护|技术支持|备案|保留|未经|转载|地址|网站标识码")
_FOOT: Final = 30  # lines at the end of a page in which its owner stands
_CRUMBS: Final = re.compile(
    r"(?:当前|现在|所在|您的|你的|您所在的|目前)*\s*位置\s*(?:是|[:：])?|(?<!设为)(?<!设置)首\s*页\s*(?:[>›»＞/\\→]|-{1,2}>?\s)"
)
_BETWEEN: Final = re.compile(r"\s*(?:[>›»＞→/\\|｜]+|&gt;|\s-{1,2}\s|::)\s*")
_NO_COLUMN: Final = re.compile(
    r"|(?:网站)?首\s?页|主页|正文|内容|详情|文章|浏览|查看|信息|返回.*|.*位置.*|(?:内容|文章|新闻|信息)(?:正文|详情|内容|浏览|页)|详细(?:信息|内容)"
)
_ABOVE: Final = 30  # lines above title or text in which the path stands
_LONGEST: Final = 6  # lines over which a template spreads a path


def read_site(page: Page, lines: Lines, tags: Tags, title: str | None) -> Found[str] | None:
    """Read the name of the site: its tag, what `<title>` ends with, whose rights the foot names."""
    if tags.site is not None:
        return Found(tags.site.value, f"meta:{tags.site.name}")
    named = site_of_window(page, title)
    if named is not None:
        return Found(named, "title")
    foot = lines.all[-_FOOT:]
    for form in _OWNER:
        for line in reversed(foot):
            for match in form.finditer(line.text):
                name = _NO_OWNER.split(match[1])[0].strip()
                if is_site_name(name) or is_agency(name):
                    return Found(name, "foot")
    return None


def read_channel(lines: Lines, tags: Tags, title: Title, first: int) -> Found[str] | None:
    """Read the column: its tag, or the last step of the path above the text (当前位置：首页 > 政务公开 > 通知公告)."""
    if tags.channel is not None:
        return Found(tags.channel.value, f"meta:{tags.channel.name}")
    end = min(title.start, first) if title.start < title.end else first
    above = lines.all[max(end - _ABOVE, 0) : max(end, title.end)]
    for number in range(len(above) - 1, -1, -1):
        if _CRUMBS.search(above[number].text) and len(above[number].text) < 200:
            steps = [step for step in _steps(above[number:], title.text or "") if not _NO_COLUMN.fullmatch(step)]
            return Found(steps[-1], "path") if steps else None
    return None


def _steps(lines: Sequence[Line], title: str) -> Iterator[str]:
    """The steps of a path, which may stand in one line or in a line each, up to the title."""
    wanted = squeeze(title)
    for number, line in enumerate(lines[:_LONGEST]):
        if number and not (line.linked and len(line.text) <= 24):
            return
        text = _CRUMBS.sub(lambda match: "" if "位置" in match[0] else match[0], line.text, count=1)
        if text != line.text:
            text = text.replace("|", ">").replace("｜", ">")
        pieces = [text] if _BETWEEN.search(text) else [piece for piece in line.pieces if piece in text]
        for piece in pieces:
            for step in _BETWEEN.split(piece):
                plain = step.strip(" :：·")
                if (
                    wanted
                    and squeeze(plain)
                    and ((squeeze(plain) in wanted and len(plain) > 12) or squeeze(plain) == wanted)
                ):
                    return
                if plain and len(plain) <= 24:
                    yield plain
