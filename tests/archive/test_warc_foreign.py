"""WARC files that other programs wrote, in the manners seen in the wild."""

from __future__ import annotations

import gzip
import hashlib
from base64 import b32encode
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.warc import Damage, StoredExchange, StoredNote, scan, verify

PAGE = b"<html>\xb9\xab\xb8\xe6</html>"
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE


def record(kind: str, block: bytes, *lines: str, url: str = "http://mz.example/", length: int | None = None) -> bytes:
    head = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        "WARC-Date: 2024-11-01T00:00:00Z",
        f"WARC-Target-URI: {url}",
        *lines,
        f"Content-Length: {len(block) if length is None else length}",
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def read(path: Path, *records: bytes, packed: bool = True) -> list[StoredExchange | StoredNote | Damage]:
    path.write_bytes(b"".join(gzip.compress(one) if packed else one for one in records))
    return list(scan(path))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "ingest"
    folder.mkdir()
    return folder / "0123456789ab-other.warc.gz"


def one(found: list[StoredExchange | StoredNote | Damage]) -> StoredExchange:
    (exchange,) = found
    assert isinstance(exchange, StoredExchange), exchange
    return exchange


def test_a_response_is_read_with_our_own_digest_and_theirs_kept_aside(path: Path) -> None:
    exchange = one(read(path, record("response", HTTP, "WARC-Payload-Digest: sha1:ABC", "WARC-Record-ID: <urn:x:1>")))

    assert PAGE == exchange.body
    assert "sha256:" + hashlib.sha256(PAGE).hexdigest() == exchange.payload_digest
    assert ("sha1:ABC", "urn:x:1") == (exchange.stated_digest, exchange.place.record_id)
    assert datetime(2024, 11, 1, tzinfo=UTC) == exchange.fetched_at


def test_a_record_without_an_id_is_named_by_its_place(path: Path) -> None:
    exchange = one(read(path, record("response", HTTP)))

    assert "urn:minzheng:ingest/0123456789ab-other.warc.gz:0" == exchange.place.record_id


def test_what_warcio_writes_is_read(path: Path) -> None:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        headers = StatusAndHeaders("404 Not Found", [("Content-Type", "text/html")], protocol="HTTP/1.0")
        writer.write_record(
            writer.create_warc_record(
                "http://mz.example/x", "response", payload=BytesIO(PAGE), length=len(PAGE), http_headers=headers
            )
        )

    exchange = one(list(scan(path)))

    assert (404, PAGE, "http://mz.example/x") == (exchange.status, exchange.body, exchange.url)
    assert [None] == [getattr(found, "problem", "damage") for found in verify(path)]


@pytest.mark.parametrize("name", ["plain.warc", "plain-but-called.warc.gz"])
def test_an_unpacked_file_is_read(tmp_path: Path, name: str) -> None:
    found = read(tmp_path / name, *[record("response", HTTP)] * 3, packed=False)

    assert [PAGE] * 3 == [exchange.body for exchange in found if isinstance(exchange, StoredExchange)]


def test_after_damage_in_an_unpacked_file_reading_goes_on_at_the_next_record(tmp_path: Path) -> None:
    good = record("response", HTTP)
    found = read(tmp_path / "plain.warc", good, record("response", HTTP, length=7), good, packed=False)

    assert ["StoredExchange", "Damage", "StoredExchange"] == [type(one).__name__ for one in found]
    assert len(good) == getattr(found[1], "offset", None)


def test_a_torn_unpacked_file_is_damage_at_its_last_record(tmp_path: Path) -> None:
    good = record("response", HTTP)
    found = read(tmp_path / "plain.warc", good, good[:-10], packed=False)

    assert ["StoredExchange", "Damage"] == [type(one).__name__ for one in found]


@pytest.mark.parametrize("length", [3, 10_000])
def test_a_content_length_that_does_not_fit_is_damage(path: Path, length: int) -> None:
    (damage,) = read(path, record("response", HTTP, length=length))

    assert isinstance(damage, Damage)
    assert f"Content-Length {length}" in damage.detail


def test_a_file_packed_as_one_member_is_damage_that_says_what_to_do(path: Path) -> None:
    (damage,) = read(path, record("response", HTTP) * 2)

    assert isinstance(damage, Damage)
    assert "warcio recompress" in damage.detail


@pytest.mark.parametrize("coding", ["chunked", "gzip, Chunked"])
def test_a_chunked_body_is_joined(path: Path, coding: str) -> None:
    head = f"HTTP/1.1 200 OK\r\nTransfer-Encoding: {coding}\r\n\r\n".encode()

    exchange = one(read(path, record("response", head + b"3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n")))

    assert b"abc0123456789" == exchange.body
    assert "sha256:" + hashlib.sha256(b"abc0123456789").hexdigest() == exchange.payload_digest


def test_a_body_only_called_chunked_is_left_as_it_is(path: Path) -> None:
    exchange = one(read(path, record("response", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + PAGE)))

    assert PAGE == exchange.body


