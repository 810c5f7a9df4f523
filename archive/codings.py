"""Content codings undone (gzip, deflate, br, zstd), with a bound on what may come out."""

from __future__ import annotations

import zlib
from typing import Final

import brotli  # type: ignore[import-untyped]  # ships no types

try:
    from compression import zstd  # type: ignore[import-not-found, unused-ignore]  # Python 3.14 and later
except ImportError:
    from backports import zstd

_CODED: Final = {"gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}
_STEP: Final = 1024 * 1024


class CodingError(ValueError):
    """A body that its content coding does not explain; the message names the coding and what went wrong."""


def undo_coding(coding: str, body: bytes, limit: int) -> bytes:
    """Undo one content coding.

    A body that is not coded although its header says so comes back as it is: archives made by other programs often
    keep the decoded body beside the original headers.

    Raises: CodingError if the coding is unknown, the body damaged or broken off, or more than `limit` bytes come out.
    """
    coding = coding.removeprefix("x-")
    mark = _CODED.get(coding)
    if mark is not None and not body.startswith(mark):
        return body
    try:
        if coding == "gzip":
            return _inflate(body, limit, bits=31)
        if coding == "deflate":
            return _undeflate(body, limit)
        if coding == "br":
            return _unbrotli(body, limit)
        if coding == "zstd":
            return _unzstd(body, limit)
    except (zlib.error, brotli.error, zstd.ZstdError) as error:
        if body.lstrip()[:1] in (b"<", b"{", b"\xef"):
            return body
        raise CodingError(f"not {coding}: {error}; the body starts with {body[:8]!r}") from error
    raise CodingError(f"content coding {coding!r} is none of gzip, deflate, br, zstd")


def _undeflate(body: bytes, limit: int) -> bytes:
    try:
        return _inflate(body, limit, bits=15)
    except zlib.error:
        return _inflate(body, limit, bits=-15)  # without zlib's frame, as some servers send it


def _inflate(body: bytes, limit: int, *, bits: int) -> bytes:
    inflater = zlib.decompressobj(bits)
    out = inflater.decompress(body, limit + 1)
    _check(len(out), limit, complete=inflater.eof)
    return out


def _unbrotli(body: bytes, limit: int) -> bytes:
    decoder = brotli.Decompressor()
    parts = [decoder.process(body, output_buffer_limit=_STEP)]
    size = len(parts[0])
    while not decoder.is_finished() and not decoder.can_accept_more_data() and size <= limit:
        parts.append(decoder.process(b"", output_buffer_limit=_STEP))
        size += len(parts[-1])
    _check(size, limit, complete=decoder.is_finished())
    return b"".join(parts)


def _unzstd(body: bytes, limit: int) -> bytes:
    decoder = zstd.ZstdDecompressor()
    out: bytes = decoder.decompress(body, limit + 1)
    _check(len(out), limit, complete=decoder.eof)
    return out


def _check(size: int, limit: int, *, complete: bool) -> None:
    if size > limit:
        raise CodingError(f"more than {limit} bytes come out")
    if not complete:
        raise CodingError(f"broken off after {size} decoded bytes")
