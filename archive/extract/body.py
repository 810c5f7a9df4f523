"""The text of a notice: from a container that its content system is known to use, else from where the prose stands."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement

from archive.extract.anchor import find_anchor, is_dated_byline
from archive.extract.containers import ELEMENTS
from archive.extract.files import links_file
from archive.extract.labels import labels_of
from archive.extract.lines import Line, Lines
from archive.extract.trim import drop_twin, is_byline, squeeze, trim

# fmt: off
_SMALL: Final = frozenset((
    "p", "li", "ul", "ol", "dl", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "center", "td", "th",
    "tr", "tbody", "table", "pre", "figure",
))
# fmt: on
_LITTLE: Final = 25  # weight of a page that has no sentence: a title, a byline, names of files
_HEAD: Final = 60  # lines of a container in which the table above its document ends
_DOCUMENT: Final = re.compile(r"^[\d.、．（）()\s]*《[^》]+》\S{0,30}$|[〔\[]\d{4}[〕\]]\s?\d+\s?号")
_ROWS: Final = 3  # blocks of one line, one beneath the other, that are paragraphs
_SHORT: Final = 200  # weight up to which the text is sought beneath the byline
_BYLINES: Final = 3  # more of them make a list
_BENEATH: Final = 3  # lines from a byline to the text
_SUMMARY_LABEL: Final = re.compile(r"[\s【\[]*(?:内容)?(?:摘要|导读|提要|核心提示|内容简介|声明|提示|简介)")
_FAVOURED: Final = 3
_ABOVE: Final = 0.2  # share of its weight that prose above the title has
_NEXT: Final = 150  # weight that what stands right beneath title and byline has at least
_FILES: Final = 6  # lines beneath a title in which the file stands that is the notice
_ASIDE: Final = 600  # weight of prose that may stand aside of a picture or a file that is the notice
_SHOWN: Final = ("img", "iframe", "embed", "object", "script", "video")  # what may stand in the place of a text
_MARKED: Final = 0.25  # share of the densest prose that a marked article has at least; an empty one is a slip
_CELL_IS_PAGE: Final = 150  # characters of prose from which a table cell lays out a page instead of holding data


@dataclass(frozen=True, slots=True)
class Body:
    """Where the text stands: the container, its slice of the lines, and how it was found."""

    container: HtmlElement | None
    start: int
    end: int
    evidence: str

    def text(self, lines: Lines, title: str | None) -> list[Line]:
        """The lines of the text, without what a template put into the container."""
        if self.container is None:
            return []
        inside = lines.all[self.start : self.end]
        inside = [line for line in inside if not line.disclosed]
        kept = [line for line in inside if not is_foreign(line, self, lines)]
        if sum(len(line.text) for line in kept) * 3 < sum(len(line.text) - line.linked for line in inside):
            kept = list(inside)
        return drop_twin(trim(_drop_link_lists(kept), title))


def read_body(lines: Lines, printed: Sequence[str] = ()) -> Body:
    """Find the container of the text; evidence names its class or id, or is `prose`.

    `printed` are the page's titles (its tag, its `<title>`, a cell of its table): what shows one stands above the text.
    """
    weights = _Weights(lines)
    anchor = find_anchor(lines, [squeeze(one) for one in printed if one])
    dense = _find_dense(lines, weights, anchor)
    if dense is None:
        return _bare_container(lines)
    at = _find_stand_in(lines, weights, dense, anchor)
    if at is not None:
        stand_in = _bare_container(lines)
        return stand_in if stand_in.container is not None else Body(None, at, at + 1, "none")
    whole = _in_body(dense, lines) if dense.tag == "body" else None
    dense = _widen(dense, lines, weights)
    weight = weights.of(dense) if whole is None else weights.between(whole.start, whole.end)
    known = _find_known(lines, weights, weight)
    marked = _find_marked(lines, weights, max(weight, weights.of(known[0]) if known is not None else 0.0))
    if marked is not None:
        return marked
    if known is not None:
        start, end = _span(lines, known[0])
        return Body(known[0], _with_summary(lines, known[0], start), end, f"body:{known[1]}")
    if whole is not None:
        return whole
    bare = _bare_container(lines) if weight < _LITTLE else None
    if bare is not None and bare.container is not None:
        return bare
    return Body(dense, *_span(lines, dense), "prose")


def is_foreign(line: Line, body: Body, lines: Lines) -> bool:
    """A line in a part of the container that is named as menu, share bar or the like."""
    if line.chrome is None or line.chrome is body.container:
        return False
    start, end = lines.spans.get(line.chrome, (0, 0))
    return body.start <= start and end <= body.end and (start, end) != (body.start, body.end)


def _in_body(body: HtmlElement, lines: Lines) -> Body:
    """Paragraphs that stand right in the page's body: from the first sentence to a foot."""
    own = [line for line in lines.all if line.block.getparent() is body and line.chrome is None]
    first = next((line.number for line in own if line.is_prose), 0)
    last = max((line.number for line in own if not line.is_foot), default=first)
    said = max((line.number for line in own if line.is_prose and not line.is_foot), default=first)
    foot = next((line.number for line in lines.all[said : last + 1] if line.is_foot), last + 1)
    return Body(body, first, foot, "prose")


