"""The title: the tag that is for it, the heading that `<title>` repeats, the list's link, what is left of `<title>`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from lxml.html import HtmlElement

from archive.extract.body import Body
from archive.extract.lines import Line, Lines
from archive.extract.meta import Tags
from archive.extract.trim import is_byline
from archive.records import Entry, Page

_HEADINGS: Final = ("h1", "h2", "h3")
_TITLE_NAME: Final = re.compile(r"(?:^|[\s_-])(?:\w*title\w*|biaoti|bt|headline|tit)(?:$|[\s_-])", re.IGNORECASE)
_PARTS: Final = re.compile(r"\s*(?:_{1,2}|\||｜|-{2,}|—{2,}|\s[-–—]\s|>>|»)\s*")
_LAST_PART: Final = re.compile(r"^(.{4,}?)\s*[-–—]\s*[^-–—]{2,25}$")
_SITE: Final = re.compile(r"(?:网|网站|门户|局|厅|部|委|政府|站|频道|中心|在线|报|社|院|办公室|平台)$")
_OLD: Final = 6  # lines around the start of the text in which a title without a heading may stand
_CUT_SHORT: Final = re.compile(r"(?:…|\.{2,}|“|《)$")


@dataclass(frozen=True, slots=True)
class Title:
    """A title, where it was read, and the slice of lines that shows it (empty if none does)."""

    text: str | None
    evidence: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Shown:
    text: str
    start: int
    end: int
    score: float


def read_title(page: Page, lines: Lines, tags: Tags, body: Body, *, entry: Entry | None) -> Title:
    """Read the title in the order of trust; the visible one is found in any case, for the byline stands beneath it."""
    window = " ".join((page.tree.findtext(".//title") or "").split())
    official = _official(tags)
    shown = _find_shown(lines, body, official or window)
    if official:
        evidence = f"meta:{tags.title.name}" if tags.title else ""
        return Title(official, evidence, *((shown.start, shown.end) if shown else (body.start, body.start)))
    if shown is None:
        site = squeeze(window) if _SITE.search(window) else ""
        shown = _find_heading(lines, body, site)
    if shown is not None:
        return Title(shown.text, "heading", shown.start, shown.end)
    listed = entry.title.strip() if entry is not None and entry.title else ""
    if listed and not _CUT_SHORT.search(listed):
        return Title(listed, "list", body.start, body.start)
    left = _strip_site(window, tags)
    if left:
        return Title(left, "title", body.start, body.start)
    return Title(listed or None, "list", body.start, body.start)


def squeeze(text: str) -> str:
    """Letters, digits and Chinese characters only, for comparing what two templates print."""
    return re.sub(r"[\W_]+", "", text)


def _official(tags: Tags) -> str | None:
    if tags.title is None:
        return None
    others = {tag.value for tag in (tags.site, tags.channel) if tag is not None}
    return None if tags.title.value in others else tags.title.value


def _find_shown(lines: Lines, body: Body, printed: str) -> _Shown | None:
    """The lines before or at the head of the text that show what the page's `<title>` begins with."""
    wanted = squeeze(printed)
    if not wanted:
        return None
    best: _Shown | None = None
    # a `<title>` that may be the name of the site only counts if a heading repeats it: signatures do, too
    only_site = len(printed) <= 20 and _SITE.search(printed) is not None
    candidates = () if only_site else _line_candidates(lines, body)
    for candidate in (*_heading_candidates(lines, body), *candidates):
        text = squeeze(candidate.text)
        if len(text) < 4 or text not in wanted or (only_site and text == wanted):
            continue
        distance = abs(body.start - candidate.start)
        score = len(text) + candidate.score + (20 if wanted.startswith(text) else 0) - min(distance, 60) * 0.3
        if best is None or score > best.score:
            best = _Shown(candidate.text, candidate.start, candidate.end, score)
    return best


