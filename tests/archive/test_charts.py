"""Charts: well-formed, within their box, every month there, and 0 never like "not collected"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from markupsafe import Markup

from archive.browse.charts import MOST_CELLS, MOST_ROWS, Strip, distribution, heat_strip, meter, year_bars
from archive.browse.charts.parts import SHADES, shade_of, steps_to
from archive.labels import Words
from archive.store.coverage import months_from

TITLE = "Notices by year"
HEAD = "Channel"
HOSTILE = "栏目<b>&\"'\x00\x0b\ud800]]>"
WORDS = Words(HOSTILE, HOSTILE)


def in_english(words: Words) -> str:
    return words.en


def in_chinese(words: Words) -> str:
    return words.zh


def years(counts: dict[str, int], states: dict[str, str] | None = None, **more: Any) -> ET.Element:
    made = year_bars(Strip(counts=counts, states=states), in_english, name="years", title=TITLE, **more)
    return ET.fromstring(made)


def figures(chart: ET.Element) -> list[list[str]]:
    return [[cell.text or "" for cell in row] for row in chart.iterfind(".//tbody/tr")]


def outlines(chart: ET.Element, name: str) -> int:
    """How many months are drawn with this shade or hatch."""
    return sum((path.get("d") or "").count("M") for path in chart.iterfind(f".//path[@class='{name}']"))


def shaded(chart: ET.Element) -> int:
    return sum(outlines(chart, f"shade-{shade}") for shade in range(len(SHADES)))


def boxes(chart: ET.Element) -> Iterator[tuple[float, float, float, float]]:
    """Left, top, right, bottom of all that is drawn in the chart, but in its legend and patterns."""
    svg = chart.find(".//svg")
    assert svg is not None
    for defs in svg.findall("defs"):
        svg.remove(defs)
    for rect in svg.iter("rect"):
        left, top, width, height = (float(rect.get(side, "0")) for side in ("x", "y", "width", "height"))
        yield left, top, left + width, top + height
    for path in svg.iter("path"):
        for found in re.findall(r"M([-\d.]+) ([-\d.]+)h([-\d.]+)v([-\d.]+)", path.get("d") or ""):
            left, top, width, height = map(float, found)
            yield left, top, left + width, top + height
    for text in svg.iter("text"):
        yield float(text.get("x", "0")), float(text.get("y", "0")), float(text.get("x", "0")), float(text.get("y", "0"))


MANY = {month: len(month) + int(month[5:]) * 7 % 11 for month in months_from("1970-03", "2026-11")}


@pytest.mark.parametrize(
    "counts",
    [
        {},
        {"2026-03": 0},
        {"2026-03": 1},
        {"2004-02": 3, "2026-11": 1234567},
        {"2025-01": 4, "2026-12": 1},
        MANY,
    ],
)
def test_whatever_is_counted_everything_is_drawn_within_the_view_box(counts: dict[str, int]) -> None:
    chart = years(counts, {"2026-03": "complete"})
    svg = chart.find(".//div/svg")
    if svg is None:
        assert not counts
        return
    _, _, width, height = map(float, (svg.get("viewBox") or "").split())

    assert [] == [box for box in boxes(chart) if min(box) < 0 or box[2] > width + 0.01 or box[3] > height + 0.01]


def test_every_month_of_the_span_has_its_cell_and_its_figure() -> None:
    chart = years({"2019-05": 2, "2026-11": 1}, {})

    assert 8 * 12 - 1 == shaded(chart) == outlines(chart, "unobserved")
    assert ["2026", "≥1", *["—"] * 10, "≥1", ""] == figures(chart)[-1]


def test_a_true_0_and_a_month_nobody_looked_at_and_one_not_collected_wholly_all_differ() -> None:
    states = {"2026-01": "complete", "2026-02": "partial", "2026-03": "unobserved"}
    chart = years({"2026-04": 0}, states, span=("2026-01", "2026-04"))

    assert ["2026", "≥0", "0", "≥0", "—", "—", *[""] * 8] == figures(chart)[0]
    assert (4, 1, 2) == (shaded(chart), outlines(chart, "partial"), outlines(chart, "unobserved"))
    fills = {path.get("fill") for path in chart.iterfind(".//div/svg/path") if path.get("class") != "axis"}
    assert {SHADES[0], "url(#years-partial)", "url(#years-unobserved)"} == fills


def test_hatches_lie_over_shades_so_that_no_count_hides_them() -> None:
    states = {"2019-05": "partial", "2019-06": "unobserved"}
    drawn = years({"2019-05": 9, "2019-06": 9, "2026-01": 1}, states).findall(".//div/svg/path[@fill]")
    hatched = ["url(" in path.get("fill", "") for path in drawn if path.get("class") != "axis"]

    assert sorted(hatched) == hatched
    assert 2 == sum(hatched)


def test_where_no_months_are_drawn_there_is_no_legend_of_them() -> None:
    assert years({"2026-01": 1}).find(".//p[@class='legend']") is None
    assert years({"2026-01": 1}, {}).find(".//p[@class='legend']") is not None


def test_a_year_is_a_plain_figure_only_when_all_its_months_were_collected() -> None:
    whole = dict.fromkeys(months_from("2020-01", "2022-12"), "complete")
    chart = years({"2020-01": 1, "2021-05": 2, "2022-12": 3}, whole | {"2021-07": "partial"})

    assert ["1", "≥2", "3"] == [row[1] for row in figures(chart)]


def test_counts_that_no_coverage_belongs_to_are_plain_and_have_no_hatch() -> None:
    chart = years({"2019-05": 2, "2026-11": 1})

    assert "≥" not in "".join(map("".join, figures(chart)))
    assert 0 == outlines(chart, "unobserved") + outlines(chart, "partial")


def test_a_short_span_has_a_bar_a_month_and_a_long_one_a_bar_a_year() -> None:
    short = years({"2025-01": 1, "2026-12": 1})
    long = years({"2025-01": 1, "2027-01": 1})

    assert (24, 3) == tuple(len(chart.findall(".//rect[@class='bar-of']")) for chart in (short, long))


def test_a_bar_is_as_tall_as_its_count() -> None:
    bars = [float(bar.get("height", "")) for bar in years({"2024-01": 10, "2025-01": 5, "2026-06": 0}).iterfind(
        ".//rect[@class='bar-of']"
    )]  # fmt: skip

    assert bars[0] == 2 * bars[1]
    assert 0 == bars[2]


def test_each_bar_leads_where_it_is_said_and_says_its_count() -> None:
    chart = years({"2024-01": 10, "2026-01": 5}, link=lambda period: f"/search?q=a&b&year={period}")

    assert ["/search?q=a&b&year=2024", "/search?q=a&b&year=2025", "/search?q=a&b&year=2026"] == [
        link.get("href") for link in chart.iter("a")
    ]
    assert "2024: 10" == next(chart.iter("a")).get("aria-label")


def test_a_chart_with_links_in_it_is_no_image_for_an_image_hides_them() -> None:
    plain, linked = years({"2024-01": 1}), years({"2024-01": 1}, link=str)

    assert ["img", "group"] == [chart.find(".//div/svg").get("role") for chart in (plain, linked)]


def test_years_past_counting_are_said_not_drawn_and_so_are_those_without_a_date() -> None:
    note = years({"1900-01": 7, "2026-01": 1}, undated=3).find(".//p[@class='hint']")

    assert note is not None
    assert "7 earlier ones are not drawn. 3 have no date." in (note.text or "")


@pytest.mark.parametrize("undated", [0, 3])
def test_nothing_to_count_is_a_sentence(undated: int) -> None:
    chart = years({}, {}, undated=undated)

    assert chart.find(".//svg") is None
    assert (str(undated) if undated else "nothing") in "".join(chart.itertext())


def test_a_strip_has_every_month_of_every_row_and_the_rows_keep_their_own_states() -> None:
    strips = [
        Strip(label="通知", counts={"2024-03": 2}, states={"2024-03": "complete", "2026-02": "partial"}),
        Strip(label="公告", counts={}, states={}),
    ]
    chart = ET.fromstring(heat_strip(strips, in_chinese, name="strip", title=TITLE, head=HEAD))

    assert 2 * 26 == shaded(chart)
    assert (1, 24 + 26) == (outlines(chart, "partial"), outlines(chart, "unobserved"))
    assert ["通知", "2024", "≥2", "—", "—", "2", *["—"] * 9] == figures(chart)[0]
    assert ["公告", "2026", "—", "—", "—", *[""] * 10] == figures(chart)[-1]


def test_a_source_without_coverage_is_a_sentence() -> None:
    made = heat_strip([], in_english, name="strip", title=TITLE, head=HEAD)

    assert "There is nothing to draw." in made


def test_a_strip_of_hundreds_of_rows_and_decades_stays_small() -> None:
    strips = [Strip(label=f"栏目{row}", counts=MANY, states=MANY_STATES) for row in range(300)]
    made = heat_strip(strips, in_english, name="strip", title=TITLE, head=HEAD)

    assert f"{300 - MOST_ROWS} more rows are not drawn. Earlier months are not drawn." in made
    assert MOST_CELLS >= shaded(ET.fromstring(made)) > MOST_CELLS / 2
    assert 250_000 > len(made)


MANY_STATES = dict.fromkeys(MANY, "complete")


def test_hostile_labels_are_text_in_every_chart() -> None:
    strip = Strip(label=HOSTILE, counts={"2026-01": 1}, link="javascript:<b>")
    made = (
        year_bars(strip, in_chinese, name="a", title=HOSTILE, link=lambda _: HOSTILE),
        heat_strip([strip], in_chinese, name="b", title=HOSTILE, head=HOSTILE),
        distribution(
            [(Words(HOSTILE, HOSTILE), 1)], in_chinese, name="c", title=HOSTILE, head=HOSTILE, counted=HOSTILE
        ),
    )
    for chart in made:
        tree = ET.fromstring(chart)

        assert "栏目<b>&\"']]>" == tree.findtext("figcaption")
        assert [] == tree.findall(".//b")


@pytest.mark.parametrize("say", [in_chinese, in_english])
def test_no_chart_has_a_script_a_style_attribute_or_an_id_of_another(say: Callable[[Words], str]) -> None:
    strip = Strip(label="x", counts={"2026-01": 1}, states={})
    made = Markup().join(
        (
            year_bars(strip, say, name="a", title=TITLE),
            heat_strip([strip], say, name="b", title=TITLE, head=HEAD),
            distribution([(Words("栏目", HEAD), 1)], say, name="c", title=TITLE, head=HEAD, counted=HEAD),
            meter(1, 3),
        )
    )
    ids = re.findall(r' id="([^"]+)"', made)

    assert "<script" not in made
    assert "style=" not in made
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", made)) <= set(ids)


def test_a_distribution_keeps_the_order_of_its_groups() -> None:
    groups = [(Words("当天", "same day"), 4), (Words("1 天", "1 day"), 0), (Words("更久", "more"), 1)]
    made = distribution(groups, in_english, name="lag", title=TITLE, head=HEAD, counted=TITLE)
    chart = ET.fromstring(made)

    assert [["same day", "4"], ["1 day", "0"], ["more", "1"]] == figures(chart)
    assert "same day: 4; 1 day: 0; more: 1" == chart.findtext(".//desc")


@pytest.mark.parametrize(("part", "whole", "width"), [(0, 0, 0), (0, 5, 0), (1, 4, 24.75), (5, 5, 99), (9, 5, 99)])
def test_a_meter_is_as_long_as_the_share(part: int, whole: int, width: float) -> None:
    filled = ET.fromstring(meter(part, whole)).findall("rect")[1]

    assert width == float(filled.get("width", ""))


@pytest.mark.parametrize("most", [0, 1, 2, 3, 4, 5, 12, 100, 99999])
def test_more_is_never_lighter_and_none_is_always_the_lightest(most: int) -> None:
    shades = [shade_of(count, steps_to(most)) for count in range(min(most, 200) + 1)]

    assert all(before <= after for before, after in pairwise(shades))
    assert [0] == [count for count, shade in enumerate(shades) if shade == 0]
    assert len(SHADES) - 1 == shade_of(most, steps_to(most)) or not most
