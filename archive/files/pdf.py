"""PDF by PDFium, the engine of Chrome: it has the CMaps of every CJK encoding built in, and reads what is damaged.

pypdf knows few of these CMaps, pdfminer.six is some thirty times slower (2026-11).
"""

from __future__ import annotations

import re
import zlib
from typing import Final

import pypdfium2

from archive.files.bounds import MOST_TEXT, NotRead
from archive.records import FileReading

MOST_PAGES: Final = 1_000
MOST_STREAM: Final = 32 * 1024 * 1024
"""Bytes of one stream unpacked, pictures left out: maps that are drawn line by line have ten millions."""
_PASSWORD: Final = 4
"""FPDF_ERR_PASSWORD."""
_HARDLY: Final = 10
"""Characters a page below which a document is a scan with a mark on it: of a scanning app, of the page's number."""
_STREAM: Final = re.compile(rb"\bstream\r?\n")
_ABOUT: Final = 600  # bytes before a stream in which its dictionary stands
_DEFLATE: Final = 1032
"""How much larger than packed a deflated stream can be at most."""
_CHUNK: Final = 64 * 1024
_LARGEST_PICTURE: Final = 512 * 1024 * 1024
_VISIBLE: Final = re.compile(r"\S")
_UNTOLD: Final = re.compile("[\ue000-\uf8ff\ufffd\x00-\x08]")
_MOST_UNTOLD: Final = 0.3
"""Share of characters without a meaning, past which a text is none: its fonts do not say what they draw."""


def read_pdf(body: bytes) -> FileReading:
    """The text of each page in the order of its stream. A scan has none, and says so. Raises: NotRead."""
    _check_streams(body)
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
            unread=_why_none(pages, len(texts)),
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


def _check_streams(body: bytes) -> None:
    """Refuse a document one of whose streams unpacks to more than any page draws: PDFium takes 16 times that memory.

    The bytes of a picture may be more, for as long as its size says so; nobody unpacks them for its text.
    """
    for begun in _STREAM.finditer(body):
        about = body[max(0, begun.start() - _ABOUT) : begun.start()].rpartition(b"obj")[2]
        end = body.find(b"endstream", begun.end())
        end = len(body) if end < 0 else end
        if b"/Fl" not in about or (end - begun.end()) * _DEFLATE < MOST_STREAM:
            continue
        if about.count(b"/Fl") > 1:
            raise NotRead("refused: a stream of it is packed twice")
        if _unpacks_past(memoryview(body)[begun.end() : end], max(MOST_STREAM, _picture_size(about))):
            raise NotRead(f"refused: a stream of it unpacks to more than {MOST_STREAM:,} bytes")


def _picture_size(about: bytes) -> int:
    """The most bytes that a picture may have by its own words; 0 for what is none, or larger than any."""
    found = [re.search(rb"/%b\s+(\d{1,5})\b" % name, about) for name in (b"Width", b"Height")]
    sides = [int(side[1]) for side in found if side is not None]
    size = 4 * sides[0] * sides[1] if b"/Image" in about and len(sides) == len("wh") else 0
    return size if size <= _LARGEST_PICTURE else 0


def _unpacks_past(packed: memoryview, most: int) -> bool:
    unpacker = zlib.decompressobj()
    size = 0
    try:
        for start in range(0, len(packed), _CHUNK):
            rest: bytes | memoryview = packed[start : start + _CHUNK]
            while rest and not unpacker.eof and size <= most:
                size += len(unpacker.decompress(rest, _CHUNK * 16))
                rest = unpacker.unconsumed_tail
            if size > most or unpacker.eof:
                break
    except zlib.error:
        pass  # damaged: PDFium takes what there is until then
    return size > most


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


def _why_none(pages: int, looked_at: int) -> str:
    """Why there is no text, where so many of the pages were looked at."""
    if looked_at < pages:
        return f"no text: a scan, none of the first {looked_at:,} of its {pages:,} pages has any"
    if pages == 1:
        return "no text: a scan, its only page has none"
    return f"no text: a scan, none of its {pages} pages has any" if pages else "no text: it has no pages"


def _what_is_left(pages: int, visible: list[int]) -> str | None:
    """Why the text is not all of it, by the visible characters of the pages that were read."""
    if len(visible) < pages:
        return f"read in part: {len(visible)} of {pages} pages"
    if sum(visible) < _HARDLY * pages:
        return f"read in part: hardly any text on its {pages} pages, as on scans"
    without = visible.count(0)
    return f"read in part: {without} of {pages} pages have no text, as scans" if without else None