def _heading_candidates(lines: Lines, body: Body) -> Iterator[_Shown]:
    """Headings as wholes, for `<br>` breaks them into lines."""
    for element, (start, end) in lines.spans.items():
        if start < end <= start + 4 and start <= body.start + 6 and start < body.end and _is_heading(element):
            if any(line.disclosed for line in lines.all[start:end]):
                continue
            texts = [line.text for line in lines.all[start:end]]
            yield _Shown("".join(texts), start, end, 30 if element.tag in _HEADINGS else 15)


def _line_candidates(lines: Lines, body: Body) -> Iterator[_Shown]:
    for number, line in enumerate(lines.all[: body.start + 4]):
        if len(line.text) > 150 or line.linked * 2 > len(line.text) or line.disclosed:
            continue
        yield _Shown(line.text, number, number + 1, 0 if line.chrome is None else -10)
        if number >= body.start:
            for more in (2, 3, 4):
                texts = [other.text for other in lines.all[number : number + more]]
                yield _Shown("".join(texts), number, number + more, -5)


def _find_heading(lines: Lines, body: Body, site: str) -> _Shown | None:
    """The nearest heading above the text, for pages whose `<title>` names the site only; that name comes last."""
    best: _Shown | None = None
    for candidate in (*_heading_candidates(lines, body), *_plain_candidates(lines, body)):
        line = lines.all[candidate.start]
        if not 4 <= len(candidate.text) <= 120 or line.linked * 2 > len(line.text) or line.chrome is not None:
            continue
        score = candidate.score - abs(body.start - candidate.end) - (50 if squeeze(candidate.text) == site else 0)
        if best is None or score > best.score:
            best = _Shown(candidate.text, candidate.start, candidate.end, score)
    return best


def _plain_candidates(lines: Lines, body: Body) -> Iterator[_Shown]:
    """Titles of pages without headings: a line in bold or a larger font, or the one right above the byline."""
    for line in lines.all[max(body.start - _OLD, 0) : body.start + _OLD]:
        if line.chrome is None and not line.disclosed and not line.is_prose and _is_bold(line):
            yield _Shown(line.text, line.number, line.number + 1, 0)
    for line, beneath in pairwise(lines.all[max(body.start - _OLD, 0) : body.start + 1]):
        if line.chrome is None and not line.disclosed and is_byline(beneath.text) and not is_byline(line.text):
            yield _Shown(line.text, line.number, line.number + 1, -2)


def _is_bold(line: Line) -> bool:
    for element in line.block.iter("b", "strong", "font"):
        is_large = element.tag != "font" or element.get("size", "").strip("+") in ("4", "5", "6", "7")
        if is_large and " ".join("".join(element.itertext()).split()) == line.text:
            return True
    return False


def _is_heading(element: HtmlElement) -> bool:
    if element.tag in _HEADINGS:
        return True
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(name) > 1 and _TITLE_NAME.search(name) is not None


def _strip_site(window: str, tags: Tags) -> str:
    """What is left of `<title>` without the names of site and column."""
    known = {tag.value for tag in (tags.site, tags.channel) if tag is not None}
    parts = [part for part in _PARTS.split(window) if part]
    if len(parts) > 1:
        left = [part for part in parts if part not in known] or parts
        return next((part for part in left if not _SITE.search(part)), left[0])
    last = _LAST_PART.match(window)
    return last[1] if last is not None and _SITE.search(window) else window


def site_of_window(page: Page, title: str | None) -> str | None:
    """The name of the site at the end of `<title>`, where it is told from the rest by a mark; None if there is none."""
    last = last_part(page)
    return last if last and last != title and _SITE.search(last) else None


def last_part(page: Page) -> str:
    """What `<title>` ends with, told from the rest by a mark; empty if it has one part only."""
    parts = [part for part in _PARTS.split(" ".join((page.tree.findtext(".//title") or "").split())) if part]
    if len(parts) > 1:
        return parts[-1]
    dashed = _LAST_PART.match(parts[0]) if parts else None
    return parts[0][dashed.end(1) :].strip(" -–—") if dashed is not None else ""
