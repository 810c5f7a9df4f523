"""Charts as inline SVG made on the server: bars by year over their coverage, strips of months, distributions.

Pure: what is drawn is passed in, titles in the page's language; `say` gives our own words in it. No script and no
style attribute, so the strict policy holds. 0 and "not collected" look different everywhere, and under each chart are
its figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Final

from markupsafe import Markup

from archive.browse.charts.drawing import Bar, draw_bars, draw_strips
from archive.browse.charts.parts import AT_LEAST, MONTHS, Say, Strip, add_legend, add_table, steps_to
from archive.browse.elements import add, markup, root
from archive.labels import Words
from archive.store.coverage import months_from

MOST_YEARS: Final = 40
"""Bars of years that are drawn, the latest; what came before is said beside them."""
MOST_MONTHS: Final = 240
MOST_CELLS: Final = 3000
"""Months that a strip draws of a row, and in all; where it has many rows, it begins later."""
MOST_ROWS: Final = 40
SHORT: Final = 24
"""Months up to which a span has a bar for each month."""


def year_bars(
    strip: Strip,
    say: Say,
    *,
    name: str,
    title: str,
    link: Callable[[str], str] | None = None,
    span: tuple[str, str] | None = None,
    undated: int = 0,
) -> Markup:
    """Counts by year over the state of each month; by month where the span is short.

    `link` gives where a bar leads, of `2024` or `2024-03`. `span` is the first and last month to draw, where that is
    more than the months counted. `name` is for ids: another for each chart of a page. Nothing to draw gives a sentence.
    """
    months = _months_of(strip, span)
    if not months:
        return _nothing(say, title, undated)
    is_short = len(months) <= SHORT
    has_cells = strip.states is not None or not is_short
    drawn = months if is_short else [month for month in months if int(month[:4]) > int(months[-1][:4]) - MOST_YEARS]
    bars = [
        Bar(
            label=period,
            count=sum(strip.counts.get(month, 0) for month in mine),
            told=f"{period}: {strip.figure(mine)}",
            months=tuple(mine) if has_cells else (),
            link=link(period) if link else None,
        )
        for period, mine in _periods(drawn, length=7 if is_short else 4)
    ]
    notes = [_summary(strip, drawn, say)]
    if before := sum(strip.counts.get(month, 0) for month in months) - sum(bar.count for bar in bars):
        notes.append(say(Words(f"更早还有 {before:,} 条，图中未画。", f"{before:,} earlier ones are not drawn.")))
    if undated:
        notes.append(say(Words(f"另有 {undated:,} 条没有日期。", f"{undated:,} have no date.")))
    steps = steps_to(max(strip.counts.get(month, 0) for month in drawn))
    figure = root("figure", class_="chart")
    add(figure, "figcaption", title)
    draw_bars(figure, bars, strip, name=name, told=(title, " ".join(notes)), steps=steps)
    if has_cells:
        add_legend(figure, say, name=name, steps=steps, states=strip.states is not None)
    add(figure, "p", " ".join(notes), class_="hint")
    heads = [say(Words("年", "Year")), say(Words("合计", "All")), *(str(int(month)) for month in MONTHS)]
    add_table(figure, say, heads=heads, rows=_year_rows(strip, drawn), note=say(AT_LEAST))
    return markup(figure)


def heat_strip(strips: Sequence[Strip], say: Say, *, name: str, title: str, head: str) -> Markup:
    """A row for each channel or source, a cell for each month up to the latest that any of them has.

    `head` says what a row is. Rows and months that are too many are left out, the oldest months first, and told.
    """
    shown = strips[:MOST_ROWS]
    months = sorted({month for strip in shown for month in (*strip.counts, *(strip.states or ()))})
    if not months:
        return _nothing(say, title, 0)
    months = list(months_from(f"{months[0][:4]}-01", months[-1]))
    most = min(MOST_MONTHS, max(SHORT, MOST_CELLS // len(shown) // 12 * 12))
    drawn = [month for month in months if int(month[:4]) * 12 > int(months[-1][:4]) * 12 - most]
    notes = [say(Words(f"{drawn[0]} 至 {drawn[-1]}。", f"{drawn[0]} to {drawn[-1]}."))]
    if len(strips) > len(shown):
        left = len(strips) - len(shown)
        notes.append(say(Words(f"另有 {left} 行未画。", f"{left} more rows are not drawn.")))
    if len(drawn) < len(months):
        notes.append(say(Words("更早的月份未画。", "Earlier months are not drawn.")))
    steps = steps_to(max(strip.counts.get(month, 0) for strip in shown for month in drawn))
    figure = root("figure", class_="chart")
    add(figure, "figcaption", title)
    draw_strips(figure, shown, drawn, name=name, told=(title, " ".join(notes)), steps=steps)
    add_legend(figure, say, name=name, steps=steps, states=any(strip.states is not None for strip in shown))
    add(figure, "p", " ".join(notes), class_="hint")
    heads = [head, say(Words("年", "Year")), say(Words("合计", "All")), *(str(int(month)) for month in MONTHS)]
    rows = [[strip.label, *row] for strip in shown for row in _year_rows(strip, drawn)]
    add_table(figure, say, heads=heads, rows=rows, note=say(AT_LEAST))
    return markup(figure)


def distribution(
    groups: Sequence[tuple[Words, int]], say: Say, *, name: str, title: str, head: str, counted: str
) -> Markup:
    """How many there are of each group, in the order given, as bars; `head` says what a group is, `counted` of what."""
    if not any(count for _, count in groups):
        return _nothing(say, title, 0)
    bars = [Bar(label=say(words), count=count, told=f"{say(words)}: {count:,}") for words, count in groups]
    figure = root("figure", class_="chart")
    add(figure, "figcaption", title)
    told = "; ".join(bar.told for bar in bars)
    draw_bars(figure, bars, Strip(counts={}), name=name, told=(title, told), steps=())
    rows = [(bar.label, f"{bar.count:,}") for bar in bars]
    add_table(figure, say, heads=[head, counted], rows=rows, note="")
    return markup(figure)


def meter(part: float, whole: float) -> Markup:
    """A bar as long as a share, for beside its figure: it says nothing of its own to a screen reader."""
    share = min(max(part / whole, 0.0), 1.0) if whole else 0.0
    svg = root("svg", class_="meter", width=100, height=10, viewBox="0 0 100 10", aria_hidden="true")
    add(svg, "rect", x=0.5, y=0.5, width=99, height=9, fill="none", stroke="#8a909b")
    add(svg, "rect", x=0.5, y=0.5, width=99 * share, height=9, fill="#39424e")
    return markup(svg)


def _months_of(strip: Strip, span: tuple[str, str] | None) -> list[str]:
    """The months to draw; where they are more than a short span, whole years up to the last month."""
    known = sorted(strip.counts)
    first, last = span or ("9999-12", "0000-01")
    if known:
        first, last = min(first, known[0]), max(last, known[-1])
    months = list(months_from(first, last)) if first <= last else []
    return months if len(months) <= SHORT else list(months_from(f"{first[:4]}-01", last))


def _periods(months: Sequence[str], *, length: int) -> Iterable[tuple[str, list[str]]]:
    return [(period, list(mine)) for period, mine in groupby(months, key=lambda month: month[:length])]


def _year_rows(strip: Strip, months: Sequence[str]) -> list[list[str]]:
    """A row a year: the year, its sum, and its twelve months, those outside the span empty."""
    rows = []
    for year, mine in _periods(months, length=4):
        figures = {month[5:]: strip.figure([month]) for month in mine}
        rows.append([year, strip.figure(mine), *(figures.get(month, "") for month in MONTHS)])
    return rows


def _summary(strip: Strip, months: Sequence[str], say: Say) -> str:
    """The chart in a sentence or two, for who does not see it and for who does."""
    total = f"{sum(strip.counts.get(month, 0) for month in months):,}"
    first, last = months[0], months[-1]
    told = say(Words(f"{first} 至 {last}，共 {total} 条。", f"{first} to {last}: {total} in all."))
    if strip.states is None:
        return told
    states = [strip.state_of(month) for month in months]
    partial, unseen = states.count("partial"), states.count("unobserved")
    return f"{told} " + say(
        Words(
            f"{len(months)} 个月中 {partial} 个没有采全，{unseen} 个没有看过。",
            f"Of {len(months)} months, {partial} were not wholly collected and {unseen} not looked at.",
        )
    )


def _nothing(say: Say, title: str, undated: int) -> Markup:
    figure = root("figure", class_="chart")
    add(figure, "figcaption", title)
    told = Words(f"没有带日期的条目；另有 {undated:,} 条没有日期。", f"None is dated; {undated:,} have no date.")
    add(figure, "p", say(told if undated else Words("没有可画的。", "There is nothing to draw.")), class_="hint")
    return markup(figure)
