"""Damaged WARC files: what is whole is read, what is not is told, and what a crash left open is closed."""

from __future__ import annotations

import gzip
import os
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.records import Crawl, Exchange
from archive.warc import Damage, StoredExchange, WarcWriter, crawl_of, repair, scan, verify, warc_files

AT = datetime(2026, 11, 23, 16, 42, tzinfo=UTC)
CRAWL = Crawl(id="20261123T164200Z-abcdef", kind="crawl", started_at=AT, vantage="desk", agent="minzheng")
FILE = "2026/20261123T164200Z-abcdef-00000.warc.gz"


def write(root: Path, exchanges: int) -> list[tuple[int, int]]:
    """Write exchanges with bodies `0`, `1` … that do not pack well; give the places of their responses."""
    writer = WarcWriter(root, CRAWL, earlier=lambda _key, _digest: None)
    noise = random.Random(1)
    places = [writer.keep(_exchange(number, noise.randbytes(300))) for number in range(exchanges)]
    writer.sync()
    return [(place.offset, place.end) for place in places]


def _exchange(number: int, noise: bytes) -> Exchange:
    return Exchange(
        url=f"http://mz.example/{number}.html",
        method="GET",
        request_headers=(),
        request_body=b"",
        status=200,
        reason="OK",
        headers=(),
        body=b"%d " % number + noise,
        fetched_at=AT,
    )


def read(path: Path) -> tuple[list[int], list[int]]:
    """Numbers of the exchanges that came back, and offsets of the damage."""
    found = list(scan(path))
    numbers = [int((one.body or b"").split(b" ")[0]) for one in found if isinstance(one, StoredExchange)]
    return numbers, [one.offset for one in found if isinstance(one, Damage)]


@pytest.fixture
def closed(tmp_path: Path) -> tuple[Path, list[tuple[int, int]]]:
    places = write(tmp_path, 12)
    repair(tmp_path)
    return tmp_path / FILE, places


@pytest.mark.parametrize("seed", range(20))
def test_a_flipped_byte_loses_at_most_its_own_record(closed: tuple[Path, list[tuple[int, int]]], seed: int) -> None:
    path, places = closed
    start, end = places[5]
    data = bytearray(path.read_bytes())
    data[random.Random(seed).randrange(start, end)] ^= 0xFF
    path.write_bytes(data)

    numbers, damage = read(path)

    others = [number for number in range(12) if number != 5]
    assert (numbers, damage) in [(others, [start]), (list(range(12)), [])]


def test_a_block_of_zeros_loses_only_what_it_covers(closed: tuple[Path, list[tuple[int, int]]]) -> None:
    path, places = closed
    data = bytearray(path.read_bytes())
    start, end = places[3][0], places[5][0] + 40
    data[start:end] = bytes(end - start)
    path.write_bytes(data)

    numbers, damage = read(path)

    assert ([0, 1, 2, 6, 7, 8, 9, 10, 11], [start]) == (numbers, damage)


def test_a_zeroed_head_of_the_file_loses_only_what_it_covers(closed: tuple[Path, list[tuple[int, int]]]) -> None:
    path, places = closed
    data = bytearray(path.read_bytes())
    data[: places[1][0]] = bytes(places[1][0])
    path.write_bytes(data)

    assert (list(range(1, 12)), [0]) == read(path)


def test_a_torn_tail_of_a_closed_file_is_damage(closed: tuple[Path, list[tuple[int, int]]]) -> None:
    path, places = closed
    os.truncate(path, places[11][1] - 3)

    assert (list(range(11)), [places[11][0]]) == read(path)


def test_the_torn_tail_of_an_open_file_is_no_damage(tmp_path: Path) -> None:
    places = write(tmp_path, 4)
    ((_, path),) = warc_files(tmp_path)
    os.truncate(path, places[3][1] - 3)

    assert ([0, 1, 2], []) == read(path)


def test_a_scan_goes_on_where_the_last_one_ended(tmp_path: Path) -> None:
    places = write(tmp_path, 4)
    ((_, path),) = warc_files(tmp_path)

    rest = [found.url for found in scan(path, places[1][1]) if isinstance(found, StoredExchange)]

    assert ["http://mz.example/2.html", "http://mz.example/3.html"] == rest