def _span(lines: Lines, container: HtmlElement) -> tuple[int, int]:
    """The slice of a container, without the disclosure table at its head."""
    start, end = lines.spans.get(container, (0, len(lines.all)))  # a torn tag is no block
    tables = [line.number for line in lines.all[start:end] if line.disclosed and line.number < start + _HEAD]
    return (tables[-1] + 1, end) if tables and tables[-1] + 1 < end else (start, end)


def _with_summary(lines: Lines, container: HtmlElement, start: int) -> int:
    """Where the text starts: with what stands in a box of its own between the byline and the container."""
    parent = container.getparent()
    if parent is None or parent.tag in ("body", "html") or parent not in lines.spans:
        return start
    first = start
    while first > max(lines.spans[parent][0], start - _BENEATH) and _is_summary(lines.all[first - 1]):
        first -= 1
    above = lines.all[max(first - _BENEATH, 0) : first]
    if not any(map(is_dated_byline, above)) or any(_SUMMARY_LABEL.match(line.text) for line in above):
        return start
    return first


def _is_summary(line: Line) -> bool:
    if not line.is_prose or line.chrome is not None or line.is_foot or line.disclosed or is_byline(line.text):
        return False
    return line.text.endswith(("。", "！", "？", "”", "）")) and _SUMMARY_LABEL.match(line.text) is None


def _bare_container(lines: Lines) -> Body:
    """A known container without prose: a poster, nothing but links to files, or a script that draws one."""
    blank: Body | None = None
    for element, (start, end) in lines.spans.items():
        name = lines.known.get(element)
        if name is not None and start < end:
            return Body(element, start, end, f"body:{name}")
        if name is not None and blank is None and next(element.iter(*_SHOWN), None) is not None:
            blank = Body(element, start, end, "none")
    return blank or Body(None, 0, 0, "none")


class _Weights:
    """How many characters of an element's own text are prose; lines in menus weigh nothing."""

    def __init__(self, lines: Lines) -> None:
        self.spans = lines.spans
        self.prose = [0.0]
        self.linked = [0.0]
        for line in lines.all:
            self.prose.append(self.prose[-1] + _weigh(line))
            self.linked.append(self.linked[-1] + line.linked)

    def of(self, element: HtmlElement) -> float:
        return self.between(*self.spans.get(element, (0, 0)))

    def between(self, start: int, end: int) -> float:
        return self.prose[end] - self.prose[start]

    def links_of(self, element: HtmlElement) -> float:
        start, end = self.spans.get(element, (0, 0))
        return self.linked[end] - self.linked[start]


def _weigh(line: Line) -> float:
    if line.chrome is not None or line.disclosed or line.linked * 2 > len(line.text) or line.is_foot:
        return 0
    if not line.is_prose:
        return 0.25 * len(line.text)
    return 0.1 * len(line.text) if is_byline(line.text) else len(line.text)


def _find_stand_in(lines: Lines, weights: _Weights, dense: HtmlElement, anchor: int | None) -> int | None:
    """The line at which a picture or a file beneath the title is the notice, and the prose is of another box."""
    start, end = lines.spans.get(dense, (0, 0))
    if anchor is None or start <= anchor < end or weights.of(dense) > _ASIDE:
        return None
    around, last = dense.getparent(), start if start > anchor else len(lines.all)
    beneath = lines.all[anchor + 1 : min(anchor + 1 + _FILES, last)]
    filed = [line for line in beneath if any(map(links_file, line.links)) and line.linked * 2 > len(line.text)]
    if filed and not any(line.is_prose for line in beneath):
        apart = around is None or around.tag == "body" or around not in filed[0].block.iterancestors()
        return filed[0].number if apart else None
    for element, (first, behind) in lines.spans.items():
        if anchor < first <= behind <= last and element in lines.known:
            shown = next(element.iter(*_SHOWN), None) is not None
            if shown and weights.between(first, behind) == 0 and element.getparent() is not around:
                return first
    return None


def _find_dense(lines: Lines, weights: _Weights, anchor: int | None) -> HtmlElement | None:
    """The element whose own paragraphs weigh most; what stands above the title weighs little."""
    clusters: dict[HtmlElement, float] = defaultdict(float)
    held = [(line, weight) for line in lines.all if (weight := _weigh(line))]
    rows = Counter(_kin(line.block, lines) for line, _ in held)
    for line, weight in held:
        row = (
            line.block if line.block.tag in _SMALL or rows[_kin(line.block, lines)] < _ROWS else line.block.getparent()
        )
        clusters[_holder(line.block if row is None else row, weights)] += weight
    if not clusters:
        return None
    if anchor is not None:
        for element in clusters:
            if lines.spans.get(element, (0, anchor + 1))[1] <= anchor:
                clusters[element] *= _ABOVE
    if anchor is not None or max(clusters.values()) < _SHORT:
        _favour(clusters, lines, weights, anchor)
    return max(clusters, key=lambda element: clusters[element])


