"""Datasette's own pages in Chinese and English: which of its words are covered, and what is made of them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import datasette
import pytest
from datasette.app import Datasette
from datasette.filters import Filters
from datasette.utils import tilde_encode
from jinja2 import Environment, PackageLoader
from parsel import Selector

from archive.browse.serve import make_datasette
from archive.browse.stock.loader import StockLoader
from archive.browse.stock.phrases import LOOKUPS, NEWER, PHRASES
from archive.browse.stock.pieces import CODE, NEWER_CODE
from tests.browsing import Browser, traced

TEMPLATES = Path(datasette.__file__).parent / "templates"
PAGES = [
    *("base", "_crumbs", "_footer", "_description_source_license", "_facet_results", "_suggested_facets", "_table"),
    *("index", "database", "table", "row", "query", "error"),
]
"""The templates that a reader sees; the others are for whoever runs the server."""
LEFT_ENGLISH = {"CSV", "Datasette", "Datasette v", "db", "select * from", "select sqlite_version"}
"""Names, the ending of a file and SQL: the same in every language."""

IS_PINNED = datasette.__version__.startswith("0.65.")
is_pinned = pytest.mark.skipif(not IS_PINNED, reason="phrases are pinned to 0.65")


class Visible(HTMLParser):
    """Collects the texts and titles of a template."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._hidden = 0
        shown = re.sub(r"{% block body_class %}.*?{% endblock %}", "", source)
        self.feed(re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", " | ", shown, flags=re.DOTALL))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"script", "style"}
        named = dict(attrs)
        shown = ["title", "placeholder", "aria-label", *(["value"] if named.get("type") == "submit" else [])]
        for name in shown:
            self.handle_data(named.get(name) or "")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            texts = (" ".join(text.split()).strip(" .,:()") for text in data.split("|"))
            self.found |= {text for text in texts if re.fullmatch("[ -~]*[A-Za-z]{2}[ -~]*", text)}


def source_of(name: str) -> str:
    return (TEMPLATES / f"{name}.html").read_text("utf-8")


def in_chinese(source: str) -> str:
    for piece, chinese in sorted(PHRASES, key=lambda phrase: -len(phrase[0])):
        source = source.replace(piece, chinese)
    return source


@is_pinned
def test_every_visible_word_of_the_pinned_version_is_chinese_but_names() -> None:
    before = set().union(*(Visible(source_of(page)).found for page in PAGES))
    left = set().union(*(Visible(in_chinese(source_of(page))).found for page in PAGES))

    assert LEFT_ENGLISH == left
    assert len(before) >= 55


@pytest.mark.parametrize("piece", [piece for piece, _ in ((*PHRASES, *CODE) if IS_PINNED else (*NEWER, *NEWER_CODE))])
def test_every_piece_still_occurs_in_the_version_it_is_for(piece: str) -> None:
    pages = PAGES if IS_PINNED else [path.stem for path in TEMPLATES.glob("*.html")]

    assert any(piece in source_of(page) for page in pages)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path = tmp_path_factory.mktemp("stock") / "notices.db"
    traced(path)
    browser = Browser(make_datasette(path))
    yield browser
    browser.close()


def test_a_table_page_is_wholly_in_the_language_asked_for(room: Browser) -> None:
    path = "/notices/notices?_search=低保&document_number__startswith=示民发&_sort_desc=title&lang="
    zh, en = (room.get(path + code).text for code in ("zh", "en"))

    assert '<html lang="zh-CN">' in zh
    assert "1 行" in zh
    assert "检索“低保”，document_number 开头是 “示民发”，按 title 从大到小排列" in zh
    assert not [word for word in ("Apply", "Next page", "Advanced export", "contains<", "1 row") if word in zh]
    assert '<html lang="en">' in en
    assert "<h1>Notices</h1>" in en
    assert "where search matches &#34;低保&#34; and document_number starts with &#34;示民发&#34; sorted by title" in en


DESCRIBED = re.compile(
    r'<h1.*?</h1>|<div class="metadata-description">.*?</div>|<dl class="column.*?</dl>|<label.*?</label>'
    r'|<ul class="bullets">.*?</ul>|data-column-description="[^"]*"|<h3><a.*?</h3>',
    re.DOTALL,
)


@pytest.mark.parametrize("page", ["/notices", "/notices/notices", "/notices/copies", "/notices/notices_by_province"])
def test_titles_and_descriptions_of_tables_columns_and_queries_come_in_one_language(room: Browser, page: str) -> None:
    zh, en = ("\n".join(DESCRIBED.findall(room.get(f"{page}?lang={code}").text)) for code in ("zh", "en"))

    assert re.search("[一-鿿]{2}", zh)
    assert not re.search("[一-鿿]", re.sub("文种|通知", "", en))
    assert " · " not in zh + en


@is_pinned
@pytest.mark.parametrize(
    "page", ["/notices/notices?document_number__startswith=x", "/notices/who_reposts_whom", "/notices/search"]
)
def test_every_field_of_a_form_has_a_name_for_who_does_not_see_it(room: Browser, page: str) -> None:
    made = Selector(room.get(page).text)
    labelled = set(made.css("label::attr(for)").getall())
    fields = made.css("select, textarea, input:not([type=hidden]):not([type=submit])")

    assert fields
    assert [] == [
        field.get()
        for field in fields
        if not (field.attrib.keys() & {"aria-label", "aria-labelledby"} or field.attrib.get("id") in labelled)
        and not field.xpath("ancestor::label")
    ]


@is_pinned
def test_a_canned_query_has_its_title_among_the_tabs(room: Browser) -> None:
    assert "<title>谁转载谁</title>" in room.get("/notices/who_reposts_whom?lang=zh").text
    assert "<title>Who reposts whom</title>" in room.get("/notices/who_reposts_whom?lang=en").text
    assert "<title>notices: select 1</title>" in room.get("/notices?sql=select+1").text


def test_column_headings_of_a_chinese_page_have_a_name_beside_them(room: Browser) -> None:
    for page in ("/notices/notices?_size=5", "/notices/notices_by_province?q="):
        zh, en = (room.get(f"{page}&lang={code}").text for code in ("zh", "en"))

        assert "省" in "".join(re.findall(r'<span class="words">(.*?)</span>', zh))
        assert '<span class="words">省' not in en


def test_what_datasette_says_of_an_error_is_said_in_chinese_with_its_own_words_behind(room: Browser) -> None:
    zh, en = (room.get(f"/notices/nothing?lang={code}").text for code in ("zh", "en"))

    assert "没有这张表" in zh
    assert "Table not found" in en


def test_every_filter_of_datasette_has_a_sign_or_a_chinese_word() -> None:
    assert set() == {
        key for key, display, _ in Filters([]).lookups() if display.isascii() and display[0].isalpha()
    } - set(LOOKUPS)


def test_templates_of_the_user_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notices.db"
    traced(path)
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "database.html").write_text('<html><script>1</script><h2 id="tables">Tables</h2></html>', "utf-8")
    browser = Browser(Datasette([str(path)], template_dir=str(folder)))

    assert '<html><script>1</script><h2 id="tables">Tables</h2></html>' == browser.get("/notices").text
    assert "<h3>查询" in browser.get("/notices/notices_by_province").text
    browser.close()


