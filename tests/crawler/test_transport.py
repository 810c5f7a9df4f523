"""Over what a host is reached: strictly, the old way, or over http; and never past a certificate that does not hold."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from scrapy import Request, Spider
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadFailedError, DownloadTimeoutError
from scrapy.http import Response
from scrapy.utils.test import get_crawler
from twisted.web.client import BrowserLikePolicyForHTTPS, ResponseNeverReceived

from crawler.frontier.hosts import Hosts
from crawler.transport import TRANSPORT, TransportHandler, reachable, split
from tests.browsing import run_apart
from tests.crawler.crawling import crawl, rows
from tests.tls_web import Server, TlsWeb, serve_tls
from tests.web import PROXY_NAMES

OLD, WEAK = "mzj.lao.example", "mzj.ruo.example"
GOOD, EXPIRED, WRONG, DEAF = "mzj.hao.example", "mzj.guoqi.example", "mzj.taming.example", "mzj.long.example"
SERVERS = {
    GOOD: Server(),
    OLD: Server(oldest=ssl.TLSVersion.TLSv1, newest=ssl.TLSVersion.TLSv1_1),
    WEAK: Server(key_size=1024),
    EXPIRED: Server(days=-2),
    WRONG: Server(name="www.bieren.example"),
    DEAF: Server(),
}
ADDRESSES = [*(f"https://{host}/a.html" for host in (GOOD, OLD, WEAK, EXPIRED, WRONG)), f"http://{DEAF}/a.html"]


class Remembering(Spider):
    name = "remembering"

    def __init__(self) -> None:
        super().__init__()
        self.hosts = Hosts(":memory:")


@dataclass(frozen=True)
class Asked:
    """One crawl of all servers, and a second one into the same archive, each with what the servers saw."""

    folder: Path
    first: list[str]
    second: list[str]


def lead(patch: pytest.MonkeyPatch, web: TlsWeb) -> None:
    patch.setenv("MINZHENG_CONTACT", "crawls@desk.example")
    for name in PROXY_NAMES:
        patch.delenv(name.upper(), raising=False)
        patch.setenv(name, "" if name == "no_proxy" else web.proxy)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    folder = tmp_path_factory.mktemp("tls")
    with pytest.MonkeyPatch.context() as patch, serve_tls(folder, SERVERS, deaf=(DEAF,)) as web:
        lead(patch, web)
        patch.setenv("SSL_CERT_FILE", str(web.authority))
        crawled = crawl(folder / "archive", articles=ADDRESSES, only=[], kind="crawl")
        assert crawled.told is not None, crawled.err
        first = list(web.log)
        web.log.clear()
        crawl(
            folder / "archive", articles=[url.replace("a.html", "b.html") for url in ADDRESSES], only=[], kind="crawl"
        )
        yield Asked(folder / "archive", first, web.log)


def captures(asked: Asked, host: str, page: str = "a.html") -> list[tuple[str, str, str | None]]:
    query = f"select url, outcome, transport from captures where url like '%{host}/{page}' order by id"
    return [(url.partition(":")[0], outcome, transport) for url, outcome, transport in rows(asked.folder, query)]


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (GOOD, [("https", "ok", "tls")]),
        (OLD, [("https", "ok", "legacy_tls")]),
        (WEAK, [("https", "ok", "legacy_tls")]),
        (EXPIRED, [("https", "tls", None), ("http", "ok", "http")]),
        (WRONG, [("https", "tls", None), ("http", "ok", "http")]),
    ],
)
def test_a_host_is_asked_strictly_then_the_old_way_then_over_http(
    asked: Asked, host: str, expected: list[tuple[str, str, str | None]]
) -> None:
    assert expected == captures(asked, host)


def test_http_that_does_not_answer_leads_to_its_twin(asked: Asked) -> None:
    told = captures(asked, DEAF)

    assert ("https", "ok", "tls") == told[-1]
    assert {("http", "unreachable", None)} == set(told[:-1])


@pytest.mark.parametrize("host", [EXPIRED, WRONG])
def test_a_certificate_that_does_not_hold_is_asked_nothing(asked: Asked, host: str) -> None:
    """Hands are shaken twice, and no request goes through."""
    lines = [line for line in asked.first if host in line]

    assert 2 == lines.count(f"tunnel {host}")
    assert [] == [line for line in lines if line.startswith("TLS")]


def test_old_servers_are_spoken_to_in_their_own_version(asked: Asked) -> None:
    assert {f"TLSv1.1 {OLD}/robots.txt", f"TLSv1.1 {OLD}/a.html"} == {
        line for line in asked.first if OLD in line and line.startswith("TLS")
    }


def test_what_worked_is_asked_first_by_the_next_crawl(asked: Asked) -> None:
    seen = {host: [line for line in asked.second if host in line] for host in SERVERS}

    assert 1 == seen[OLD].count(f"tunnel {OLD}") == seen[WEAK].count(f"tunnel {WEAK}")
    assert [f"http {EXPIRED}/robots.txt", f"http {EXPIRED}/b.html"] == seen[EXPIRED]
    assert [] == [line for line in seen[DEAF] if line.startswith("http ")]
    assert [("https", "ok", "tls")] == captures(asked, DEAF, "b.html")


def test_an_authority_that_nobody_installed_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve_tls(tmp_path, {GOOD: Server()}) as web:
        lead(monkeypatch, web)
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        crawl(tmp_path / "archive", articles=[f"https://{GOOD}/a.html"], only=[])

    found = captures(Asked(tmp_path / "archive", [], []), GOOD)

    assert [("https", "tls", None), ("http", "ok", "http")] == found
    assert [] == [line for line in web.log if line.startswith("TLS")]


@pytest.mark.parametrize("problem", [DownloadTimeoutError, DownloadConnectionRefusedError, DownloadFailedError])
def test_a_host_is_no_old_one_because_the_old_way_failed_too(
    problem: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first handshake breaks off half-way, and so does everything for a while; then the server is as before."""
    silence = DownloadFailedError()
    silence.__cause__ = ResponseNeverReceived([])
    answers: list[Exception | Response] = [silence, problem(), Response(f"https://{GOOD}/a")]

    async def answer(_self: object, _request: Request) -> Response:
        one = answers.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    def begin(self: HTTP11DownloadHandler, crawler: Crawler) -> None:  # without the reactor
        vars(self).update(_crawler=crawler, _contextFactory=BrowserLikePolicyForHTTPS())

    monkeypatch.setattr(HTTP11DownloadHandler, "__init__", begin)
    monkeypatch.setattr(HTTP11DownloadHandler, "download_request", answer)

    async def ask_twice() -> str:
        crawler = get_crawler()
        crawler.spider = Remembering()
        handler = TransportHandler(crawler)
        request = Request(f"https://{GOOD}/a")
        with pytest.raises(DownloadFailedError):
            await handler.download_request(request)
        await handler.download_request(request)
        return str(request.meta[TRANSPORT])

    assert run_apart(ask_twice()) == "tls"


def test_the_twin_is_asked_only_where_the_scheme_is_known_to_fail() -> None:
    hosts = Hosts(":memory:")
    hosts.learn(GOOD, "http", "http")
    hosts.learn(EXPIRED, "https", "http")
    hosts.learn(DEAF, "http", "tls")

    assert f"https://{GOOD}/a" == reachable(f"https://{GOOD}/a", hosts)
    assert f"http://{EXPIRED}/a" == reachable(f"https://{EXPIRED}/a", hosts)
    assert f"https://{DEAF}/a" == reachable(f"http://{DEAF}/a", hosts)


def test_a_port_of_its_own_is_another_server() -> None:
    assert ("mz.example:8011", "http") == split("http://mz.example:8011/a")
    assert ("mz.example", "https") == split("https://mz.example:443/a")
