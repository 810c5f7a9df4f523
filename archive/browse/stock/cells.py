"""How cells of an archive's tables look.

Search terms are marked, long texts cut to a snippet, digests shortened; notices, agencies, places and sources lead to
their pages, addresses out. Codes keep standing as they are, for they are what one filters by; a Chinese page says
beside them what they mean.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup, escape

from archive.browse.language import language, say
from archive.browse.links import outward
from archive.browse.marked import MARKS, marked
from archive.browse.pages import page_path
from archive.browse.statements import LOST
from archive.labels import (
    CITATIONS,
    COVERAGE,
    EDITS,
    FILES,
    ISSUES,
    KINDS,
    OUTCOMES,
    ROLES,
    SOURCE_KINDS,
    STATES,
    Words,
)
from archive.store.words import zh_snippet

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

_SNIPPET = 60
_LONG = 160
_TITLE = 400
_NOTICE_ID = re.compile(r"[a-z2-7]{12}")
_DIGEST = re.compile(r"(?:sha256:)?[0-9a-f]{64}")
_SHOWN_DIGEST = 19
_TEXTS = {"text", "attachments_text"}
_UNKNOWN = "—"
_PLACES = {"province": 2, "city": 4}
"""Columns that name a place above the notice's own → how many digits of its code they share."""
_CODES: Final[Mapping[tuple[str | None, str], Mapping[str, Words]]] = {
    ("copies", "role"): ROLES,
    ("copies", "state"): STATES,
    ("captures", "outcome"): OUTCOMES,
    ("captures", "kind"): KINDS,
    ("citations", "kind"): CITATIONS,
    ("coverage", "state"): COVERAGE,
    ("issues", "kind"): ISSUES,
    ("revisions", "classes"): EDITS,
    ("sources", "kind"): SOURCE_KINDS,
    (None, "answer"): OUTCOMES,
    (None, "classes"): EDITS,
    (None, "kind"): SOURCE_KINDS,
    (None, "lost"): LOST,
    (None, "reasons"): FILES,
}
"""Columns of codes, of tables and of canned queries → what the codes mean."""
_NOTICE_COLUMNS = {"notice", "cited_notice", "a", "b"}

_search: ContextVar[str | None] = ContextVar("minzheng_search", default=None)
"""What is searched for on the table page that is being made; None on every other page.

Datasette 0.65 does not tell `render_cell` which request it serves, 1.0 does.
"""


def note_search(request: Request) -> None:
    """Remember what this table page searches for, in the whole row or in one column."""
    asked = (request.args.get(name) for name in request.args if is_search(name))
    _search.set(" ".join(term for term in asked if term))


def is_search(name: str) -> bool:
    """Whether this parameter of a table's page searches, in the whole row or in one column."""
    return name.startswith("_search") and name != "_searchmode"


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
    if (page := _page_of(table, column, key, row)) is not None:
        return _link(page_path(datasette, database, *page), label or key)
    if table is not None and column in _TEXTS and searched is not None:
        return marked(zh_snippet(key, searched, _SNIPPET) if searched or len(key) > _LONG else key)
    if column == "issuing_agencies" and table is not None:
        return escape("、".join(json.loads(key)) or "—")
    if _DIGEST.fullmatch(key):
        return Markup('<code title="{}">{}…</code>').format(key, key[:_SHOWN_DIGEST])
    if (labels := _CODES.get((table, column))) is not None:
        return _with_words(key, labels)
    if any(mark in key for mark in MARKS):
        return marked(key)
    return outward(key) if label is None else None


def _page_of(table: str | None, column: str, key: str, row: Any) -> tuple[str, str] | None:
    """The page of ours that a cell names, as the words of its address; None where it names none."""
    if column == "source" or (table == "sources" and column == "key"):
        return ("source", key)
    if column == "issuing_agency" and table in {"notices", None}:
        return ("agency", key) if key != _UNKNOWN else None
    if column == "division" or (table == "divisions" and column == "code"):
        return ("place", key)
    if table == "notices" and column in _PLACES:
        code = str(_plain(row["division"]) or "")
        return ("place", code[: _PLACES[column]].ljust(6, "0")) if code.isdigit() else None
    return None


def _with_words(key: str, labels: Mapping[str, Words]) -> Markup | None:
    """A code, or several, each with what it means; in English a code speaks for itself."""
    codes = json.loads(key) if key.startswith("[") else key.split(",")
    if language() == "en" or not all(isinstance(code, str) and code in labels for code in codes):
        return None
    shown = (
        Markup('<span class="coded">{}</span> <span class="words">{}</span>').format(code, say(labels[code]))
        for code in codes
    )
    return Markup("、").join(shown)


def _plain(value: Any) -> Any:
    """A value without the label that Datasette put to it."""
    return value["value"] if isinstance(value, dict) else value


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
