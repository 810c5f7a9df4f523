"""A captured page as it may be looked at: its words, tables and links, and nothing that could run, draw or fetch."""

from __future__ import annotations

from functools import partial
from typing import Final
from urllib.parse import urljoin

import nh3
from markupsafe import Markup

from archive.browse.links import is_web

_TAGS: Final = frozenset(
    {
        *("a", "abbr", "address", "article", "b", "blockquote", "br", "caption", "center", "cite", "code", "col"),
        *("colgroup", "dd", "del", "div", "dl", "dt", "em", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header"),
        *("hr", "i", "ins", "li", "main", "nav", "ol", "p", "pre", "q", "s", "section", "small", "span", "strong"),
        *("sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
    }
)
_SPANS: Final = {"colspan", "rowspan"}
_ATTRIBUTES: Final = {"a": {"href"}, "td": _SPANS, "th": _SPANS}
_GONE: Final = {
    "script",
    "style",
    "noscript",
    "template",
    "iframe",
    "object",
    "svg",
    "math",
    "head",
    "title",
    "textarea",
}
"""What goes with all that stands in it."""


def render(html: str, url: str) -> Markup:
    """The body of a page from `url` without scripts, styles, pictures and forms; links lead to http(s) addresses."""
    clean = nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags=_GONE,
        attributes=_ATTRIBUTES,
        attribute_filter=partial(_attribute, url),
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(clean)  # noqa: S704  cleaned


def _attribute(base: str, _tag: str, name: str, value: str) -> str | None:
    if name != "href":
        return value if value.isascii() and value.isdigit() and len(value) < 5 else None
    try:
        target = urljoin(base, value.strip())
    except ValueError:
        return None
    return target if is_web(target) else None
