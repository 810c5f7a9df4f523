"""What servers see of whole crawls: gaps, one turn for a platform, pauses they ask for, days of peace after a block."""

from __future__ import annotations

import signal
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Lock
from time import monotonic, sleep

import pytest

from crawler.demo import DEMO_SITES, Asked, Web
from crawler.demo.hosts import Answer, Sites
from crawler.demo.proxy import Proxy, serve
from crawler.pace import name_of
from tests.crawler.crawling import Crawled, crawl, finish, rows, start
from tests.web import PROXY_NAMES

DELAY = 0.5
PLATFORM = "pingtai.example"
HOSTS = [*(f"mzj.h{n}.example" for n in range(5)), "www.mzj.h4.example", f"a.{PLATFORM}", f"b.{PLATFORM}"]
PAGE = "<html><title>公告</title><p>一个公告，写给所有人看的公告。</p></html>"
QINGSHAN = "mzj.qingshan.example"
ONE, TWO, THREE = (f"http://{QINGSHAN}/{n}.html" for n in (1, 2, 3))


class Busy(Sites):
    """The miniature web; each address in `first` answers that the first time it is asked."""

    def __init__(self, first: Mapping[str, Answer]) -> None:
        super().__init__(DEMO_SITES)
        self._first = dict(first)
        self._lock = Lock()

    def answer(self, url: str, method: str = "GET", form: str = "") -> Answer:
        """Its first answer, then what the miniature web answers."""
        with self._lock:
            first = self._first.pop(url, None)
        return first or super().answer(url, method, form)


@contextmanager
def served(patch: pytest.MonkeyPatch, sites: Sites) -> Iterator[Proxy]:
    with serve(sites) as proxy:
        for name in PROXY_NAMES:
            patch.delenv(name.upper(), raising=False)
            patch.setenv(name, "" if name == "no_proxy" else proxy.address)
        yield proxy


def pause(status: int, value: str) -> Answer:
    return Answer(status=status, headers=(("Retry-After", value),), body=b"busy")


def gaps(log: list[Asked]) -> list[float]:
    return [(after.at - before.at).total_seconds() for before, after in pairwise(log)]


def told(crawled: Crawled) -> Mapping[str, object]:
    assert crawled.told is not None, crawled.err
    return crawled.told


def remembered(folder: Path) -> list[tuple[str, int, timedelta]]:
    """Hosts, their blocks in a row, and for how long they are left alone from now, in whole hours."""
    with closing(sqlite3.connect(folder / "crawl.db")) as db:
        found = db.execute("select host, blocks, until from hosts").fetchall()
    now = datetime.now(UTC)
    return [
        (host, blocks, timedelta(hours=round((datetime.fromisoformat(until) - now) / timedelta(hours=1))))
        for host, blocks, until in found
    ]


def test_eight_hosts_see_the_delay_the_platform_and_their_pause_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    articles = [f"http://{host}/{place}{n}.html" for place, host in enumerate(HOSTS) for n in range(5)]
    sites = Busy({articles[1]: pause(503, "2")})
    for url in articles:
        sites.put(url, PAGE)
    with served(monkeypatch, sites) as proxy:
        list_of_platform = f"http://a.{PLATFORM}/"  # the platform's second host is in no entry
        crawled = crawl(
            tmp_path / "archive", addresses=[list_of_platform], articles=articles, delay=DELAY, platform=PLATFORM
        )
    by_slot = defaultdict(list)
    for one in proxy.log:
        name = name_of(one.url)
        by_slot[PLATFORM if name.endswith(PLATFORM) else name].append(one)
    seen = [gap for log in by_slot.values() for gap in gaps(log)]
    busy = by_slot[HOSTS[0]]
    pauses = [gap for before, gap in zip(busy, gaps(busy), strict=False) if before.status == 503]

    assert set(articles) < {one.url for one in proxy.log}, crawled.err
    assert (6, True) == (len(by_slot), len(seen) > 40)
    assert sum(gap >= 0.95 * DELAY for gap in seen) >= 0.99 * len(seen), sorted(seen)[:5]
    assert [True] == [gap >= 2 for gap in pauses]


@pytest.mark.parametrize("value", ["1", "Sun, 06 Nov 1994 08:49:37 GMT"])
def test_too_many_requests_is_no_block_when_it_says_when_to_come_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str
) -> None:
    sites = Busy({ONE: pause(429, value)})
    for url in (ONE, TWO):
        sites.put(url, PAGE)
    with served(monkeypatch, sites) as proxy:
        crawled = crawl(tmp_path / "archive", articles=[ONE, TWO], only=[])

    assert [429, 200] == [one.status for one in proxy.log if one.url == ONE]
    assert [200] == [one.status for one in proxy.log if one.url == TWO]
    assert (0, 0) == (crawled.code, told(crawled)["issues"])
    assert value != "1" or all(gap >= 1 for gap in gaps([one for one in proxy.log if one.url == ONE]))


