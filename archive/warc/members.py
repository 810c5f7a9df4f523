"""Where one record ends and the next begins, also in a damaged file.

Both common WARC readers stop at the first bad byte; this one reports the gap and goes on at the next record.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MAX_RECORD = 128 * 1024 * 1024
"""Bytes of one record, unpacked. A larger one is reported and passed over, so that memory stays bounded."""

_CHUNK = 16 * 1024
_SEARCH_CHUNK = 1024 * 1024
_MAX_HEAD = 1024 * 1024
_GZIP_MAGIC = b"\x1f\x8b\x08"
_PLAIN_MAGIC = b"\nWARC/"
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(rb"\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One whole record, unpacked. `end` is the offset behind it, where the next one begins."""

    offset: int
    end: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Bytes that are no readable record. `torn` says that the file ends inside it."""

    offset: int
    why: str
    end: int | None = None
    """Where the next record begins, if the bytes themselves say so."""
    torn: bool = False


def cut_members(path: Path, start: int = 0) -> Iterator[Member | Gap]:
    """Cut a file, packed or plain, into its records, in file order from the record that begins at `start`.

    After a gap the next record is searched for only when the caller asks for more.
    """
    with path.open("rb") as file:
        cut = _unpack if _is_packed(path, file) else _slice
        offset: int | None = start
        while offset is not None:
            found = cut(file, offset)
            if found is None:
                return
            yield found
            offset = found.end if found.end is not None else _find_next(file, offset + 1, packed=cut is _unpack)


def _is_packed(path: Path, file: BinaryIO) -> bool:
    head = file.read(5)
    return head.startswith(_GZIP_MAGIC) or (head != b"WARC/" and ".gz" in path.suffixes)


def _unpack(file: BinaryIO, offset: int) -> Member | Gap | None:
    file.seek(offset)
    engine = zlib.decompressobj(wbits=31)
    parts: list[bytes] = []
    length = read = 0
    while not engine.eof:
        chunk = file.read(_CHUNK)
        read += len(chunk)
        if not chunk:
            return Gap(offset=offset, why="the file ends inside this record", torn=True) if read else None
        try:
            part = engine.decompress(chunk)
        except zlib.error as error:
            return Gap(offset=offset, why=f"damaged gzip member ({error})")
        length += len(part)
        if length <= MAX_RECORD:
            parts.append(part)
        else:
            parts.clear()
    end = offset + read - len(engine.unused_data)
    if length > MAX_RECORD:
        return _too_large(offset, end, length)
    data = b"".join(parts)
    if not data.startswith(b"WARC/"):
        return Gap(offset=offset, end=end, why=f"a gzip member that is no WARC record, it begins {data[:20]!r}")
    return Member(offset=offset, end=end, data=data)


def _slice(file: BinaryIO, offset: int) -> Member | Gap | None:
    file.seek(offset)
    head = file.read(_CHUNK)
    if not head:
        return None
    if not head.startswith(b"WARC/"):
        return Gap(offset=offset, why=f"no WARC record, it begins {head[:20]!r}")
    blank = _BLANK_LINE.search(head)
    if blank is None:
        head += file.read(_MAX_HEAD)
        blank = _BLANK_LINE.search(head)
    if blank is None:
        torn = len(head) < _MAX_HEAD
        return Gap(offset=offset, why="the head of this record has no end", torn=torn)
    stated = _LENGTH.search(head, 0, blank.end())
    if stated is None:
        return Gap(offset=offset, why="this record has no Content-Length")
    length = blank.end() + int(stated[1]) + 4
    if length > MAX_RECORD:
        return _too_large(offset, offset + length, length)
    file.seek(offset)
    data = file.read(length)
    if len(data) < length:
        return Gap(offset=offset, why="the file ends inside this record", torn=True)
    if not data.endswith(b"\r\n\r\n"):
        return Gap(offset=offset, why=f"Content-Length {int(stated[1])} does not lead to the end of this record")
    return Member(offset=offset, end=offset + length, data=data)


def _too_large(offset: int, end: int, length: int) -> Gap:
    return Gap(offset=offset, end=end, why=f"a record of {length} bytes; more than {MAX_RECORD} are not read")


def _find_next(file: BinaryIO, offset: int, *, packed: bool) -> int | None:
    magic = _GZIP_MAGIC if packed else _PLAIN_MAGIC
    while True:
        file.seek(offset)
        window = file.read(_SEARCH_CHUNK)
        at = window.find(magic)
        while at >= 0:
            record = offset + at if packed else offset + at + 1
            if _begins_record(file, record, packed=packed):
                return record
            at = window.find(magic, at + 1)
        if len(window) < _SEARCH_CHUNK:
            return None
        offset += len(window) - len(magic) + 1


def _begins_record(file: BinaryIO, offset: int, *, packed: bool) -> bool:
    file.seek(offset)
    head = file.read(2048)
    if not packed:
        return b"\nwarc-type:" in head.lower()
    try:
        return zlib.decompressobj(wbits=31).decompress(head, 5) == b"WARC/"
    except zlib.error:
        return False
