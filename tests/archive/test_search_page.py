"""The search page: it finds what is there, counts what it finds, and says what it cannot know."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from archive.browse.serve import make_datasette
from tests.browsing import Browser, traced
from tests.searching import Row, a_searched_archive, having

HOSTILE = (
    '"', '""""', "'", "*", "**", "NEAR(", "NEAR(养老 低保, 2)", "title:养老", "养老 AND", "OR", "OR OR", "AND NOT",
    "NOT 养老", "-", "--", "-养老", "- -", "|", "||", "(", ")" * 500, "((((" * 300, "^养老", "{养老}", "养老:", "+养老",
    "养老;drop table notices", "' or 1=1 --", "%", "_", "\\", "\x00", "养\x00老", "\ud800", "\u202e养老", "\ufeff养老",
    "👨‍👩‍👧", "𠮷祥", "e\u0301", "ﬁ", "㈠", "½", "2021-11-05", "C++", "e-mail@x.example", "<script>alert(1)</script>",
    "<b>", "&lt;", "{{ 7*7 }}", "{% raw %}", "${7*7}", "养" * 1500, " ".join("养老低保殡葬婚姻" * 40), "a" * 1500,
    "养老 " * 300, '"养老', '养老"', '"养老 低保" "', "\t\n\r", "　　", "\ue000", "\ue001", "\ue000养老\ue001",
    "/../../etc/passwd", "%00", "%zz", "?q=养老", "#x", "javascript:alert(1)", "null",
)  # fmt: skip


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, list[Row]]]:
    """An archive of 60 notices, and what they are."""
    path = tmp_path_factory.mktemp("searched") / "notices.db"
    rows = a_searched_archive(path)
    browser = Browser(make_datasette(path))
    yield browser, rows
    browser.close()


def ask(browser: Browser, **query: str | list[str]) -> str:
    answer = browser.get(f"/search?{urlencode({'lang': 'zh', **query}, doseq=True)}")
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def found(browser: Browser, **query: str | list[str]) -> list[str]:
    """Ids of all hits, page by page."""
    ids: list[str] = []
    for page in range(1, 9):
        text = ask(browser, **query, page=str(page))
        some = re.findall(r'<h3><a href="/notice/([a-z2-7]{12})">', text)
        if page > 1 and page > pages(text):
            break
        ids += some
    return ids


def pages(text: str) -> int:
    shown = re.search(r"<span>\d+ / (\d+)</span>", text)
    return int(shown[1]) if shown else 1


def total(text: str) -> int:
    shown = re.search(r'id="found">共 ([\d,]+) 条', text)
    return int(shown[1].replace(",", "")) if shown else 0


FILTERS: dict[str, tuple[dict[str, str | list[str]], Callable[[Row], object]]] = {
    "type": ({"type": "通知"}, lambda row: row["type"] == "通知"),
    "two types": ({"type": ["通知", "公告"]}, lambda row: row["type"]),
    "agency": ({"agency": "甲市民政局"}, lambda row: "甲市民政局" in row["agency"]),
    "joint agency": ({"agency": "财政局"}, lambda row: "财政局" in row["agency"]),
    "province": ({"province": "甲省"}, lambda row: row["province"] == "甲省"),
    "city": ({"province": "甲省", "city": "甲市"}, lambda row: row["city"] == "甲市"),
    "source": ({"source": "zhuan"}, lambda row: "zhuan" in row["source"]),
    "year": ({"year": "2024"}, lambda row: (row["day"] or "").startswith("2024")),
    "from": ({"from": "2023-06"}, lambda row: (row["day"] or "") >= "2023-06-01"),
    "to": ({"to": "2022"}, lambda row: row["day"] and row["day"] <= "2022-12-31"),
    "held": ({"role": "original"}, lambda row: row["held"]),
    "reposted": ({"role": "reposted"}, lambda row: row["reposted"]),
    "reposts alone": ({"role": "repost_only"}, lambda row: not row["held"]),
    "files": ({"files": "1"}, lambda row: row["files"]),
    "edited": ({"edited": "1"}, lambda row: row["edited"]),
    "gone": ({"gone": "1"}, lambda row: row["gone"]),
    "many": (
        {"province": "甲省", "role": "original", "from": "2021"},
        lambda row: row["province"] == "甲省" and row["held"] and (row["day"] or "") >= "2021",
    ),
}


