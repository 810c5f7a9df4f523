"""`verify`: every way in which captures, rows and digests can disagree is told, and a sound archive tells nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.checks import Finding, Sound, check_captures, check_database
from archive.records import Crawl, Exchange
from archive.store import open_reader, open_writer
from archive.warc import WarcWriter, read_exchange

AT = datetime(2026, 11, 23, 16, 42, tzinfo=UTC)
CRAWL = Crawl(id="20261123T164200Z-abcdef", kind="crawl", started_at=AT, vantage="desk", agent="minzheng")
FILE = "2026/20261123T164200Z-abcdef-00000.warc.gz"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An archive of three captures in one WARC file, the second page captured twice, with their rows."""
    writer = WarcWriter(tmp_path / "warc", CRAWL, earlier=lambda _key, _digest: None)
    pages = [
        ("http://mz.example/a", b"one" * 40),
        ("http://mz.example/b", b"two" * 40),
        ("http://mz.example/b", b"two" * 40),
    ]
    places = [writer.keep(_exchange(url, body)) for url, body in pages]
    writer.close()
    db = open_writer(tmp_path / "notices.db")
    with db.atomic():
        for place in places:
            held = read_exchange(tmp_path / "warc", place.warc_file, place.offset)
            db.table("captures").insert(
                {
                    "url": held.url,
                    "url_key": held.url.removeprefix("http://"),
                    "fetched_at": "2026-11-23T16:42:00.000Z",
                    "outcome": "ok",
                    "payload_digest": held.payload_digest,
                    "record_id": place.record_id,
                    "revisit": int(held.revisit),
                    "warc_file": place.warc_file,
                    "warc_offset": place.offset,
                    "warc_end": place.end,
                    "crawl": CRAWL.id,
                }
            )
        db.table("warc_files").insert({"name": FILE, "indexed_to": (tmp_path / "warc" / FILE).stat().st_size})
        db.table("notices").insert({"id": "n1", "title": "低保标准", "original_captured": 0, "text": "城乡低保标准"})
    db.close()
    return tmp_path


def _exchange(url: str, body: bytes) -> Exchange:
    return Exchange(
        url=url,
        method="GET",
        request_headers=(("User-Agent", "minzheng"),),
        request_body=b"",
        status=200,
        reason="OK",
        headers=(("Content-Type", "text/html"),),
        body=body,
        fetched_at=AT,
    )


@pytest.fixture
def changed(folder: Path) -> Iterator[Database]:
    """A connection to change rows of the archive with."""
    db = open_writer(folder / "notices.db")
    yield db
    db.close()


def found_in(folder: Path) -> list[str]:
    """What verify says about the captures."""
    db = open_reader(folder / "notices.db")
    findings = [found for found in check_captures(folder / "warc", db) if isinstance(found, Finding)]
    db.close()
    return [f"{finding.where}: {finding.detail}" for finding in findings]


def found_in_database(folder: Path) -> list[str]:
    """What verify says about the database."""
    db = open_reader(folder / "notices.db")
    findings = [finding.detail for finding in check_database(db, folder)]
    db.close()
    return findings


def test_a_sound_archive_has_no_findings(folder: Path) -> None:
    db = open_reader(folder / "notices.db")
    checked = list(check_captures(folder / "warc", db))
    db.close()

    assert [type(found) for found in checked] == [Sound]
    assert [found.rows for found in checked if isinstance(found, Sound)] == [3]
    assert found_in_database(folder) == []


def test_a_flipped_byte_is_found_with_its_place(folder: Path) -> None:
    path = folder / "warc" / FILE
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)

    assert found_in(folder)
    assert all(FILE in line for line in found_in(folder))


def test_a_row_with_another_digest_is_found(folder: Path, changed: Database) -> None:
    changed.execute("update captures set payload_digest = 'sha256:00' where url_key = 'mz.example/a'")

    assert [line.partition(", the row says ")[2] for line in found_in(folder)] == ["sha256:00"]


def test_a_record_without_its_row_is_found(folder: Path, changed: Database) -> None:
    changed.execute("delete from captures where url_key = 'mz.example/a'")

    assert ["http://mz.example/a has no row" in line for line in found_in(folder)] == [True]


def test_what_the_index_has_not_reached_is_no_finding(folder: Path, changed: Database) -> None:
    changed.execute("delete from captures")
    changed.execute("update warc_files set indexed_to = 0")

    assert found_in(folder) == []


def test_a_row_without_its_record_is_found(folder: Path, changed: Database) -> None:
    changed.execute("update captures set warc_offset = 7 where url_key = 'mz.example/a'")
    lines = found_in(folder)

    assert any(line.startswith(f"{FILE} at 7: row urn:uuid:") for line in lines)


def test_a_missing_file_is_found(folder: Path) -> None:
    (folder / "warc" / FILE).unlink()

    assert found_in(folder) == [f"{FILE}: indexed, but the file is gone; put it back from a backup"]


def test_a_closed_file_that_was_changed_is_found(folder: Path, changed: Database) -> None:
    changed.execute("update warc_files set sha256 = 'ab'")

    assert found_in(folder) == [f"{FILE}: the file is no longer the one with SHA-256 ab"]


def test_a_search_index_that_differs_from_the_text_is_found(folder: Path, changed: Database) -> None:
    for trigger in changed.table("notices").triggers:
        changed.execute(f"drop trigger [{trigger.name}]")
    changed.execute("update notices set text = '养老服务'")

    assert ["the search index differs from the text" in detail for detail in found_in_database(folder)] == [True]
    assert not list(folder.glob(".verify-*"))


def test_a_broken_link_between_rows_is_found(folder: Path, changed: Database) -> None:
    changed.execute("pragma foreign_keys = off")
    changed.execute("insert into aliases (alias, kind, notice) values ('x', 'id', 'nobody')")

    assert ["aliases row" in detail for detail in found_in_database(folder)] == [True]
