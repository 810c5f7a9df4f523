"""Writing WARC files: what is kept comes back, and other programs can read it."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive.records import Crawl, Exchange, Failure
from archive.warc import (
    Damage,
    Earlier,
    StoredExchange,
    StoredNote,
    WarcWriter,
    read_exchange,
    scan,
    verify,
    warc_files,
)

AT = datetime(2026, 11, 23, 16, 42, tzinfo=UTC)
CRAWL = Crawl(
    id="20261123T164200Z-abcdef", kind="crawl", started_at=AT, vantage="desk", agent="minzheng (+mailto:a@b.example)"
)
FILE = "2026/20261123T164200Z-abcdef-00000.warc.gz"


def exchange_of(body: bytes = b"<html>\xc4\xfa</html>", **changed: object) -> Exchange:
    values: dict[str, object] = {
        "url": "http://mz.example/a.html",
        "method": "GET",
        "request_headers": (("User-Agent", "minzheng"),),
        "request_body": b"",
        "status": 200,
        "reason": "OK",
        "headers": (("Content-Type", "text/html"),),
        "body": body,
        "fetched_at": AT,
    }
    return Exchange(**{**values, **changed})  # type: ignore[arg-type]


def writer_at(root: Path, *, max_bytes: int = 1024**3) -> WarcWriter:
    return WarcWriter(root, CRAWL, earlier=lambda _key, _digest: None, max_bytes=max_bytes)


def pinned_ids() -> Callable[[], str]:
    numbers = count()
    return lambda: f"urn:uuid:00000000-0000-0000-0000-{next(numbers):012}"


def stored(root: Path) -> list[StoredExchange | StoredNote | Damage]:
    return [found for _, path in warc_files(root) for found in scan(path)]


token = st.text("abcXYZ-", min_size=1, max_size=12)
value = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30).map(lambda text: text.strip(" \t"))
header_lines = st.lists(st.tuples(token.filter(lambda name: name.lower() != "transfer-encoding"), value), max_size=6)


@st.composite
def exchanges(draw: st.DrawFn) -> Exchange:
    return exchange_of(
        body=draw(st.binary(max_size=200)),
        url=f"http://h{draw(st.integers(0, 3))}.example/{draw(st.text('abc/?=&%', max_size=10))}",
        method=draw(st.sampled_from(["GET", "POST", "HEAD"])),
        status=draw(st.integers(200, 599)),
        reason=draw(value),
        request_body=draw(st.binary(max_size=30)),
        headers=tuple(draw(header_lines)),
        fetched_at=draw(st.datetimes(datetime(2001, 1, 1), datetime(2090, 1, 1))).replace(tzinfo=UTC),  # noqa: DTZ001
        raw_url=draw(st.none() | st.text(max_size=20)),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kept=st.lists(exchanges(), max_size=5))
def test_writing_and_reading_is_identity(tmp_path_factory: pytest.TempPathFactory, kept: list[Exchange]) -> None:
    root = tmp_path_factory.mktemp("warc")
    writer = writer_at(root)
    places = [writer.keep(exchange) for exchange in kept]
    writer.close()

    found = stored(root)

    assert places == [one.place for one in found if isinstance(one, StoredExchange)]
    bodies: dict[str | None, bytes] = {}
    for one, exchange in zip(found, kept, strict=True):
        assert isinstance(one, StoredExchange)
        if one.body is not None:
            bodies[one.payload_digest] = one.body
        assert (one.url, one.method, one.status, one.headers, one.raw_url, one.fetched_at) == (
            exchange.url,
            exchange.method,
            exchange.status,
            exchange.headers,
            exchange.raw_url,
            exchange.fetched_at,
        )
        assert bodies[one.payload_digest] == exchange.body


def test_a_record_reads_as_written_here_byte_for_byte(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, CRAWL, earlier=lambda *_: None, new_id=pinned_ids(), now=lambda: AT)
    writer.keep(exchange_of(b"hi", address="203.0.113.7", raw_url="a.html\n", reason="", method="POST"))
    writer.close()

    written = gzip.decompress((tmp_path / FILE).read_bytes())

    assert (
        b"WARC/1.1\r\n"
        b"WARC-Type: response\r\n"
        b"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\n"
        b"WARC-Date: 2026-11-23T16:42:00Z\r\n"
        b"WARC-Target-URI: http://mz.example/a.html\r\n"
        b"WARC-IP-Address: 203.0.113.7\r\n"
        b"WARC-Payload-Digest: sha256:8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4\r\n"
        b"WARC-Block-Digest: sha256:ec237fc21c56d6c0871f31cb1d3262b3fcd5b964349b8ed4767f21ad31b9c8eb\r\n"
        b"WARC-Identified-Payload-Type: text/html\r\n"
        b"X-Minzheng-Method: POST\r\n"
        b'X-Minzheng-Raw-URL: "a.html\\n"\r\n'
        b"Content-Type: application/http; msgtype=response\r\n"
        b"Content-Length: 43\r\n"
        b"\r\n"
        b"HTTP/1.1 200\r\nContent-Type: text/html\r\n\r\nhi\r\n\r\n"
    ) == written[written.index(b"WARC/1.1\r\nWARC-Type: response") : written.index(b"WARC/1.1\r\nWARC-Type: request")]


def test_the_first_record_names_the_crawl(tmp_path: Path) -> None:
    writer = writer_at(tmp_path)
    writer.note(CRAWL, at=AT)
    writer.close()

    with (tmp_path / FILE).open("rb") as file:
        info = next(iter(ArchiveIterator(file)))

        assert info.rec_type == "warcinfo"
        assert f"isPartOf: {CRAWL.id}".encode() in info.content_stream().read()


def test_warcio_reads_our_files_and_finds_every_digest_right(tmp_path: Path) -> None:
    writer = writer_at(tmp_path)
    writer.note(CRAWL, at=AT)
    body = gzip.compress("公告".encode())
    for _ in range(2):
        writer.keep(exchange_of(body, headers=(("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"))))
    writer.keep(exchange_of(b"", status=302, headers=(("Location", "/b.html"),)))
    writer.close()

    checked = subprocess.run(
        [sys.executable, "-c", "from warcio.cli import main; main()", "check", "-v", str(tmp_path / FILE)],
        capture_output=True,
        text=True,
        check=False,
    )
    with (tmp_path / FILE).open("rb") as file:
        kinds = [
            (record.rec_type, record.content_stream().read() if record.rec_type == "response" else None)
            for record in ArchiveIterator(file, check_digests="raise")
        ]

    assert (checked.returncode, "failed" in checked.stdout) == (0, False), checked.stdout + checked.stderr
    assert [
        ("warcinfo", None),
        ("metadata", None),
        ("response", "公告".encode()),
        ("request", None),
        ("revisit", None),
        ("request", None),
        ("response", b""),
        ("request", None),
    ] == kinds


def test_our_own_check_finds_every_digest_right(tmp_path: Path) -> None:
    writer = writer_at(tmp_path)
    writer.keep(exchange_of())
    writer.keep(exchange_of())
    writer.note(CRAWL, at=AT)
    writer.close()

    problems = [getattr(found, "problem", "damage") for found in verify(tmp_path / FILE)]

    assert [None] * 6 == problems


def test_an_equal_payload_of_the_same_address_is_a_revisit(tmp_path: Path) -> None:
    writer = writer_at(tmp_path)
    first = writer.keep(exchange_of(url="http://mz.example/a.html"))
    writer.keep(exchange_of(url="https://mz.example/a.html", headers=(("ETag", "2"),)))
    writer.close()

    _, again = stored(tmp_path)

    assert isinstance(again, StoredExchange)
    assert (True, None, (("ETag", "2"),)) == (again.revisit, again.body, again.headers)
    assert Earlier(url="http://mz.example/a.html", fetched_at=AT, record_id=first.record_id) == again.earlier


def test_an_equal_payload_of_another_address_is_no_revisit(tmp_path: Path) -> None:
    writer = writer_at(tmp_path)
    writer.keep(exchange_of(url="http://mz.example/a.html"))
    writer.keep(exchange_of(url="http://mz.example/b.html"))
    writer.close()

    assert [False, False] == [found.revisit for found in stored(tmp_path) if isinstance(found, StoredExchange)]


def test_a_payload_the_archive_holds_is_a_revisit_of_it(tmp_path: Path) -> None:
    earlier = Earlier(url="http://mz.example/a.html", fetched_at=AT, record_id="urn:uuid:1")
    writer = WarcWriter(tmp_path, CRAWL, earlier=lambda _key, _digest: earlier)
    writer.keep(exchange_of())
    writer.close()

    (found,) = stored(tmp_path)

    assert isinstance(found, StoredExchange)
    assert (True, earlier) == (found.revisit, found.earlier)


def test_an_empty_body_is_never_a_revisit(tmp_path: Path) -> None:
    writer = writer_at(tmp_path)
    writer.keep(exchange_of(b"", status=302))
    writer.keep(exchange_of(b"", status=404))
    writer.close()

    assert [False, False] == [found.revisit for found in stored(tmp_path) if isinstance(found, StoredExchange)]


def test_a_place_leads_back_to_its_exchange(tmp_path: Path) -> None:
    writer = writer_at(tmp_path)
    writer.note(CRAWL, at=AT)
    place = writer.keep(exchange_of(b"one", method="POST"))

    while_open = read_exchange(tmp_path, place.warc_file, place.offset)
    writer.close()

    assert (b"one", "POST") == (while_open.body, while_open.method)
    assert while_open == read_exchange(tmp_path, place.warc_file, place.offset)


def test_a_place_without_an_exchange_is_an_error_that_names_it(tmp_path: Path) -> None:
    writer = writer_at(tmp_path)
    place = writer.note(CRAWL, at=AT)
    writer.close()

    with pytest.raises(ValueError, match=f"no exchange at {place.offset} of {FILE}"):
        read_exchange(tmp_path, FILE, place.offset)


def test_a_full_file_is_closed_and_another_begun(tmp_path: Path) -> None:
    writer = writer_at(tmp_path, max_bytes=1500)
    places = [writer.keep(exchange_of(os.urandom(500))) for _ in range(6)]
    writer.close()

    assert sorted({place.warc_file for place in places}) == [name for name, _ in warc_files(tmp_path)]
    assert len(warc_files(tmp_path)) > 1
    assert places == [found.place for found in stored(tmp_path) if isinstance(found, StoredExchange)]


def test_a_file_is_called_open_until_it_is_closed(tmp_path: Path) -> None:
    writer = writer_at(tmp_path)
    place = writer.keep(exchange_of())
    ((name, path),) = warc_files(tmp_path)
    writer.close()

    assert (place.warc_file, f"{Path(FILE).name}.open") == (name, path.name)
    assert [(FILE, tmp_path / FILE)] == warc_files(tmp_path)


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """A disk with as many bytes left as the list's only number: writes to it are short, then fail."""
    room = [10**9]
    write = os.write

    def short_write(descriptor: int, data: bytes) -> int:
        if room[0] <= 0:
            raise OSError(28, "No space left on device")
        part = bytes(data)[: room[0]]
        room[0] -= len(part)
        return write(descriptor, part)

    monkeypatch.setattr("archive.warc.files.os.write", short_write)
    yield room
    monkeypatch.undo()


