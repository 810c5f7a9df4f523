"""Capture: what crosses the wire is in the WARC as sent, and every request that is asked ends as one record."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from OpenSSL.SSL import Error as TlsError
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
)
from scrapy.http import HtmlResponse, Response
from twisted.internet.error import ConnectionLost
from twisted.python.failure import Failure as TwistedFailure
from twisted.web.client import ResponseFailed

from archive.records import CrawlEnd, Entry, Failure, Issue, Listed, Note, Tally
from archive.warc import Damage, StoredExchange, StoredNote, WarcWriter, read_exchange, scan, warc_files
from crawler.capture import Recording, exchange_of, judge_failure
from crawler.guard import Refused
from crawler.lists import Ask
from crawler.spiders.robots import Forbidden
from tests.crawler.small_crawl import CRAWL, Crawled, crawl

AT = datetime(2026, 11, 23, 16, 42, tzinfo=UTC)
PAGE = "<html><title>公告</title></html>".encode("gb18030")
PACKED = gzip.compress(PAGE, mtime=0)
NAMES = {"inside.example": ["10.0.0.5"]}


class _Proxy(BaseHTTPRequestHandler):
    """Answers each path of any host in its own manner."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = "/" + self.path.split("/", 3)[3]
        answer = getattr(self, "answer_" + path.strip("/").replace(".", "_"), None)
        self.close_connection = True
        if answer is None:
            self._send(404, b"nothing here")
        else:
            answer()

    def do_CONNECT(self) -> None:
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        self.connection.recv(10_000)
        self.wfile.write(b"this is no TLS at all")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - name given by http.server
        """Nothing on stderr."""

    def answer_page(self) -> None:
        self._send(200, PACKED, "Content-Encoding: gzip", "X-Twice: one", "X-Twice: two", "Content-Type: text/html")

    def answer_chunked(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")

    def answer_hop(self) -> None:
        self._send(302, b"moved", "Location: /page")

    def answer_loop(self) -> None:
        self._send(302, b"round", "Location: /loop")

    def answer_inward(self) -> None:
        self._send(302, b"inward", "Location: http://127.1/admin")

    def answer_broken(self) -> None:
        self._send(503, b"later")

    def answer_large(self) -> None:
        self._send(200, b"x" * 200_000)

    def answer_growing(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 200_000)

    def answer_torn(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")

    def answer_silent(self) -> None:
        threading.Event().wait(3)

    def answer_robots_txt(self) -> None:
        self._send(200, b"User-agent: *\nDisallow: /forbidden\n", "Content-Type: text/plain")

    def _send(self, status: int, body: bytes, *lines: str) -> None:
        head = [f"HTTP/1.1 {status} Whatever", *lines, f"Content-Length: {len(body)}", "Connection: close"]
        self.wfile.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)


@pytest.fixture(scope="module")
def proxy() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Proxy)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def kept(folder: Path) -> list[StoredExchange | StoredNote | Damage]:
    return [found for _, path in warc_files(folder) for found in scan(path)]


def endings(folder: Path) -> dict[str, list[str]]:
    """How each address ended, attempt by attempt: the status, or the outcome of a failure."""
    found: dict[str, list[str]] = {}
    for one in kept(folder):
        if isinstance(one, StoredExchange):
            found.setdefault(one.url, []).append(str(one.status))
        elif isinstance(one, StoredNote) and isinstance(one.note, Failure):
            found.setdefault(one.note.url, []).append(one.note.outcome)
    return found


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory, proxy: str) -> tuple[Path, Crawled]:
    """One crawl of every manner of answering, robots obeyed and errors tried twice."""
    folder = tmp_path_factory.mktemp("warc")
    paths = ["page", "chunked", "hop", "loop", "inward", "broken", "large", "growing", "torn", "silent", "forbidden"]
    urls = [
        *(f"http://mz.example/{path}" for path in paths),
        "http://mz.example/page#part",
        "https://tls.example/",
        "http://nowhere.example/",
        "http://inside.example/",
        "http://0x7f.1/",
        "file:///etc/hostname",
    ]
    settings = {
        "ROBOTS": True,
        "DOWNLOAD_MAXSIZE": 100_000,
        "RETRY_TIMES": 1,
        "RETRY_HTTP_CODES": [503],
    }
    local = "nowhere.example,inside.example"
    return folder, crawl(folder, urls, names=NAMES, proxy=proxy, no_proxy=local, settings=settings)


