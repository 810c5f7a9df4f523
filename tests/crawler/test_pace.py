"""The pace of a crawl: who shares a turn, how long a turn waits, and how long a server may ask to be left alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.core.downloader import Downloader

from archive.records import Source
from crawler.downloader import PacedDownloader, PacedSlot
from crawler.lists import Site
from crawler.pace import JITTER, LONGEST_DELAY, LONGEST_WAIT, MOST_WAITING, Pace, retry_after

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
PAGE = "http://mzj.qingshan.example/a.html"


def site(prefix: str, delay: float, *, platform: str | None = None) -> Site:
    source = Source(key="x", agency="某局", kind="bureau", home=f"http://{prefix}", addresses=(prefix,))
    return Site(source=source, channels=(), delay=delay, platform=platform)


def pace(*, clock: float = 0.0) -> Pace:
    return Pace({}, least=2.0, clock=lambda: clock)


@pytest.mark.parametrize(
    ("url", "slot"),
    [
        ("http://www.mzj.example/a", "mzj.example"),
        ("https://MZJ.example:8443/a", "mzj.example"),
        ("https://mzj.cq.example/a", "cq.example"),
        ("http://nobody.named.this.cq.example/", "cq.example"),
        ("http://cq.example/", "cq.example"),
        ("http://mzjcq.example/", "mzjcq.example"),
    ],
)
def test_one_server_has_one_slot(url: str, slot: str) -> None:
    assert slot == Pace.of([site("mzj.cq.example/", 2.0, platform="cq.example")], least=2.0).slot(url)


def test_a_platform_is_asked_at_the_pace_of_its_slowest_site() -> None:
    sites = [
        site("a.cq.example/", 3.0, platform="cq.example"),
        site("b.cq.example/mz/", 9.0),
        site("c.cq.example/", 4.0),
    ]

    assert 9.0 == Pace.of(sites, least=2.0).delay("cq.example")


@given(st.floats(0, 1e9))
def test_no_robots_txt_makes_a_crawl_faster_or_endless(seconds: float) -> None:
    slow = pace()
    slow.slow_down(PAGE, seconds)

    assert 2.0 <= slow.delay(slow.slot(PAGE)) <= LONGEST_DELAY


def test_a_pause_is_kept_by_the_whole_slot_and_no_other() -> None:
    kept = pace(clock=100.0)

    assert kept.rest("http://www.qingshan.example/", 30.0)
    assert 130.0 == kept.rests_until("qingshan.example")
    assert 0.0 == kept.rests_until(kept.slot(PAGE))


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    kept = pace(clock=100.0)
    kept.rest(PAGE, 30.0)
    kept.rest(PAGE, 1.0)

    assert 130.0 == kept.rests_until(kept.slot(PAGE))


def test_a_pause_longer_than_a_crawl_can_wait_is_not_waited_for() -> None:
    assert not pace().rest(PAGE, LONGEST_WAIT + 1)


def test_a_crawl_does_not_wait_for_one_server_for_ever() -> None:
    busy = pace()
    waits = int(MOST_WAITING // LONGEST_WAIT)

    assert [True] * waits + [False] == [busy.rest(PAGE, LONGEST_WAIT) for _ in range(waits + 1)]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("99999999999999", 999_999_999.0),
        ("Tue, 24 Nov 2026 08:01:30 GMT", 90.0),
        ("Tue, 24 Nov 2026 16:01:30 +0800", 90.0),
        ("Tue, 24 Nov 2026 07:00:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("１２０", None),
    ],
)
def test_a_pause_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert seconds == retry_after((("Retry-After", value),), now=NOW)


def test_a_date_is_set_against_the_clock_of_the_server() -> None:
    headers = (("Date", "Mon, 23 Nov 2026 00:00:00 GMT"), ("Retry-After", "Mon, 23 Nov 2026 00:00:20 GMT"))

    assert 20.0 == retry_after(headers, now=NOW)


@given(st.text())
def test_reading_a_pause_never_raises(value: str) -> None:
    told = retry_after((("Retry-After", value), ("Date", value)), now=NOW)

    assert told is None or told >= 0


def test_chance_only_lengthens_a_delay_and_is_drawn_once_a_request() -> None:
    slot = PacedSlot("qingshan.example", pace())
    drawn = []
    for instant in range(200):
        slot.lastseen = float(instant)
        assert slot.full_delay() == slot.full_delay()
        drawn.append(slot.full_delay())

    assert 2.0 <= min(drawn) < max(drawn) <= 2.0 * (1 + JITTER)


def test_a_slot_waits_for_the_end_of_a_pause_however_long_ago_it_was_asked() -> None:
    kept = pace(clock=1000.0)
    slot = PacedSlot("qingshan.example", kept)
    slot.lastseen = 400.0
    kept.rest("http://qingshan.example/", 60.0)

    assert 1060.0 == slot.lastseen + slot.full_delay()


def test_without_a_delay_nothing_waits() -> None:
    assert 0.0 == PacedSlot("x.example", Pace({}, least=0.0)).full_delay()


def test_a_request_takes_the_turn_of_its_own_address_after_a_redirect() -> None:
    """Scrapy leaves the first host's slot in the meta, and would ask the second one in its turn."""
    downloader = PacedDownloader.__new__(PacedDownloader)
    downloader.crawler = type("Crawler", (), {"spider": type("Spider", (), {"pace": pace()})})  # type: ignore[assignment]
    request = Request("http://www.yunlingmz.example/", meta={Downloader.DOWNLOAD_SLOT: "mzj.qingshan.example"})

    assert "yunlingmz.example" == downloader.get_slot_key(request)
