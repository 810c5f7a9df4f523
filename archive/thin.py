"""Giants: pages with more markup than any notice has, thinned before they are parsed.

A tree takes fifty times the memory of its source, and every reader looks at each element. So the middle of a giant
loses its markup and keeps its text; the head, where title, byline and table stand, and the end, where the signature
stands, stay as they are. What is thinned is told by counts alone, so that every machine reads the same.
"""

from __future__ import annotations

import re
from typing import Final

MOST_TAGS: Final = 300_000
"""Of `<` in a page. The longest real page seen has 16,000; a table of 25,000 people has 300,000."""

MOST_ROWS: Final = 200_000
"""Of ends of lines in a page, each of which every reader looks at."""

_HEAD_TAGS: Final = 30_000
_END_TAGS: Final = 10_000
_ROWS: Final = 200  # rows of the middle that make one line: half a million lines would be a giant again
_UNSEEN: Final = re.compile(
    r"<!--(?:.*?-->|.*)|<(script|style|textarea)\b(?:.*?</\1\s*>|.*)", re.DOTALL | re.IGNORECASE
)
_ROW_END: Final = re.compile(r"<(?:/(?:tr|p|li|div|dd|dt|h[1-6])|br)\b[^<>]*>", re.IGNORECASE)
_LEFT: Final = "</a></td></tr></table>"  # what the head may leave open, and no paragraph may stand in
_TAG: Final = re.compile(r"<[^<>]*>")

_LONG: Final = 500_000  # characters from which a page is searched for tags without end
_MOST_ATTRIBUTES: Final = 1_000  # libxml2 takes time with the square of their number
_ATTRIBUTE: Final = r"""(?>[\s/]+[^\s/>=]+(?>\s*=\s*(?>"[^"]*"|'[^']*'|[^\s>]*))?)"""
_LONG_TAG: Final = re.compile(rf"(<[a-zA-Z][^\s/>]*{_ATTRIBUTE}{{{_MOST_ATTRIBUTES}}}){_ATTRIBUTE}*+")
_STRETCH: Final = re.compile(r"<[a-zA-Z][^<]{4000,}")


def is_giant(html: str) -> bool:
    """Tell whether a page has more markup than any notice."""
    tags = html.count("<") if len(html) > MOST_ROWS else 0
    return tags > MOST_TAGS or (tags > MOST_ROWS and len(_ROW_END.findall(html)) > MOST_ROWS)


def thin(html: str) -> str:
    """The page without what no reader could bear: markup in the middle of a giant, attributes by the thousand."""
    if len(html) > _LONG:
        html = _STRETCH.sub(lambda stretch: _LONG_TAG.sub(r"\1", stretch[0], count=1), html)
    if not is_giant(html):
        return html
    html = _UNSEEN.sub(" ", html)
    if not is_giant(html):
        return html
    start = len(html) - len(html.split("<", _HEAD_TAGS)[-1]) - 1
    end = len(html.rsplit("<", _END_TAGS)[0])
    return f"{html[:start]}{_LEFT}<p>{_lines(html[start:end])}</p>{html[end:]}"


def _lines(html: str) -> str:
    """The text of a piece of markup, some rows a line."""
    rows = [row for row in _TAG.sub(" ", _ROW_END.sub("\n", html)).split("\n") if row.strip()]
    return "<br>".join(" ".join(rows[at : at + _ROWS]) for at in range(0, len(rows), _ROWS))
