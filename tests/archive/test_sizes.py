"""How large an archive is, and how long the disk will do."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from archive.commands.sizes import measure

NOW = datetime(2026, 7, 1, tzinfo=UTC)


class Disk(NamedTuple):
    total: int = 10_000
    used: int = 4_000
    free: int = 6_000


@pytest.fixture(autouse=True)
def disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk())


def an_archive(folder: Path, files: dict[str, int], *, database: int = 0) -> Path:
    """Capture files of so many bytes, by the day of their crawl."""
    (folder / "warc" / "2026").mkdir(parents=True)
    for day, count in files.items():
        name = f"{day.replace('-', '')}T010000Z-aaaaaa-00000.warc.gz"
        (folder / "warc" / "2026" / name).write_bytes(b"x" * count)
    (folder / "notices.db").write_bytes(b"x" * database)
    return folder


def test_a_month_is_what_the_last_three_brought_captures_and_database_together(tmp_path: Path) -> None:
    files = {"2025-01-01": 3_000, "2026-04-10": 500, "2026-06-30": 500}
    found = measure(an_archive(tmp_path, files, database=2_000), NOW)

    assert (found.warc, found.database, found.free) == (4_000, 2_000, 6_000)
    assert found.a_month == 507  # 1000 bytes in 90 days, and half as much of database
    assert found.months_left == pytest.approx(6_000 / 507)


def test_an_archive_of_some_weeks_is_measured_by_its_weeks(tmp_path: Path) -> None:
    found = measure(an_archive(tmp_path, {"2026-06-16": 700, "2026-06-30": 700}), NOW)

    assert found.a_month == pytest.approx(1_400 * 30.4375 / 15, rel=0.01)


@pytest.mark.parametrize("files", [{}, {"2026-06-29": 700}])
def test_an_archive_of_days_says_nothing_of_a_month(tmp_path: Path, files: dict[str, int]) -> None:
    found = measure(an_archive(tmp_path, files), NOW)

    assert (found.a_month, found.months_left) == (None, None)


def test_an_archive_that_no_longer_grows_has_no_end(tmp_path: Path) -> None:
    found = measure(an_archive(tmp_path, {"2025-01-01": 700}), NOW)

    assert (found.a_month, found.months_left) == (0, None)


def test_a_captured_file_without_a_crawl_in_its_name_has_its_own_age(tmp_path: Path) -> None:
    folder = an_archive(tmp_path, {"2025-01-01": 700})
    (folder / "warc" / "ingest").mkdir()
    (folder / "warc" / "ingest" / "0123456789ab-foreign.warc.gz").write_bytes(b"x" * 300)
    now = datetime.now(UTC)

    assert measure(folder, now).a_month == round(300 * 30.4375 / 90)