@pytest.mark.parametrize("word", ["", "养老", "低保"])
@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_leaves_what_it_says(searched: tuple[Browser, list[Row]], name: str, word: str) -> None:
    browser, rows = searched
    query, keep = FILTERS[name]
    expected = having(rows, word, keep)
    ids = found(browser, q=word, **query)

    assert expected == set(ids)
    assert len(expected) == len(ids) == total(ask(browser, q=word, **query))


def test_the_filters_of_these_tests_leave_some_and_not_all(searched: tuple[Browser, list[Row]]) -> None:
    sizes = {name: len(having(searched[1], "", keep)) for name, (_, keep) in FILTERS.items()}

    assert all(0 < size < 60 for size in sizes.values()), sizes


@pytest.mark.parametrize(
    "word",
    ["养老", "養老服務", "婚姻登记", "通知", "2024年", "殡葬", "只在附件", "号公告", "养", "文", "没有的词", "粗"],
)
def test_words_are_found_wherever_they_stand(searched: tuple[Browser, list[Row]], word: str) -> None:
    browser, rows = searched

    assert having(rows, word) == set(found(browser, q=word))


@pytest.mark.parametrize("bracket", ["〔{}〕", "[{}]", "（{}）", "【{}】", "({})"])
def test_a_document_number_is_found_in_any_brackets(searched: tuple[Browser, list[Row]], bracket: str) -> None:
    browser, rows = searched
    row = next(row for row in rows if row["texts"][3])
    year = re.findall(r"〔(\d+)〕", row["texts"][3])[0]
    typed = row["texts"][3].replace(f"〔{year}〕", bracket.format(year))

    assert [row["id"]] == found(browser, q=typed)


def test_every_count_beside_a_filter_is_what_the_filter_finds(searched: tuple[Browser, list[Row]]) -> None:
    browser, _ = searched
    text = ask(browser, q="养老", province="甲省")
    aside = text[text.index('<aside id="filters"') :]
    links = re.findall(r'<a href="(/search[^"]*)" rel="nofollow">[^<]*</a> <span class="count">([\d,]+)', aside)

    assert len(links) > 12
    for link, count in links:
        answer = browser.get(link.replace("&amp;", "&"))
        only = "province=" in link.replace("province=%E7%94%B2%E7%9C%81", "")
        counted = total(answer.text) - (total(ask(browser, q="养老", province="甲省")) if only else 0)

        assert int(count.replace(",", "")) == counted, link


def test_each_filter_that_is_set_goes_with_one_click(searched: tuple[Browser, list[Row]]) -> None:
    browser, rows = searched
    text = ask(browser, q="养老", province="甲省", year="2024", files="1")
    chips = re.search(r'<ul class="chosen".*?</ul>', text, re.S)
    assert chips is not None
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*)"', chips[0])]
    keeps = {name: FILTERS[name][1] for name in ("province", "year", "files")}
    expected = sorted(
        len(having(rows, "养老", lambda row, name=name: all(keeps[one](row) for one in keeps if one != name)))  # type: ignore[misc]
        for name in keeps
    )

    assert [*expected, len(having(rows, "养老"))] == sorted(total(browser.get(link).text) for link in links)


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_hits_by_date_are_in_its_order_those_without_a_date_last(
    searched: tuple[Browser, list[Row]], sort: str
) -> None:
    browser, rows = searched
    days = {row["id"]: row["day"] for row in rows}
    shown = [days[notice] for notice in found(browser, q="养老", sort=sort)]
    dated = [day for day in shown if day]

    assert sorted(dated, reverse=sort == "newest") == dated
    assert shown[: len(dated)] == dated


