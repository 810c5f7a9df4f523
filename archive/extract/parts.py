"""The further pages of an article that its site splits, from the pager in its script.

TRS prints `createPageHTML(5, 2, "t20190411_524573865", "html")` on each page of a long article: pages in all, the
current one counted from 0 (some sites count from 1), the name of the first page, its ending. Lists have the same call
with the name of a list (`index`, `list`), so only names that this system gives to documents count.
Source: docs/add-a-family.md#trs; layout seen 2019–2026.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from archive.extract.citations import find_citations
from archive.records import Link, Page, Reading, TextTable
from archive.urls import fetch_url

_CALL: Final = re.compile(
    r"""createPage(?:HTML)?\s*\(\s*(?:['"][^'"]*['"]\s*,\s*)?['"]?(\d{1,4})['"]?\s*,\s*['"]?(\d{1,4})['"]?\s*,"""
    r"""\s*['"](t\d{6,8}_\d+)['"]\s*,\s*['"]\.?(s?html?)['"]""",
    re.IGNORECASE,
)
_COMMENT: Final = re.compile(r"(?<![:\\\"'])//[^\n]*|/\*.*?\*/", re.DOTALL)
_NAME: Final = re.compile(r"(t\d{6,8}_\d+)(?:_(\d{1,4}))?\.s?html?")
MOST_PARTS: Final = 100
"""Pages of one article; a pager that states more is not believed."""

# A field that a long document gives at its end, where the first page of it does not.
_AT_THE_END: Final = ("written_on", "effective_on", "issuing_agency", "issuing_agencies", "claimed_original")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a page says of the split: on the first page the further ones, on a further page the first."""

    parts: tuple[str, ...] = ()
    part_of: str | None = None
    bar: frozenset[int] = frozenset()
    """The lines that show the pages' numbers, where lines show them: no part of the text."""

    @property
    def is_split(self) -> bool:
        """Whether the page is one of several."""
        return bool(self.parts) or self.part_of is not None


def find_parts(page: Page) -> Parts:
    """Find the further pages of a split article, or the first one from a further page. Empty on any other page."""
    name = _NAME.fullmatch(urlsplit(page.url).path.rpartition("/")[2])
    call = _CALL.search(_COMMENT.sub("", _scripts(page))) if name is not None else None
    if name is None or call is None or call[3] != name[1]:
        return Parts()
    pages, current, stem, ending = int(call[1]), int(call[2]), call[3], call[4]
    if not 2 <= pages <= MOST_PARTS:
        return Parts()
    if name[2] is not None:
        return Parts(part_of=_address(page, f"{stem}.{ending}")) if 1 <= int(name[2]) <= pages else Parts()
    if current not in (0, 1):
        return Parts()
    numbers = range(1 + current, pages + current)  # a first page that prints 1 is followed by `_2`
    return Parts(parts=tuple(_address(page, f"{stem}_{number}.{ending}") for number in numbers))


def join_parts(first: Reading, parts: Sequence[Reading]) -> Reading:
    """The reading of a split article: the texts one after the other, the attachments of all.

    What the first page does not say and a later one does, as a signature at the end, is the article's.
    """
    texts = (first.text, *(part.text for part in parts))
    links: dict[str, Link] = {}
    for reading in (first, *parts):
        for link in reading.attachments:
            links.setdefault(link.url, link)
    tables: list[TextTable] = []
    lines = 0
    for reading in (first, *parts):
        tables += (replace(table, first=table.first + lines, last=table.last + lines) for table in reading.tables)
        lines += reading.text.count("\n") + 1 if reading.text else 0
    joined = replace(
        first,
        text="\n".join(text for text in texts if text),
        tables=tuple(tables),
        attachments=tuple(links.values()),
    )
    evidence = dict(first.evidence)
    for name in ("text", "tables", "attachments", *_AT_THE_END):
        for reading in (first, *parts):
            value = getattr(reading, name)
            if value in (None, (), ""):
                continue
            evidence.setdefault(name, reading.evidence[name])
            if getattr(joined, name) in (None, ()):
                joined = replace(joined, **{name: value})
            break
    cited = find_citations(joined.text, joined.title, joined.document_number)
    if cited and not first.citations:
        evidence["citations"] = "body"
    return replace(joined, citations=cited, evidence=evidence)


def _scripts(page: Page) -> str:
    return "\n".join(script.text or "" for script in page.tree.iter("script"))


def _address(page: Page, name: str) -> str:
    return fetch_url(f"./{name}", page.url, page.charset)
