"""The guard: nothing but http(s), and no special address in any spelling, after any redirect, behind any name."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.guard import allowed, refusal, special_address
from tests.crawler.small_crawl import crawl

LOOPBACK = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "0x7f000001",
    "0x7F.0.0.1",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "0177.0.0.0x1",
    "127.0.0.1.",
    "１２７.０.０.１",
    "127。0。0。1",
    "127．0｡0．1",
    "①②⑦.0.0.1",
    "127.0.0.%31",
    "127.0.\u200b0.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
]


@pytest.mark.parametrize("host", LOOPBACK)
def test_every_spelling_of_loopback_is_told(host: str) -> None:
    assert "loopback" == special_address(host)


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("", "empty"),
        (".", "empty"),
        ("0.0.0.0", "unspecified"),
        ("0", "unspecified"),
        ("[::]", "unspecified"),
        ("10.1.2.3", "private"),
        ("012.1.2.3", "private"),
        ("010.1.2.3", "private"),  # 8.1.2.3 to inet_aton, 10.1.2.3 to programs that ignore the zero
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.168.0.1", "private"),
        ("[fd00::1]", "private"),
        ("169.254.169.254", "link-local"),
        ("[fe80::1%25eth0]", "link-local"),
        ("100.64.0.1", "carrier-grade NAT"),
        ("192.0.0.170", "protocol assignment"),
        ("[2001::7f00:1]", "protocol assignment"),
        ("203.0.113.9", "documentation"),
        ("[2001:db8::1]", "documentation"),
        ("198.18.0.1", "benchmarking"),
        ("224.0.0.1", "multicast"),
        ("[ff02::1]", "multicast"),
        ("255.255.255.255", "reserved"),
        ("[4000::1]", "not a global address"),
        ("[64:ff9b::a00:1]", "private"),
        ("[::zz]", "no IPv6 address"),
        ("256.1.1.1", "a number that is no address"),
        ("4294967296", "a number that is no address"),
        ("1.2.3.4.5", "a number that is no address"),
        ("localhost", "name of this machine or network"),
        ("LOCALHOST.", "name of this machine or network"),
        ("ｌｏｃａｌｈｏｓｔ", "name of this machine or network"),
        ("a.localhost", "name of this machine or network"),
        ("metadata.google.internal", "name of this machine or network"),
    ],
)
def test_a_special_address_is_told_with_its_reason(host: str, why: str) -> None:
    assert why == special_address(host)


@pytest.mark.parametrize(
    "host",
    [
        "mzj.cq.gov.cn",
        "民政.中国",
        "8.8.8.8",
        "172.32.0.1",
        "163.com",
        "[2400:3200::1]",
        "[::ffff:8.8.8.8]",
        "localhost.cn",
    ],
)
def test_what_is_public_is_not_special(host: str) -> None:
    assert None is special_address(host)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("file:///etc/passwd", "scheme 'file'"),
        ("data:text/html,x", "scheme 'data'"),
        ("ftp://mz.example/", "scheme 'ftp'"),
        ("//mz.example/", "scheme ''"),
        ("http:///x", "special: empty"),
        ("http://mz.example@127.0.0.1/", "loopback"),
        ("http://mz.example:x@127.0.0.1:80/", "loopback"),
        ("http://127.0.0.1\\@mz.example/", "backslashes"),
        ("http://mz.example\t/", "control characters"),
        ("http://mz.example:99999/", "no address"),
        ("http://[::1/", "no address"),
    ],
)
def test_an_address_that_must_not_be_asked_is_refused_with_its_reason(url: str, told: str) -> None:
    assert told in (refusal(url) or "")
    assert not allowed(url)


def test_an_address_of_the_web_is_allowed() -> None:
    assert allowed("https://mzj.cq.gov.cn:8080/a%20b.html?x=127.0.0.1#localhost")


@pytest.fixture
def canary() -> Iterator[tuple[int, list[str]]]:
    """A server on this machine's loopback that nobody may reach: its port, and who came."""
    seen: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                seen.append("connection")
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret")
                connection.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield server.getsockname()[1], seen
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def test_a_crawl_reaches_no_special_address_in_any_spelling(tmp_path: Path, canary: tuple[int, list[str]]) -> None:
    port, seen = canary
    hosts = [host for host in LOOPBACK if not host.startswith("[64") and not host.startswith("[2002")]
    urls = [f"http://{host}:{port}/" for host in (*hosts, "0.0.0.0", "localhost", "a@127.0.0.1")]

    crawled = crawl(tmp_path, urls, names={}, proxy=None, settings={})

    assert [] == seen
    assert (len(urls), len(urls)) == (crawled.tally.asked, crawled.tally.refused)
    assert ["Refused"] * len(urls) == crawled.errors


def test_a_name_that_leads_inside_is_refused_and_not_tried_again(tmp_path: Path, canary: tuple[int, list[str]]) -> None:
    port, seen = canary

    crawled = crawl(
        tmp_path,
        [f"http://inside.example:{port}/"],
        names={"inside.example": ["127.0.0.1"]},
        proxy=None,
        settings={"RETRY_TIMES": 2},
    )

    assert [] == seen
    assert (1, 1) == (crawled.tally.asked, crawled.tally.refused)


def test_a_name_that_changes_its_answer_is_never_followed_inside(tmp_path: Path, canary: tuple[int, list[str]]) -> None:
    """The first answer passes the middleware; without a cache the second, inside, is what would be connected to."""
    port, seen = canary

    crawled = crawl(
        tmp_path,
        [f"http://rebind.example:{port}/"],
        names={"rebind.example": ["8.8.8.8", "127.0.0.1"]},
        proxy=None,
        settings={"DNSCACHE_ENABLED": False},
    )

    assert [] == seen
    assert ["CannotResolveHostError"] == crawled.errors


def test_a_proxy_on_this_machine_is_exempt_but_what_lies_behind_is_not(
    tmp_path: Path, canary: tuple[int, list[str]]
) -> None:
    port, seen = canary

    crawled = crawl(
        tmp_path,
        ["http://mz.example/", f"http://127.0.0.1:{port}/", "http://169.254.169.254/latest/"],
        names={},
        proxy=f"http://127.0.0.1:{port}",
        settings={},
    )

    assert ["connection"] == seen
    assert (3, 1, 2) == (crawled.tally.asked, crawled.tally.stored, crawled.tally.refused)


def test_robots_txt_of_a_special_address_is_not_asked_either(tmp_path: Path, canary: tuple[int, list[str]]) -> None:
    port, seen = canary

    crawled = crawl(
        tmp_path,
        [f"http://127.0.0.1:{port}/a", f"http://127.1:{port}/b"],
        names={},
        proxy=None,
        settings={"ROBOTS": True},
    )

    assert [] == seen
    assert (2, 2) == (crawled.tally.asked, crawled.tally.refused)