def _kin(block: HtmlElement, lines: Lines) -> tuple[HtmlElement | None, str | None] | None:
    """What the paragraphs of an article have in common where they are `div` of one line each."""
    start, end = lines.spans.get(block, (0, 0))
    return (block.getparent(), block.get("class")) if end - start == 1 and block.tag in ("div", "section") else None


def _favour(clusters: dict[HtmlElement, float], lines: Lines, weights: _Weights, anchor: int | None) -> None:
    """Let what stands beneath a dated byline weigh more: a short notice has fewer words than the page around it."""
    bylines = [line.number for line in lines.all if line.chrome is None and is_dated_byline(line)]
    under = [at for at in bylines if anchor is not None and anchor < at <= anchor + _BENEATH]
    if anchor is not None:
        bylines = under[-1:] or [anchor]
    if not 1 <= len(bylines) <= _BYLINES:
        return
    beneath: set[HtmlElement] = set()
    for at in bylines:
        near = lines.all[at + 1 : at + 1 + _BENEATH]
        said = [line for line in near if _weigh(line) and not is_byline(line.text) and not labels_of(line.text)]
        first = next((line for line in said if line.is_prose), None)
        beneath.update(_holder(line.block, weights) for line in (said if first is None else [first]))
    for element in beneath & clusters.keys():
        clusters[element] *= _FAVOURED
        if under:
            clusters[element] = max(clusters[element], _NEXT)


def _holder(block: HtmlElement, weights: _Weights) -> HtmlElement:
    while block.tag in _SMALL:
        if block.tag in ("td", "th") and weights.of(block) >= _CELL_IS_PAGE:
            break
        parent = block.getparent()
        if parent is not None and parent.tag == "body" and block.tag == "p":
            return parent  # a page without boxes
        if parent is None or parent.tag in ("body", "html"):
            break
        block = parent
    return block


def _find_known(lines: Lines, weights: _Weights, weight: float) -> tuple[HtmlElement, str] | None:
    found = [(element, name) for element in lines.spans if (name := lines.known.get(element)) is not None]
    best = max((weights.of(element) for element, _ in found), default=0.0)
    if best * 2 < weight or best == 0:
        return None
    enough = [(element, name) for element, name in found if weights.of(element) >= 0.85 * best]
    enough = [item for item in enough if weights.links_of(item[0]) * 2 <= max(weights.of(item[0]), weight)]
    return min(enough, default=None, key=lambda item: lines.spans[item[0]][1] - lines.spans[item[0]][0])


def _find_marked(lines: Lines, weights: _Weights, weight: float) -> Body | None:
    """What stands between the marks, or in the element, that a system sets around an article and nothing else."""
    for name, around, start, end in lines.marks:
        if weights.between(start, end) >= _MARKED * weight > 0 and around in lines.spans:
            return Body(around, start, end, f"body:{name}")
    for element, (start, end) in lines.spans.items():
        if element.tag in ELEMENTS and weights.between(start, end) >= _MARKED * weight > 0:
            return Body(element, start, end, f"body:{element.tag}")
    return None


def _widen(element: HtmlElement, lines: Lines, weights: _Weights) -> HtmlElement:
    """Take in what stands beside the densest element, as long as it brings more prose than links."""
    best = current = element
    for _ in range(4):
        parent = current.getparent()
        if parent is None or parent.tag in ("body", "html") or parent not in lines.spans:
            break
        current = parent
        gain = weights.of(current) - weights.of(best)
        links = weights.links_of(current) - weights.links_of(best)
        if gain > 0.15 * weights.of(best) and links * 2 < gain:
            best = current
    return best


def _drop_link_lists(lines: Sequence[Line]) -> list[Line]:
    """Drop three or more neighbouring lines that are nothing but links to other pages."""
    kept: list[Line] = []
    run: list[Line] = []
    for line in (*lines, None):
        if line is not None and _is_link(line):
            run.append(line)
            continue
        if len(run) < 3 or (line is not None and kept and is_amid(kept[-1], run, line)):
            kept += run
        run = []
        if line is not None:
            kept.append(line)
    return kept


def is_amid(above: Line, links: Sequence[Line], beneath: Line) -> bool:
    """Tell whether links are paragraphs of a text: they stand beside a sentence above and a paragraph beneath."""
    if not above.is_prose or any(line.block.tag != "p" for line in (above, *links, beneath)):
        return False
    parents = {line.block.getparent() for line in (above, *links, beneath)}
    return len(parents) == 1


def _is_link(line: Line) -> bool:
    """Tell a line that only leads elsewhere; one that names a document may belong to a catalogue of documents."""
    if line.table is not None or line.linked * 5 <= len(line.text) * 4 or any(map(links_file, line.links)):
        return False
    return not names_document(line.text)


def names_document(text: str) -> bool:
    """Tell whether a line is the title of a document in its 《》, or gives a document's number."""
    return _DOCUMENT.search(text) is not None