def test_a_full_disk_keeps_no_part_of_a_record_and_the_writer_goes_on(tmp_path: Path, full_disk: list[int]) -> None:
    writer = writer_at(tmp_path)
    writer.keep(exchange_of(b"before"))
    full_disk[0] = 100
    with pytest.raises(OSError, match="No space left"):
        writer.keep(exchange_of(os.urandom(1000)))
    full_disk[0] = 10**9
    writer.keep(exchange_of(b"after"))
    writer.close()

    assert [b"before", b"after"] == [found.body for found in stored(tmp_path) if isinstance(found, StoredExchange)]
    assert not [found for found in stored(tmp_path) if isinstance(found, Damage)]


def test_a_disk_full_at_the_start_leaves_no_file(tmp_path: Path, full_disk: list[int]) -> None:
    full_disk[0] = 10
    with pytest.raises(OSError, match="No space left"):
        writer_at(tmp_path).keep(exchange_of())

    assert [] == warc_files(tmp_path)


def test_writing_reaches_the_disk_within_a_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    seconds = [0.0]
    monkeypatch.setattr("archive.warc.files.time.monotonic", lambda: seconds[0])
    monkeypatch.setattr("archive.warc.files.os.fsync", synced.append)
    writer = writer_at(tmp_path)
    writer.keep(exchange_of(b"1"))
    synced.clear()
    for seconds[0] in (0.4, 0.9, 1.1, 1.2):
        writer.keep(exchange_of(f"at {seconds[0]}".encode()))

    assert 1 == len(synced)


