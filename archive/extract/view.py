"""One look at a page: its tags, lines, text, title, and the labelled values around them, for the readers of fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.extract.body import Body, read_body
from archive.extract.byline import Byline, read_byline
from archive.extract.consult import consult, is_light
from archive.extract.disclosure import Table, find_table, mark_tables
from archive.extract.files import links_file
from archive.extract.labels import Pair, read_pairs
from archive.extract.lines import Line, Lines, read_lines
from archive.extract.meta import Tags, read_tags
from archive.extract.tables import mark_data_tables
from archive.extract.teasers import mark_teasers
from archive.extract.title import Title, read_title
from archive.extract.trim import is_dated
from archive.extract.window import last_part, window_of
from archive.records import Entry, Page
from archive.thin import is_giant

_ABOVE = 40  # lines above title or text in which a table may stand
_HIGH = 14  # lines above a title in which its day may stand, in a box of its own
_BELOW = 14  # lines below the text in which a source or the address of the original may stand
_OVER = 4  # lines above the title in which its day may stand
_LATE = 8  # lines from the start of a text to a byline beneath its summary
_REGION = 25  # lines between title and text, at most
_NO_BYLINE = ("凡", "注明", "版权", "声明", "转载", "侵权")


@dataclass(frozen=True, slots=True)
class View:
    """What all field readers look at; `text` are the kept lines, `region` those between title and text."""

    tags: Tags
    lines: Lines
    body: Body
    title: Title
    text: Sequence[Line]
    text_evidence: str
    region: Sequence[Line]
    pairs: Sequence[Pair]
    """Labelled values outside the text, those under the title first."""
    table: Table
    byline: Byline
    above: Sequence[Line]
    """The lines right above the title; none where no line shows it."""
    near: Sequence[Line]
    """The lines from the container's start to a little behind the text."""


def look(page: Page, entry: Entry | None) -> View:
    """Look at a page once."""
    tags = read_tags(page)
    lines = read_lines(page)
    cells = mark_tables(lines)
    mark_teasers(lines)
    tagged = tags.title.value if tags.title is not None else ""
    body = read_body(lines, [tagged, window_of(page), *(cell.value for cell in cells if cell.name == "title")])
    mark_data_tables(lines, body)
    title = read_title(page, lines, tags, body, entry=entry)
    text = body.text(lines, title.text)
    if not text and title.start < title.end:
        body = _beneath(lines, title, body)
        text = [line for line in lines.all[body.start : body.end] if any(map(links_file, line.links))]
    evidence = body.evidence
    if evidence == "prose" and body.container is not None:
        light = is_light(body.container, text)
        confirmed = consult(body.container, text) if light else None
        if confirmed is not None:
            text, evidence = confirmed, "trafilatura"
        evidence = evidence if light else _add_word(evidence, "heavy")
    if text and evidence == "none":
        evidence = "prose"
    if is_giant(page.html):
        evidence = _add_word(evidence, "thinned")
    first = text[0].number if text else (body.end if body.evidence == "none" else body.start)
    last = text[-1].number + 1 if text else body.end
    region = [*_region(lines, title, first), *_late_byline(lines, text)]
    under = read_pairs(region)
    above = read_pairs(_plain(lines.all[max(min(title.start, first) - _ABOVE, 0) : min(title.start, first)]))
    below = [pair for pair in read_pairs(_below(lines, last)) if pair.name in ("source", "author", "published")]
    table = Table((*cells, *find_table(sorted((*above, *under), key=lambda pair: pair.line)).pairs))
    return View(
        tags=tags,
        lines=lines,
        body=body,
        title=title,
        text=text,
        text_evidence=evidence,
        region=region,
        pairs=(*under, *cells, *above, *below),
        table=table,
        byline=read_byline(
            _of_byline((*under, *above), table), region, below, over=_over(lines, title), site=last_part(page)
        ),
        above=_plain(lines.all[max(title.start - _HIGH, 0) : title.start]) if title.start < title.end else (),
        near=lines.all[body.start : max(last, body.end) + _BELOW],
    )


def _add_word(evidence: str, word: str) -> str:
    """Evidence that names a cheaper reader behind its colon."""
    return f"{evidence}{', ' if ':' in evidence else ':'}{word}"


def _beneath(lines: Lines, title: Title, body: Body) -> Body:
    """What stands beneath a title without a text: a byline, and a file or a picture in the place of the text."""
    end = title.end
    while end < min(len(lines.all), title.end + _BELOW) and lines.all[end].chrome is None:
        end += 1
    held = body.container if body.start <= end else None
    return Body(held, title.end, end, "none")


def _region(lines: Lines, title: Title, first: int) -> Sequence[Line]:
    start = title.end if title.start < title.end <= first else max(first - 8, 0)
    return _plain(lines.all[start:first])[-_REGION:]


def _over(lines: Lines, title: Title) -> list[Line]:
    near = lines.all[max(title.start - _OVER, 0) : title.start] if title.start < title.end else []
    return [line for line in _plain(near) if line.chrome is None]


def _late_byline(lines: Lines, text: Sequence[Line]) -> list[Line]:
    """A byline that stands beneath the first sentences, as a summary is set over it."""
    if not text:
        return []
    kept = {line.number for line in text}
    head = lines.all[text[0].number : min(text[0].number + _LATE, text[-1].number)]
    return [line for line in head if line.number not in kept and is_dated(line.text)]


def _below(lines: Lines, last: int) -> list[Line]:
    return [
        line for line in _plain(lines.all[last : last + _BELOW]) if not any(word in line.text for word in _NO_BYLINE)
    ]


def _plain(lines: Sequence[Line]) -> list[Line]:
    """The lines that are no cells of a disclosure table, which is read by itself."""
    return [line for line in lines if not line.disclosed]


def _of_byline(pairs: Sequence[Pair], table: Table) -> list[Pair]:
    """What a table gives is read as a table; its days are still known to the byline, which must not take them."""
    return [pair for pair in pairs if pair not in table.pairs or pair.name in ("written_on", "effective_on")]
