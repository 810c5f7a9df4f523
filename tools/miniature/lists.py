"""List pages: the head and foot that all have, and rows in a few shapes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from miniature.site import Shown
from miniature.texts import Text

_PAGE = """<!DOCTYPE html>
<html>
<head>
<meta charset="{charset}">{head}
<title>{column}_{agency}</title>
</head>
<body>
{nav}<h2>{column}</h2>
{rows}
{pager}
<div class="footer">主办：{agency}</div>
</body>
</html>
"""

_NAV = """<div class="top"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li>\
<li><a href="/bsfw/">办事服务</a></li><li><a href="/hdjl/">互动交流</a></li></ul></div>
<div class="weizhi">当前位置：<a href="/">{agency}</a> &gt; <a href="/zwgk/">政务公开</a> &gt; {column}</div>
"""


def list_page(column: str, agency: str, rows: str, pager: str = "", *, charset: str = "utf-8", head: str = "") -> str:
    """A list page: its rows and its pager."""
    nav = _NAV.format(column=column, agency=agency)
    return _PAGE.format(column=column, agency=agency, rows=rows, pager=pager, charset=charset, head=head, nav=nav)


def shell(column: str, agency: str, script: str) -> str:
    """A page that a script draws whole: there is nothing on it to read."""
    return _PAGE.format(column=column, agency=agency, rows="", pager=script, charset="utf-8", head="", nav="")


def items(shown: Iterable[Shown], box: str = "list", width: int = 22) -> str:
    """Rows as `<li>`, their text clipped to `width`, with the whole title in `title`."""
    rows = "\n".join(row(path, text.title, f"{text.published_on}", width) for path, text in shown)
    return f'<ul class="{box}">\n{rows}\n</ul>'


def row(url: str, title: str, day: str, width: int = 22) -> str:
    """One `<li>`."""
    return f'<li><a href="{url}" title="{title}" target="_blank">{clip(title, width)}</a><span>{day}</span></li>'


def clip(title: str, width: int) -> str:
    """A title as lists cut it."""
    return title if len(title) <= width else title[: width - 1] + "…"


def in_pages(shown: Sequence[Shown], size: int) -> list[Sequence[Shown]]:
    """The rows of each list page."""
    return [shown[start : start + size] for start in range(0, len(shown), size)]


def named(text: Text) -> str:
    """Thirty-two hexadecimal digits, as systems name a page by."""
    return hashlib.md5(text.title.encode()).hexdigest()  # noqa: S324 - a name, no secret
