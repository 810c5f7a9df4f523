"""Pages of agencies, places and sources: what they say is what a plain count of the rows says."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import feedparser
import pytest
from datasette.app import Datasette
from httpx import ASGITransport, AsyncClient
from sqlite_utils import Database

from archive.store.divisions import load_divisions
from tests.browsing import Browser, run_apart
from tests.build import PORTAL, a_copy, a_notice, a_revision, a_source, an_archive

CITY, DISTRICT = "示例市民政局", "示例区民政局"
HOSTILE = "甲/乙\"丙%丁'戊 & <己>?#.atom"
LONELY = "无公告民政局"
STAMPED = "https://dangtian.example/"
REPOSTS = (
    # days later, names its original, complete, numbers changed
    (0, True, 1, 0),
    (2, True, 1, 0),
    (3, False, 1, 1),
    (5, False, 0, 0),
    (40, True, 1, 0),
    (None, False, 1, 0),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two bureaus of one city, a third without a notice, a portal, and a site that dates all by today."""
    path = tmp_path_factory.mktemp("about") / "notices.db"
    with closing(an_archive(path)) as db:
        load_divisions(db)
        a_source(db, "shi", agency=CITY, home="https://shi.example/")
        a_source(db, "qu", agency=DISTRICT, home="https://qu.example/")
        a_source(db, "wu", agency=LONELY, home="https://wu.example/")
        a_source(db, "zhuanzai", kind="portal", agency="示例转载网", home=PORTAL)
        a_source(db, "dangtian", kind="portal", agency="当天网", home=STAMPED)
        for key, code in (("shi", "110000"), ("qu", "110105"), ("wu", "130100")):
            db["sources"].update(key, {"division": code})
        notices = [_notice(db, number) for number in range(30)]
        for number, (days, has_link, complete, numbers) in enumerate(REPOSTS):
            key = a_copy(
                db,
                notices[number],
                f"{PORTAL}a/{number}.htm",
                source="zhuanzai",
                claimed_original="https://shi.example/" if has_link else None,
            )
            _fidelity(db, key, days_later=days, complete=complete, numbers_changed=numbers)
        key = a_copy(db, notices[0], f"{STAMPED}1.htm", source="dangtian")
        _fidelity(db, key, days_later=900, complete=1, numbers_changed=0)
        db["stamped_hosts"].insert({"host": "dangtian.example", "pages": 20, "same_day": 20})
        for month, state in (("2025-12", "partial"), ("2026-01", "complete"), ("2026-02", "unobserved")):
            _cover(db, "shi", "https://shi.example/l/", month, state)
        for number in (2, 3):
            a_revision(
                db,
                "shi.example/0.html",
                rank=number - 1,
                classes=json.dumps([("amount", "deadline")[number - 2]]),
                headline=f"{number}00元 → {number}50元",
                seen_at=f"2026-04-0{number}T00:00:00.000Z",
            )
        db["copies"].update("shi.example/3.html", {"state": "gone", "checked_at": "2026-05-01T00:00:00.000Z"})
    return path


def _notice(db: Database, number: int) -> str:
    """One of thirty: agencies, days and places by its number."""
    source, division = (("shi", "110000"), ("qu", "110105"))[number % 3 == 1]
    agencies = [[CITY], [DISTRICT], [HOSTILE]][number % 3]
    agencies = [*agencies, DISTRICT] if number % 6 == 0 else agencies
    return a_notice(
        db,
        f"关于第{number}件事的通知",
        url=f"https://{source}.example/{number}.html",
        source=source,
        issuing_agency=agencies[0],
        issuing_agencies=json.dumps(agencies, ensure_ascii=False),
        document_type=("通知", "公告", None)[number % 3],
        published_on=f"{2020 + number % 7}-0{1 + number % 9}-11" if number % 10 else None,
        division=division,
    )


def _fidelity(db: Database, key: str, **columns: Any) -> None:
    known = {"copy": key, "against": "x", "share": 1.0, "numbers": "[]", "wording": "[]", "wording_changed": 0}
    known |= {"moved": 0, "dropped": "[]", "added": 0.0, "added_words": "", "partial": 0, "made_of": ""}
    db["fidelities"].insert(known | columns)


