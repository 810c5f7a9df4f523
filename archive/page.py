"""Bytes as sent to a decoded page, parsed once."""

from __future__ import annotations

import codecs
import re
from typing import Final

from lxml import etree
from lxml.html import (
    HtmlComment,
    HtmlElement,
    HtmlEntity,
    HTMLParser,
    HtmlProcessingInstruction,
    document_fromstring,
)

from archive.charsets import decode_text
from archive.codings import CodingError, undo_coding
from archive.records import Headers, Page
from archive.scripted import draw
from archive.thin import thin

__all__ = [
    "MAX_BODY",
    "Unreadable",
    "content_type",
    "decode_body",
    "decode_text",
    "flatten",
    "header",
    "is_html",
    "open_data",
    "open_page",
    "parse",
]

MAX_BODY: Final = 64 * 1024 * 1024
"""Bytes of a decoded body past which we give up; the longest notice seen is under 4 MB."""

_MAX_CODINGS: Final = 4
_HEAD: Final = 4096
_HTML_TYPES: Final = ("text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml")
_VAGUE_TYPES: Final = ("", "text/plain", "application/octet-stream", "application/xml", "text/xml")
_HTML_SIGN: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|meta)\b", re.IGNORECASE)
_BINARY: Final = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!")
# libxml2 ends the page at `</html>`: one in the header of a pasted-in file would lose everything after it.
_CLOSE_TAGS: Final = re.compile(rb"</(?:[hH][tT][mM][lL]|[bB][oO][dD][yY])(?:[\s/][^<>]*)?>")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NO_CONTROL: Final = bytes(code for code in range(256) if not _CONTROLS.match(chr(code)))
_UNDAMAGED: Final = bytes(code for code in range(256) if not 1 <= code <= 8 and not 14 <= code <= 31 and code != 127)
_C1: Final = re.compile(rb"\xc2[\x80-\x9f]")  # controls that a text read in the wrong charset is full of, as UTF-8
_NO_CHARACTERS: Final = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")  # U+FFFE and U+FFFF
_MOST_DAMAGED: Final = 0.05
"""Share of characters; a page with a torn character here and there stays far below it."""
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][\w:-]*)[^<>]*>")
_VOID: Final = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source"]
)
_MAX_DEPTH: Final = 500
_MOST_COMMENTS: Final = 1_000  # lxml's walks take time with the square of comments in a row
# The classes of lxml.html but for forms: its own lookup is a function in Python that every element seen has to pass.
_CLASSES: Final = etree.ElementDefaultClassLookup(
    element=HtmlElement, comment=HtmlComment, pi=HtmlProcessingInstruction, entity=HtmlEntity
)


class Unreadable(ValueError):  # noqa: N818  # it is the page that is in error
    """A page that its reader cannot make sense of; the message names what was looked for and what was seen."""


def header(headers: Headers, name: str) -> str | None:
    """Give the last value sent under this name, whatever its case; None if there is none."""
    wanted = name.lower()
    return next((value.strip() for key, value in reversed(headers) if key.lower() == wanted), None)


def content_type(headers: Headers) -> str | None:
    """Give the media type of a response in lower case, without its parameters: `text/html`."""
    value = header(headers, "Content-Type")
    return value.split(";", 1)[0].strip().lower() if value else None