@pytest.mark.parametrize("of", [b"abc", b"3\r\nabc\r\n0\r\n\r\n"], ids=["joined", "as sent"])
def test_verify_takes_either_digest_of_a_chunked_body(path: Path, of: bytes) -> None:
    digest = b32encode(hashlib.sha1(of, usedforsecurity=False).digest()).decode()
    block = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    read(path, record("response", block, f"WARC-Payload-Digest: sha1:{digest}"))

    (checked,) = verify(path)

    assert None is getattr(checked, "problem", "damage")


def test_verify_finds_a_wrong_sha1(path: Path) -> None:
    read(path, record("response", HTTP, "WARC-Payload-Digest: sha1:2VNNS2HQCNVXZE2YUS763PFO7S4PQPIA"))

    (checked,) = verify(path)

    assert "the payload is not what sha1:2VNNS" in (getattr(checked, "problem", None) or "")


def test_a_resource_of_the_web_counts_as_an_answer(path: Path) -> None:
    found = read(
        path,
        record("resource", PAGE, "Content-Type: text/html"),
        record("resource", b"x", url="file:///etc/hosts"),
        record("resource", b"x", url="urn:pageinfo:1"),
    )
    exchange = one(found)

    assert (200, (("Content-Type", "text/html"),), PAGE) == (exchange.status, exchange.headers, exchange.body)


def test_a_revisit_names_what_it_repeats(path: Path) -> None:
    exchange = one(
        read(
            path,
            record(
                "revisit",
                b"HTTP/1.1 200 OK\r\nETag: 1\r\n\r\n",
                "WARC-Payload-Digest: sha1:ABC",
                "WARC-Refers-To-Target-URI: http://mz.example/old",
                "WARC-Refers-To-Date: 2020-01-02T03:04:05Z",
            ),
        )
    )

    assert (True, None, "sha1:ABC", (("ETag", "1"),)) == (
        exchange.revisit,
        exchange.body,
        exchange.payload_digest,
        exchange.headers,
    )
    assert exchange.earlier is not None
    assert ("http://mz.example/old", datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)) == (
        exchange.earlier.url,
        exchange.earlier.fetched_at,
    )


def test_a_revisit_without_a_head_says_not_modified_by_its_profile(path: Path) -> None:
    profile = "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/{}"
    unmodified = one(read(path, record("revisit", b"", profile.format("server-not-modified"))))
    identical = one(read(path, record("revisit", b"", profile.format("identical-payload-digest"))))

    assert (unmodified.status, identical.status) == (304, 200)


@pytest.mark.parametrize("request_first", [True, False])
def test_the_method_is_read_from_the_request_on_either_side(path: Path, *, request_first: bool) -> None:
    asked = record("request", b"POST /list HTTP/1.1\r\nHost: mz.example\r\n\r\nq=1")
    answer = record("response", HTTP)
    other = record("response", HTTP, url="http://mz.example/other")

    found = read(path, *((asked, answer) if request_first else (answer, asked)), other)

    assert ["POST", "GET"] == [exchange.method for exchange in found if isinstance(exchange, StoredExchange)]


def test_what_is_no_exchange_is_passed_over(path: Path) -> None:
    found = read(
        path,
        record("warcinfo", b"software: other\r\n"),
        record("response", b"20240101000000\n127.0.0.1", "Content-Type: text/dns", url="dns:mz.example"),
        record("metadata", b"fetchTimeMs: 3\r\n", "Content-Type: application/warc-fields"),
        record("conversion", b"text"),
    )

    assert [] == found


@pytest.mark.parametrize(
    ("kind", "block", "line", "told"),
    [
        ("response", b"<html>no head", "X: y", "no HTTP status line"),
        ("response", HTTP, "WARC-Segment-Number: 1", "segments"),
        ("metadata", b'{"what": "Weather"}', "Content-Type: application/vnd.minzheng.note+json", "unknown here"),
        ("response", HTTP, "X-Minzheng-Raw-URL: {", "response:"),
    ],
)
def test_a_record_that_makes_no_sense_is_damage_that_says_why(
    path: Path, kind: str, block: bytes, line: str, told: str
) -> None:
    (damage,) = read(path, record(kind, block, line))

    assert isinstance(damage, Damage)
    assert told in damage.detail


def test_a_wrong_date_is_damage_that_shows_it(path: Path) -> None:
    (damage,) = read(path, record("response", HTTP).replace(b"2024-11-01T00:00:00Z", b"yesterday"))

    assert isinstance(damage, Damage)
    assert "'yesterday'" in damage.detail


def test_an_address_in_angle_brackets_is_read_without_them(path: Path) -> None:
    exchange = one(read(path, record("response", HTTP, url="<http://mz.example/w>")))

    assert "http://mz.example/w" == exchange.url


def test_a_cut_body_says_so(path: Path) -> None:
    assert "length" == one(read(path, record("response", HTTP, "WARC-Truncated: length"))).truncated


def test_folded_header_lines_are_one(path: Path) -> None:
    block = b"HTTP/1.1 200 OK\r\nX-Long: one\r\n  two\r\nServer: nginx\r\n\r\n"

    assert (("X-Long", "one two"), ("Server", "nginx")) == one(read(path, record("response", block))).headers
