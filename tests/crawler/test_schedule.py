"""What is due, in which order, and when the night is open."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from archive.dates import BEIJING
from archive.records import Channel, Source
from crawler.lists import Site
from crawler.schedule import closes_at, due, most_overdue_first, only_due, opens_at

NOW = datetime(2026, 11, 24, 3, 17, tzinfo=BEIJING)
HOUR, DAY = 3600, 86_400


def site(key: str, **every: int) -> Site:
    home = f"http://mzj.{key}.example/"
    lists = tuple(Channel(source=key, name=n, url=f"{home}{n}/", family="trs", every=s) for n, s in every.items())
    source = Source(key=key, agency=key, kind="bureau", home=home, addresses=(f"mzj.{key}.example/",))
    return Site(source=source, channels=lists)


def walked(ago: dict[str, timedelta]) -> dict[tuple[str, str], datetime]:
    """`source/channel` → how long ago it was walked."""
    told = {tuple(name.split("/")): NOW - since for name, since in ago.items()}
    return {(key, f"http://mzj.{key}.example/{name}/"): at for (key, name), at in told.items()}


def names(sites: tuple[Site, ...]) -> list[str]:
    return [f"{channel.source}/{channel.name}" for one in sites for channel in one.channels]


SITES = (site("qingshan", tzgg=DAY, fg=7 * DAY), site("yunling", gsgg=12 * HOUR))


def test_what_was_never_walked_is_due_before_all_else() -> None:
    ago = {"qingshan/tzgg": timedelta(days=40), "yunling/gsgg": timedelta(hours=1)}
    found = [(one.channel.name, one.late) for one in due(SITES, walked(ago), now=NOW)]

    assert [("fg", float("inf")), ("tzgg", 40.0)] == found


def test_lateness_is_counted_in_each_channel_s_own_every() -> None:
    ago = {
        "qingshan/tzgg": timedelta(days=2),
        "qingshan/fg": timedelta(days=8),
        "yunling/gsgg": timedelta(hours=36),
    }
    found = [one.channel.name for one in due(SITES, walked(ago), now=NOW)]

    assert ["gsgg", "tzgg", "fg"] == found


@pytest.mark.parametrize(
    ("every", "since", "is_due"),
    [
        (DAY, timedelta(hours=23, minutes=50), True),  # yesterday's crawl came to it after ten minutes
        (DAY, timedelta(hours=21), False),
        (12 * HOUR, timedelta(hours=11), True),
        (7 * DAY, timedelta(days=6), False),
        (30 * DAY, timedelta(days=29), False),
        (30 * DAY, timedelta(days=29, hours=23), True),
    ],
)
def test_a_timer_that_comes_a_little_early_misses_no_channel(every: int, since: timedelta, *, is_due: bool) -> None:
    sites = (site("qingshan", tzgg=every),)

    assert is_due == bool(due(sites, walked({"qingshan/tzgg": since}), now=NOW))


def test_only_what_is_due_is_left_of_the_sites() -> None:
    ago = {"qingshan/tzgg": timedelta(days=3), "qingshan/fg": timedelta(days=3), "yunling/gsgg": timedelta(hours=2)}

    assert ["qingshan/tzgg"] == names(only_due(SITES, walked(ago), now=NOW))
    assert () == only_due(SITES, walked(dict.fromkeys(ago, timedelta())), now=NOW)


def test_the_most_overdue_site_comes_first_and_none_is_lost() -> None:
    empty = site("heishixian")
    ago = {"qingshan/tzgg": timedelta(days=1), "qingshan/fg": timedelta(days=21), "yunling/gsgg": timedelta(days=1)}
    ordered = most_overdue_first((empty, *SITES), walked(ago), now=NOW)

    assert ["qingshan/fg", "qingshan/tzgg", "yunling/gsgg"] == names(ordered)
    assert {"heishixian", "qingshan", "yunling"} == {one.source.key for one in ordered}


NIGHT, DAYTIME = (time(22), time(6, 30)), (time(1), time(5))


@pytest.mark.parametrize(
    ("night", "clock", "opens", "closes"),
    [
        (NIGHT, "2026-11-24 21:59", "2026-11-24 22:00", None),
        (NIGHT, "2026-11-24 22:00", None, "2026-11-25 06:30"),
        (NIGHT, "2026-11-24 00:00", None, "2026-11-24 06:30"),
        (NIGHT, "2026-11-24 06:30", "2026-11-24 22:00", None),
        (DAYTIME, "2026-11-24 00:59", "2026-11-24 01:00", None),
        (DAYTIME, "2026-11-24 03:00", None, "2026-11-24 05:00"),
        (DAYTIME, "2026-11-24 05:00", "2026-11-25 01:00", None),
        (None, "2026-11-24 12:00", None, None),
    ],
)
def test_the_night_opens_and_closes_by_clocks_in_china(
    night: tuple[time, time] | None, clock: str, opens: str | None, closes: str | None
) -> None:
    now = datetime.fromisoformat(clock).replace(tzinfo=BEIJING).astimezone(UTC)  # as the program has it
    told = [at and f"{at:%Y-%m-%d %H:%M}" for at in (opens_at(night, now), closes_at(night, now))]

    assert [opens, closes] == told
