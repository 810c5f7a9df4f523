"""The Datasette plugin on the stock pages: search, facets, headers, and quiet where nothing is ours."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import datasette
import pytest
from datasette.app import Datasette

from archive.browse.policies import stock_policy
from archive.browse.serve import make_datasette
from archive.browse.statements import canned_queries
from archive.browse.stock.defaults import merge
from archive.text import fold
from tests.browsing import Browser, traced
from tests.build import PORTAL, a_notice, a_source, an_archive


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """An archive of a few notices, with decoys for every search."""
    path = tmp_path_factory.mktemp("library") / "notices.db"
    db = an_archive(path)
    a_source(db, "zhuanzai", kind="portal", agency="示例转载网", home=PORTAL)
    a_notice(
        db,
        "关于提高城乡低保标准的通知",
        "各区县民政局：\n从本月起提高低保标准。\n附件：标准表",
        document_number="示民发〔2021〕15号",
        document_type="通知",
        published_on="2021-03-01",
        province="示例省",
    )
    a_notice(
        db,
        "关于推进养老服务发展的意见",
        "发展养老服务，依据示民发〔2021〕15号执行。",
        document_type="意见",
        published_on="2022-05-06",
        province="示例省",
    )
    a_notice(db, "關於養老機構的公告", "養老服務機構名單如下。", document_type="公告", published_on="2020-01-02")
    a_notice(db, "地名公告", "示地字〔2021〕115号，命名若干道路。低，保障房一词不在此列。", document_type="公告")
    a_notice(db, "社会组织年检", "年检结论见附件，服务热线照旧。养护老旧小区不算。", published_on="2022-07-08")
    db.close()
    browser = Browser(make_datasette(path))
    yield browser
    browser.close()


def brute_force(browser: Browser, search: str) -> set[str]:
    rows = browser.get("/notices/notices.json?_shape=array&_size=max").json()
    blank = str.maketrans("", "", " ")
    return {
        row["id"]
        for row in rows
        if any(fold(search) in fold(row[name] or "").translate(blank) for name in ("title", "text", "document_number"))
    }


@pytest.mark.parametrize("search", ["低保", "养老服务", "民", "〔2021〕15号", "養老", "养", "标准的通知", "没有的词"])
def test_the_stock_search_box_finds_what_a_scan_finds(library: Browser, search: str) -> None:
    expected = brute_force(library, search)

    assert expected == library.found(search)


def test_the_searches_of_these_tests_find_some_and_not_all(library: Browser) -> None:
    sizes = {search: len(library.found(search)) for search in ("低保", "养老服务", "民", "〔2021〕15号", "養老")}

    assert all(0 < size < 5 for size in sizes.values()), sizes


def test_a_blank_search_lists_everything(library: Browser) -> None:
    assert len(library.found("")) == 5


@pytest.mark.parametrize(
    "search",
    [
        '"',
        '"低保',
        "NEAR(低 保",
        "title:低保",
        "*",
        "低*",
        "C%2B%2B",
        "e-mail",
        "(" * 500,
        "%00",
        "-",
        "低保 OR",
        "%EE%80%80",
    ],
)
def test_nothing_that_is_typed_is_an_error(library: Browser, search: str) -> None:
    for page in ("/notices/notices?_search=", "/notices/search?q="):
        assert library.get(page + search).status_code == 200


def test_a_search_in_one_column_finds_only_there(library: Browser) -> None:
    answer = library.get("/notices/notices.json?_shape=array&_search_title=低保")

    assert [row["title"] for row in answer.json()] == ["关于提高城乡低保标准的通知"]


def test_found_words_are_marked_in_title_and_text(library: Browser) -> None:
    page = library.get("/notices/notices?_search=低保").text

    assert "提高城乡<mark>低保</mark>标准" in page
    assert "本月起提高<mark>低保</mark>标准" in page


def test_titles_and_ids_of_notices_link_to_their_page(library: Browser) -> None:
    (found,) = library.found("低保")

    assert library.get("/notices/notices").text.count(f'href="/notice/{found}"') == 2


def test_facets_appear_without_being_asked_for(library: Browser) -> None:
    page = library.get("/notices/notices").text

    for facet in ("source", "province", "year", "document_type"):
        assert f'id="facet-{facet}"' in page


def test_machinery_is_not_listed(library: Browser) -> None:
    answer = library.get("/notices.json").json()
    shown = {table["name"] for table in answer["tables"] if not table["hidden"]}
    shown |= set(re.findall(r'<li><a href="/notices/(\w+)">', library.get("/notices").text))

    assert {"notices", "copies", "captures"} <= shown
    assert not shown & {
        "dirty",
        "entries",
        "archive_state",
        "_sqlite_migrations",
        "notices_fts",
        "notices_fts_src",
        "facets_src",
    }


def test_the_ranked_search_is_a_canned_query_with_snippets(library: Browser) -> None:
    page = library.get("/notices/search?q=养老服务").text

    assert "<mark>养老服务</mark>发展" in page
    assert "<mark>養老服務</mark>機構" in page
    assert page.count('href="/notice/') >= 4


def test_a_canned_query_without_words_lists_notices(library: Browser) -> None:
    assert library.get("/notices/search.json?_shape=array&q=").status_code == 200


@pytest.mark.parametrize(
    "page",
    [
        "/notices",
        "/notices/notices",
        "/notices/notices.json",
        "/notices/search?q=x",
        "/-/static/app.css",
        "/nothing",
    ],
)
def test_stock_pages_carry_the_headers(library: Browser, page: str) -> None:
    headers = library.get(page).headers

    nonce = re.search("'nonce-([^']{16,})'", headers["content-security-policy"])
    assert nonce is not None
    assert headers["content-security-policy"] == stock_policy(nonce[1])
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_stylesheet_is_where_the_pages_look_for_it(library: Browser) -> None:
    path = "/-/static-plugins/minzheng-archive/archive.css"

    assert path in library.get("/notices/notices").text
    assert path in library.get(f"/notice/{next(iter(library.found('低保')))}").text
    assert library.get(path).status_code == 200


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """Someone else's database, with a search of its own and a table that is called like our page."""
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as conn:
        conn.executescript(
            """
            create table notice (id integer primary key, title text, text text);
            insert into notice values (1, 'Shoes', 'Red shoes for sale'), (2, 'Hats', 'Blue hats');
            create virtual table notice_fts using fts5(title, text, content="notice", content_rowid="id");
            insert into notice_fts(notice_fts) values ('rebuild');
            """
        )
    conn.close()
    return path


