"""Documents, and facts about them, that a page carries in its script and draws by it, as markup of the page.

gkmlpt (Guangdong's disclosure catalogue) has them as `window._CONFIG = {…, DETAIL: {"title": …, "content": …}}`, the
content being markup with `\\u003C` for `<`. UCAP has the disclosure table of a document as
`"domainMetaList":[{"resultList":[{"key":"indexnum","name":"索引号","value":"…"}, …]}]`. Layouts seen 2019–2026.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Final

from archive.dates import print_seconds

_DETAIL: Final = re.compile(r"""\bDETAIL['"]?\s*[:=]\s*(?=\{)""")
_UNSEEN: Final = re.compile(r"<[^<>]*>|[\s\u200b\ufeff]+")
_CELLS: Final = {
    "索引号": ("identifier",),
    "主题分类": ("classify_main_name",),
    "发布机构": ("publisher",),
    "成文日期": ("date",),
    "文号": ("document_number",),
    "发布日期": ("display_publish_time", "first_publish_time", "created_at"),
    "来源": ("source",),
}
"""What the system prints above a document: label → where its value is, best first."""
_DATES: Final = ("date", "display_publish_time", "first_publish_time", "created_at")
_PROBE: Final = 40  # characters of a text by which it is found on the page


_META: Final = re.compile(r"""\bdomainMetaList['"]?\s*[:=]\s*(?=\[)""")
_META_LABELS: Final = {
    **dict.fromkeys(("indexnum", "indexno"), "索引号"),
    **dict.fromkeys(("refno", "writtentext"), "发文字号"),
    **dict.fromkeys(("writedate", "writtendate"), "成文日期"),
    **dict.fromkeys(("aging", "validity"), "有效性"),
    "theme": "主题分类",
    "writtendepartment": "发文机关",
    "pubdate": "发布日期",
    "source": "来源",
}
"""Key of UCAP's metadata → the label that it is printed with, where the data has none."""


def draw(html: str) -> str:
    """The page with the document and the table that its script would draw, behind all else; else unchanged.

    What the page shows already, for the server drew it, is not drawn twice.
    """
    return _draw_document(_draw_facts(html))


def _draw_facts(html: str) -> str:
    start = _META.search(html) if "domainMetaList" in html else None
    if start is None:
        return html
    try:
        groups, end = json.JSONDecoder().raw_decode(html, start.end())
    except (ValueError, RecursionError):
        return html
    found = [item for group in groups if isinstance(group, dict) for item in _items(group)]
    cells = {label: value for item in found if (label := _label(item)) and (value := _value(item, label))}
    shown = html[: start.start()] + html[end:]
    if not cells or any(value in shown for label, value in cells.items() if label in ("索引号", "发文字号")):
        return html
    return f"{html}\n<div>{_rows(cells)}</div>"


def _items(group: Mapping[str, object]) -> list[Mapping[str, object]]:
    items = group.get("resultList")
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _label(item: Mapping[str, object]) -> str:
    name = _text(item, "name")
    return name if re.search("[一-龥]", name) else _META_LABELS.get(_text(item, "key").lower(), "")


def _value(item: Mapping[str, object], label: str) -> str:
    text = _text(item, "value")
    return print_seconds(text) if label.endswith(("日期", "时间")) else text


def _draw_document(html: str) -> str:
    start = _DETAIL.search(html) if "DETAIL" in html else None  # a quick look: nearly every page has none
    if start is None:
        return html
    try:
        detail, end = json.JSONDecoder().raw_decode(html, start.end())
    except (ValueError, RecursionError):  # written as a script and not as data
        return html
    content = detail.get("content")
    if not isinstance(content, str) or not content.strip():
        return html
    probe, rest = _shown(content)[:_PROBE], html[: start.start()] + html[end:]
    if (probe and probe in _shown(rest)) or content.strip()[:_PROBE] in rest:
        return html
    title = escape(_text(detail, "title"))
    return f'{html}\n<div><h1>{title}</h1>{_table(detail)}<div class="article-content">{content}</div></div>'


def _table(detail: Mapping[str, object]) -> str:
    cells = {label: next(filter(None, (_text(detail, name) for name in names)), "") for label, names in _CELLS.items()}
    state = {"废止": detail.get("is_abolished"), "失效": detail.get("is_expired")}
    cells["有效性"] = next((name for name, holds in state.items() if str(holds).lower() in ("1", "true")), "")
    return _rows(cells)


def _rows(cells: Mapping[str, str]) -> str:
    rows = (f"<tr><td>{escape(label)}：</td><td>{escape(value)}</td></tr>" for label, value in cells.items() if value)
    return f"<table>{''.join(rows)}</table>"


def _text(detail: Mapping[str, object], name: str) -> str:
    value = detail.get(name)
    text = str(value).strip() if isinstance(value, (str, int)) else ""
    return print_seconds(text) if name in _DATES else text


def _shown(html: str) -> str:
    """The text of a piece of markup without blanks, as far as patterns can tell."""
    return _UNSEEN.sub("", unescape(_UNSEEN.sub("", html)))