def test_a_failure_note_names_its_address_for_other_programs(tmp_path: Path) -> None:
    writer = writer_at(tmp_path)
    failure = Failure(
        url="http://gone.example/", raw_url=None, fetched_at=AT, outcome="unreachable", detail="no such host"
    )
    writer.note(failure, at=AT)
    writer.close()

    with (tmp_path / FILE).open("rb") as file:
        record = list(ArchiveIterator(file))[-1]

        assert "http://gone.example/" == record.rec_headers.get_header("WARC-Target-URI")
    assert [failure] == [found.note for found in stored(tmp_path) if isinstance(found, StoredNote)]


def test_an_answer_not_modified_is_a_standard_revisit_of_the_last_capture(tmp_path: Path) -> None:
    last = Earlier(url="http://mz.example/a.html", fetched_at=AT, record_id="urn:uuid:1")
    writer = WarcWriter(tmp_path, CRAWL, earlier=lambda _key, _digest: None, latest=lambda _key: last)
    writer.keep(exchange_of(b"", status=304, reason="Not Modified", headers=(("ETag", '"7"'),)))
    writer.close()
    with (tmp_path / FILE).open("rb") as file:
        [found] = [record for record in ArchiveIterator(file) if record.rec_type == "revisit"]

    assert found.http_headers.get_statuscode() == "304"
    assert found.rec_headers["WARC-Profile"].endswith("/warc/1.1/revisit/server-not-modified")
    assert found.rec_headers["WARC-Refers-To-Target-URI"] == "http://mz.example/a.html"
    assert found.rec_headers["WARC-Refers-To-Date"] == "2026-11-23T16:42:00Z"
    assert found.rec_headers["WARC-Payload-Digest"] is None
    assert [] == [checked for checked in verify(tmp_path / FILE) if isinstance(checked, Damage) or checked.problem]
