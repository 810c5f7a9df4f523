"""Traps are told from long lists."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from archive.records import Channel, Entry
from crawler.budgets import MOST_BARREN, MOST_PAGES, Budgets, entry_key, is_growing, pattern
from crawler.lists import Ask, Listing

TODAY = date(2026, 11, 24)
SITE = "http://mzj.qingshan.example"
CHANNEL = Channel(source="qingshan", name="通知公告", url=f"{SITE}/tzgg/", family="auto")
HEX = "0123456789abcdef0123456789abcdef"


def walk(
    pages: int, shown: list[list[Entry]], *, url: str = f"{SITE}/tzgg/index_{{n}}.html", stated: int | None = None
) -> tuple[int, str | None]:
    """Spend up to so many list pages, `shown` over and over; the page that ended the walk, and why."""
    budgets = Budgets(TODAY)
    for number in range(1, pages + 1):
        entries = shown[(number - 1) % len(shown)]
        ask = Ask(url=url.format(n=number), kind="list", channel=CHANNEL, page=number)
        listing = Listing(entries=tuple(entries), pages=stated)
        if why := budgets.spend("qingshan", ask, entries, stated=listing):
            return number, why
    return pages, None


def notices(page: int, count: int = 20, *, last: date = TODAY) -> list[Entry]:
    """A page of an ordinary list: a notice a day."""
    numbers = [page * count + place for place in range(count)]
    days = [last - timedelta(days=number) for number in numbers]
    return [
        Entry(url=f"{SITE}/tzgg/t{day:%Y%m%d}_{number}.html", title=f"关于第{number}件事项的通知", date_raw=f"{day}")
        for day, number in zip(days, numbers, strict=True)
    ]


@pytest.mark.parametrize("stated", [None, 1000])
def test_ten_thousand_notices_on_a_thousand_pages_are_no_trap(stated: int | None) -> None:
    assert walk(1000, [notices(page, 10) for page in range(1000)], stated=stated) == (1000, None)


def test_a_list_that_goes_on_without_end_is_ended_by_its_pages() -> None:
    shown = [notices(page, 1) for page in range(MOST_PAGES + 5)]
    ended, why = walk(len(shown), shown)

    assert ended == MOST_PAGES + 1
    assert why is not None
    assert "mzj.qingshan.example/tzgg/index_#.html" in why
    assert str(MOST_PAGES) in why


def test_a_stated_total_raises_the_allowance() -> None:
    shown = [notices(page, 1) for page in range(MOST_PAGES + 500)]

    assert walk(len(shown), shown, stated=MOST_PAGES + 500) == (len(shown), None)


def test_titles_and_days_under_ever_new_addresses_are_a_trap() -> None:
    def page(number: int) -> list[Entry]:
        same = [("关于低保的通知", "2026-03-01"), ("关于养老的通知", "2026-02-01")]
        return [
            Entry(url=f"{SITE}/s/{number:032x}/{place}.html", title=title, date_raw=day)
            for place, (title, day) in enumerate(same)
        ]

    assert walk(100, [page(number) for number in range(100)])[0] == 1 + MOST_BARREN + 1


def test_empty_pages_that_lead_on_for_ever_are_a_trap() -> None:
    assert walk(100, [[]])[0] == MOST_BARREN + 1


def test_a_calendar_ends_when_its_pages_lie_in_the_future() -> None:
    ahead = [Entry(url=f"{SITE}/rili/{n}.html", title=f"活动{n}", date_raw="2027-03-01") for n in range(3)]

    assert walk(100, [notices(0), ahead])[0] == 2
    assert walk(100, [[entry] for entry in notices(0, 99)], url=f"{SITE}/rili/20{{n:02}}-01.html")[0] == 27


def test_one_wrong_year_on_a_page_is_no_calendar() -> None:
    wrong = Entry(url=f"{SITE}/tzgg/t1.html", title="关于节日的通知", date_raw="2062-03-01")

    assert walk(2, [notices(0), [wrong, *notices(1)]]) == (2, None)


@pytest.mark.parametrize(
    ("path", "grows"),
    [
        ("/tzgg/tzgg/tzgg/index.html", True),
        ("/a/b/a/b/a/b/index.html", True),
        ("/x/" * 13, True),
        ("/tzgg/tzgg/index.html", False),
        ("/art/2024/1/1/1/art_1_1.html", False),
        ("/n152/n165/n170/c1/content.html", False),
    ],
)
def test_a_path_that_repeats_its_folders_is_growing(path: str, *, grows: bool) -> None:
    assert is_growing(SITE + path) is grows


def test_a_pattern_is_an_address_without_its_numbers_and_ids() -> None:
    assert pattern(f"{SITE}/c113/202401/{HEX}.shtml?page=3") == "mzj.qingshan.example/c#/#/*.shtml?page=#"


@pytest.mark.parametrize(
    "address", ["/show?id=7&sid={}", "/show?id=7&PHPSESSION={}", "/(S({}))/show?id=7", "/show;s={}?id=7"]
)
def test_an_entry_is_the_same_under_another_session(address: str) -> None:
    one, other = (
        Entry(url=SITE + address.format(sid), title="关于低保的通知", date_raw="2026-03-01") for sid in (HEX, HEX[::-1])
    )

    assert entry_key(one) == entry_key(other)


def test_a_long_id_in_the_query_may_name_the_document() -> None:
    one = Entry(url=f"{SITE}/show?sid={HEX}", title="关于低保的通知", date_raw="2026-03-01")
    other = Entry(url=f"{SITE}/show?sid={HEX[::-1]}", title="关于养老的通知", date_raw="2026-03-01")

    assert entry_key(one) != entry_key(other)