def test_a_foreign_database_keeps_its_search_pages_and_headers(foreign: Path) -> None:
    browser = Browser(Datasette([str(foreign)]))

    found = browser.get("/shop/notice.json?_shape=array&_search=shoes").json()
    assert [row["id"] for row in found] == [1]
    assert "Red shoes" in browser.get("/shop/notice/1").text
    answer = browser.get("/shop/notice")
    assert "content-security-policy" not in answer.headers
    assert "archive.css" not in answer.text
    assert browser.get("/notice/abc").status_code == 404
    browser.close()


def test_a_foreign_database_beside_an_archive_keeps_its_search_and_pages(foreign: Path, tmp_path: Path) -> None:
    path = tmp_path / "notices.db"
    notice = traced(path)["notice"]
    browser = Browser(Datasette([str(foreign), str(path)]))

    assert [row["id"] for row in browser.get("/shop/notice.json?_shape=array&_search=shoes").json()] == [1]
    assert "Red shoes" in browser.get("/shop/notice/1").text
    assert browser.get(f"/notice/{notice}").status_code == 200
    browser.close()


def test_each_archive_served_has_pages_under_its_own_name(tmp_path: Path) -> None:
    first, second = tmp_path / "one.db", tmp_path / "two.db"
    an_archive(first).close()
    notice = traced(second)["notice"]
    browser = Browser(Datasette([str(first), str(second)]))

    assert browser.get(f"/notice/{notice}").status_code == 404
    assert browser.get(f"/two/-/notice/{notice}").status_code == 200
    assert f'href="/two/-/notice/{notice}"' in browser.get("/two/notices").text
    assert browser.get("/two/-/notice/aaaabbbbcccc").headers["location"] == f"/two/-/notice/{notice}"
    browser.close()


def test_no_page_of_ours_stands_where_a_table_or_query_is(library: Browser) -> None:
    tables = [table["name"] for table in library.get("/notices.json").json()["tables"]]

    for name in [*tables, *(query.name for query in canned_queries())]:
        assert "Datasette" in library.get(f"/notices/{name}").text.partition("<footer")[2]
        assert 'class="minzheng"' not in library.get(f"/notices/{name}").text


def test_defaults_hold_in_plain_datasette_and_the_user_overrules_them(tmp_path: Path) -> None:
    path = tmp_path / "mine.db"
    traced(path)
    metadata = {"databases": {"mine": {"tables": {"notices": {"facets": ["city"]}}, "queries": {"one": "select 1"}}}}
    newer: dict[str, Any] = {} if datasette.__version__.startswith("0.") else {"config": metadata}
    browser = Browser(Datasette([str(path)], metadata=metadata, **newer))

    page = browser.get("/mine/notices").text
    assert 'id="facet-city"' in page
    assert 'id="facet-year"' not in page
    assert "<h1>通知公告</h1>" in page
    assert browser.get("/mine/search?q=低保").status_code == 200
    assert browser.get("/mine/one").status_code == 200
    browser.close()


def test_merging_changes_neither_side() -> None:
    under: dict[str, Any] = {"a": {"b": 1, "c": [1]}}
    over: dict[str, Any] = {"a": {"c": [2]}, "d": 4}

    assert merge(under, over) == {"a": {"b": 1, "c": [2]}, "d": 4}
    assert (under, over) == ({"a": {"b": 1, "c": [1]}}, {"a": {"c": [2]}, "d": 4})
