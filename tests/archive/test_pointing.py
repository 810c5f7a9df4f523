"""Where a value was read is found in the source of every family's pages, or nothing is said of it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from archive.browse.capture.pointing import point_at, printed_as
from archive.browse.capture.source_lines import PAGE, WIDTH, window
from archive.extract import read
from archive.page import Unreadable, open_page
from archive.store.revisions import _fields

PAGES = Path(__file__).parents[1] / "pages"


class Case(NamedTuple):
    """A page's source, the fields of its reading as a revision keeps them, and its text."""

    name: str
    source: str
    fields: dict[str, Any]
    text: str

    def found(self, field: str) -> str | None:
        """The piece of the source that is pointed at."""
        span = point_at(self.source, self.fields["evidence"][field], printed_as(field, self.fields, self.text))
        return None if span is None else self.source[slice(*span)]


@cache
def cases() -> tuple[Case, ...]:
    return tuple(read_cases())


def read_cases() -> Iterator[Case]:
    for path in sorted(PAGES.glob("*/*/page.html")):
        try:
            page = open_page("http://mz.shili.example/1.html", path.read_bytes(), (("Content-Type", "text/html"),))
        except Unreadable:
            continue
        reading = read(page)
        fields = json.loads(json.dumps(_fields(reading), ensure_ascii=False))
        yield Case(f"{path.parent.parent.name}/{path.parent.name}", page.html, fields, reading.text)


def case(name: str) -> Case:
    return next(one for one in cases() if one.name == name)


@pytest.mark.parametrize(
    ("name", "field", "shown"),
    [
        ("trs/two-titles", "title", "ArticleTitle"),
        ("anhui/openness-content", "document_number", "皖西民务字〔2024〕16号"),
        ("anhui/openness-content", "published_on", "2024-04-08 16:40"),
        ("boda/letter-of-reply", "document_number", "保民函〔二○二三〕45号"),
        ("hanweb/source-cut-to-a-character", "attribution", "ContentSource"),
        ("trs/chinese-digits-with-letters", "effective_on", "二○二一年十二月一日"),
        ("media/day-in-linked-data", "published_on", '"pubDate"'),
        ("dede/article", "author", "李示例"),
        ("gkmlpt/abolished-and-unix-day", "site_name", "SiteName"),
    ],
)
def test_a_field_is_pointed_at_where_its_evidence_says(name: str, field: str, shown: str) -> None:
    found = case(name).found(field)

    assert found is not None
    assert shown in plain(found) or shown in found


def test_a_label_leads_to_the_value_behind_it_and_not_to_the_same_words_elsewhere() -> None:
    source = "<h1>有效</h1><p>有效期五年</p><td>时效性</td><td>有效</td>"

    span = point_at(source, "table:时效性", ["有效"])
    assert span == (source.rindex("有效"), source.rindex("有效") + 2)


def test_tags_blanks_and_entities_between_the_characters_do_not_hide_a_value() -> None:
    source = "<p>民发〔<b>2024</b>〕&nbsp;5 号</p>"

    span = point_at(source, "body", ["民发〔2024〕5号"])
    assert "民发〔<b>2024</b>〕&nbsp;5 号" == source[slice(*span)] if span else False


@pytest.mark.parametrize("evidence", ["url", "list", "meta:PubDate", "table:文号", "byline", "body", "", ":", "meta:"])
def test_what_a_source_does_not_show_is_not_pointed_at(evidence: str) -> None:
    for source in ("", "<p>别的话</p>", "<meta name=Other content=2024><title>x</title>", "<" * 50, "&" * 50):
        assert point_at(source, evidence, ["2025-01-01"]) is None
        assert point_at(source, evidence, []) is None


def test_nearly_every_value_of_the_fixtures_is_found_and_what_is_found_shows_it() -> None:
    found: list[tuple[str, str, str]] = []
    missing = wrong = 0
    for one in cases():
        for field, place in one.fields["evidence"].items():
            piece = one.found(field)
            if piece is None:
                missing += place not in {"url", "list"}
                continue
            found.append((one.name, field, piece))
            shown, printed = bare(plain(piece)), printed_as(field, one.fields, one.text)
            wrong += not piece.startswith(("<meta", '"')) and shown not in {bare(words)[:80] for words in printed}

    assert len(found) > 2500
    assert 0 == wrong
    assert missing < 0.02 * len(found)


def test_a_window_has_every_character_once_and_marks_what_is_found() -> None:
    source = "\n".join(("<p>短行</p>", "<b>长行</b>" * WIDTH, "", *("行" for _ in range(PAGE)), "尾"))
    at = source.index("尾")
    shown, starts = "", 0
    while True:
        part = window(source, starts)
        for line in part.lines:
            shown += "" if line.number in {None, 1} else "\n"
            shown += html.unescape(str(line.shown))
        if part.behind is None:
            break
        starts = part.behind

    assert source == shown
    [line] = [line for line in window(source, found=(at, at + 1)).lines if line.is_found]
    assert '<mark id="found">尾</mark>' == line.shown


def test_what_nobody_sees_in_a_source_is_told_by_its_number() -> None:
    [line] = window("a\u202eb\x00<\ufeff").lines

    assert "a\\u202eb\\u0000&lt;\\ufeff" == line.shown


def plain(piece: str) -> str:
    return html.unescape(re.sub(r"<[^<>]*>", "", piece))


def bare(words: str) -> str:
    return re.sub("[\u00ad\u200b-\u200f\u2060\ufeff\u00a0\\s]", "", words)
