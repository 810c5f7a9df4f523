"""The drawings of charts: bars over their months, and rows of months. What they mean is said in `charts`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from archive.browse.charts.parts import Cells, Strip, add_hatches
from archive.browse.elements import add

_WIDTH: Final = 640
_SLOT: Final = (16.0, 74.0)
_LEFT: Final = 44
_RIGHT: Final = 12
_TOP: Final = 18
_PLOT: Final = 96
_CELL: Final = 6
_LABEL: Final = 16
_ROW: Final = 16
_NAMES: Final = 150
_STRIP_CELL: Final = (3.5, 14.0)
_EDGED: Final = 6
"""Width from which on a cell of a strip has an edge of its own; below it the edges would be all one sees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: the label beneath, its count, and that in words; `months` are the cells beneath it."""

    label: str
    count: int
    told: str
    months: tuple[str, ...] = ()
    link: str | None = None


def draw_bars(
    figure: Element,
    bars: Sequence[Bar],
    strip: Strip,
    *,
    name: str,
    told: tuple[str, str],
    steps: Sequence[int],
) -> None:
    """Draw bars side by side, beneath each the cells of its months in `strip`; `told` is title and description."""
    slot = min(max((_WIDTH - _LEFT) / len(bars), _SLOT[0]), _SLOT[1])
    deep = max(len(bar.months) for bar in bars)
    cell = _CELL if deep > 1 else 2 * _CELL
    width, height = _LEFT + slot * len(bars) + _RIGHT, _TOP + _PLOT + _LABEL + (12 if deep > 1 else deep) * cell + 2
    has_links = any(bar.link for bar in bars)
    svg = _svg(figure, width, height, name=name, told=told, is_group=has_links)
    add_hatches(svg, name)
    most = max(bar.count for bar in bars) or 1
    foot = _TOP + _PLOT
    add(svg, "path", class_="axis", d=f"M{_LEFT} {foot}H{width - _RIGHT:g}", stroke="#5b6270", fill="none")
    every = _every(max(len(bar.label) for bar in bars), slot)
    cells = Cells(name, steps)
    for place, bar in enumerate(bars):
        left = _LEFT + place * slot
        parent = add(svg, "a", href=bar.link, aria_label=bar.told) if bar.link else add(svg, "g")
        add(parent, "title", bar.told)
        # the whole column can be pointed at, however low its bar is
        add(parent, "rect", class_="column", x=left, y=0, width=slot, height=foot, fill="none", pointer_events="all")
        tall = max(_PLOT * bar.count / most, 1.5) if bar.count else 0
        add(parent, "rect", class_="bar-of", x=left + 1, y=foot - tall, width=slot - 2, height=tall, fill="#39424e")
        figure_told = f"{bar.count:,}"
        if bar.count and 6 * len(figure_told) <= slot:
            _write(svg, figure_told, left + slot / 2, foot - tall - 4, anchor="middle")
        if place % every == 0:
            _write(svg, bar.label, left + slot / 2, foot + 12, anchor="middle")
        for month in bar.months:
            down = (int(month[5:]) - 1) * cell if deep > 1 else 0
            box = (left + 0.5, foot + _LABEL + down, slot - 1, cell)
            cells.put(box, strip.counts.get(month, 0), strip.state_of(month))
    _write(svg, f"{most:,}", _LEFT - 4, _TOP + 4, anchor="end")
    cells.draw(svg)
    for number in (1, 6, 12) if deep > 1 else ():
        _write(svg, str(number), _LEFT - 4, foot + _LABEL + number * cell, anchor="end")


def draw_strips(
    figure: Element,
    strips: Sequence[Strip],
    months: Sequence[str],
    *,
    name: str,
    told: tuple[str, str],
    steps: Sequence[int],
) -> None:
    """Draw a row of months for each strip, its name before it; `told` is title and description."""
    wide = min(max((_WIDTH - _NAMES) / len(months), _STRIP_CELL[0]), _STRIP_CELL[1])
    width, height = _NAMES + wide * len(months) + 2, _LABEL + _ROW * len(strips) + 2
    svg = _svg(figure, width, height, name=name, told=told, is_group=any(strip.link for strip in strips))
    add_hatches(svg, name)
    cells = Cells(name, steps, edged=wide >= _EDGED)
    every = _every(4, wide * 12)
    for place, month in enumerate(months):
        if month.endswith("-01") and int(month[:4]) % every == 0:
            _write(svg, month[:4], _NAMES + place * wide, _LABEL - 5, anchor="start")
    for row, strip in enumerate(strips):
        top = _LABEL + row * _ROW
        parent = add(svg, "a", href=strip.link) if strip.link else svg
        _write(parent, _cut(strip.label), _NAMES - 6, top + _ROW - 5, anchor="end")
        for place, month in enumerate(months):
            box = (_NAMES + place * wide, top + 1, wide, _ROW - 2)
            cells.put(box, strip.counts.get(month, 0), strip.state_of(month))
    cells.draw(svg)
    for row in range(len(strips)):
        outline = f"M{_NAMES} {_LABEL + row * _ROW + 1}h{wide * len(months):g}v{_ROW - 2}h-{wide * len(months):g}z"
        add(svg, "path", class_="frame", d=outline, fill="none", stroke="#8a909b")


def _svg(figure: Element, width: float, height: float, *, name: str, told: tuple[str, str], is_group: bool) -> Element:
    """The drawing, in a box that scrolls by itself where the page is narrow. One with links in it is no image."""
    box = add(figure, "div", class_="wide", tabindex="0", role="group", aria_label=told[0])
    svg = add(
        box,
        "svg",
        role="group" if is_group else "img",
        width=width,
        height=height,
        viewBox=f"0 0 {width:g} {height:g}",
        aria_labelledby=f"{name}-title {name}-desc",
    )
    add(svg, "title", told[0], id=f"{name}-title")
    add(svg, "desc", told[1], id=f"{name}-desc")
    return svg


def _write(parent: Element, text: str, left: float, top: float, *, anchor: str) -> None:
    add(parent, "text", text, x=left, y=top, text_anchor=anchor, font_size=10, fill="#1c1f26")


def _every(characters: int, slot: float) -> int:
    """Each how many-th label has room."""
    return max(1, -(-(characters * 6 + 6) // int(slot)))


def _cut(label: str) -> str:
    """A label as far as it has room beside a strip: figures and letters are half as wide as Chinese."""
    room = _NAMES - 10
    for place, character in enumerate(label):
        room -= 10 if ord(character) > 0x2E80 else 6
        if room < 0:
            return label[: place - 1] + "…"
    return label