def test_a_word_in_the_title_comes_before_one_in_the_text(searched: tuple[Browser, list[Row]]) -> None:
    browser, rows = searched
    titles = {row["id"]: row["title"] for row in rows}
    ranked = ["殡葬" in titles[notice] for notice in found(browser, q="殡葬")]

    assert True in ranked
    assert sorted(ranked, reverse=True) == ranked


def test_a_page_beyond_the_last_is_the_last(searched: tuple[Browser, list[Row]]) -> None:
    browser, _ = searched

    assert re.search(r"<span>3 / 3</span>", ask(browser, page="999999"))


def test_words_are_marked_where_they_were_found(searched: tuple[Browser, list[Row]]) -> None:
    browser, _ = searched
    marked = re.findall("<mark>([^<]*)</mark>", ask(browser, q="养老服务"))

    assert marked
    assert {"養老服務"} == set(marked)


def test_a_word_that_only_a_file_has_is_shown_out_of_the_file(searched: tuple[Browser, list[Row]]) -> None:
    browser, rows = searched
    number = next(number for number, row in enumerate(rows) if row["texts"][2])

    assert re.search(r'in-files">附件</span>.*<mark>只在附件', ask(browser, q=f"只在附件{number}里"))


def test_the_chart_leads_to_its_years(searched: tuple[Browser, list[Row]]) -> None:
    browser, rows = searched
    links = re.findall(r'href="(/search\?[^"]*year=(\d{4})[^"]*)"', ask(browser, q="养老"))
    counts = {year: total(browser.get(link.replace("&amp;", "&")).text) for link, year in links}
    years = {row["day"][:4] for row in rows if row["id"] in having(rows, "养老") and row["day"]}
    expected = {
        year: len(having(rows, "养老", lambda row, year=year: (row["day"] or "").startswith(year)))  # type: ignore[misc]
        for year in years
    }

    assert expected == {year: count for year, count in counts.items() if count}


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({"source": "jia", "from": "2021", "to": "2022"}, (1, 0, 0)),
        ({"source": "yi", "year": "2024"}, (0, 1, 0)),
        ({"source": "yi", "year": "2023"}, (1, 0, 0)),
        ({"source": "bing", "year": "2023"}, (0, 0, 1)),
        ({"source": "zhuan", "from": "2023-06", "to": "2024-06"}, (0, 1, 0)),
        ({"source": "zhuan", "year": "2022"}, (0, 0, 1)),
        ({"source": "jia", "from": "2019", "to": "2021"}, (0, 1, 0)),
        ({"source": "jia", "from": "2025-11", "to": "2026-03"}, (1, 0, 0)),
        ({"source": "jia", "year": "2030"}, (0, 0, 1)),
        ({"agency": "乙县民政局", "year": "2024"}, (0, 1, 0)),
        ({"source": ["jia", "yi", "bing"], "year": "2024"}, (1, 1, 1)),
        ({}, (2, 1, 1)),
    ],
)
def test_a_search_without_hits_says_how_many_sources_cover_its_span(
    searched: tuple[Browser, list[Row]], query: dict[str, str | list[str]], numbers: tuple[int, int, int]
) -> None:
    text = ask(searched[0], q="没有的词", **query)
    shown = re.findall(r"<strong>(\d+)</strong> 个(采全|不全|未观测)", text)

    assert [(str(number), name) for number, name in zip(numbers, ("采全", "不全", "未观测"), strict=True)] == shown


def test_a_search_without_hits_says_that_the_archive_does_not_reach_so_far(
    searched: tuple[Browser, list[Row]],
) -> None:
    assert "本档案采集到 2025-12" in ask(searched[0], q="没有的词", to="2026-03")
    assert "本档案采集到" not in ask(searched[0], q="没有的词", to="2025-03")


