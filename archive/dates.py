"""Days and instants as Chinese official pages print them.

ISO; `2024年04月06日 16:40`; one-digit months and days; the separators `. / -`, also doubled or long; Chinese digits
with any of the circles that stand for zero; full-width digits. Time is Beijing's and never stated. A year is never
guessed: `11月3日` alone is no day. Years before 1949 or after 2100 are no dates of notices.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
FIRST_YEAR, LAST_YEAR = 1949, 2100


def read_day(text: str) -> date | None:
    """The first plausible day printed in a text, as Beijing counts it; None if there is none. Never raises."""
    plain = _plain(text)
    return next((_in_beijing(day, plain, end) for day, end in _days(plain)), None)


def read_instant(text: str) -> datetime | None:
    """The first plausible day with the time printed right after it, in UTC; None when no time stands there.

    Without an offset the time is Beijing's.
    """
    plain = _plain(text)
    first = next(_days(plain), None)
    return _at(first[0], _TIME.match(plain, first[1])) if first else None


def find_days(text: str) -> tuple[date, ...]:
    """Every plausible day of a text in order, repeated ones too."""
    plain = _plain(text)
    return tuple(_in_beijing(day, plain, end) for day, end in _days(plain))


def print_seconds(text: str) -> str:
    """Seconds since 1970 as an API gives them, as a page prints them: the day in Beijing, with the time if it has one.

    So are thousandths of seconds.
    A zero, which stands for no day, is an empty text; what is no such number comes back as it is.
    """
    if not re.fullmatch(r"\d{9,10}(?:\d{3})?", text, re.ASCII):
        return "" if text == "0" else text
    seconds = int(text[:-3] if len(text) > 10 else text)
    at = datetime.fromtimestamp(seconds, UTC).astimezone(BEIJING)
    return at.strftime("%Y-%m-%d" if at.time() == time() else "%Y-%m-%d %H:%M:%S")


_ZEROS = "〇○◯０零0oO"
_NUMERALS = {char: value for value, chars in enumerate(["", *"一二三四五六七八九"]) for char in chars}
_NUMERALS.update(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True), 元=1, 两=2)
_NUMERALS.update(dict.fromkeys(_ZEROS, 0))

_PLAIN: dict[int, int | None] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PLAIN |= dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0x2500, 0xFE63], ord("-"))
_PLAIN |= dict.fromkeys([*range(0x200B, 0x2010), 0xFEFF])
_PLAIN |= {
    ord("。"): ord("."),
    0x3000: 0x20,
    0xA0: 0x20,
    ord("號"): ord("号"),
    ord("時"): ord("时"),
    ord("點"): ord("点"),
    **dict.fromkeys(map(ord, "ΟοОоＯｏ◎⚪"), ord("〇")),  # letters and circles that are typed for a zero
}

_YEAR = r"(?P<year>(?<![0-9])[0-9]{4}|[一二壹贰][〇○◯零0oO一二三四五六七八九壹贰叁肆伍陆柒捌玖]{3})"
_SMALL = "[0-9]{1,2}|[元一二三四五六七八九十廿卅壹贰叁拾〇○◯零oO]{1,3}"
_DAY = re.compile(
    rf"{_YEAR}\s*+(?:年\s*(?P<month>{_SMALL})\s*月\s*(?P<day>{_SMALL})(?:\s*[日号]|(?![0-9]))"
    r"|(?P<mark>[-./])\s*(?:(?P=mark)\s*){0,3}(?P<month2>[0-9]{1,2})\s*(?P=mark)\s*(?:(?P=mark)\s*){0,3}(?P<day2>[0-9]{1,2})(?![0-9]))"
)
_COMPACT = re.compile(r"\s*([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{6})?\s*")
_TIME = re.compile(
    r"[\sT,-]*+(?:\(?(?:星期|周)[一二三四五六日天]\)?\s*+)?(?P<half>上午|下午|晚上|中午|[AaPp][Mm])?\s*+"
    r"(?P<hour>[0-9]{1,2})\s*(?:[:时点]\s*(?P<minute>[0-9]{1,2})(?![0-9])|时(?!间)|点(?!击))"
    r"(?:\s*[:分]\s*(?P<second>[0-9]{1,2})(?![0-9]))?(?:\.[0-9]+)?"
    r"\s*(?P<after>[AaPp][Mm])?(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?"
)


_SPACED = re.compile(
    r"(?<=[〇○◯零一二三四五六七八九十年月])\s+(?=[〇○◯零oO一二三四五六七八九十年月日])"
)  # as signatures are set
_JAVA = re.compile(
    r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([0-9]{2}) ([0-9:]{8})"
    r" (?:CST|GMT\+08:00) ([0-9]{4})\b"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _plain(text: str) -> str:
    plain = _SPACED.sub("", text.translate(_PLAIN))
    return _JAVA.sub(_iso, plain) if " CST " in plain or "GMT+08" in plain else plain


def _iso(java: re.Match[str]) -> str:
    """A day as Java prints it, which old JSP pages show: `Wed Nov 03 16:40:00 CST 2021`."""
    return f"{java[4]}-{_MONTHS.index(java[1]) + 1:02}-{java[2]} {java[3]}"


def _days(plain: str) -> Iterator[tuple[date, int]]:
    """Plausible days with the place where each ends."""
    if whole := _COMPACT.fullmatch(plain):
        if day := _day(int(whole[1]), int(whole[2]), int(whole[3])):
            yield day, whole.end(3)
        return
    start = 0
    while match := _DAY.search(plain, start):
        day = _day(
            _year(match["year"]), _small(match["month"] or match["month2"]), _small(match["day"] or match["day2"])
        )
        start = match.end() if day else match.start() + 1
        if day:
            yield day, match.end()


def _in_beijing(day: date, plain: str, end: int) -> date:
    printed = _TIME.match(plain, end)
    instant = _at(day, printed) if printed and printed["offset"] else None
    return instant.astimezone(BEIJING).date() if instant else day


def _day(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(printed: str) -> int:
    return int("".join(str(_NUMERALS.get(char, char)) for char in printed))


def _small(printed: str) -> int:
    """A month or day in digits or numerals (`十`, `二十一`, `廿三`, `〇六`); 0 for what is no number."""
    if printed.isdigit():
        return int(printed)
    tens, ten, ones = printed.replace("廿", "二十").replace("卅", "三十").replace("拾", "十").partition("十")
    if not ten:
        tens, ones = "", tens
    if len(tens) > 1 or len(ones) > 2 or not all(char in _NUMERALS for char in tens + ones):
        return 0
    units = int("".join(str(_NUMERALS[char]) for char in ones) or "0")
    return units + (10 * _NUMERALS[tens] if tens else 10 if ten else 0)


def _at(day: date, printed: re.Match[str] | None) -> datetime | None:
    if printed is None:
        return None
    hour = int(printed["hour"])
    half = (printed["half"] or printed["after"] or "").lower()
    if half in {"下午", "晚上", "pm"} and hour < 12:
        hour += 12
    if half in {"上午", "am"} and hour == 12:
        hour = 0
    try:
        clock = time(hour, int(printed["minute"] or 0), int(printed["second"] or 0), tzinfo=_offset(printed["offset"]))
        return datetime.combine(day, clock).astimezone(UTC)
    except ValueError:
        return None


def _offset(printed: str | None) -> tzinfo:
    if printed is None:
        return BEIJING
    if printed == "Z":
        return UTC
    sign = -1 if printed[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(printed[1:3]), minutes=int(printed[-2:])))
