"""Files that notices link: their text by their own bytes, or a reason why there is none; hostile ones do no harm."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.files import read_file
from archive.files.bounds import MOST_TEXT, clean, row_line

SITE = Path(__file__).parents[2] / "crawler/demo/sites/mzj.baoyan.example"
NUMBERS = ("110101199001010000", "6222020200112230", "264.5")
"""As a workbook keeps them, and as they are shown."""
MADE = SITE / "__local/5/B6"


@pytest.mark.parametrize(
    ("file", "media_type", "read_as"),
    [
        (SITE / "info/1011/4849.pdf", "application/pdf", "pdf"),
        (
            SITE / "_answers/form.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "docx",
        ),
        (MADE / "01.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
        (MADE / "02.xls", "application/vnd.ms-excel", "xls"),
        (MADE / "05.zip", "application/zip", "zip"),
    ],
    ids=["pdf", "docx", "xlsx", "xls", "zip"],
)
def test_a_file_is_told_and_read_by_its_own_bytes(file: Path, media_type: str, read_as: str) -> None:
    reading = read_file(file.read_bytes())

    assert (media_type, read_as) == (reading.media_type, reading.read_as)
    assert any("\u4e00" <= char <= "\u9fff" for char in reading.text or "")


def test_the_rows_of_a_sheet_are_lines_of_cells() -> None:
    assert " | " in (read_file((MADE / "01.xlsx").read_bytes()).text or "")


def test_a_long_number_is_printed_with_all_its_digits() -> None:
    with zipfile.ZipFile(MADE / "01.xlsx") as made:
        members = {name: made.read(name) for name in made.namelist()}
    rows = "".join(f'<row r="{at}"><c r="A{at}"><v>{number}</v></c></row>' for at, number in enumerate(NUMBERS, 1))
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    members["xl/worksheets/sheet1.xml"] = f"{head}<sheetData>{rows}</sheetData></worksheet>".encode()

    assert set(NUMBERS) <= set((read_file(_zip(members)).text or "").splitlines())


def test_a_scan_says_that_there_is_no_text_in_it() -> None:
    reading = read_file((MADE / "03.pdf").read_bytes())

    assert reading.text is None
    assert "scan" in (reading.unread or "")
    assert reading.pages


def test_a_kind_that_nobody_reads_keeps_its_reason() -> None:
    reading = read_file((MADE / "04.wps").read_bytes())

    assert reading.text is None
    assert (reading.unread or "").startswith("not read")


def test_a_web_page_in_place_of_a_file_is_none() -> None:
    reading = read_file(b"<!DOCTYPE html><html><body>404</body></html>")

    assert ("text/html", None) == (reading.media_type, reading.text)


def test_an_archive_is_listed_with_plain_names_and_never_unpacked() -> None:
    reading = read_file(_zip({"../../etc/passwd": b"x", "a/\u540d\u5355.txt": b"y" * 10}))

    assert reading.unread is not None
    assert "listed only" in reading.unread
    assert any("\u540d\u5355" in name for name in reading.members)
    assert not any(".." in name or name.startswith("/") for name in reading.members)


@pytest.mark.parametrize("inner", ["word/document.xml", "xl/workbook.xml"], ids=["docx", "xlsx"])
def test_a_bomb_in_the_shape_of_a_document_is_refused(inner: str) -> None:
    kind = "word" if inner.startswith("word") else "spreadsheet"
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/{inner}" ContentType="application/vnd.openxmlformats-officedocument.{kind}ml.main+xml"/>'
        "</Types>"
    )
    bomb = _zip({"[Content_Types].xml": types.encode(), inner: b" " * 300_000_000})

    assert len(bomb) < 1_000_000
    assert read_file(bomb).unread is not None
    assert not read_file(bomb).text


@pytest.mark.parametrize(
    "file", [SITE / "info/1011/4849.pdf", MADE / "01.xlsx", MADE / "02.xls", SITE / "_answers/form.docx"]
)
def test_a_torn_file_says_why_or_what_is_left(file: Path) -> None:
    body = file.read_bytes()
    for share in (2, 3, 10):
        reading = read_file(body[: len(body) // share])

        assert reading.text or reading.unread


def test_what_is_too_long_is_cut_and_says_so() -> None:
    reading = read_file(("低保公示名单，" * (MOST_TEXT // 5)).encode())

    assert MOST_TEXT == len(reading.text or "")
    assert "in part" in (reading.unread or "")


@given(st.binary(max_size=400))
def test_no_bytes_make_it_raise(body: bytes) -> None:
    reading = read_file(body)

    assert reading.text or reading.unread


@given(st.text())
def test_cleaning_is_done_once(text: str) -> None:
    assert clean(text) == clean(clean(text))


def test_blank_cells_at_the_end_of_a_row_are_left_out() -> None:
    assert "甲 |  | 乙" == row_line(["甲", "", " 乙 ", "", ""])


def test_an_end_record_that_another_one_overrules_is_refused() -> None:
    body = _zip({"a.txt": b"a"})
    at = body.rfind(b"PK\x05\x06")
    locator = b"PK\x06\x07" + bytes(4) + (0).to_bytes(8, "little") + (1).to_bytes(4, "little")

    assert "refused" in (read_file(body[:at] + locator + body[at:]).unread or "")


def _zip(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in members.items():
            package.writestr(name, body)
    return made.getvalue()