def test_a_foreign_database_beside_an_archive_is_told_in_no_words_of_ours(tmp_path: Path) -> None:
    ours, foreign = tmp_path / "notices.db", tmp_path / "shop.db"
    traced(ours)
    with sqlite3.connect(foreign) as conn:
        conn.execute("create table notices (id integer primary key, title text, lang text)")
        conn.execute("insert into notices values (1, 'Shoes', 'zh'), (2, 'Hats', 'en')")
    conn.close()
    browser = Browser(Datasette([str(ours), str(foreign)]))

    pages = [browser.get(f"/shop{page}").text for page in ("", "/notices", "/notices/1")]
    assert not any('class="words"' in page or "zh_match" in page or "/notice/" in page for page in pages)
    assert "Hats" not in browser.get("/shop/notices?lang=zh").text
    browser.close()


def test_scripts_of_stock_templates_carry_the_nonce_where_there_is_one() -> None:
    env = Environment(loader=StockLoader(PackageLoader("datasette", "templates")), autoescape=True)

    assert "<script nonce" not in env.loader.get_source(env, "table.html")[0]
    env.globals["csp_nonce"] = lambda: "abc"
    source = env.loader.get_source(env, "table.html")[0]
    assert source.count("<script") == source.count('<script nonce="{{ csp_nonce() }}"') > 0


def test_the_sql_box_begins_with_a_search_that_runs(room: Browser) -> None:
    box = re.search(r"<textarea[^>]*>(.*?)</textarea>", room.get("/notices").text, re.DOTALL)

    assert box is not None
    assert "zh_match" in box[1]
    sql = unescape(box[1]).replace("养老服务", "低保")
    page = "/notices.json" if IS_PINNED else "/notices/-/query.json"
    answer = room.get(f"{page}?{urlencode({'sql': sql, '_shape': 'array'})}")
    assert ["关于提高低保标准的通知"] == [row["title"] for row in answer.json()]


def test_a_row_of_notices_leads_to_its_page_and_counts_nothing_that_is_not_there(room: Browser) -> None:
    page = room.get("/notices/notices/1?lang=en").text

    assert ">Read this notice</a>" in page
    assert "0 rows" not in page


def test_an_error_page_leads_home(room: Browser) -> None:
    assert '<a href="/">回首页</a>' in room.get("/nothing?lang=zh").text


def test_a_row_of_an_archive_is_shown_a_field_a_line_with_what_it_means(room: Browser) -> None:
    row = room.get("/notices/copies.json?_shape=array&_size=1").json()[0]
    path = f"/notices/copies/{tilde_encode(row['url_key'])}?lang="
    zh, en = (room.get(path + code).text for code in ("zh", "en"))

    assert '<th scope="row">document_number <span class="words">发文字号</span></th>' in zh
    assert '<th scope="row">document_number <span class="words">Document number</span></th>' in en
    assert f"<code>{row['text_digest']}</code>" in en
    assert len(row) == en.count('<th scope="row">')
