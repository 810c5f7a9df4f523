"""Articles that a site splits over several pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from archive.extract import join_parts, read
from archive.extract.parts import Parts, find_parts
from archive.page import open_page
from archive.records import Page
from tests.archive.test_extract import open_case

FIRST = "http://mzj.linjiang.example/tzgg/201904/t20190411_524573865.html"


def paged(script: str, url: str = FIRST) -> Page:
    """A page with a pager and a line of text."""
    html = f"<body><p>请各单位按时报送材料，逾期不候。</p><script>{script}</script></body>"
    return open_page(url, html.encode(), (("Content-Type", "text/html"),))


@pytest.mark.parametrize("name", ["index", "list", "t20190411_1"])
def test_a_pager_that_names_another_page_splits_nothing(name: str) -> None:
    assert find_parts(paged(f'createPageHTML(5, 0, "{name}", "html");')) == Parts()


@pytest.mark.parametrize("url", ["index.html", "list.html"])
def test_a_list_is_no_split_article(url: str) -> None:
    name = url.partition(".")[0]

    assert find_parts(paged(f'createPageHTML(5, 0, "{name}", "html");', f"http://a.example/tzgg/{url}")) == Parts()


def test_an_article_of_one_page_or_of_thousands_is_not_split() -> None:
    for pages in (1, 5000):
        assert find_parts(paged(f'createPageHTML({pages}, 0, "t20190411_524573865", "html");')) == Parts()


def test_a_first_page_that_prints_1_is_followed_by_2() -> None:
    found = find_parts(paged("createPageHTML(3, 1, 't20190411_524573865', 'html')"))

    assert [url.rpartition("/")[2] for url in found.parts] == [f"t20190411_524573865_{n}.html" for n in (2, 3)]


def test_what_only_the_last_part_says_is_the_articles() -> None:
    first, last = read(open_case("trs/split-article")), read(open_case("trs/split-article-part"))
    joined = join_parts(first, [last])

    assert (first.written_on, joined.written_on) == (None, date(2019, 4, 8))
    assert joined.text == f"{first.text}\n{last.text}"
    assert joined.evidence["written_on"] == last.evidence["written_on"]


def test_a_joined_article_cites_what_its_later_parts_cite_and_not_what_it_carries() -> None:
    first, last = read(open_case("trs/split-article")), read(open_case("trs/split-article-part"))
    said = f"{last.text}\n《殡葬服务规范》施行后，《旧殡葬服务办法》同时废止。"
    joined = join_parts(first, [replace(last, text=said)])

    assert first.citations == ()
    assert [("repeals", "旧殡葬服务办法")] == [(one.kind, one.title) for one in joined.citations]
    assert joined.evidence["citations"] == "body"
