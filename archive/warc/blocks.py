"""HTTP messages as the blocks of WARC records: written so that the bytes come back, read from whoever wrote them."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from archive.records import Exchange, Headers

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_STATUS_LINE = re.compile(r"HTTP/\d(?:\.\d)?[ \t]+(\d{3})[ \t]*(.*)")
_LINE_ENDS = re.compile(r"[\r\n\0]+")
_CHUNK_HEAD = re.compile(rb"[ \t]*([0-9a-fA-F]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")
_BLANKS = " \t"
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP response taken apart; `body` as the block has it, chunked if the headers say so."""

    status: int
    reason: str
    headers: Headers
    body: bytes


def response_head(exchange: Exchange) -> bytes:
    """Status line and header lines of a response, up to and with the blank line.

    `Transfer-Encoding` is renamed, because the body beside it is de-chunked.
    """
    headers = tuple(
        ("X-Crawler-" + name if name.lower() == "transfer-encoding" else name, value)
        for name, value in exchange.headers
    )
    return _head(f"HTTP/1.1 {exchange.status} {exchange.reason}", headers)


def request_block(exchange: Exchange) -> bytes:
    """The request with its body. `Host` is added if the headers lack it, for it was sent."""
    parts = urlsplit(exchange.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    named = any(name.lower() == "host" for name, _ in exchange.request_headers)
    host = () if named else (("Host", parts.netloc.rpartition("@")[2]),)
    head = _head(f"{exchange.method} {target} HTTP/1.1", (*host, *exchange.request_headers))
    return head + exchange.request_body


def read_answer(block: bytes) -> Answer:
    """Take a response apart. Raises: ValueError if it does not begin with a status line."""
    head, body = _split(block)
    first, *lines = head.decode("latin-1").split("\n")
    if (status := _STATUS_LINE.fullmatch(first.rstrip("\r"))) is None:
        raise ValueError(f"no HTTP status line, it begins {first[:40]!r}")
    return Answer(status=int(status[1]), reason=status[2], headers=_read_headers(lines), body=body)


def payload_of(block: bytes) -> bytes:
    """What stands behind the head of an HTTP message, as it is."""
    return _split(block)[1]


def unchunk(answer: Answer) -> bytes:
    """The body without chunk sizes, if the headers call it chunked and it is; else the body as it is."""
    codings = (value.lower() for name, value in answer.headers if name.lower() == "transfer-encoding")
    if not any("chunked" in coding for coding in codings):
        return answer.body
    parts: list[bytes] = []
    at = 0
    while head := _CHUNK_HEAD.match(answer.body, at):
        size = int(head[1], 16)
        if size == 0:
            return b"".join(parts)
        at = head.end() + size
        parts.append(answer.body[head.end() : at])
        if answer.body[at : at + 2] != b"\r\n":
            break
        at += 2
    return answer.body


def payload_type(headers: Headers, body: bytes) -> str | None:
    """The media type of a body: as declared, else what its first bytes show; None if neither tells."""
    declared = next((value for name, value in headers if name.lower() == "content-type"), "")
    media_type = declared.partition(";")[0].strip().lower()
    if _MEDIA_TYPE.fullmatch(media_type):
        return media_type
    start = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"%pdf-"):
        return "application/pdf"
    return "text/html" if re.match(rb"<!doctype html|<html|<head|<body", start) else None


def sha256_of(data: bytes) -> str:
    """`sha256:` and hex digits, the only form of digest we write."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def digest_agrees(stated: str, data: bytes) -> bool:
    """Whether a digest as a WARC states it, in hex, base32 or base64, is that of the data.

    Raises: ValueError on an algorithm that is not known here.
    """
    name, _, value = stated.partition(":")
    try:
        digest = hashlib.new(name.lower(), data, usedforsecurity=False).digest()
    except (ValueError, TypeError) as error:
        raise ValueError(f"the digest {stated!r} is of an algorithm unknown here") from error
    base64_forms = {base64.b64encode(digest).decode(), base64.urlsafe_b64encode(digest).decode()}
    return value.lower() == digest.hex() or value.upper() == base64.b32encode(digest).decode() or value in base64_forms


def _head(first: str, headers: Headers) -> bytes:
    lines = [first.rstrip(" "), *(f"{name}: {value}" for name, value in headers)]
    return "".join(_LINE_ENDS.sub(" ", line) + "\r\n" for line in lines).encode("latin-1", "replace") + b"\r\n"


def _split(block: bytes) -> tuple[bytes, bytes]:
    blank = _BLANK_LINE.search(block)
    return (block[: blank.start()], block[blank.end() :]) if blank else (block, b"")


def _read_headers(lines: list[str]) -> Headers:
    headers: list[tuple[str, str]] = []
    for line in (line.rstrip("\r") for line in lines):
        name, colon, value = line.partition(":")
        if line.startswith((" ", "\t")) and headers:
            last_name, last_value = headers[-1]
            headers[-1] = (last_name, f"{last_value} {line.strip(_BLANKS)}")
        elif colon:
            headers.append((name, value.strip(_BLANKS)))
    return tuple(headers)
