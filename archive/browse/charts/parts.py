"""What charts of months are made of: cells by state and shade, their legend, and the same figures as a table.

Nothing is told by colour alone: a state is a hatch, a count is a shade of grey, and the table has both in figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from archive.browse.elements import add
from archive.labels import COVERAGE, Words

Say = Callable[[Words], str]
"""Gives words in the language of the page."""

SHADES: Final = ("#ffffff", "#d3d8df", "#a3acb8", "#6b7684", "#39424e")
"""Of none, and of few to many. They are told apart on a black and white print, too."""

MONTHS: Final = tuple(f"{number:02}" for number in range(1, 13))

AT_LEAST: Final = Words(
    "≥：该月没有采全，至少有这些。—：没有看过，也没有见到。",
    "≥: not wholly collected, at least so many. —: nobody looked, and none was met.",
)
"""What the marks of `figure_of` mean."""

_INK: Final = "#1c1f26"
_LEGEND: Final = (18, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """What was met in each month (`2026-03`), and what is known of those months.

    A month without a state is unobserved; `states` None is for counts that no coverage belongs to.
    """

    label: str = ""
    counts: Mapping[str, int]
    states: Mapping[str, str] | None = None
    link: str | None = None

    def state_of(self, month: str) -> str | None:
        """The state of a month; None where there is no coverage at all."""
        return None if self.states is None else self.states.get(month, "unobserved")

    def figure(self, months: Iterable[str]) -> str:
        """What was met in these months together, as it may be said under their coverage."""
        states = {self.state_of(month) for month in months}
        state = states.pop() if len(states) == 1 else "partial"
        return figure_of(sum(self.counts.get(month, 0) for month in months), state)


class Cells:
    """Months gathered to be drawn: one path for each shade and each hatch, however many months there are."""

    def __init__(self, name: str, steps: Sequence[int], *, edged: bool = True) -> None:
        """`name` parts the hatches of this chart from others on the page; `steps` are those of `steps_to`."""
        self._name = name
        self._edge: dict[str, str | float] = {"stroke": "#8a909b", "stroke_width": 0.5} if edged else {}
        self._steps = steps
        self._shades: dict[int, list[str]] = defaultdict(list)
        self._hatches: dict[str, list[str]] = defaultdict(list)

    def put(self, box: tuple[float, float, float, float], count: int, state: str | None) -> None:
        """Put a month at (left, top, width, height). State None is for charts that know nothing of coverage."""
        left, top, width, height = (round(side, 2) for side in box)
        outline = f"M{left:g} {top:g}h{width:g}v{height:g}h-{width:g}z"
        self._shades[shade_of(count, self._steps)].append(outline)
        if state is not None and state != "complete":
            self._hatches[state].append(outline)

    def draw(self, parent: Element) -> None:
        """Draw them all, hatches over shades."""
        for shade, fill in enumerate(SHADES):
            if outlines := self._shades[shade]:
                add(parent, "path", class_=f"shade-{shade}", d="".join(outlines), fill=fill, **self._edge)
        for state, outlines in sorted(self._hatches.items()):
            add(parent, "path", class_=state, d="".join(outlines), fill=f"url(#{self._name}-{state})")


def steps_to(most: int) -> list[int]:
    """The greatest count of each shade but the first, which is of none: four at most, growing by a factor."""
    shades = len(SHADES) - 1
    bounds = {max(1, round((1 + most) ** (shade / shades) - 1)) for shade in range(1, shades + 1)}
    return sorted(bounds) if most else []


def shade_of(count: int, steps: Sequence[int]) -> int:
    """Which shade a count has; where there are few steps they are the darkest."""
    if count <= 0:
        return 0
    place = next((place for place, bound in enumerate(steps) if count <= bound), len(steps) - 1)
    return len(SHADES) - len(steps) + place


def add_hatches(svg: Element, name: str) -> None:
    """Define the hatches of the states under ids of this chart."""
    defs = add(svg, "defs")
    for state, turn, gap, ink in (("partial", 45, 6, 2.0), ("unobserved", 135, 4, 0.8)):
        made = add(
            defs,
            "pattern",
            id=f"{name}-{state}",
            width=gap,
            height=gap,
            patternUnits="userSpaceOnUse",
            patternTransform=f"rotate({turn})",
        )
        # dark on light, so that the lines are seen over every shade
        for colour, width in (("#ffffff", 2 * ink + 0.6), (_INK, ink)):
            add(made, "path", d=f"M{gap / 2:g} 0v{gap}", stroke=colour, stroke_width=width)


def add_legend(figure: Element, say: Say, *, name: str, steps: Sequence[int], states: bool) -> None:
    """Say what shades and hatches mean. The hatches are those of the chart above."""
    legend = add(figure, "p", class_="legend")
    if states:
        for state, words in COVERAGE.items():
            _add_key(legend, SHADES[2], None if state == "complete" else f"url(#{name}-{state})", say(words))
    bounds = [0, *steps]
    for below, bound in zip([-1, *bounds], bounds, strict=False):
        told = str(bound) if bound == below + 1 else f"{below + 1:,}–{bound:,}"
        _add_key(legend, SHADES[shade_of(bound, steps)], None, told)


def add_table(figure: Element, say: Say, *, heads: Sequence[str], rows: Iterable[Sequence[str]], note: str) -> None:
    """The figures behind a chart, folded away; the first cell of a row names it."""
    details = add(figure, "details")
    add(details, "summary", say(Words("看数字", "Show figures")))
    table = add(add(details, "div", class_="wide", tabindex="0", role="group", aria_label=heads[0]), "table")
    if note:
        add(table, "caption", note)
    top = add(add(table, "thead"), "tr")
    for head in heads:
        add(top, "th", head, scope="col")
    body = add(table, "tbody")
    for cells in rows:
        row = add(body, "tr")
        add(row, "th", cells[0], scope="row")
        for cell in cells[1:]:
            add(row, "td", cell)


def figure_of(count: int, state: str | None) -> str:
    """A count as it may be said under this coverage: `3`, `≥3`, and `—` where nobody looked and none was met."""
    if state in {None, "complete"}:
        return f"{count:,}"
    return "—" if state == "unobserved" and not count else f"≥{count:,}"


def _add_key(legend: Element, fill: str, hatch: str | None, told: str) -> None:
    width, height = _LEGEND
    key = add(legend, "span", class_="key")
    swatch = add(key, "svg", width=width, height=height, viewBox=f"0 0 {width} {height}", aria_hidden="true")
    for paint in (fill, hatch):
        if paint is not None:
            add(swatch, "rect", width=width, height=height, fill=paint, stroke="#8a909b")
    add(key, "span", f" {told}")