def test_a_server_that_is_busy_again_and_again_stops(web: Web, tmp_path: Path) -> None:
    web.sites.put(ONE, "busy", status=429, headers={"Retry-After": "0"})
    web.sites.put(TWO, PAGE)
    crawl(tmp_path / "archive", articles=[ONE, TWO], only=[])

    assert [ONE, ONE] == [one.url for one in web.log if one.url in (ONE, TWO)]
    assert [("blocked", QINGSHAN)] == rows(tmp_path / "archive", "select kind, subject from issues")


def test_a_pause_that_is_too_long_leaves_the_host_to_a_later_crawl(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINZHENG_CONTACT", "crawls@desk.example")
    folder = tmp_path / "archive"
    web.sites.put(ONE, "busy", status=503, headers={"Retry-After": "7200"})
    first = told(crawl(folder, articles=[ONE, TWO, THREE], only=[], kind="crawl"))
    asked = [one.url for one in web.log]
    second = told(crawl(folder, articles=[TWO], only=[], kind="crawl"))

    assert [f"http://{QINGSHAN}/robots.txt", ONE] == asked == [one.url for one in web.log]
    assert (1, 2) == (first["issues"], first["tally"]["refused"])  # type: ignore[index]
    assert [("blocked", QINGSHAN)] == rows(folder, "select kind, subject from issues")
    assert [(QINGSHAN, 0, timedelta(hours=2))] == remembered(folder)
    assert [QINGSHAN] == list(second["left_alone"])  # type: ignore[call-overload]


def test_a_host_that_blocked_us_is_left_alone_until_a_person_names_it(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINZHENG_CONTACT", "crawls@desk.example")
    folder = tmp_path / "archive"
    for url in [url for url in web.sites if f"/{QINGSHAN}/" in url and not url.endswith("/robots.txt")]:
        web.sites.put(url, "云防护", status=493)
    blocked = crawl(folder, only=["qingshan"], kind="crawl")
    asked, after_one = len(web.log), remembered(folder)
    left = crawl(folder, only=["qingshan"], kind="crawl")
    asked_then = len(web.log)
    named = crawl(folder, only=["qingshan"], kind="crawl", is_named=True)

    assert (3, 0, 3) == (blocked.code, left.code, named.code)
    assert (2, 2, 4) == (asked, asked_then, len(web.log))
    assert [(QINGSHAN, 1, timedelta(days=1))] == after_one
    assert [(QINGSHAN, 2, timedelta(days=2))] == remembered(folder)
    assert "left alone until" in str(told(left)["left_alone"])
    assert {} == told(named)["left_alone"]
    assert ("refused",) in rows(folder, "select distinct outcome from captures")


def test_the_demo_remembers_no_block(web: Web, tmp_path: Path) -> None:
    web.sites.put(ONE, "云防护", status=493)
    for _ in range(2):
        crawl(tmp_path / "archive", articles=[ONE], only=[])

    assert [493, 493] == [one.status for one in web.log if one.url == ONE]


def test_a_crawl_that_ends_does_not_sit_out_a_long_pause(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What waited is still pending, and the next crawl asks it."""
    folder = tmp_path / "archive"
    sites = Busy({ONE: pause(503, "100")})
    sites.put(ONE, PAGE)
    with served(monkeypatch, sites) as proxy:
        crawling = start(folder, articles=[ONE], only=[])
        until = monotonic() + 30
        while not any(one.status == 503 for one in proxy.log) and monotonic() < until:
            sleep(0.05)
        sleep(0.5)
        crawling.send_signal(signal.SIGINT)
        stopped_at = monotonic()
        stopped = finish(crawling)
        seconds = monotonic() - stopped_at
        tally = told(stopped)["tally"]
        crawl(folder, only=[])

    assert seconds < 10
    assert tally["asked"] == tally["stored"] + tally["failed"] + tally["refused"]  # type: ignore[index]
    assert [503, 200] == [one.status for one in proxy.log if one.url == ONE], stopped.err


def test_a_crawl_delay_is_kept_and_never_makes_a_crawl_faster(web: Web, tmp_path: Path) -> None:
    for url in (ONE, TWO):
        web.sites.put(url, PAGE)
    web.sites.put(f"http://{QINGSHAN}/robots.txt", "User-agent: *\nCrawl-delay: 0.7\n")
    crawl(tmp_path / "slow", articles=[ONE, TWO], only=[])
    slow = gaps(web.log)
    web.log.clear()
    web.sites.put(f"http://{QINGSHAN}/robots.txt", "User-agent: *\nCrawl-delay: 0.1\n")
    crawl(tmp_path / "fast", articles=[ONE, TWO], only=[], delay=0.6)

    assert 2 == len(slow) == len(gaps(web.log))
    assert min(slow) >= 0.7
    assert min(gaps(web.log)) >= 0.6
