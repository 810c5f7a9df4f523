"""The page's `<title>`, cut into what it names: the document, its column, its site.

Forms seen 2017–2026: `标题_栏目_站名`, `标题 - 站名`, `标题-站名`, `站名 栏目 标题`, the site alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from archive.extract.lines import one_line
from archive.records import Page

_MARKS: Final = re.compile(r"\s*(?:_{1,2}|\||｜|-{2,}|—{2,}|\s[-–—]\s|>{1,2}|»)\s*")
_LAST_PART: Final = re.compile(r"^(.{4,}?)\s*[-–—]\s*([^-–—]{2,25})$")
_SITE: Final = re.compile(
    r"(?:网|网站|门户|局|厅|部|委|政府|站|频道|中心|在线|报|社|院|办公室|平台|网络版)(?:[（(].{1,6}[)）])?$"
)
_SURE_SITE: Final = re.compile(r"(?:网|网站|门户|平台|信息港|在线)$")


def window_of(page: Page) -> str:
    """The `<title>` of a page on one line; empty if it has none."""
    return one_line(page.tree.findtext(".//title") or "")


def is_site_name(text: str) -> bool:
    """Tell whether a text ends as names of sites do; so do names of agencies."""
    return _SITE.search(text) is not None


def split_window(window: str, names: Collection[str] = ()) -> list[str]:
    """The parts of a `<title>` in its order; `names` are those of site and columns, which blanks alone may part."""
    parts = [part for part in _MARKS.split(window) if part]
    if len(parts) != 1:
        return parts
    last = _LAST_PART.match(window)
    if last is not None and (_SITE.search(last[2]) or last[2] in names):
        return [last[1], last[2]]
    return _split_at_blanks(window.split(" "), names)


def site_of_window(page: Page, title: str | None) -> str | None:
    """The name of the site in `<title>`, where it is told from the rest by a mark; None if there is none."""
    last = last_part(page)
    return last if last and last != title and _SITE.search(last) else None


def last_part(page: Page) -> str:
    """What `<title>` ends with, told from the rest by a mark; empty if it has one part only."""
    window = window_of(page)
    parts = [part for part in _MARKS.split(window) if part]
    if len(parts) > 1:
        return parts[-1]
    dashed = _LAST_PART.match(window)
    return dashed[2].strip() if dashed is not None else ""


def _split_at_blanks(words: list[str], names: Collection[str]) -> list[str]:
    """`站名 栏目 标题` and `标题 栏目 站名`: the words that are names, and what is left as one part."""
    first, last = 0, len(words)
    while first < last - 1 and _is_name(words[first], words[first + 1], names):
        first += 1
    while last - 1 > first and _is_name(words[last - 1], words[last - 2], names):
        last -= 1
    return [*words[:first], " ".join(words[first:last]), *words[last:]]


def _is_name(word: str, inner: str, names: Collection[str]) -> bool:
    """Of an agency, which may be a part of the title, the column beside it tells that it is the site's."""
    if word in names or _SURE_SITE.search(word):
        return True
    return inner in names and _SITE.search(word) is not None
