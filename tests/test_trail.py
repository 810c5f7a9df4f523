"""What a failing fixture says: expected, came, and for each reader where it looked and what it saw."""

from __future__ import annotations

import pytest

from archive.extract import read
from archive.page import open_page
from tests.archive.test_extract import EXPECTED, open_case
from tests.conftest import told

URL = "http://mzj.example/zwgk/1.html"
LINE = "各区县民政局：自四月起提高城乡低保标准，请遵照执行。"
TEXT = f"<p>{LINE}</p>"


def tell(html: str, field: str, expected: object) -> list[str]:
    """The lines of a message about a page that reads as it does, though something else is expected."""
    page = open_page(URL, html.encode(), (("Content-Type", "text/html; charset=utf-8"),))
    reading = read(page)
    return told("trs/invented", field, expected, getattr(reading, field), page=page, reading=reading).splitlines()


def test_an_unknown_row_of_the_table_is_named() -> None:
    table = "<tr><td>索 引 号：</td><td>0001/2024</td></tr><tr><td>文 档 号 码：</td><td>民发〔2024〕5号</td></tr>"
    html = f"<table>{table}</table><h1>关于低保的通知</h1><div class='TRS_Editor'>{TEXT}</div>"

    trail = f'table: row "文 档 号 码" unknown, rows for 索引号 · body: body:TRS_Editor, 1 lines, {LINE!r}'

    assert [
        "",
        "tests/pages/trs/invented :: document_number",
        "expected  民发〔2024〕5号",
        f"actual    None          {trail}",
    ] == tell(html, "document_number", "民发〔2024〕5号")


def test_the_tags_that_are_there_are_named_beside_those_looked_for() -> None:
    html = f"<meta name='Pub_Day' content='2024-03-01'><h1>关于低保的通知</h1><div class='TRS_Editor'>{TEXT}</div>"

    said = tell(html, "published_on", "2024-03-01")[-1]

    assert "meta: absent (looked for pubdate, publishdate, " in said
    assert "; there: Pub_Day)" in said
    assert "byline: no label for it, no line between title and text" in said
    assert "url: no day in it" in said


def test_a_wrong_value_is_told_with_what_the_others_say() -> None:
    html = (
        "<meta name='PubDate' content='2024-03-09'><meta name='maketime' content='2024-03-10 01:00'>"
        f"<h1>关于低保的通知</h1><p>发布时间：2024-03-01</p><div class='TRS_Editor'>{TEXT}</div>"
    )

    said = tell(html, "published_on", "2024-03-09")[-1]

    assert "read in byline · byline: 发布时间 '2024-03-01'" in said
    assert "meta: PubDate '2024-03-09', made 2024-03-10 01:00" in said


def test_an_unread_byline_is_quoted() -> None:
    html = f"<h1>关于低保的通知</h1><p>录送：市低保中心</p><div class='TRS_Editor'>{TEXT}</div>"

    assert "byline: no label for it, '录送：市低保中心' · " in tell(html, "attribution", "市低保中心")[-1]


def test_a_text_is_told_by_its_first_difference() -> None:
    html = f"<h1>关于低保的通知</h1><div class='TRS_Editor'>{TEXT}</div>"
    page = open_page(URL, html.encode(), (("Content-Type", "text/html; charset=utf-8"),))
    reading = read(page)
    lines = reading.text.split("\n")

    said = told("trs/invented", "text", [lines[0], "另一段"], lines, page=page, reading=reading)

    assert "read in body:TRS_Editor · 1 of 2, the same up to number 1 · body: body:TRS_Editor, 1 lines" in said


@pytest.mark.parametrize("case", EXPECTED)
def test_every_field_of_every_fixture_can_be_told(case: str) -> None:
    page = open_case(case)
    reading = read(page)
    for field, expected in EXPECTED[case].items():
        said = told(case, field, expected, "另一值", page=page, reading=reading)

        assert f"{case} :: {field}" in said
        assert ": " in said.rpartition("另一值")[2]
