"""Word documents (.docx): the text of their body in its order, tables as lines of cells.

Read with lxml from the one part that has it: python-docx leaves out content controls, insertions and text boxes,
and unpacks every picture. Source: ECMA-376 part 1, 17.2-17.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from archive.files.bounds import NotRead, row_line
from archive.files.package import check_document, open_package, read_part
from archive.records import FileReading

_MAIN: Final = "word/document.xml"
_LEFT_OUT: Final = frozenset({"del", "moveFrom", "instrText", "delText", "Fallback", "pPr", "rPr", "tblPr", "sectPr"})
"""What was deleted, what a field is computed from, the second drawing of a text box, and how things look."""


def read_docx(body: bytes, media_type: str) -> FileReading:
    """The paragraphs and tables of a document. Raises: NotRead."""
    with open_package(body) as package:
        check_document(package)
        part = read_part(package, _MAIN)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        tree = etree.fromstring(part, parser)
    except etree.XMLSyntaxError as error:
        raise NotRead(f"damaged: {error}") from error
    found = next((element for element in tree if _name(element) == "body"), None)
    if found is None:
        raise NotRead(f"damaged: {_MAIN} has no body")
    return FileReading(media_type=media_type, read_as="docx", text="\n".join(_lines(found)))


def _lines(block: etree._Element) -> Iterator[str]:
    """A line a paragraph and a row, in the order of the document; lxml reads no tree deeper than 256 levels."""
    for element in block:
        name = _name(element)
        if name == "p":
            yield _text(element)
        elif name == "tbl":
            yield from _rows(element)
        elif name not in _LEFT_OUT:  # content controls, insertions and the like hold blocks
            yield from _lines(element)


def _rows(table: etree._Element) -> Iterator[str]:
    for row in _within(table, "tr"):
        yield row_line([" ".join(_lines(cell)) for cell in _within(row, "tc")])


def _within(element: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, those in content controls too."""
    for child in element:
        name = _name(child)
        if name == wanted:
            yield child
        elif name in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _within(child, wanted)


def _text(paragraph: etree._Element) -> str:
    return "".join(_pieces(paragraph))


def _pieces(element: etree._Element) -> Iterator[str]:
    for child in element:
        name = _name(child)
        if name == "t":
            yield child.text or ""
        elif name in ("tab", "ptab"):
            yield " "
        elif name in ("br", "cr"):
            yield "\n"
        elif name == "noBreakHyphen":
            yield "-"
        elif name == "txbxContent":  # a text box stands in a paragraph and holds paragraphs
            yield "\n" + "\n".join(_lines(child)) + "\n"
        elif name not in _LEFT_OUT:
            yield from _pieces(child)


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
