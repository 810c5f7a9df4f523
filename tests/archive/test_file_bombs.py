"""Files made to hurt whoever opens them: refused or read in part before anything large is unpacked, with the reason."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from archive.files import read_file
from archive.files.package import MOST_MEMBERS

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def packed(members: Mapping[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in members.items():
            package.writestr(name, body)
    return made.getvalue()


def xlsx(rows: str) -> bytes:
    """A workbook of one sheet with these rows."""
    lead = f'<Relationship Id="r1" Type="{OFFICE}/%s" Target="%s"/>'
    leads = f'<Relationships xmlns="{PACKAGE}/relationships">{lead}</Relationships>'
    return packed(
        {
            "_rels/.rels": leads % ("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": leads % ("worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>',
        }
    )


def docx(body: str, *, before: str = "") -> bytes:
    return packed({"word/document.xml": f'{before}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'})


def pdf(pages: int, *, stream: bytes = b"", about: bytes = b"") -> bytes:
    """A PDF of so many empty pages; the first one draws the stream."""
    kids = b" ".join(b"%d 0 R" % (number + 4) for number in range(pages))
    head = b"%PDF-1.4\n"
    objects = [
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
        b"2 0 obj<</Type/Pages/Count %d/Kids[%b]>>endobj" % (pages, kids),
        b"3 0 obj<</Length %d%b>>stream\n%b\nendstream endobj" % (len(stream), about, stream),
        *(
            b"%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]%b>>endobj"
            % (number + 4, b"" if number else b"/Contents 3 0 R")
            for number in range(pages)
        ),
    ]
    return head + b"\n".join(objects) + b"\ntrailer<</Size %d/Root 1 0 R>>" % (pages + 4)


def test_a_workbook_with_cells_in_far_corners_is_refused() -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    reading = read_file(xlsx(cells))

    assert (None, "refused: a sheet of it is 1,048,576 rows by 16,384 columns large") == (reading.text, reading.unread)


def test_a_workbook_whose_cells_have_no_place_is_as_wide_as_its_fullest_row() -> None:
    rows = "".join(f"<row r='{number}'><c><v>{number}</v></c><c><v>7</v></c></row>" for number in range(1, 3001))
    reading = read_file(xlsx(rows))

    assert ("3000 | 7", None) == ((reading.text or "").splitlines()[-1], reading.unread)


@pytest.mark.parametrize("padding", ["", f"<!--{'x' * 9000}-->"], ids=["at its head", "behind a comment"])
def test_a_document_with_entities_of_its_own_is_refused(padding: str) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "aaaaaaaaaa"}">' for n in range(12))
    bomb = docx("<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>", before=f"{padding}<!DOCTYPE d [{entities}]>")
    reading = read_file(bomb)

    assert reading.text is None
    assert (reading.unread or "").startswith(("refused: ", "damaged: "))


def test_a_document_nested_without_end_is_damaged() -> None:
    reading = read_file(docx("<w:sdt>" * 100_000 + "</w:sdt>" * 100_000))

    assert reading.text is None
    assert (reading.unread or "").startswith("damaged: ")


def test_of_a_hundred_thousand_pages_the_first_thousand_are_looked_at() -> None:
    reading = read_file(pdf(100_000))

    assert 100_000 == reading.pages
    assert "no text: a scan, none of the first 1,000 of its 100,000 pages has any" == reading.unread


@pytest.mark.parametrize(
    ("about", "times"),
    [(b"/Filter/FlateDecode", 1), (b"/Filter[/FlateDecode/FlateDecode]", 2)],
    ids=["large", "packed twice"],
)
def test_a_pdf_whose_stream_unpacks_to_hundreds_of_megabytes_is_refused(about: bytes, times: int) -> None:
    packer = zlib.compressobj(9)
    piece = b"BT /F1 12 Tf (aaaaaaaaaa) Tj ET\n" * 32_768
    stream = b"".join(packer.compress(piece) for _ in range(200)) + packer.flush()
    bomb = pdf(1, stream=stream if times == 1 else zlib.compress(stream, 9) + bytes(40_000), about=about)
    reading = read_file(bomb)

    assert reading.text is None
    assert (reading.unread or "").startswith("refused: a stream of it")


def test_a_large_picture_in_a_pdf_is_no_bomb() -> None:
    about = b"/Type/XObject/Subtype/Image/Width 4000/Height 3000/BitsPerComponent 8/Filter/FlateDecode"
    reading = read_file(pdf(1, stream=zlib.compress(bytes(36_000_000), 9), about=about))

    assert "no text: a scan, its only page has none" == reading.unread


def test_an_archive_in_an_archive_is_a_name() -> None:
    inner = packed({"名单.txt": "x"})
    for _ in range(30):
        inner = packed({"里层.zip": inner})

    assert ("里层.zip",) == read_file(inner).members


def test_an_archive_of_too_many_members_is_refused() -> None:
    reading = read_file(packed({f"{number}.txt": "" for number in range(MOST_MEMBERS + 1)}))

    assert ((), None) == (reading.members, reading.text)
    assert (reading.unread or "").startswith("refused: ")


def test_no_bomb_takes_much_memory(tmp_path: Path) -> None:
    """In a process of its own that may have little more than the libraries take."""
    packer = zlib.compressobj(9)
    zeros = b"".join(packer.compress(bytes(1_000_000)) for _ in range(600)) + packer.flush()
    bombs = {
        "a.pdf": pdf(1, stream=zeros, about=b"/Filter/FlateDecode"),
        "a.docx": packed({"word/document.xml": bytes(200_000_000)}),
        "a.xlsx": packed({"xl/workbook.xml": "<a/>", "xl/worksheets/sheet1.xml": bytes(200_000_000)}),
        "a.zip": packed({"a.txt": bytes(200_000_000)}),
    }
    for name, body in bombs.items():
        (tmp_path / name).write_bytes(body)
    script = (
        "import resource, sys; from pathlib import Path; from archive.files import read_file\n"
        "import archive.files.pdf, archive.files.sheets, archive.files.docx\n"
        "used = int(Path('/proc/self/statm').read_text().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (used + 250_000_000,) * 2)\n"
        "for name in sys.argv[1:]: print(read_file(Path(name).read_bytes()).unread)\n"
    )
    if not Path("/proc/self/statm").exists():
        pytest.skip("what a process takes is read from /proc")
    command = [sys.executable, "-c", script, *(str(tmp_path / name) for name in bombs)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])

    assert 0 == done.returncode, done.stderr
    assert ["refused", "refused", "refused", "listed only"] == [
        line.partition(":")[0] for line in done.stdout.splitlines()
    ]


KINDS = {
    "rar": (b"Rar!\x1a\x07\x01\x00" + bytes(40), "not read: a .rar archive"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(40), "not read: a .7z archive"),
    "rtf": (b"{\\rtf1 x}", "not read: rich text (.rtf)"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(8), "not read: a picture"),
    "ofd": (packed({"OFD.xml": "<x/>"}), "not read: an OFD document (.ofd)"),
    "pptx": (packed({"ppt/presentation.xml": "<x/>"}), "not read: a presentation (.pptx)"),
    "doc": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument\0".encode("utf-16-le"),
        "not read: an old Word document (.doc, .wps)",
    ),
    "et": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage\0".encode("utf-16-le"),
        "locked: it opens with a password only",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_nobody_reads_says_what_it_is(kind: str) -> None:
    body, why = KINDS[kind]

    assert (None, why) == (read_file(body).text, read_file(body).unread)
