"""Tables within a text: which hold data, how their rows are printed, and what is drawn of them."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from archive.extract import join_parts, read
from archive.page import open_page
from archive.records import Reading
from archive.text import tidy

SENTENCE = "为做好冬季救助工作，现将有关名单予以公布，请各单位遵照执行，并做好宣传解释工作。"
WORDS = st.text("民政局低保12|a<&\u00a0\u3000\u00ad ", max_size=8).map(lambda text: text.replace("<", "&lt;"))
CELL = st.builds(
    "<{2}{0}>{1}</{2}>".format,
    st.sampled_from(["", " colspan=2", " rowspan=2", " rowspan='999999'", " colspan=x", " style='display:none'"]),
    st.one_of(WORDS, st.lists(WORDS, max_size=3).map(lambda texts: "".join(f"<p>{text}</p>" for text in texts))),
    st.sampled_from(["td", "th"]),
)
ROW = st.lists(CELL, max_size=4).map(lambda cells: f"<tr>{''.join(cells)}</tr>")
TABLE = st.lists(ROW, max_size=4).map(lambda rows: f"<table onclick='x()'><script>x()</script>{''.join(rows)}</table>")
PARAGRAPH = st.sampled_from([f"<p>{SENTENCE}</p>", "<p>\u00ad</p>", "<p>附表：</p>", "<br>"])
BODY = st.lists(st.one_of(PARAGRAPH, TABLE, TABLE.map(lambda table: f"<table><tr><td>{table}</td></tr></table>")))


def reading_of(body: str) -> Reading:
    """The reading of a page with this body in a known container."""
    html = f"<h1>冬季救助名单公示</h1><div class='TRS_Editor'><p>{SENTENCE}</p>{body}</div>"
    return read(open_page("http://mzj.shuixi.example/a/1.html", html.encode(), (("Content-Type", "text/html"),)))


def text_of(html: str) -> str:
    """The words of a drawn table."""
    return re.sub(r"[\s|｜]+", "", re.sub("<[^<>]*>", "", html).replace("&lt;", "<").replace("&amp;", "&"))


@given(BODY)
def test_the_lines_of_a_table_show_its_words_and_no_two_tables_overlap(pieces: list[str]) -> None:
    reading = reading_of("".join(pieces))
    lines = reading.text.split("\n")
    end = 0
    for table in reading.tables:
        shown = "".join(lines[table.first : table.last])

        assert end <= table.first < table.last <= len(lines)
        assert text_of(table.html) == re.sub(r"[\s|｜]+", "", shown)
        end = table.last


@given(BODY)
def test_a_drawn_table_has_nothing_but_rows_cells_spans_and_breaks(pieces: list[str]) -> None:
    for table in reading_of("".join(pieces)).tables:
        tags = re.findall("<[^<>]*>", table.html)

        assert not re.sub(r"<(?:/?(?:table|tr|td|th)|br|t[dh](?: (?:col|row)span=\"\d+\")+)>", "", "".join(tags))


@given(BODY)
def test_a_text_with_tables_is_tidy(pieces: list[str]) -> None:
    text = reading_of("".join(pieces)).text

    assert text == tidy(text)
    assert "\n\n" not in text


@given(st.lists(BODY, min_size=1, max_size=3))
def test_the_tables_of_a_split_article_stand_where_its_parts_have_them(bodies: list[list[str]]) -> None:
    readings = [reading_of("".join(pieces)) for pieces in bodies]
    joined = join_parts(readings[0], readings[1:])
    lines = joined.text.split("\n")
    shown = [lines[table.first : table.last] for table in joined.tables]

    assert shown == [
        reading.text.split("\n")[table.first : table.last] for reading in readings for table in reading.tables
    ]


def test_a_table_and_its_rows_without_borders_have_one_digest() -> None:
    from archive.text import text_digest

    assert text_digest("序号 | 金额\n1 | 3000\n| 1500") == text_digest("序号 金额\n1 3000\n1500")
