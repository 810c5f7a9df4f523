"""What `docs/asking-a-release.md` asks in pandas has the answers that the archive gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.researching import Asked, in_pandas, make_archive, make_coded, spaced


@pytest.fixture(scope="module")
def folder(tools: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive and its release."""
    folder = tmp_path_factory.mktemp("researcher")
    make_archive(folder)
    return folder


@pytest.fixture(scope="module")
def archive(folder: Path) -> Iterator[Asked]:
    asked = Asked(folder / "notices.db")
    yield asked
    asked.close()


def test_pandas_counts_by_province_and_year_and_knows_the_gaps(folder: Path, archive: Asked) -> None:
    rows = in_pandas(folder, "by_province")

    assert archive.by_province() == {(row[0], row[1]): (row[2], row[5] or 0) for row in rows}


def test_pandas_tells_the_median_days_to_a_portal(folder: Path, archive: Asked) -> None:
    assert archive.lags() == set(in_pandas(folder, "lags"))


def test_pandas_finds_the_edits(folder: Path, archive: Asked) -> None:
    assert archive.edits() == [spaced(row) for row in in_pandas(folder, "edits")]


def test_pandas_joins_what_was_coded_on_the_last_release(tmp_path: Path) -> None:
    expected = make_coded(tmp_path)

    assert expected == set(in_pandas(tmp_path, "coded", [row[:2] for row in expected]))
