"""Words found, shown: the marks of `zh_snippet` as `<mark>`."""

from __future__ import annotations

from markupsafe import Markup, escape

from archive.store.words import MARK_END, MARK_START

MARKS = (MARK_START, MARK_END)


def marked(text: str) -> Markup:
    """The text escaped, so that what was searched for can hold no markup; then its marks become `<mark>`."""
    shown = escape(text)
    if text.count(MARKS[0]) != text.count(MARKS[1]):
        return Markup(shown.translate(dict.fromkeys(map(ord, MARKS))))  # noqa: S704  escaped above
    return shown.replace(MARKS[0], Markup("<mark>")).replace(MARKS[1], Markup("</mark>"))