def test_a_year_and_days_that_do_not_meet_are_told_and_no_source_is_blamed(
    searched: tuple[Browser, list[Row]],
) -> None:
    text = ask(searched[0], year="2024", to="2023")

    assert "没有重合" in text
    assert "个未观测" not in text
    assert "没有重合" not in ask(searched[0], year="2024", to="2024-03")


def test_a_search_without_hits_says_what_finds_some_and_how_many(searched: tuple[Browser, list[Row]]) -> None:
    browser, rows = searched
    text = ask(browser, q="养老 没有的词", province="甲省")
    nothing = text[text.index('<div class="nothing">') : text.index("</div>", text.index('<div class="nothing">'))]
    told = re.findall(r'<a href="(/search[^"]*)"[^>]*>[^<]*</a> <span class="count">(\d+)</span>', nothing)

    assert [str(len(having(rows, "养老")))] == [count for _, count in told]
    assert [len(having(rows, "养老"))] == [total(browser.get(link.replace("&amp;", "&")).text) for link, _ in told]

    text = ask(browser, q="养老", province="甲省", city="乙市")

    assert text.count('class="count">' + str(len(having(rows, "养老", lambda row: row["city"] == "乙市"))) + "<") >= 1


def test_values_that_no_notice_has_are_told_with_what_may_be_meant(searched: tuple[Browser, list[Row]]) -> None:
    text = ask(searched[0], agency="甲市民政", province="丁省", type="xyz", source="nope", city="丁市")

    assert [name for name, _ in re.findall(r"本档案没有这个(\w+)：“([^”]+)”", text)] == [
        "文种", "省份", "城市", "发文机关", "来源站点",
    ]  # fmt: skip
    assert re.search(r"是否要找 <a [^>]*>甲市民政局</a>", text)


def test_what_is_not_understood_is_told_and_does_not_narrow(searched: tuple[Browser, list[Row]]) -> None:
    text = ask(searched[0], year="abc", page="x", role="?", **{"from": "2024-99"})

    assert 4 == text.count("未采用")
    assert 60 == total(text)


def test_words_that_are_too_many_are_named(searched: tuple[Browser, list[Row]]) -> None:
    text = ask(searched[0], q=" ".join(f"词{number}" for number in range(18)) + " 尾")

    assert "没有用于检索的有：词16、词17、尾" in text
    assert "只用了前 200 个字符" in ask(searched[0], q="养" * 201)
    assert "没有用于检索" not in ask(searched[0], q="养老 低保")


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_that_is_typed_is_an_error_or_becomes_markup(searched: tuple[Browser, list[Row]], typed: str) -> None:
    raw = quote(typed.encode("utf-8", "surrogatepass"))
    for name in ("q", "agency", "source", "type", "year", "from", "page", "sort", "role", "files", "lang"):
        answer = searched[0].get(f"/search?{name}={raw}")

        assert 200 == answer.status_code, name
        assert "<script>alert" not in answer.text
        assert "<b>" not in answer.text


def test_the_page_is_in_the_language_that_is_asked_for(searched: tuple[Browser, list[Row]]) -> None:
    text = ask(searched[0], q="养老", lang="en")

    assert "Search the notices" in text
    assert "检索通知公告" not in text


def test_a_database_without_what_a_search_reads_says_what_to_do(tmp_path: Path) -> None:
    from archive.store import open_writer

    path = tmp_path / "notices.db"
    traced(path)
    db = open_writer(path)
    for (name,) in db.execute(
        "select name from sqlite_master where type = 'trigger' and name like 'facets%'"
    ).fetchall():
        db.execute(f"drop trigger {name}")
    db.execute("drop view facets_src")
    db.close()
    browser = Browser(make_datasette(path))
    answer = browser.get("/search?q=低保")
    browser.close()

    assert 404 == answer.status_code
    assert "minzheng index" in answer.text
