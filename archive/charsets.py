"""Which charset a page is in, decided page by page from its bytes and from what it declares."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final

# What pages call their charset → the codec that reads every such page: those labelled gb2312 or gbk hold characters
# of GB18030. A name that is not here says nothing (`rot13`, `utf8mb4`, `undefined` have been seen in headers).
CHARSETS: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-16": "utf-8",  # in a meta tag that could be read at all, as HTML says
    "gb2312": "gb18030",
    "gb_2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gb2312-80": "gb18030",
    "csgb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "ms936": "gb18030",
    "gb18030": "gb18030",
    "gb18030-2000": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc-jp": "euc_jp",
    "euc-kr": "cp949",
}
# These decode nearly any bytes, so that a strict test proves nothing; Tomcat sends the first one by default.
_ANY_BYTES: Final = {"iso-8859-1": "cp1252", "latin1": "cp1252", "windows-1252": "cp1252", "iso-8859-15": "iso8859-15"}
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_ASCII: Final = bytes(range(128))
_HEAD: Final = 4096
_SAMPLE: Final = 256 * 1024
_IN_HEADER: Final = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_IN_META: Final = re.compile(rb"<meta\b[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_CHINESE: Final = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
# `<`, `>` and line ends are no part of a character of two bytes or more in any charset here, UTF-16 apart.
_PIECE: Final = re.compile(rb"[^<>\r\n]+|[<>\r\n]+")
_WIDE: Final = 10  # a page in UTF-16 has a NUL in more than one byte of so many: its markup is ASCII


def decode_text(body: bytes, content_type: str | None) -> tuple[str, str]:
    """Give the text of a page and the charset it was read in; `content_type` is the whole header with its charset.

    Order: BOM, header, first meta tag in the first 4 KB, UTF-8, GB18030, each only if every byte is valid in it;
    but Chinese text that is valid UTF-8 is UTF-8 whatever it declares, for no other charset looks so by chance.
    A page that is no charset's as a whole, as one with a part pasted in from another system, is UTF-8 if most of it
    reads so, else GB18030; what stands between two tags is read in the other one if it fits that only.
    Never raises.
    """
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(charset, "replace"), charset
    wide = _find_wide(body)
    if wide is not None:
        return body.decode(wide, "replace"), wide
    text = _decode_strictly(body, "utf-8")
    if text is not None and _is_chinese(text, body):
        return text, "utf-8"
    declared = list(_declared_charsets(body, content_type))
    spoilt = text is None and _is_spoilt_utf8(body)
    certain = [charset for charset in declared if charset in CHARSETS.values()]
    doubtful = [charset for charset in declared if charset not in certain]
    for charset in ("utf-8",) if spoilt else (*certain, "utf-8", "gb18030", *doubtful):
        text = _decode_strictly(body, charset)
        if text is not None:
            return text, charset
    charset = "utf-8" if spoilt else "gb18030"
    return "".join(_decode_piece(piece, charset) for piece in _PIECE.findall(body)), charset


def _declared_charsets(body: bytes, content_type: str | None) -> Iterator[str]:
    in_header = _IN_HEADER.search(content_type or "")
    in_meta = _IN_META.search(body[:_HEAD])
    names = (in_header[1] if in_header else "", in_meta[1].decode("ascii", "replace") if in_meta else "")
    for name in names:
        charset = CHARSETS.get(name.lower()) or _ANY_BYTES.get(name.lower())
        if charset:
            yield charset


def _decode_strictly(body: bytes, charset: str) -> str | None:
    try:
        return body.decode(charset)
    except UnicodeDecodeError:
        return None


def _is_chinese(text: str, body: bytes) -> bool:
    """Tell whether most of the characters beyond ASCII took three bytes or more of the UTF-8 they were read from."""
    more = len(body) - len(text)  # bytes after the first of a character
    beyond = len(body.translate(None, _ASCII)) - more
    return beyond > 0 and more > 1.5 * beyond


def _is_spoilt_utf8(body: bytes) -> bool:
    """Tell UTF-8 with some bad bytes (a character cut in two, a part in another charset) from another charset.

    Chinese in another charset makes hardly any Chinese as UTF-8, and a bad byte or two for each of its characters.
    """
    sample = body[:_SAMPLE].decode("utf-8", "replace")
    return len(_CHINESE.findall(sample)) > 2 * sample.count("\ufffd")


def _find_wide(body: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of its markup is a NUL, on the same side of each character."""
    start = body[:_HEAD]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if (even + odd) * _WIDE < len(start) or min(even, odd) * _WIDE > even + odd:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _decode_piece(piece: bytes, charset: str) -> str:
    """Text between two tags, in the charset of the page, or in the other one where it is text in that one only.

    What is longer than any paragraph is judged by its beginning.
    """
    if piece.isascii():
        return piece.decode("ascii")
    as_utf8 = piece.decode("utf-8", "replace")
    bad, chinese = as_utf8.count("\ufffd", 0, _HEAD), len(_CHINESE.findall(as_utf8, 0, _HEAD))
    if chinese > bad or (not bad and charset == "utf-8"):
        return as_utf8
    as_gb = piece.decode("gb18030", "replace")
    whole = (
        "\ufffd" not in as_gb and len(_CHINESE.findall(as_gb, 0, _HEAD)) > 1
    )  # one may be two bytes of a torn character
    return as_gb if charset == "gb18030" or whole else as_utf8
