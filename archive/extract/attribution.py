"""What a page says it was taken from (来源): its byline, its table, its tag, a note at the end of its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from archive.extract.byline import is_same_site, says_source
from archive.extract.evidence import Found
from archive.extract.lines import Line
from archive.extract.trim import squeeze
from archive.extract.view import View
from archive.extract.written import written_source
from archive.records import Page

_NOTE: Final = re.compile(
    r"[（(【\[]\s*(?:本文|信息|稿件|文章|资料|内容)?(?:来\s*源(?:于|自)?|转\s*自|转载自|摘自|选自|原载|供稿)(?:单位|部门)?\s*[:：]?\s*"
    r"([^（）()【】\[\]]{2,60})[）)】\]]\s*[。.]?\s*$"
)
_BEHIND: Final = re.compile(r"\s+|(?=\d{1,2}月\d)|(?=(?:19|20)\d\d\s?[-年./])|(?=[，,；;]|作者|责任编辑|编辑[:：])")
_NOTES: Final = 3  # lines at the end of a text, or behind it, that may be its note


def find_attributions(page: Page, view: View, title: str | None, *, site: Found[str] | None) -> list[Found[str]]:
    """Find what is said of the source, by trust; what only says 本网 is the name of the site, if the page gives it."""
    found: list[Found[str]] = []
    if view.byline.source is not None:
        found.append(Found(view.byline.source, "byline"))
    elif (written := written_source(page)) is not None:
        found.append(Found(written, "script"))
    cell = view.table.get("source")
    if cell is not None and says_source(cell.value):
        found.append(Found(cell.value, f"table:{cell.label}" if found else "byline"))
    tag = view.tags.source
    if tag is not None and squeeze(tag.value) and squeeze(tag.value) != squeeze(title or "") and says_source(tag.value):
        found.append(Found(tag.value, f"meta:{tag.name}"))
    note = _note(view.text)
    if note is not None:
        found.append(Found(note, "body"))
    publisher = next((pair for pair in view.pairs if pair.name == "publisher"), None)
    if not found and publisher is not None:
        found.append(Found(publisher.value, f"table:{publisher.label}"))
    return [_resolve(one, site) for one in found]


def _resolve(source: Found[str], site: Found[str] | None) -> Found[str]:
    if site is None or not is_same_site(source.value):
        return Found(source.value, source.evidence, source.value)
    return Found(site.value, f"{source.evidence}, {site.evidence}", source.value)


def _note(lines: Sequence[Line]) -> str | None:
    """The source in brackets at the end of a text: （来源：某市民政局）, （信息来源：… 3月5日发文《…》）."""
    for line in reversed(lines[-_NOTES:]):
        match = _NOTE.search(line.text)
        if match is not None:
            value = _BEHIND.split(match[1].strip(), maxsplit=1)[0].strip(" ：:")
            if says_source(value) and len(value) <= 30:
                return value
    return None
