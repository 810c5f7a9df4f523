"""PDF by PDFium, the engine of Chrome: it has the CMaps of every CJK encoding built in, and reads what is damaged.

pypdf knows few of these CMaps, pdfminer.six is some thirty times slower (2026-11).
"""

from __future__ import annotations

import re
from typing import Final

import pypdfium2

from archive.files.bounds import MOST_TEXT, NotRead
from archive.records import FileReading

MOST_PAGES: Final = 1_000
_PASSWORD: Final = 4
"""FPDF_ERR_PASSWORD."""
_HARDLY: Final = 10
"""Characters a page below which a document is a scan with a mark on it: of a scanning app, of the page's number."""
_VISIBLE: Final = re.compile(r"\S")
_UNTOLD: Final = re.compile("[\ue000-\uf8ff\ufffd\x00-\x08]")
_MOST_UNTOLD: Final = 0.3
"""Share of characters without a meaning, past which a text is none: its fonts do not say what they draw."""


def read_pdf(body: bytes) -> FileReading:
    """The text of each page in the order of its stream. A scan has none, and says so. Raises: NotRead."""
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise NotRead("locked: it opens with a password only") from error
        raise NotRead(f"damaged: {error}") from error
    try:
        pages = len(document)
        texts = _read_pages(document, min(pages, MOST_PAGES))
    finally:
        document.close()
    text = "\n".join(texts)
    visible = [len(_VISIBLE.findall(page)) for page in texts]
    if not any(visible):
        return FileReading(
            media_type="application/pdf",
            unread=f"no text: a scan, none of its {pages} pages has any" if pages else "no text: it has no pages",
            pages=pages,
        )
    untold = len(_UNTOLD.findall(text))
    if untold > _MOST_UNTOLD * len(text):
        return FileReading(
            media_type="application/pdf", unread="no text: its fonts do not say which characters they draw", pages=pages
        )
    return FileReading(
        media_type="application/pdf",
        read_as="pdf",
        text=text,
        unread=_what_is_left(pages, visible),
        pages=pages,
    )


def _read_pages(document: pypdfium2.PdfDocument, pages: int) -> list[str]:
    """The text of the first pages, until there is enough; a page that cannot be opened has none."""
    texts: list[str] = []
    size = 0
    for number in range(pages):
        if size > MOST_TEXT:
            break
        texts.append(_read_page(document, number))
        size += len(texts[-1])
    return texts


def _read_page(document: pypdfium2.PdfDocument, number: int) -> str:
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return ""
    try:
        shown = page.get_textpage()
        try:
            # U+FFFE stands where a hyphen parted a word at the end of a line
            text: str = shown.get_text_range(errors="replace").replace("\ufffe", "")
        finally:
            shown.close()
    except pypdfium2.PdfiumError:
        return ""
    finally:
        page.close()
    return text


def _what_is_left(pages: int, visible: list[int]) -> str | None:
    """Why the text is not all of it, by the visible characters of the pages that were read."""
    if len(visible) < pages:
        return f"read in part: {len(visible)} of {pages} pages"
    if sum(visible) < _HARDLY * pages:
        return f"read in part: hardly any text on its {pages} pages, as on scans"
    without = visible.count(0)
    return f"read in part: {without} of {pages} pages have no text, as scans" if without else None
