"""List pages under `tests/pages/<family>/list-*`, a test per case and field; and the laws that every family keeps.

A case holds `page.html`, or `answer.*` where the list is data.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.page import open_data, open_page
from archive.records import Channel, Page
from crawler.families import FAMILIES, Unreadable
from crawler.families.anchors import MOST_LINKS
from crawler.lists import Listing

PAGES = Path(__file__).parents[1] / "pages"
CASES = {f"{case.parent.name}/{case.name}": case for case in sorted(PAGES.glob("*/list-*"))}
EXPECTED = {name: json.loads((case / "expected.json").read_text(encoding="utf-8")) for name, case in CASES.items()}
READABLE = [(name, field) for name, expected in EXPECTED.items() for field in expected.get("listing", ())]
UNREADABLE = [name for name, expected in EXPECTED.items() if "unreadable" in expected]


@pytest.mark.parametrize(("name", "field"), READABLE, ids=[f"{name} :: {field}" for name, field in READABLE])
def test_a_list_page_reads_as_written_beside_it(name: str, field: str) -> None:
    listing = as_json(read_case(name))

    assert EXPECTED[name]["listing"][field] == listing[field], f"tests/pages/{name} :: {field}"


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_page_without_a_list_says_what_was_looked_for(name: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_case(name)

    assert EXPECTED[name]["unreadable"] in str(caught.value)
    assert EXPECTED[name]["url"] in str(caught.value)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_walk_starts_with_the_channels_own_address(family: str) -> None:
    channel = make_channel("https://mzj.shuixi.example/xw/tzgg/", family, {"item": "li"})

    (ask,) = FAMILIES[family].first(channel)

    assert ("https://mzj.shuixi.example/xw/tzgg/", "list", channel, 1) == (ask.url, ask.kind, ask.channel, ask.page)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_refuses_an_option_it_does_not_have(family: str) -> None:
    wrong = FAMILIES[family].check({"item": "li", "itme": "li"})

    assert any("unknown option 'itme'" in sentence for sentence in wrong)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_page_of_nothing_is_unreadable(family: str) -> None:
    page = make_page("https://mzj.shuixi.example/", "<html><body><p>维护中</p></body></html>")

    with pytest.raises(Unreadable):
        FAMILIES[family].read(page, make_channel(page.url, family, {"item": "li"}))


def test_a_trs_walk_asks_each_page_once_and_none_past_the_total() -> None:
    asked = walk("trs", pages=4, current=0, options={})

    assert ["index.html", "index_1.html", "index_2.html", "index_3.html"] == asked


def test_a_trs_walk_that_counts_from_one_asks_all_pages_when_the_channel_says_so() -> None:
    asked = walk("trs", pages=4, current=1, options={"counts_from": "1"})

    assert ["index.html", "index_2.html", "index_3.html", "index_4.html"] == asked


def test_a_trs_list_of_one_page_has_no_further_page() -> None:
    assert ["index.html"] == walk("trs", pages=1, current=0, options={})


def test_a_pager_that_counts_from_one_unsaid_is_a_doubt() -> None:
    listing = read_case("trs/list-counts-from-one")

    assert any("counts_from" in doubt for doubt in listing.doubts)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "option 'item' is missing"),
        ({"item": "li[["}, "item = 'li[[' is no CSS selector"),
        ({"item": "li", "date_pattern": "(\\d+"}, "no regular expression with one group"),
        ({"item": "li", "date_pattern": "\\d+"}, "no regular expression with one group"),
        ({"item": "li", "pages": "index.html", "total": "(\\d+)"}, "has no {n}"),
        ({"item": "li", "pages": "index_{n}.html"}, "option 'total' is missing"),
        ({"item": "li", "pages": "i_{n}.html", "total": "(\\d)", "next": "a"}, "'next' and 'pages' are both given"),
        ({"item": "li", "second": "two"}, "second = 'two' is no number"),
        ({"itm": "li"}, "unknown option 'itm' (did you mean 'item'?); family links has date"),
    ],
)
def test_options_of_links_are_checked_before_anything_is_asked(options: dict[str, str], message: str) -> None:
    assert message in "; ".join(FAMILIES["links"].check(options))


def test_numbered_pages_of_links_end_at_the_stated_total() -> None:
    options = {"item": "li", "pages": "index_{n}.html", "total": "共(\\d+)页"}
    html = '<ul><li><a href="a1.html">公告</a></li></ul>共3页'

    asks = [
        FAMILIES["links"].read(make_page(url, html), make_channel(url, "links", options)).asks
        for url in ("http://a.example/l/", "http://a.example/l/index_2.html", "http://a.example/l/index_3.html")
    ]

    assert [["http://a.example/l/index_2.html"], ["http://a.example/l/index_3.html"], []] == [
        [ask.url for ask in found] for found in asks
    ]


def walk(family: str, *, pages: int, current: int, options: dict[str, str]) -> list[str]:
    """Names of the list pages that a walk asks, the site printing `createPageHTML(pages, current…)` on each."""
    channel = make_channel("https://mzj.shuixi.example/xw/index.html", family, options)
    asks = list(FAMILIES[family].first(channel))
    names = []
    for ask in asks:
        name = ask.url.rsplit("/", 1)[-1]
        number = int(name.removeprefix("index_").removesuffix(".html")) if "_" in name else current
        rows = "".join(
            f'<li><a href="./202401/t2024010{day}_{number}00{day}.html">第{number}页第{day}条通知</a>2024-01-02</li>'
            for day in (1, 2, 3)
        )
        script = f'<script>createPageHTML({pages}, {number}, "index", "html");</script>'
        page = make_page(ask.url, f"<html><body><ul>{rows}</ul>{script}</body></html>")
        names.append(name)
        asks.extend(FAMILIES[family].read(page, channel).asks)
        assert len(names) <= pages + 1
    return names


@pytest.mark.parametrize(
    ("number", "articles", "total", "asked"),
    [(1, 100, 250, [2]), (2, 100, 250, [3]), (3, 50, 250, []), (2, 99, 250, [3]), (1, 20, 50, [2, 3]), (1, 5, 5, [])],
)
def test_a_gkmlpt_walk_asks_each_page_of_the_data_up_to_its_total(
    number: int, articles: int, total: int, asked: list[int]
) -> None:
    url = f"http://a.example/gkmlpt/api/all/0?page={number}&sid=7"
    rows = [{"title": "通知", "url": f"/gkmlpt/content/post_{row}.html"} for row in range(articles)]
    page = open_data(url, json.dumps({"total": total, "articles": rows}).encode(), ())

    listing = FAMILIES["gkmlpt"].read(page, make_channel(url, "gkmlpt", {}))

    assert asked == [ask.page for ask in listing.asks]


@pytest.mark.parametrize("family", ["trs", "auto"])
def test_a_page_of_more_links_than_any_list_has_is_none(family: str) -> None:
    channel = make_channel("http://mzj.shuixi.example/", family, {})
    links = '<a href="/t20210902_1.html">关于做好一件工作的通知</a>' * (MOST_LINKS + 1)

    with pytest.raises(Unreadable, match=f"more than {MOST_LINKS} links"):
        FAMILIES[family].read(make_page(channel.url, links), channel)


def read_case(name: str) -> Listing:
    family, expected = name.partition("/")[0], EXPECTED[name]
    answer = next(CASES[name].glob("answer.*"), None)
    if answer is None:
        page = open_page(expected["url"], (CASES[name] / "page.html").read_bytes(), (("Content-Type", "text/html"),))
    else:
        page = open_data(expected["url"], answer.read_bytes(), ())
    return FAMILIES[family].read(page, make_channel(page.url, family, expected.get("options", {})))


def make_page(url: str, html: str) -> Page:
    return open_page(url, html.encode(), (("Content-Type", "text/html; charset=utf-8"),))


def make_channel(url: str, family: str, options: dict[str, str]) -> Channel:
    return Channel(source="shuixi", name="通知公告", url=url, family=family, options=options)


def as_json(listing: Listing) -> dict[str, object]:
    return {
        "entries": [
            {"url": entry.url, "title": entry.title, "date_raw": entry.date_raw}
            | ({"fields": dict(entry.fields)} if entry.fields else {})
            for entry in listing.entries
        ],
        "asks": [
            {"url": ask.url, "page": ask.page}
            | ({"method": ask.method, "body": ask.body.decode("ascii")} if ask.method != "GET" else {})
            for ask in listing.asks
        ],
        "pages": listing.pages,
        "total": listing.total,
        "doubts": list(listing.doubts),
    }
