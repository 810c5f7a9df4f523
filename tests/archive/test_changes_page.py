"""The page of changes: every edit and withdrawal once, in the order asked for, and what is no news left out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import feedparser
import pytest
from datasette.app import Datasette

from archive.records import EDIT_CLASSES
from tests.browsing import Browser
from tests.build import PORTAL, a_copy, a_notice, a_revision, a_source, an_archive

EDITS: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    # agency, day of May on which it was seen, classes
    ("甲局", 1, ("amount", "deadline")),
    ("甲局", 9, ("deadline",)),
    ("乙局", 2, ("amount",)),
    ("乙局", 5, ("title", "text")),
    ("乙局", 6, ("cosmetic",)),
    ("乙局", 7, ("order", "cosmetic")),
)


def day(number: int) -> str:
    return f"2026-05-{number:02}T00:00:00.000Z"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six notices edited once, an original that is gone, one that is missed, and reposts edited and gone."""
    path = tmp_path_factory.mktemp("changes") / "notices.db"
    with closing(an_archive(path)) as db:
        a_source(db, "zhuanzai", kind="portal", agency="示例转载网", home=PORTAL)
        for number, (agency, seen, classes) in enumerate(EDITS):
            notice = a_notice(db, f"<通知{number}>", url=f"https://shi.example/{number}.html", issuing_agency=agency)
            rank = EDIT_CLASSES.index(classes[0]) + 1
            told = {"rank": rank, "classes": json.dumps(classes), "headline": f"{number}元 → {number + 1}元"}
            a_revision(db, f"shi.example/{number}.html", seen_at=day(seen), **told)
        key = a_copy(db, notice, f"{PORTAL}1.htm", source="zhuanzai")
        a_revision(db, key, seen_at=day(20), rank=1, classes='["amount"]', headline="转载者自己的改动")
        for name, state, at in (("gone", "gone", 3), ("missing", "missing", 4)):
            a_notice(db, name, url=f"https://shi.example/{name}.html", issuing_agency="甲局")
            key = f"shi.example/{name}.html"
            db["copies"].update(key, {"state": state, "checked_at": day(28), "last_seen_at": day(1)})
            for number in (at, at + 7):
                look = {"copy": key, "crawl": f"c{number}", "at": day(number), "vantage": "", "found": "vanished"}
                db["rechecks"].insert(look)
        a_copy(db, notice, f"{PORTAL}2.htm", source="zhuanzai", state="gone", checked_at=day(8))
    return path


@pytest.fixture(scope="module")
def browser(folder: Path) -> Iterator[Browser]:
    made = Browser(Datasette([str(folder)]))
    yield made
    made.close()


def listed(browser: Browser, query: str = "") -> list[str]:
    """What is listed, in order: the beginning of each notice's title, `repost` behind what is a repost's."""
    answer = browser.get(f"/changes{query}")
    assert 200 == answer.status_code
    rows = re.findall(r"<tr>\n<td.*?</tr>", answer.text, re.DOTALL)
    return [
        unescape(re.search(r'href="/notice/[^"]+">([^<]+)</a>', row)[1]).strip("<>通知")
        + (" repost" if "zhuanzai.example" in row else "")
        for row in rows
    ]


def test_what_matters_most_comes_first_and_of_equals_the_newest(browser: Browser) -> None:
    assert ["gone", "2", "0", "1", "missing", "3", "5 repost"] == listed(browser)


def test_the_newest_come_first_where_that_is_asked_for(browser: Browser) -> None:
    assert ["1", "5 repost", "3", "missing", "gone", "2", "0"] == listed(browser, "?order=newest")


def test_layout_and_order_are_no_news_unless_asked_for(browser: Browser) -> None:
    assert ["5", "4"] == [one for one in listed(browser, "?slight=1") if one in {"4", "5"}]
    assert ["5", "4"] == listed(browser, "?class=cosmetic")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?class=deadline", ["0", "1"]),
        ("?class=withdrawn", ["gone", "missing", "5 repost"]),
        (f"?agency={quote('甲局')}", ["gone", "0", "1", "missing"]),
        (f"?agency={quote('甲局')}&class=amount", ["0"]),
        ("?source=zhuanzai", ["5 repost"]),
        ("?source=nobody", []),
        ("?class=%3Cb%3E", ["gone", "2", "0", "1", "missing", "3", "5 repost"]),
        ("?page=2", []),
    ],
)
def test_filters_keep_what_they_say(browser: Browser, query: str, expected: list[str]) -> None:
    assert expected == listed(browser, query)


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "１"])
def test_no_page_that_is_asked_for_is_an_error(browser: Browser, page: str) -> None:
    assert 200 == browser.get(f"/changes?page={quote(page)}").status_code