def test_every_request_ends_as_one_record(crawled: tuple[Path, Crawled]) -> None:
    folder, result = crawled

    tally = result.tally
    exchanges = [one for one in kept(folder) if isinstance(one, StoredExchange)]
    notes = [one.note for one in kept(folder) if isinstance(one, StoredNote)]
    failures = [note for note in notes if isinstance(note, Failure)]

    assert tally.asked == tally.stored + tally.failed + tally.refused
    assert (tally.stored, tally.failed + tally.refused) == (len(exchanges), len(failures))
    assert [tally] == [note.tally for note in notes if isinstance(note, CrawlEnd)]


def test_each_manner_of_ending_is_told_attempt_by_attempt(crawled: tuple[Path, Crawled]) -> None:
    folder, _ = crawled

    assert {
        "http://mz.example/robots.txt": ["200"],
        "http://mz.example/page": ["200", "200", "200"],  # asked, behind a redirect, with a fragment
        "http://mz.example/chunked": ["200"],
        "http://mz.example/hop": ["302"],
        "http://mz.example/loop": ["302", "302", "302", "302"],
        "http://mz.example/inward": ["302"],
        "http://127.1/admin": ["refused"],
        "http://mz.example/broken": ["503", "503"],
        "http://mz.example/large": ["too_large"],
        "http://mz.example/growing": ["too_large"],
        "http://mz.example/torn": ["unreachable", "unreachable"],
        "http://mz.example/silent": ["unreachable", "unreachable"],
        "http://mz.example/forbidden": ["robots"],
        "https://tls.example/robots.txt": ["tls"],  # hands that would not shake are not offered again
        "https://tls.example/": ["tls"],  # without its robots.txt nothing is asked
        "http://nowhere.example/": ["unreachable", "unreachable"],
        "http://inside.example/": ["refused"],
        "http://0x7f.1/": ["refused"],
        "file:///etc/hostname": ["refused"],
    } == endings(folder)


def test_a_body_is_kept_as_sent_and_de_chunked(crawled: tuple[Path, Crawled]) -> None:
    folder, _ = crawled
    bodies = {one.url: one.body for one in kept(folder) if isinstance(one, StoredExchange) and not one.revisit}

    assert PACKED == bodies["http://mz.example/page"]
    assert b"abcde" == bodies["http://mz.example/chunked"]


def test_headers_of_one_name_keep_their_number_and_order(crawled: tuple[Path, Crawled]) -> None:
    folder, _ = crawled
    page = next(one for one in kept(folder) if isinstance(one, StoredExchange) and one.url.endswith("/page"))

    assert ["one", "two"] == [value for name, value in page.headers if name == "X-Twice"]
    assert ("Content-Encoding", "gzip") in page.headers


def test_an_answer_brings_the_place_where_it_is_kept(crawled: tuple[Path, Crawled]) -> None:
    folder, result = crawled
    ((name, _),) = warc_files(folder)
    found = sorted(read_exchange(folder, name, offset).url for offset in result.offsets)

    assert [
        "http://mz.example/broken",
        "http://mz.example/chunked",
        "http://mz.example/page",
        "http://mz.example/page",
        "http://mz.example/page",
    ] == found


def test_a_full_disk_ends_the_crawl_and_no_request(tmp_path: Path, proxy: str) -> None:
    result = crawl(tmp_path, ["http://mz.example/page"], names={}, proxy=proxy, settings={"FULL_DISK": True})

    assert (["NotKept"], "[Errno 28] No space left on device") == (result.errors, result.gave_up)
    assert Tally(asked=1) == result.tally