def is_html(headers: Headers, body: bytes) -> bool:
    """Tell whether a decoded body is HTML: by its type, or where that is missing or vague by its first bytes."""
    start = body[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if not start or start.startswith(_BINARY):
        return False
    media_type = content_type(headers) or ""
    if media_type in _HTML_TYPES:
        return True
    if media_type not in _VAGUE_TYPES:
        return False
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        start = start.replace(b"\x00", b"")
    return _HTML_SIGN.search(start) is not None


def decode_body(body: bytes, headers: Headers, *, limit: int = MAX_BODY) -> bytes:
    """Undo the content codings of a body as it was sent; one that is not coded, whatever its header says, is kept.

    Raises: Unreadable if a coding is unknown, damaged or broken off, or if more than `limit` bytes come out.
    """
    named = [name.strip().lower() for name in (header(headers, "Content-Encoding") or "").split(",")]
    codings = [name for name in named if name not in ("", "identity", "none")]
    if not codings and body.startswith(b"\x1f\x8b\x08") and content_type(headers) in _HTML_TYPES:
        codings = ["gzip"]  # gzipped without being asked and without saying so
    if len(codings) > _MAX_CODINGS:
        raise Unreadable(f"Content-Encoding names {len(codings)} codings, more than {_MAX_CODINGS}")
    try:
        for coding in reversed(codings):
            body = undo_coding(coding, body, limit)
    except CodingError as error:
        raise Unreadable(f"Content-Encoding: {error}") from error
    if len(body) > limit:
        raise Unreadable(f"body of {len(body)} bytes, more than the limit of {limit}")
    return body


def open_page(url: str, body: bytes, headers: Headers, *, limit: int = MAX_BODY) -> Page:
    """Decode and parse a response as a page; `body` is as it was sent. A document in its script is in the tree, too.

    Raises: Unreadable if the body is empty, is not HTML, is no text in any charset, or unpacks to more than `limit`.
    """
    body = decode_body(body, headers, limit=limit)
    if not body.strip(b" \t\r\n\x00"):
        raise Unreadable(f"{url}: the body is empty ({len(body)} bytes)")
    if not is_html(headers, body):
        raise Unreadable(f"{url}: not HTML: type {content_type(headers)}, starts with {body[:16]!r}")
    text, charset = _decode(url, body, headers)
    return Page(url=url, html=text, charset=charset, size=len(body), tree=parse(thin(draw(text))))


def open_data(url: str, body: bytes, headers: Headers, *, limit: int = MAX_BODY) -> Page:
    """Decode an answer that is data and no page (JSON, XML, script): `html` is its text, `tree` an empty document.

    Raises: Unreadable if the body is empty or is no text.
    """
    body = decode_body(body, headers, limit=limit)
    if not body.strip(b" \t\r\n\x00") or body.startswith(_BINARY):
        raise Unreadable(f"{url}: no text: {len(body)} bytes, which start with {body[:16]!r}")
    text, charset = _decode(url, body, headers)
    return Page(url=url, html=text, charset=charset, size=len(body), tree=parse("<html><body></body></html>"))


def parse(html: str) -> HtmlElement:
    """Parse decoded HTML so that no text is lost to a stray `</html>`, a NUL or 20,000 nested elements.

    Raises: Unreadable if there is neither an element nor text in it.
    """
    data = _CLOSE_TAGS.sub(b"", _encode(html))
    tree, complete = _parse_once(data)
    return tree if complete else _parse_once(flatten(data.decode("utf-8")).encode("utf-8"))[0]


def _decode(url: str, body: bytes, headers: Headers) -> tuple[str, str]:
    text, charset = decode_text(body, header(headers, "Content-Type"))
    damaged = _count_damaged(text, _MOST_DAMAGED * len(text))
    if damaged > _MOST_DAMAGED * len(text):
        raise Unreadable(f"{url}: no text in any charset tried: {damaged} of {len(text)} characters are damaged")
    return text, charset


def _count_damaged(text: str, most: float) -> int:
    """Count controls and replaced characters, one by one only where there may be more than `most` of them.

    A pattern over the text takes as long as half the parser does.
    """
    data = text.encode("utf-8", "replace")
    damaged = len(data.translate(None, _UNDAMAGED)) + text.count("\ufffd")
    return damaged + len(_C1.findall(data)) if damaged + data.count(b"\xc2") > most else damaged


def _encode(html: str) -> bytes:
    """A page in UTF-8, with a blank for each character that markup may not have."""
    try:
        data = html.encode("utf-8")
    except UnicodeEncodeError:  # half a pair, from a script
        return _CONTROLS.sub(" ", html).encode("utf-8")
    if data.translate(None, _NO_CONTROL) or any(none in data for none in _NO_CHARACTERS):
        return _CONTROLS.sub(" ", html).encode("utf-8")
    return data


def _parse_once(data: bytes) -> tuple[HtmlElement, bool]:
    # As bytes of a stated charset: lxml refuses str with an XML declaration, and no meta tag may overrule us.
    parser = HTMLParser(huge_tree=True, encoding="utf-8", collect_ids=False)
    parser.set_element_class_lookup(_CLASSES)
    try:
        tree = document_fromstring(data, parser=parser)
    except etree.ParserError as error:  # XMLSyntaxError is one, too
        raise Unreadable(f"no element in {len(data)} bytes, which start with {data[:40]!r}") from error
    if sum(1 for _ in tree.iter(etree.Comment)) > _MOST_COMMENTS:
        etree.strip_tags(tree, etree.Comment)
    return tree, not any("xcessive depth" in (entry.message or "") for entry in parser.error_log)


def flatten(html: str) -> str:
    """Drop tags deeper than any notice has them: libxml2 drops all that follows a nest of 2,048."""
    kept: list[str] = []
    depth = at = 0
    for tag in _TAG.finditer(html):
        kept.append(html[at : tag.start()])
        at = tag.end()
        inside = depth
        if tag[2].lower() not in _VOID:
            depth = max(depth - 1, 0) if tag[1] else depth + 1
        if min(inside, depth) < _MAX_DEPTH:
            kept.append(tag[0])
    return "".join((*kept, html[at:]))
