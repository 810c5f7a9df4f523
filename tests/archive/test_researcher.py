"""What a researcher asks of a release alone: what `docs/asking-a-release.md` prints gives the archive's own answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.researching import Asked, in_sql, make_archive, make_coded, spaced


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive and its release."""
    folder = tmp_path_factory.mktemp("researcher")
    make_archive(folder)
    return folder


@pytest.fixture(scope="module")
def archive(folder: Path) -> Iterator[Asked]:
    asked = Asked(folder / "notices.db")
    yield asked
    asked.close()


def test_notices_about_a_word_by_province_and_year_with_the_cells_that_nobody_saw(folder: Path, archive: Asked) -> None:
    rows = in_sql(folder, "by_province")

    assert archive.by_province() == {(row[0], row[1]): (row[2], row[5] or 0) for row in rows}
    assert {"湖北省", "湖南省", "上海市", "—"} == {row[0] for row in rows}
    assert {None, 2021, 2022, 2023} == {row[1] for row in rows}
    assert {("湖北省", 2022, 2, 0, 1), ("湖南省", 2022, 2, 0, 0)} <= {row[:2] + row[3:] for row in rows}


def test_median_days_from_bureau_to_portal(folder: Path, archive: Asked) -> None:
    rows = in_sql(folder, "lags")

    assert archive.lags() == set(rows)
    assert ["zixun网", "ribao网", "—"] == [row[0] for row in rows]


def test_notices_that_were_edited_after_publication(folder: Path, archive: Asked) -> None:
    rows = in_sql(folder, "edits")

    assert archive.edits() == [spaced(row) for row in rows]
    assert 4 == len(rows)


def test_rows_that_were_coded_on_the_last_release_join_this_one(tmp_path: Path) -> None:
    expected = make_coded(tmp_path)

    assert expected == set(in_sql(tmp_path, "coded", [row[:2] for row in expected]))
