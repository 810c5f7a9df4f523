"""The links of a page that may lead to lists of notices: columns (栏目) by what they are called, or by their path.

Words and paths are those of bureaus seen 2019–2026: 通知公告 and /tzgg/ most of all, then 政策文件 and 民政要闻.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.page import Unreadable
from archive.records import Page
from archive.text import tidy
from archive.urls import host, url_key
from crawler.families.anchors import Anchor, find_anchors
from crawler.families.printed import texts_of

LONGEST_NAME = 16
"""Characters; what is longer is the title of a document."""

_NAMES = (
    (4, re.compile(r"通知|公告|公示|通告")),
    (4, re.compile(r"(政策|规范性|公开|部门|其他|重要|法规|厅|局)文件|^文件$|政策法规|法规政策|法律法规")),
    (3, re.compile(r"(民政|工作|图片|时政|部门)?(要闻|动态|资讯)|民政(新闻|信息)|政策解读|解读")),
    (2, re.compile(r"人事|招聘|招标|采购|财政|预决算|规划计划|统计|数据|行政许可|处罚|区划")),
    (1, re.compile(r"信息公开|政务公开|政府信息|公开目录|法定主动公开|新闻|政策|社会组织|养老|救助|慈善")),
)
_PATHS = (
    (3, re.compile(r"tzgg|gggs|gsgg|tz_?gg|notice", re.I)),
    (3, re.compile(r"zcwj|zcfg|gfxwj|fgwj|flfg", re.I)),
    (2, re.compile(r"mzyw|gzdt|mzdt|zcjd|ywdt|mzxx|mzxw", re.I)),
    (1, re.compile(r"xxgk|zwgk|xwzx|zfxxgk|/zc/|/gk/|/xw/", re.I)),
)
_MORE = re.compile(r"^(查看)?(更多|more)?\s*[>»›+…]*$", re.I)
_NOT = re.compile(
    r"互动|信箱|留言|咨询|投诉|登录|注册|搜索|检索|网站地图|无障碍|链接|微信|微博|客户端|年度报告|指南|依申请"
)
_FILE = re.compile(r"\.(pdf|docx?|xlsx?|zip|rar|jpe?g|png|apk|mp4)$", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A link that may lead to a list. `weight` says how much it sounds like notices: 4 surely, 1 maybe a way there."""

    name: str
    url: str
    weight: int


def find_columns(page: Page, *, inside: str) -> tuple[Column, ...]:
    """The columns that a page links, the likeliest first, each address once.

    `inside` is a home: with a path, only links below it and those of civil affairs (民政) are taken, for the rest of
    the host is somebody else's.
    """
    found: dict[str, Column] = {}
    try:
        anchors = find_anchors(page)
    except Unreadable:  # a link farm
        return ()
    for anchor in anchors:
        column = _weigh(anchor)
        if column is None or not _is_inside(column, inside=inside, page=page):
            continue
        key = url_key(column.url)
        known = found.get(key)
        if known is None or column.weight > known.weight:
            found[key] = column if known is None or len(column.name) > 1 else replace(column, name=known.name)
    return tuple(sorted(found.values(), key=lambda column: -column.weight))


def name_of(page: Page) -> str | None:
    """What a list page calls itself: the tag ColumnName, else the first part of its title; None without either."""
    for element in page.tree.iter("meta"):
        content = tidy(element.get("content") or "")
        if (element.get("name") or "").lower() == "columnname" and content:
            return content
    title = next((tidy("".join(texts_of(element))) for element in page.tree.iter("title")), "")
    first = re.split(r"[-_—|–>《]|\s{1,}", title)[0].strip()
    return first if 2 <= len(first) <= LONGEST_NAME else None


def weigh_name(name: str) -> int:
    """How much a name sounds like a column of notices, 0 to 4."""
    if _NOT.search(name):
        return 0
    return next((weight for weight, pattern in _NAMES if pattern.search(name)), 0)


def _weigh(anchor: Anchor) -> Column | None:
    name = _name_beside(anchor.element) if _MORE.match(anchor.title) else anchor.title
    parts = urlsplit(anchor.url)
    if len(name) > LONGEST_NAME or _FILE.search(parts.path) or (name and _NOT.search(name)):
        return None
    by_path = next((weight for weight, pattern in _PATHS if pattern.search(f"{parts.path}?{parts.query}")), 0)
    weight = max(weigh_name(name), by_path)
    return Column(name=name, url=anchor.url, weight=weight) if weight else None


def _name_beside(element: HtmlElement) -> str:
    """The heading of the box whose 更多 this is: the first short text before it, three boxes up at most."""
    for place, box in enumerate(element.iterancestors()):
        texts = [tidy(text) for text in texts_of(box)]
        named = [text for text in texts if text and not _MORE.match(text)]
        if named:
            return named[0] if len(named[0]) <= LONGEST_NAME and weigh_name(named[0]) else ""
        if place == 2:
            break
    return ""


def _is_inside(column: Column, *, inside: str, page: Page) -> bool:
    home = urlsplit(inside)
    if host(url_key(column.url)) not in (host(url_key(inside)), host(url_key(page.url))):
        return False
    folder = home.path.rpartition("/")[0] + "/"
    return folder == "/" or urlsplit(column.url).path.startswith(folder) or "民政" in column.name
