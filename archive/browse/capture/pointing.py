"""Where in the source of a page the value of a field was read: told from its evidence and the text as it was printed.

A pure function of the source. It points at what a person would look for: the tag that is named, the label and the words
behind it, the words themselves. What it cannot find it does not guess.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Span = tuple[int, int]

_RAW: Final[Mapping[str, str]] = {
    "published_on": "published_raw",
    "published_at": "published_raw",
    "written_on": "written_raw",
    "effective_on": "effective_raw",
    "document_number": "document_number_raw",
    "issuing_agency": "issuing_agency_raw",
    "issuing_agencies": "issuing_agency_raw",
    "attribution": "attribution_raw",
    "author": "author_raw",
    "validity": "validity_raw",
}
"""Fields whose value may not be printed as it stands, and where the print is kept."""

_PIECE: Final = re.compile(r"<[^<>]*>|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});?|\s+|.", re.DOTALL)
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\u00a0\u3000\\s]")
_LEAST: Final = 8
"""Characters of a line by which it is told from others."""
_MOST: Final = 80
"""Characters of what is looked for: a paragraph is known by its beginning."""
_NEAR: Final = 400
"""Characters behind a label within which its value stands."""


@dataclass(frozen=True, slots=True)
class _Visible:
    """The characters of a source that a reader sees, without blanks, and where each stands."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def find(self, words: str, start: int = 0, end: int | None = None) -> Span | None:
        """Where words stand in the source, at or behind `start`; blanks and tags between them do not matter."""
        wanted = _INVISIBLE.sub("", words)[:_MOST]
        if not wanted:
            return None
        first = bisect_left(self.starts, start)
        last = len(self.text) if end is None else bisect_left(self.starts, end)
        at = self.text.find(wanted, first, last)
        return None if at < 0 else (self.starts[at], self.ends[at + len(wanted) - 1])


def printed_as(field: str, fields: Mapping[str, Any], text: str) -> list[str]:
    """What to look for of a field: the forms in which the page may print it, the likeliest first.

    `fields` are those of a state as `revisions.fields` keeps them, `text` its text.
    """
    if field == "text":
        lines = text.replace(" | ", " ").split("\n")
        return [line for line in lines if len(line) >= _LEAST][:3] or lines[:1]
    if field == "tables":
        return [cell for table in fields.get("tables", ()) for cell in re.split("<[^>]*>", table["html"]) if cell][:3]
    if field == "citations":
        return [citation["raw"] for citation in fields.get("citations", ())][:3]
    if field == "attachments":
        return [words for name, url in fields.get("attachments", ()) for words in (name, url, _tail(url))][:6]
    value = fields.get(field)
    values = value if isinstance(value, list) else [value]
    found = [one for one in (fields.get(_RAW.get(field, "")), *values) if isinstance(one, str) and one]
    # bodies that issue together may be printed in lines of their own, an order's number apart from who orders
    parts = [part[0] for one in found if (part := re.search("^[^、]+(?=、)|第\\w{1,6}号$", one))]
    return [*found, *parts, *(_tail(one) for one in found if _is_address(one))]


def point_at(source: str, evidence: str, printed: Sequence[str]) -> Span | None:
    """Where a value was read: begin and end in the source; None where the source does not show it.

    `evidence` is as readings have it (`meta:PubDate`, `table:发文字号`, `body:TRS_Editor`, `byline, meta:SiteName`);
    its first place counts.
    """
    place, _, detail = evidence.split(", ", maxsplit=1)[0].partition(":")
    if place in {"url", "list"}:
        return None
    if place == "meta":
        return next(_tags(source, detail, printed), None) or _key(source, detail)
    seen = _see(source)
    for start, end in _regions(source, seen, place, detail):
        for words in printed:
            if (found := seen.find(words, start, end)) is not None:
                return found
    for words in printed:
        if _is_address(words) or "/" in words:
            at = source.find(words)
            if at >= 0:
                return at, at + len(words)
    return None


def _regions(source: str, seen: _Visible, place: str, detail: str) -> Iterator[tuple[int, int | None]]:
    """Where to look, the likeliest first; at last everywhere."""
    if place == "title":
        yield from (found.span(1) for found in re.finditer(r"(?is)<title[^>]*>(.*?)</title", source))
    if place == "heading":
        yield from (found.span(1) for found in re.finditer(r"(?is)<h[1-4]\b[^>]*>(.*?)</h[1-4]", source))
    if place == "table" and detail:
        at = 0
        while (label := seen.find(detail, at)) is not None:
            yield label[1], label[1] + _NEAR
            at = label[1]
    if place == "body" and detail:
        marked = rf"""(?i)<[^<>]*(?:class|id)\s*=\s*["']?[^"'<>]*(?<![\w-]){re.escape(detail)}(?![\w-])[^<>]*>"""
        yield from ((found.end(), None) for found in re.finditer(marked, source))
    body = re.search(r"(?i)<body\b", source)
    if body is not None and place != "title":
        yield body.start(), None
    yield 0, None


def _tags(source: str, name: str, printed: Sequence[str]) -> Iterator[Span]:
    """The meta tags of that name: those that say what was printed first."""
    tags = list(
        re.finditer(
            rf"""(?i)<meta\b[^>]*\b(?:name|property|itemprop)\s*=\s*["']?{re.escape(name)}["'\s/>][^<>]*>?""", source
        )
    )
    wanted = [_INVISIBLE.sub("", words)[:_MOST] for words in printed]
    said = [_INVISIBLE.sub("", html.unescape(tag[0])) for tag in tags]
    yield from (tag.span() for tag, words in zip(tags, said, strict=True) if any(one in words for one in wanted))
    yield from (tag.span() for tag in tags)


def _key(source: str, detail: str) -> Span | None:
    """Where linked data give a value: `meta:ld+json:pubDate`."""
    found = re.search(rf""""{re.escape(detail.rpartition(":")[2])}"\s*:\s*"[^"]*\"""", source)
    return found.span() if found else None


def _see(source: str) -> _Visible:
    shown: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for piece in _PIECE.finditer(source):
        words = piece[0]
        if words[0] == "<" and len(words) > 1:
            continue
        if words[0] == "&" and len(words) > 1:
            words = html.unescape(words)
        for character in _INVISIBLE.sub("", words):
            shown.append(character)
            starts.append(piece.start())
            ends.append(piece.end())
    return _Visible("".join(shown), tuple(starts), tuple(ends))


def _is_address(words: object) -> bool:
    return isinstance(words, str) and words.startswith(("http://", "https://"))


def _tail(url: str) -> str:
    """The last part of an address, which a link that is relative has, too."""
    return url.rstrip("/").rpartition("/")[2]