@pytest.mark.parametrize("query", ["", "?slight=1", "?class=deadline", "?source=nobody"])
def test_the_page_says_how_many_changes_there_are_in_all(browser: Browser, query: str) -> None:
    assert f"共 {len(listed(browser, query))} 处变动" in browser.get(f"/changes{query}").text


def test_each_class_says_how_many_edits_touch_it(browser: Browser) -> None:
    page = browser.get("/changes").text
    counts = dict(re.findall(r'<a href="/changes\?class=(\w+)">[^<]+</a> (\d+)', page))

    assert {"withdrawn": "3", "amount": "2", "deadline": "2", "title": "1", "text": "1", "order": "1"}.items() <= (
        counts.items()
    )


def test_an_edit_says_what_was_and_what_is_and_leads_to_the_difference(browser: Browser) -> None:
    page = browser.get("/changes?class=deadline").text

    assert "0元 → 1元" in page
    assert re.search(r'href="/notice/[a-z2-7]{12}/diff\?from=1&amp;to=2"', page)
    assert "&lt;通知0&gt;" in page


def test_a_withdrawal_is_dated_by_the_first_look_that_did_not_find_it(browser: Browser) -> None:
    page = browser.get("/changes?class=withdrawn").text

    assert "2026-05-03 00:00:00" in page
    assert "2026-05-04 00:00:00" in page


def test_a_second_page_goes_on_where_the_first_ends(tmp_path: Path) -> None:
    with closing(an_archive(tmp_path / "notices.db")) as db:
        for number in range(120):
            a_notice(db, f"通知{number}", url=f"https://shi.example/{number}.html")
            seen = f"2026-04-{1 + number // 5:02}T00:00:00.000Z"
            a_revision(db, f"shi.example/{number}.html", seen_at=seen, rank=1, classes='["amount"]')
    browser = Browser(Datasette([str(tmp_path / "notices.db")]))
    pages = [listed(browser, f"?page={number}") for number in (1, 2, 3)]
    has_next = ['rel="next"' in browser.get(f"/changes?page={number}").text for number in (1, 2, 3)]
    browser.close()

    assert [50, 50, 20] == [len(page) for page in pages]
    assert {str(number) for number in range(120)} == {one for page in pages for one in page}
    assert [True, True, False] == has_next


def entries(browser: Browser, query: str = "") -> Any:
    answer = browser.get(f"/changes.atom{query}")
    found = feedparser.parse(answer.content, response_headers=dict(answer.headers))
    assert not found.bozo
    return found


def test_the_feed_has_the_newest_first_whatever_order_is_asked_for(browser: Browser) -> None:
    found = entries(browser, "?order=rank&lang=en")

    assert "[deadline] <通知1>" == found.entries[0].title
    assert "1元 → 2元" == found.entries[0].summary
    assert "/diff?from=1&to=2" in found.entries[0].link
    assert 7 == len({entry.id for entry in found.entries})
    assert found.entries[0].updated == found.feed.updated == "2026-05-09T00:00:00Z"


def test_that_a_missing_copy_is_gone_for_certain_is_news_of_its_own(tmp_path: Path) -> None:
    with closing(an_archive(tmp_path / "notices.db")) as db:
        a_notice(db, url="https://shi.example/1.html")
        db["copies"].update("shi.example/1.html", {"state": "missing", "checked_at": day(2)})
        browser = Browser(Datasette([str(tmp_path / "notices.db")]))
        before, same = entries(browser), entries(browser)
        db["copies"].update("shi.example/1.html", {"state": "gone"})
        after = entries(browser)
        browser.close()

    assert [entry.id for entry in before.entries] == [entry.id for entry in same.entries]
    assert [entry.id for entry in before.entries] != [entry.id for entry in after.entries]


def test_a_feed_of_a_filter_is_another_feed_and_of_nothing_still_one(browser: Browser) -> None:
    everything, filtered = entries(browser), entries(browser, "?class=amount")
    nothing = entries(browser, "?source=nobody")

    assert everything.feed.id != filtered.feed.id
    assert {entry.id for entry in filtered.entries} < {entry.id for entry in everything.entries}
    assert [] == nothing.entries