def _cover(db: Database, source: str, channel: str, month: str, state: str) -> None:
    counts = dict.fromkeys(("listed", "captured", "readable"), None if state == "unobserved" else 0)
    db["coverage"].insert({"source": source, "channel": channel, "month": month, "state": state, **counts})


@pytest.fixture(scope="module")
def browser(folder: Path) -> Iterator[Browser]:
    made = Browser(Datasette([str(folder)]))
    yield made
    made.close()


@pytest.fixture(scope="module")
def rows(folder: Path) -> list[dict[str, Any]]:
    with closing(an_archive(folder)) as db:
        return list(db["notices"].rows)


def total(page: str) -> int:
    found = re.search(r'<p class="sum">共 ([\d,]+) 条公告', page)
    assert found, page
    return int(found[1].replace(",", ""))


def by_year(page: str) -> dict[str, int]:
    """The figures of the chart of years; none where nothing is drawn."""
    if 'id="years-title"' not in page:
        return {}
    table = page.split('id="years-title"')[1].split("<tbody>")[1].split("</tbody>", maxsplit=1)[0]
    found = re.findall(r'<tr><th scope="row">(\d{4})</th><td>≥?(—|[\d,]+)</td>', table)
    return {year: int(count.replace(",", "")) for year, count in found if count not in {"—", "0"}}


def years_of(chosen: list[dict[str, Any]]) -> dict[str, int]:
    return dict(Counter(row["published_on"][:4] for row in chosen if row["published_on"]))


@pytest.mark.parametrize("name", [CITY, DISTRICT, HOSTILE])
def test_an_agency_has_the_notices_that_it_issued_alone_or_with_others(
    browser: Browser, rows: list[dict[str, Any]], name: str
) -> None:
    answer = browser.get(f"/agency/{quote(name, safe='')}")
    mine = [row for row in rows if name in json.loads(row["issuing_agencies"])]

    assert (200, len(mine)) == (answer.status_code, total(answer.text))
    assert years_of(mine) == by_year(answer.text)
    assert f"另有 {sum(not row['published_on'] for row in mine)} 条没有日期" in answer.text


@pytest.mark.parametrize(
    ("code", "places"),
    [("110000", {"110000", "110105"}), ("110105", {"110105"}), ("130000", set()), ("130100", set())],
)
def test_a_place_has_the_notices_of_all_that_belongs_to_it(
    browser: Browser, rows: list[dict[str, Any]], code: str, places: set[str]
) -> None:
    page = browser.get(f"/place/{code}").text
    mine = [row for row in rows if row["division"] in places]

    assert len(mine) == total(page)
    assert years_of(mine) == by_year(page)


def test_a_place_counts_its_parts(browser: Browser, rows: list[dict[str, Any]]) -> None:
    page = browser.get("/place/110000").text
    count = sum(row["division"] == "110105" for row in rows)

    assert f'<a href="/place/110105">朝阳区</a> {count}</li>' in page
    assert '<a href="/place/110101">东城区</a> 0</li>' in page


@pytest.mark.parametrize(("key", "count"), [("shi", 20), ("qu", 10), ("zhuanzai", 6), ("wu", 0)])
def test_a_source_has_the_notices_that_its_pages_carry(browser: Browser, key: str, count: int) -> None:
    assert count == total(browser.get(f"/source/{key}").text)


def test_the_lists_lead_to_every_page_and_say_its_count(browser: Browser, rows: list[dict[str, Any]]) -> None:
    listed = browser.get("/agencies").text
    links = re.findall(r'<a href="(/agency/[^"]+)">([^<]+)</a></th><td>(\d+)</td>', listed)

    assert Counter(row["issuing_agency"] for row in rows) == {unescape(name): int(count) for _, name, count in links}
    assert {200} == {browser.get(unescape(link)).status_code for link, _, _ in links}
    assert '<a href="/place/110000">北京市</a> <small>30</small>' in browser.get("/places").text
    sources = browser.get("/sources").text
    assert {"shi", "qu", "wu", "zhuanzai", "dangtian"} == set(re.findall(r'href="/source/([^"]+)"', sources))


def test_the_list_of_agencies_finds_by_words_in_any_form(browser: Browser) -> None:
    found = browser.get(f"/agencies?q={quote('示例區')}").text

    assert DISTRICT in found
    assert CITY not in found


