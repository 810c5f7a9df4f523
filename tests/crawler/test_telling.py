"""The family of a page, told from the page alone: every list of the fixtures, and no article among them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.page import open_data, open_page
from archive.records import Page
from crawler.families.telling import tell_families, why_none

PAGES = Path(__file__).parents[1] / "pages"
EXPECTED = {path.parent: json.loads(path.read_text("utf-8")) for path in sorted(PAGES.glob("*/*/expected.json"))}
LISTS = {f"{case.parent.name}/{case.name}": case for case, expected in EXPECTED.items() if "listing" in expected}
ARTICLES = [
    case for case, expected in EXPECTED.items() if expected.get("kind") == "article" and (case / "page.html").exists()
]
FILLED = [name for name in LISTS if "/list-empty" not in name]
OTHERS = {"links/list-table": "auto", "links/list-titled-links": "nxcx", "auto/list-front-page": "hanweb"}
"""Cases that another family reads as well: selectors stand on no page, and any family's list is one for `auto`."""


def read_case(case: Path) -> Page:
    (file,) = [path for path in case.iterdir() if path.stem in ("page", "answer")]
    if file.suffix == ".html":
        return open_page(EXPECTED[case]["url"], file.read_bytes(), (("Content-Type", "text/html"),))
    return open_data(EXPECTED[case]["url"], file.read_bytes(), ())


@pytest.mark.parametrize("name", FILLED)
def test_a_list_is_told_as_of_its_own_family(name: str) -> None:
    page = read_case(LISTS[name])
    first = tell_families(page)[0]

    assert OTHERS.get(name, name.partition("/")[0]) == first.family


def test_what_a_family_needs_to_be_told_is_told_with_it() -> None:
    told = {name: dict(tell_families(read_case(LISTS[name]))[0].options) for name in FILLED}

    assert {
        "trs/list-counts-from-one": {"counts_from": "1"},
        "hanweb/list-column-with-store": {"unit": "88002"},
        "jpaas/list-column": {"tag": "当前栏目_list"},
    } == {name: options for name, options in told.items() if options}


def test_a_list_that_a_script_of_its_own_asks_for_is_tried_at_every_path() -> None:
    page = read_case(PAGES / "ucap" / "list-script-elsewhere")
    told = tell_families(page)

    assert [("ucap", path) for path in ("/common/search/", "/search/", "/searchList/")] == [
        (one.family, one.options["api"]) for one in told
    ]


def test_the_blocks_of_a_page_are_tried_from_the_likeliest_on() -> None:
    told = tell_families(read_case(PAGES / "jpaas" / "list-named-block"))

    assert ["当前栏目_list", "左侧导航"] == [one.options["tag"] for one in told]


def test_of_a_page_that_no_family_reads_it_is_said_why() -> None:
    page = read_case(PAGES / "plain" / "application-shell")

    assert () == tell_families(page)
    assert "stub: shell of a script application" == why_none(page)


@pytest.mark.parametrize("case", ARTICLES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_an_article_is_no_list(case: Path) -> None:
    page = read_case(case)

    assert () == tell_families(page)
