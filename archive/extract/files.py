"""Which links lead to files, and the names that files bear themselves: in their address, in the header they come with.

Source: the suffixes and download paths of content systems (gov-web facts of 2020-2026); RFC 6266, RFC 8187, and what
servers write instead.
"""

from __future__ import annotations

import re
import unicodedata
from email.errors import HeaderParseError
from email.header import decode_header
from typing import Final
from urllib.parse import unquote_to_bytes

from lxml.html import HtmlElement

_FILE: Final = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|dps|ofd|zip|rar|7z|csv|rtf|caj|ceb)(?:$|[?#&])"
    r"|/module/download/|/_content/download|downfile\.jsp|/attachment/|/attach/|/part/\d+\.",
    re.IGNORECASE,
)
_SUFFIX: Final = re.compile(r"\.(?!jsp|do$|action|as[hp]x?|php|html?)[a-z]\w{1,4}$", re.IGNORECASE)
_IN_QUERY: Final = re.compile(r"[?&](showname|filename|file_?name|downname|name)=([^&#]+)", re.IGNORECASE)
_ESCAPED: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_SENT: Final = re.compile(r"""(?:^|;)\s*filename(\*?)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)""", re.IGNORECASE)
_PLAIN: Final = re.compile(r"\\([\"\\])")
_WORDS: Final = re.compile("[\u3400-\u9fff]")
_LONGEST: Final = 200
_TWICE: Final = 2
"""How often a name may be percent-encoded: Java servers do it twice."""


def links_file(link: HtmlElement) -> bool:
    """Tell whether an anchor leads to a file."""
    return _FILE.search(link.get("href") or link.get("hrefs") or "") is not None


def name_in_address(url: str) -> str:
    """The name at the end of an address; of a script's (`downfile.jsp?showname=…`), the name in its query if any."""
    path, _, query = url.partition("#")[0].partition("?")
    own = _decoded(path.rsplit("/", 1)[-1])
    if _SUFFIX.search(own):
        return own
    given = {name.lower(): value for name, value in _IN_QUERY.findall(f"?{query}")}
    named = (_decoded(given[name].replace("+", " ")) for name in sorted(given, key=lambda name: name != "showname"))
    return next((_plain(name) for name in named if _SUFFIX.search(name)), own)


def is_nameless(name: str, url: str) -> bool:
    """Tell whether a file is called by its address only, for want of a better name, and that is in no words."""
    return name == name_in_address(url) and _WORDS.search(name) is None


def name_in_header(disposition: str) -> str | None:
    """The file name of a `Content-Disposition`, in whatever charset and coding; None if it gives none.

    The header is Latin-1, one character a byte.
    """
    given = {star: value.strip() for star, value in _SENT.findall(disposition)}
    if "*" in given:
        charset, _, value = given["*"].strip('"').partition("'")
        name = _decoded(value.partition("'")[2], charset or "utf-8")
    else:
        quoted = given.get("", "")
        name = _PLAIN.sub(r"\1", quoted[1:-1]) if quoted.startswith('"') else quoted
        name = _worded(name) if "=?" in name else _decoded(name)
    return _plain(name) or None


def _decoded(name: str, charset: str = "utf-8") -> str:
    """A percent-encoded name, or its bytes as they came: in its charset, else as most servers have it."""
    for _ in range(_TWICE):
        raw = unquote_to_bytes(name) if _ESCAPED.search(name) else _bytes_of(name)
        for known in (charset, "utf-8", "gb18030"):
            try:
                name = raw.decode(known)
                break
            except (ValueError, LookupError):  # a charset may be anything that somebody wrote
                continue
        if not _ESCAPED.search(name):
            break
    return name


def _bytes_of(name: str) -> bytes:
    """What was sent for a name: one byte a character, unless it is text already."""
    try:
        return name.encode("latin-1")
    except UnicodeEncodeError:
        return name.encode("utf-8", "replace")


def _worded(name: str) -> str:
    """A name as mail has it: `=?UTF-8?B?…?=`."""
    try:
        parts = decode_header(name)
        return "".join(part if isinstance(part, str) else part.decode(charset or "latin-1") for part, charset in parts)
    except (HeaderParseError, LookupError, ValueError):
        return name


def _plain(name: str) -> str:
    """A name without folders, controls and marks of direction."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(char for char in last if unicodedata.category(char)[0] != "C").strip()[:_LONGEST]
