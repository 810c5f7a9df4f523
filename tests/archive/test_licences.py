"""Who has a say over a text: told by what it is and who published it, with rights where that does not tell."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.extract import READER_VERSION
from archive.index import Index
from archive.labels import LICENCE_REASONS, LICENCES
from archive.licences import LICENCES as CODES
from archive.licences import OFFICIAL, Licence, licence
from archive.records import SourceKind
from archive.store import open_writer
from archive.store.dataset import DatasetNotice, notice_pages
from archive.store.facts import licence_counts
from tests.build import a_notice, a_source, an_archive
from tests.captures import BUREAU, NOW, an_exchange, article, write_warc


@pytest.mark.parametrize(
    ("kind", "document_type", "document_number", "expected"),
    [
        ("bureau", "通知", None, "official-document"),
        ("bureau", "批复", None, "official-document"),
        ("bureau", "解读", None, "publisher"),
        ("bureau", None, None, "publisher"),
        ("bureau", None, "民发〔2024〕5号", "publisher"),
        ("portal", "通知", None, "publisher"),
        ("portal", "通知", "民发〔2024〕5号", "official-document"),
        ("unknown", "公告", None, "publisher"),
        ("portal", "解读", "民发〔2024〕5号", "publisher"),
    ],
)
def test_a_state_document_is_told_by_its_type_and_its_publisher(
    kind: SourceKind, document_type: str | None, document_number: str | None, expected: Licence
) -> None:
    actual = licence(kind=kind, document_type=document_type, document_number=document_number, terms=None)

    assert expected == actual


def test_what_a_person_wrote_down_of_a_source_goes_before_our_reading() -> None:
    said = "转载须注明出处"

    assert "source-terms" == licence(kind="bureau", document_type="通知", document_number=None, terms=said)


def test_every_licence_has_its_words_and_its_reason_in_both_languages() -> None:
    assert set(CODES) == set(LICENCES) == set(LICENCE_REASONS)
    assert all(words.zh and words.en for said in (LICENCES, LICENCE_REASONS) for words in said.values())


def test_what_explains_a_document_is_none() -> None:
    assert not OFFICIAL & {"解读", "倡议书", "公开信", "简报", "指南", "标准"}


def indexed(folder: Path) -> list[DatasetNotice]:
    """The notices of an archive that was brought up to date."""
    with closing(open_writer(folder / "notices.db")) as db:
        Index(folder, db, run="test").catch_up()
        return [notice for notices in notice_pages(db) for notice in notices]


def test_a_row_says_its_licence_and_who_read_it_and_terms_hold_from_the_crawl_that_notes_them(tmp_path: Path) -> None:
    page = an_exchange(f"{BUREAU.home}1.html", article("关于规范最低生活保障工作的通知"))
    write_warc(tmp_path / "warc", "20260302T010000Z-aaaaaa", [page])
    [before] = indexed(tmp_path)
    later, noted = NOW + timedelta(1), replace(BUREAU, terms="转载须注明出处", terms_url=f"{BUREAU.home}sm/")
    write_warc(tmp_path / "warc", "20260303T010000Z-bbbbbb", [noted], at=later)
    [after] = indexed(tmp_path)

    assert ("official-document", READER_VERSION) == (before["licence"], before["reader_version"])
    assert ("source-terms", READER_VERSION) == (after["licence"], after["reader_version"])


def test_the_counts_of_a_card_are_those_of_the_rows(tmp_path: Path) -> None:
    with closing(an_archive(tmp_path / "notices.db")) as db:
        a_source(db, "portal", kind="portal", home="https://www.zhuanzai.example/")
        a_source(db, "stated")
        db["sources"].update("stated", {"terms": "转载须注明出处"})
        for source in ("shili", "portal", "stated"):
            for kind, number in ((None, None), ("通知", None), ("通知", "民发〔2024〕5号"), ("解读", None)):
                a_notice(db, source=source, document_type=kind, document_number=number)
        rows = Counter(notice["licence"] for notices in notice_pages(db) for notice in notices)

        assert {"official-document": 3, "publisher": 5, "source-terms": 4} == rows == licence_counts(db)