def test_a_portal_is_as_late_as_the_days_that_can_be_believed_say(browser: Browser) -> None:
    page = browser.get("/source/zhuanzai").text

    assert "中位数 3 天" in page  # of 0, 2, 3, 5, 40
    assert "更早: 0; 当天: 1; 1 天: 0; 2–3 天: 2; 4–7 天: 1; 8–14 天: 0; 15–30 天: 0; 31 天以上: 1" in page
    assert re.search(r"可比日期</dt><dd>5</dd>", page)


def test_a_portal_is_told_by_how_many_of_its_reposts_name_the_original(browser: Browser) -> None:
    assert re.search(r"注明原文网址</dt><dd><a [^>]+>3</a> · 50%", browser.get("/source/zhuanzai").text)


def test_a_portal_is_told_by_what_it_did_to_the_notices(browser: Browser) -> None:
    page = browser.get("/source/zhuanzai").text
    did = dict(re.findall(r'<tr><th scope="row">([^<]+)</th><td>(\d+)</td><td><svg class="meter"', page))

    assert {
        "完整，数字和文字都没有改动": "4",
        "数字改动": "1",
        "删去一部分": "1",
        "文字改动": "0",
    }.items() <= did.items()


def test_a_site_that_dates_all_by_today_has_no_lag(browser: Browser) -> None:
    page = browser.get("/source/dangtian").text

    assert "它的日期不可信" in page
    assert "没有可信的日期可比" in page


def test_who_reposts_a_bureau_is_told_with_links_and_lag(browser: Browser) -> None:
    page = browser.get("/source/shi").text
    # of its notices 0, 2, 3 and 5: 1 and 4 are the district's
    row = re.search(r'<a href="/source/zhuanzai">示例转载网</a></th><td>4</td><td>(\d+%)</td><td>([\d.]+)</td>', page)

    assert row
    assert ("25%", "3") == row.groups()  # of 0, 3, 5 and one without a day


def test_edits_and_withdrawals_of_an_agency_are_told(browser: Browser) -> None:
    page = browser.get(f"/agency/{CITY}").text

    assert '<td data-label="改动次数">2</td>' in page
    assert "金额：200元 → 250元" in page
    assert "/diff?from=1&amp;to=2" in page
    assert "已撤下" in page


def test_months_of_an_agency_are_whole_by_its_own_site(browser: Browser) -> None:
    page = browser.get(f"/agency/{CITY}").text

    assert re.search(r'<th scope="row">2025</th><td>≥\d+</td>(<td>[^<]*</td>){11}<td>≥0</td>', page)
    assert re.search(r'<th scope="row">2026</th><td>≥\d+</td><td>1</td><td>—</td>', page)


def test_where_nobody_walked_a_list_no_figure_is_whole_and_none_is_0(browser: Browser) -> None:
    page = browser.get("/source/qu").text
    cells = re.findall("<td>([^<]*)</td>", page.split('id="years-title"')[1].split("</figure>")[0])

    assert {"—", "≥1"} < set(cells)
    assert [] == [cell for cell in cells if cell.isdecimal() and len(cell) < len("2026")]
    assert "没有可画的" in page.split('id="coverage"')[1]


def test_names_that_nobody_has_are_not_found_and_near_ones_are_named(browser: Browser) -> None:
    for path, near in (
        (f"/agency/{quote('示例市民正局')}", CITY),
        (f"/agency/{quote('示例市民正局')}.atom", CITY),
        (f"/place/{quote('朝阳区')}", "朝阳区"),
        ("/source/zhuanzi", "zhuanzai"),
    ):
        answer = browser.get(path)

        assert 404 == answer.status_code
        assert near in answer.text


@pytest.mark.parametrize("path", ["/agency/%00", "/place/%27", "/source/%3Cb%3E", "/agency/%ff", "/place/110000%2F.."])
def test_hostile_names_are_not_found_and_escaped(browser: Browser, path: str) -> None:
    answer = browser.get(path)

    assert 404 == answer.status_code
    assert "<b>" not in answer.text


@pytest.mark.parametrize("path", [f"/agency/{quote(HOSTILE, safe='')}", "/place/110000", "/source/shi", "/source/qu"])
def test_a_page_names_its_feed_and_the_feed_has_its_notices(
    browser: Browser, rows: list[dict[str, Any]], path: str
) -> None:
    page = browser.get(path).text
    feed = re.search(r'<link rel="alternate" type="application/atom\+xml" href="([^"]+)"', page)
    assert feed
    answer = browser.get(unescape(feed[1]))
    found = feedparser.parse(answer.content, response_headers=dict(answer.headers))

    assert not found.bozo
    assert total(page) == len(found.entries)
    assert {row["title"] for row in rows} >= {entry.title for entry in found.entries}
    assert f"http://localhost{path}" in {link.href for link in found.feed.links}