def test_repair_cuts_to_the_last_whole_record_and_closes(tmp_path: Path) -> None:
    places = write(tmp_path, 4)
    ((_, path),) = warc_files(tmp_path)
    os.truncate(path, places[3][1] - 3)

    repaired = repair(tmp_path)

    assert [FILE] == repaired
    assert [(FILE, tmp_path / FILE)] == warc_files(tmp_path)
    assert ([0, 1, 2], []) == read(tmp_path / FILE)


@pytest.mark.parametrize("seed", range(8))
def test_repair_after_a_tear_anywhere_leaves_no_damage(tmp_path: Path, seed: int) -> None:
    places = write(tmp_path, 4)
    ((_, path),) = warc_files(tmp_path)
    size = random.Random(seed).randrange(1, path.stat().st_size)
    os.truncate(path, size)
    repair(tmp_path)

    whole = [number for number, (_, end) in enumerate(places) if end <= size]

    assert [(whole, [])] == [read(path) for _, path in warc_files(tmp_path)] or whole == []


def test_repair_removes_an_open_file_without_a_record(tmp_path: Path) -> None:
    folder = tmp_path / "2026"
    folder.mkdir()
    (folder / f"{CRAWL.id}-00000.warc.gz.open").write_bytes(b"\x1f\x8b\x08\x00")

    assert [] == repair(tmp_path)
    assert [] == warc_files(tmp_path)


def test_repair_twice_is_repair_once(closed: tuple[Path, list[tuple[int, int]]]) -> None:
    path, _ = closed
    before = path.read_bytes()

    assert [] == repair(path.parents[1])
    assert before == path.read_bytes()


def test_a_writer_never_appends_to_a_repaired_file(tmp_path: Path) -> None:
    write(tmp_path, 1)
    repair(tmp_path)
    write(tmp_path, 1)

    assert [FILE, FILE.replace("-00000", "-00001")] == [name for name, _ in warc_files(tmp_path)]


def test_random_bytes_are_damage_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "2026" / "noise.warc.gz"
    path.parent.mkdir()
    path.write_bytes(random.Random(3).randbytes(200_000))

    assert ([], [0]) == read(path)


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "empty.warc.gz"
    path.touch()

    assert [] == list(scan(path))


def test_a_record_past_the_cap_is_told_and_passed_over(
    closed: tuple[Path, list[tuple[int, int]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, places = closed
    data = path.read_bytes()
    large = gzip.compress(b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 5000000\r\n\r\n" + bytes(5_000_000))
    path.write_bytes(data[: places[2][0]] + large + data[places[2][0] :])
    monkeypatch.setattr("archive.warc.members.MAX_RECORD", 1_000_000)

    assert (list(range(12)), [places[2][0]]) == read(path)


def test_verify_names_the_record_whose_bytes_changed(closed: tuple[Path, list[tuple[int, int]]]) -> None:
    path, places = closed
    start, end = places[4]
    data = path.read_bytes()
    changed = gzip.compress(gzip.decompress(data[start:end]).replace(b"\r\n\r\n4 ", b"\r\n\r\n5 "))
    path.write_bytes(data[:start] + changed + data[end:])

    problems = [(one.place.offset, one.problem) for one in verify(path) if not isinstance(one, Damage) and one.problem]

    assert [start] == [offset for offset, _ in problems]
    assert "the block is not what sha256:" in str(problems[0][1])


@pytest.mark.parametrize(
    ("name", "crawl"),
    [
        (FILE, CRAWL.id),
        ("2026/ingest-0123456789ab-00000.warc.gz", "ingest-0123456789ab"),
        ("ingest/0123456789ab-CC-MAIN-1.warc.gz", "ingest-0123456789ab"),
    ],
)
def test_a_file_name_tells_its_crawl(name: str, crawl: str) -> None:
    assert crawl == crawl_of(name)


def test_a_name_we_do_not_give_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"'other\.warc\.gz' is named neither"):
        crawl_of("other.warc.gz")
