"""What kind of file some bytes are, told by the bytes: servers name half of their files application/octet-stream.

Source: the signatures of each format's own specification; PK: APPNOTE 4.3.6, OLE: [MS-CFB] 2.2.
"""

from __future__ import annotations

import re
from typing import Final

from archive.charsets import decode_text
from archive.files.package import member_names, names_ole

_SIGNATURES: Final = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_WEAK: Final = ((b"BM", "image/bmp"), (b"MZ", "application/x-msdownload"))
"""Signatures that a text may begin with as well."""
_PACKED: Final = (
    ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("xl/workbook.bin", "application/vnd.ms-excel.sheet.binary.macroenabled.12"),
    ("ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("OFD.xml", "application/ofd"),
)
_STORED: Final = (
    ("EncryptedPackage", "application/x-encrypted-office"),
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
)
MEDIA_NAMES: Final = {
    "application/msword": "an old Word document (.doc, .wps)",
    "application/vnd.ms-powerpoint": "an old presentation (.ppt, .dps)",
    "application/x-ole-storage": "an old office file of another kind",
    "application/rtf": "rich text (.rtf)",
    "application/vnd.rar": "a .rar archive",
    "application/x-7z-compressed": "a .7z archive",
    "application/gzip": "a .gz archive",
    "application/ofd": "an OFD document (.ofd)",
    "application/vnd.ms-excel.sheet.binary.macroenabled.12": "a binary workbook (.xlsb)",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "a presentation (.pptx)",
    "application/x-msdownload": "a program",
    "image/png": "a picture",
    "image/jpeg": "a picture",
    "image/gif": "a picture",
    "image/tiff": "a picture",
    "image/bmp": "a picture",
    "image/webp": "a picture",
    "application/octet-stream": "a kind of file that is not known",
}
"""What is said of a kind of file that nobody reads."""

_PDF_WITHIN: Final = 1024
"""Bytes within which `%PDF-` may stand, as Acrobat itself has it."""
_HTML: Final = re.compile(
    rb"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body|title|meta|script)\b", re.IGNORECASE
)
_SAMPLE: Final = 64 * 1024
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")


def media_type_of(body: bytes) -> str:
    """The media type of a file; `application/octet-stream` for what is not known."""
    if b"%PDF-" in body[:_PDF_WITHIN]:
        return "application/pdf"
    if body.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        names = member_names(body)
        return next((media_type for name, media_type in _PACKED if name in names), "application/zip")
    found = next((media_type for mark, media_type in _SIGNATURES if body.startswith(mark)), None)
    if found == "application/x-ole-storage":
        return next((media_type for name, media_type in _STORED if names_ole(body, name)), found)
    if found is None and body.startswith(b"RIFF") and body[8:12] == b"WEBP":
        return "image/webp"
    if found is not None:
        return found
    if _HTML.match(body.removeprefix(b"\xef\xbb\xbf")[:4096]):
        return "text/html"
    if _is_text(body[:_SAMPLE]):
        return "text/plain"
    return next((media_type for mark, media_type in _WEAK if body.startswith(mark)), "application/octet-stream")


def _is_text(sample: bytes) -> bool:
    """Whether bytes read as text: a character may be torn at the end of a sample, controls stand in none."""
    text, _ = decode_text(sample, None)
    return bool(text.strip()) and len(_CONTROLS.findall(text)) <= 2
