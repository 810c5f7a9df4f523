"""Documents that a page carries in its script and draws by it, as markup of the page.

gkmlpt (Guangdong's disclosure catalogue) has them as `window._CONFIG = {…, DETAIL: {"title": …, "content": …}}`, the
content being markup with `\\u003C` for `<`. Layout seen 2019–2026.
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


def draw(html: str) -> str:
    """The page with the document that its script would draw, behind all else; unchanged if there is none.

    What the page shows already, for the server drew it, is not drawn twice.
    """
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
    rows = (f"<tr><td>{label}：</td><td>{escape(value)}</td></tr>" for label, value in cells.items() if value)
    return f"<table>{''.join(rows)}</table>"


def _text(detail: Mapping[str, object], name: str) -> str:
    value = detail.get(name)
    text = str(value).strip() if isinstance(value, (str, int)) else ""
    return print_seconds(text) if name in _DATES else text


def _shown(html: str) -> str:
    """The text of a piece of markup without blanks, as far as patterns can tell."""
    return _UNSEEN.sub("", unescape(_UNSEEN.sub("", html)))