def test_an_exchange_has_no_secrets_of_the_operator_and_no_address_of_a_proxy() -> None:
    request = Request(
        "http://mz.example/a#part",
        headers={"Authorization": "Basic eA==", "Proxy-Authorization": "Basic eA==", "Accept": "*/*"},
        meta={"proxy": "http://127.0.0.1:1", "ask": Ask(url="http://mz.example/a", kind="entry", raw_url=" a ")},
    )
    response = HtmlResponse("http://mz.example/a", status=404, body=b"x", headers={"Server": "n\xe9"})

    exchange = exchange_of(request, response, at=AT)

    assert (("Accept", "*/*"),) == exchange.request_headers
    assert ("http://mz.example/a", " a ", "Not Found", None) == (
        exchange.url,
        exchange.raw_url,
        exchange.reason,
        exchange.address,
    )


def test_the_address_as_found_is_not_that_of_a_redirect() -> None:
    ask = Ask(url="http://mz.example/a", kind="entry", raw_url="a")
    request = Request("http://mz.example/b", meta={"ask": ask, "redirect_urls": ["http://mz.example/a"]})

    assert None is exchange_of(request, Response("http://mz.example/b"), at=AT).raw_url


def _tls_failure() -> DownloadFailedError:
    error = DownloadFailedError("failed")
    error.__cause__ = ResponseFailed([TwistedFailure(TlsError([("SSL", "", "certificate verify failed")]))])
    return error


def _broken_off() -> DownloadFailedError:
    error = DownloadFailedError("[<twisted.python.failure.Failure ConnectionLost>]")
    error.__cause__ = ResponseFailed([TwistedFailure(ConnectionLost())])
    return error


@pytest.mark.parametrize(
    ("exception", "outcome", "told"),
    [
        (Refused("http://127.1/ is not asked"), "refused", "http://127.1/ is not asked"),
        (Forbidden("Forbidden by robots.txt"), "robots", "Forbidden by robots.txt"),
        (IgnoreRequest("Filtered offsite request"), "refused", "Filtered offsite request"),
        (IgnoreRequest(), "refused", "IgnoreRequest"),
        (NotSupported("Unsupported URL scheme 'x'"), "refused", "NotSupported: Unsupported URL scheme 'x'"),
        (DownloadCancelledError(), "too_large", "broken off when it went past the limit, its size was not stated"),
        (DownloadTimeoutError("took longer"), "unreachable", "DownloadTimeoutError: took longer"),
        (CannotResolveHostError("no\nname"), "unreachable", "CannotResolveHostError: no name"),
        (ResponseDataLossError(), "unreachable", "ResponseDataLossError"),
        (_tls_failure(), "tls", "certificate verify failed"),
        (_broken_off(), "unreachable", "DownloadFailedError: Connection to the other side was lost"),
        (RuntimeError("a bug"), "unreachable", "RuntimeError: a bug"),
    ],
)
def test_an_exception_has_its_outcome(exception: Exception, outcome: str, told: str) -> None:
    found, detail = judge_failure(exception)

    assert outcome == found
    assert told in detail


def recording_at(folder: Path) -> Recording:
    return Recording(WarcWriter(folder, CRAWL, earlier=lambda _key, _digest: None), now=lambda: AT)


def notes_of(folder: Path) -> list[Note]:
    return [one.note for one in kept(folder) if isinstance(one, StoredNote)]


def test_a_recording_ends_with_its_tally(tmp_path: Path) -> None:
    recording = recording_at(tmp_path)
    recording.ask()
    recording.fail("http://mz.example/", raw_url=None, outcome="robots", detail="no")
    recording.end("finished")

    assert CrawlEnd(ended_at=AT, reason="finished", tally=Tally(asked=1, refused=1)) == notes_of(tmp_path)[-1]


def test_what_a_list_page_showed_and_what_needs_a_look_is_written_down(tmp_path: Path) -> None:
    recording = recording_at(tmp_path)
    entry = Entry(url="http://mz.example/1.html", title="公告")
    recording.listed(entry, source="mz", channel="http://mz.example/tz/", list_url="http://mz.example/tz/index_1.html")
    recording.issue("empty_list", "http://mz.example/tz/", "no links", source="mz")
    recording.sync()

    assert [
        Listed(
            entry=entry,
            source="mz",
            channel="http://mz.example/tz/",
            list_url="http://mz.example/tz/index_1.html",
            listed_at=AT,
        ),
        Issue(kind="empty_list", subject="http://mz.example/tz/", detail="no links", raised_at=AT, source="mz"),
    ] == notes_of(tmp_path)