def test_a_feed_of_nothing_is_a_feed(browser: Browser) -> None:
    answer = browser.get(f"/agency/{LONELY}.atom")
    found = feedparser.parse(answer.content, response_headers=dict(answer.headers))

    assert (200, False, []) == (answer.status_code, bool(found.bozo), found.entries)


def test_a_feed_begins_with_what_came_last(tmp_path: Path) -> None:
    with closing(an_archive(tmp_path / "notices.db")) as db:
        for number, (seen, published) in enumerate((("03-01", "02-01"), ("03-02", "01-01"), ("03-01", "02-02"))):
            at = f"2026-{seen}T0{number}:00:00.000Z"
            a_notice(db, f"通知{number}", first_seen_at=at, published_on=f"2026-{published}", issuing_agency=CITY)
    browser = Browser(Datasette([str(tmp_path / "notices.db")]))
    found = feedparser.parse(browser.get(f"/agency/{CITY}.atom").content)
    browser.close()

    assert ["通知1", "通知2", "通知0"] == [entry.title for entry in found.entries]


def test_the_pages_of_a_second_archive_lead_to_itself(folder: Path, tmp_path: Path) -> None:
    with closing(an_archive(tmp_path / "other.db")) as db:
        a_notice(db, "另一档案的通知", issuing_agency=CITY)
    browser = Browser(Datasette([str(folder), str(tmp_path / "other.db")]))
    page = browser.get(f"/other/-/agency/{CITY}").text
    menu = browser.get("/other?lang=en").text
    browser.close()

    assert 1 == total(page)
    assert f'href="/other/-/agency/{quote(CITY)}.atom"' in page
    assert 'href="/agency' not in page
    assert '<a href="/changes">notices: Changes</a>' in menu
    assert '<a href="/other/-/changes">other: Changes</a>' in menu


def test_a_slash_too_many_leads_to_the_page_without_it(browser: Browser) -> None:
    answer = browser.get(f"/agency/{quote(CITY)}/?lang=en")

    assert (302, f"/agency/{quote(CITY)}") == (answer.status_code, answer.headers["location"])


@pytest.mark.parametrize("cut", ["", "/archive"])
def test_behind_a_proxy_every_address_has_the_base_whether_the_proxy_cuts_it_off_or_not(folder: Path, cut: str) -> None:
    datasette = Datasette([str(folder)], settings={"base_url": "/archive/"})

    async def ask(path: str) -> str:
        async with AsyncClient(transport=ASGITransport(datasette.app()), base_url="http://lib.example") as client:
            return (await client.get(f"/archive{path}".removeprefix(cut))).text

    browser = Browser(datasette)
    pages = [run_apart(ask(path)) for path in (f"/agency/{CITY}", f"/agency/{CITY}.atom", "/search.atom")]
    browser.close()
    links = {link for page in pages for link in re.findall(r' (?:href|src|action)="([^"]*)"', page)}
    ours = {link.removeprefix("http://lib.example") for link in links if re.match(r"/|http://lib\.example", link)}

    assert f"/archive/agency/{quote(CITY)}.atom" in ours
    assert [] == [link for link in ours if not link.startswith("/archive/") or link.startswith("/archive/archive/")]


@pytest.mark.parametrize("path", [f"/agency/{CITY}", f"/agency/{quote(HOSTILE, safe='')}", "/source/shi", "/source/qu"])
def test_a_page_and_each_bar_count_what_the_search_finds_behind_their_links(browser: Browser, path: str) -> None:
    page = browser.get(path).text
    (everything,) = re.findall(r'href="/search(\?[^"]+)">在其中检索', page)
    bars = re.findall(r'<a href="/search(\?[^"]+)" aria-label="(\d{4}): ', page)

    assert total(page) == found_by(browser, everything)
    assert by_year(page) == {year: count for link, year in bars if (count := found_by(browser, link))}


def found_by(browser: Browser, query: str) -> int:
    return len(browser.get(f"/search.json{unescape(query)}").json()["notices"])
