"""Days and instants in all the forms that pages print."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.dates import BEIJING, find_days, print_seconds, read_day, read_instant

DAY = date(2021, 11, 3)


@pytest.mark.parametrize(
    "printed",
    [
        "2021-11-03",
        "2021-11-3",
        "2021/11/3",
        "2021.11.03",
        "2021. 11. 3",
        "2021年11月3日",
        "2021 年 11 月 03 日",
        "2021年11月03",
        "2021年11月3号",
        "2021——11——03",
        "２０２１年１１月０３日",
        "２０２１－１１－０３",
        "2021\u200b-11-03",
        "二〇二一年十一月三日",
        "二○二一年十一月三日",
        "二◯二一年十一月三日",
        "二Ｏ二一年十一月三日",
        "二O二一年十一月三日",
        "二零二一年十一月三日",
        "二Ο二一年十一月三日",
        "二О二一年十一月三日",
        "二 〇 二 一 年 十 一 月 三 日",
        "2021年十一月三日",
        "贰零贰壹年拾壹月叁日",
        "20211103",
        "20211103093000",
        "来源:某市民政局 作者:佚名时间:2021-11-03",
        "（2021年11月3日）",
        "2021-11-03T09:30:00+08:00",
        "2021-11-02T16:00:00Z",
    ],
)
def test_every_printed_form_reads_as_its_day(printed):
    assert read_day(printed) == DAY


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("二〇二〇年元月十日", date(2020, 1, 10)),
        ("二〇二〇年二月二十九日", date(2020, 2, 29)),
        ("二〇二一年十二月三十一日", date(2021, 12, 31)),
        ("二〇二一年五月廿三日", date(2021, 5, 23)),
        ("一九九八年十月二十日", date(1998, 10, 20)),
    ],
)
def test_chinese_numerals_count_to_thirty_one(printed, expected):
    assert read_day(printed) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "11月3日",
        "2021年11月",
        "21-11-03",
        "2021-13-01",
        "2021年11月31日",
        "2021-02-29",
        "1948-12-31",
        "2101-01-01",
        "索引号：2026-02-00018",
        "20191202-189769",
        "000014349/2017-00110",
        "11440300695545649/2021-00426",
        "渝民发〔2021〕15号",
        "电话：12021-11-03",
        "2021-11.3",
        "二〇二一年廿三月一日",
    ],
)
def test_what_is_no_plausible_day_is_none(text):
    assert read_day(text) is None
    assert read_instant(text) is None


def test_an_impossible_day_does_not_hide_the_next():
    assert read_day("有效期至2021-13-40，发布于2021-11-03") == DAY


def test_all_days_come_in_order():
    assert find_days("自2021年11月3日至2021年12月1日，2021-11-03") == (DAY, date(2021, 12, 1), DAY)


@pytest.mark.parametrize(
    ("printed", "hour", "minute", "second"),
    [
        ("2021年11月03日 16:40", 8, 40, 0),
        ("2021年11月03日16:40", 8, 40, 0),
        ("2021——11——03 21:37", 13, 37, 0),
        ("2021-11-03 09:30:26", 1, 30, 26),
        ("2021-11-03 09:30:26.0", 1, 30, 26),
        ("2021-11-03-21:50:00", 13, 50, 0),
        ("2021/11/03　09：30", 1, 30, 0),
        ("2021-11-03（星期三）10:00", 2, 0, 0),
        ("2021年11月3日下午3时", 7, 0, 0),
        ("2021年11月3日15时30分20秒", 7, 30, 20),
        ("2021-11-03T16:00:26Z", 16, 0, 26),
        ("2021-11-03T16:00:26+08:00", 8, 0, 26),
        ("Wed Nov 03 16:40:00 CST 2021", 8, 40, 0),
    ],
)
def test_a_printed_time_is_beijings_unless_it_says_so(printed, hour, minute, second):
    assert read_instant(printed) == datetime(2021, 11, 3, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["2021-11-03", "2021-11-03 25:00", "10:00 2021-11-03", "2021-11-03 来源：某局 2021-12-01 10:00"]
)
def test_a_day_without_a_time_right_after_it_is_no_instant(text):
    assert read_day(text) == DAY
    assert read_instant(text) is None


@given(st.text() | st.text("0123456789年月日号-/.:时分〇零一二三十廿 TZ+上午下"))
def test_reading_dates_never_raises_on_any_text(text):
    days = find_days(text)
    instant = read_instant(text)

    assert read_day(text) == (days[0] if days else None)
    assert instant is None or instant.tzinfo is UTC


@given(st.dates(date(1949, 1, 1), date(2100, 12, 31)))
def test_writing_and_reading_a_day_is_identity(day):
    assert read_day(day.isoformat()) == day
    assert read_day(f"{day.year}年{day.month}月{day.day}日") == day
    assert read_day(datetime(day.year, day.month, day.day, 12, tzinfo=BEIJING).isoformat()) == day


@pytest.mark.parametrize(
    ("seconds", "printed"),
    [
        ("1772121600", "2026-02-27"),
        ("1772208600", "2026-02-28 00:10:00"),
        ("1772208600000", "2026-02-28 00:10:00"),
        ("0", ""),
        ("", ""),
        ("2026-02-28", "2026-02-28"),
    ],
)
def test_seconds_since_1970_are_printed_as_beijing_counts_them(seconds: str, printed: str) -> None:
    assert printed == print_seconds(seconds)
