"""How cells of an archive's tables look: search terms marked, long texts cut to a snippet, links to notices and out."""

from __future__ import annotations

import json
import re
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from archive.browse.links import outward
from archive.browse.marked import MARKS, marked
from archive.browse.pages import page_path
from archive.store.words import zh_snippet

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

_SNIPPET = 60
_LONG = 160
_TITLE = 400
_NOTICE_ID = re.compile(r"[a-z2-7]{12}")
_TEXTS = {"text", "attachments_text"}
_NOTICE_COLUMNS = {"notice", "cited_notice", "a", "b"}

_search: ContextVar[str | None] = ContextVar("minzheng_search", default=None)
"""What is searched for on the table page that is being made; None on every other page.

Datasette 0.65 does not tell `render_cell` which request it serves, 1.0 does.
"""


def note_search(request: Request) -> None:
    """Remember what this table page searches for, in the whole row or in one column."""
    asked = (request.args.get(name) for name in request.args if name.startswith("_search") and name != "_searchmode")
    _search.set(" ".join(term for term in asked if term))


def forget_search() -> None:
    """Begin a request: no table page is being made yet."""
    _search.set(None)


def show_cell(
    datasette: Datasette, database: str, table: str | None, column: str, value: Any, row: Any
) -> Markup | None:
    """The cell as HTML, everything from the database escaped; None leaves it to Datasette."""
    label = value.get("label") if isinstance(value, dict) else None
    key = value.get("value") if isinstance(value, dict) else value
    if not isinstance(key, str) or not key:
        return None
    searched = _search.get()
    if _is_notice(table, column, key):
        return _link(page_path(datasette, database, "notice", key), label or key)
    if column == "title" and (table in {"notices", None}):
        notice = _notice_of(row)
        shown = marked(zh_snippet(key, searched, _TITLE) if searched else key)
        return _link(page_path(datasette, database, "notice", notice), shown) if notice else shown
    if table is not None and column in _TEXTS and searched is not None:
        return marked(zh_snippet(key, searched, _SNIPPET) if searched or len(key) > _LONG else key)
    if column == "issuing_agencies" and table is not None:
        return escape("、".join(json.loads(key)) or "—")
    if any(mark in key for mark in MARKS):
        return marked(key)
    return outward(key) if label is None else None


def _is_notice(table: str | None, column: str, value: str) -> bool:
    if not _NOTICE_ID.fullmatch(value):
        return False
    if column == "id":
        return table in {"notices", None}
    return column in _NOTICE_COLUMNS


def _notice_of(row: Any) -> str | None:
    try:
        notice = row["id"]
    except (KeyError, IndexError):
        return None
    return notice if isinstance(notice, str) and _NOTICE_ID.fullmatch(notice) else None


def _link(path: str, shown: str | Markup) -> Markup:
    return Markup('<a href="{}">{}</a>').format(path, shown)
