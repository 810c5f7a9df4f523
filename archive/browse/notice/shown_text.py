"""The text of a notice as its page shows it: paragraphs, and the tables of its best copy as tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import nh3
from markupsafe import Markup

_TAGS: Final = {"table", "thead", "tbody", "tr", "th", "td", "caption", "colgroup", "col", "p", "br", "sup", "sub"}
_SPANS: Final = {"colspan", "rowspan"}
_ATTRIBUTES: Final = {"td": _SPANS, "th": _SPANS}


def set_blocks(text: str, best: Mapping[str, Any] | None) -> Iterator[str | Markup]:
    """Give the blocks of a text in order; `best` is the newest state of its best copy (`text`, `fields`), if any.

    Its tables are shown only where its text is this one, for they are told by the numbers of their lines. They were
    drawn by our reader, but a database may come from elsewhere: what is no plain table is cleaned away.
    """
    lines = text.split("\n")
    tables = json.loads(best["fields"] or "{}").get("tables", ()) if best is not None and best["text"] == text else ()
    shown = 0
    for table in tables:
        yield from _paragraphs(lines[shown : table["first"]])
        yield Markup(nh3.clean(table["html"], tags=_TAGS, attributes=_ATTRIBUTES))  # noqa: S704  # cleaned
        shown = table["last"]
    yield from _paragraphs(lines[shown:])


def _paragraphs(lines: list[str]) -> list[str]:
    return [line for line in lines if line.strip()]
