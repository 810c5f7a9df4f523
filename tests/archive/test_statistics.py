"""How long the texts of a release are and in which script, by its parts; and which script a text is in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.export.release.statistics import Lengths, read_statistics
from archive.store.splits import put_splits
from archive.text import fold
from archive.writing import Script, script_of
from tests.build import a_notice, an_archive

CHINESE = "各区县民政局：现将示例工作有关事项通知如下，请认真贯彻执行，并于年底前报送进展情况。"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        (CHINESE, "simplified"),
        ("各區縣民政局：現將示例工作有關事項通知如下，請認真貫徹執行，並於年底前報送進展情況。", "traditional"),
        ("民政", "simplified"),
        ("臺灣同胞的后裔和只身前来者", "simplified"),
        ("མི་སེར་སྲིད་འཛིན་ཁང་གི་བརྡ་ཁྱབ།", "tibetan"),
        ("خەلق ئىشلىرى ئىدارىسىنىڭ ئۇقتۇرۇشى", "arabic"),
        ("ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ", "mongolian"),
        ("민정국 통지", "korean"),
        ("ꆈꌠꁱꂷ", "yi"),
        ("Notice of the Civil Affairs Bureau", "latin"),
        ("Уведомление", "cyrillic"),
        ("2024-03-01 100.5%", "none"),
        ("", "none"),
        ("ประกาศ", "other"),
    ],
)
def test_a_text_is_in_the_script_of_most_of_its_letters(text: str, script: Script) -> None:
    assert script == script_of(text)


def test_addresses_in_a_chinese_notice_make_it_no_latin_one() -> None:
    assert "simplified" == script_of(
        CHINESE + " https://mzj.shili.example/tzgg/202403/t20240301_101.html?channel=notices"
    )


def test_one_traditional_name_makes_no_notice_traditional() -> None:
    assert "simplified" == script_of(CHINESE + "聯繫人：張國強")


def test_a_text_is_simplified_once_it_is_folded() -> None:
    text = "關於規範最低生活保障工作的通知"

    assert ("traditional", "simplified") == (script_of(text), script_of(fold(text)))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    made = an_archive(tmp_path / "notices.db")
    yield made
    made.close()


def test_lengths_are_of_each_part_and_of_all(db: Database) -> None:
    """Quartiles are lengths that occur, also of few texts."""
    for length in (1, 3, 60, 100, 1000):
        a_notice(db, f"通知{length}", "文" * length)
    put_splits(db)
    db.execute(
        "update splits set split = iif((select length(text) from notices where id = notice) < 50, 'test', 'train')"
    )
    found = read_statistics(db).lengths

    assert ["train", "test", "all"] == list(found)
    assert Lengths(texts=2, least=1, quarter=1, median=1, three_quarters=1, most=3, mean=2.0) == found["test"]
    assert Lengths(texts=5, least=1, quarter=3, median=60, three_quarters=100, most=1000, mean=232.8) == found["all"]


def test_each_text_stands_in_one_bar(db: Database) -> None:
    for number, length in enumerate((0, 0, 1, 59, 60, 49_999, 50_000, 70_000)):
        a_notice(db, f"通知{number}", "文" * length)
    bars = read_statistics(db).histogram

    assert {(0, 1): 2, (1, 60): 2, (60, 200): 1, (10_000, 50_000): 1, (50_000, None): 2} == {
        (first, end): texts for first, end, texts in bars if texts
    }


def test_scripts_are_counted_in_one_order_and_only_those_that_occur(db: Database) -> None:
    for number, text in enumerate((CHINESE, "通知", "Notice", "公告")):
        a_notice(db, f"通知{number}", text)

    assert [("simplified", 3), ("latin", 1)] == list(read_statistics(db).scripts.items())


def test_nothing_is_said_of_a_release_without_notices(db: Database) -> None:
    put_splits(db)
    found = read_statistics(db)

    assert ({}, {}) == (found.lengths, found.scripts)
    assert 0 == sum(texts for *_, texts in found.histogram)
