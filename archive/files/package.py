"""ZIP files opened with care: how many members, how much comes out of them, and what their names may be.

Nothing is ever written to a disk; a member is unpacked into memory, and only as far as it may go.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
import zlib
from typing import Final

from archive.files.bounds import NotRead

MOST_PART: Final = 48 * 1024 * 1024
"""Bytes of one part of a document: the longest seen in the wild, lists of 100,000 rows, stay below."""
MOST_UNPACKED: Final = 128 * 1024 * 1024
"""Bytes of all parts of a document together; pictures count, though nobody unpacks them."""
MOST_RATIO: Final = 200
"""How much larger than packed a part may be, past `_FREE`: tables of one repeated row reach 100."""
MOST_MEMBERS: Final = 4_000
MOST_DIRECTORY: Final = 1024 * 1024
"""Bytes of the directory of an archive; at 46 or more a member."""

_FREE: Final = 4 * 1024 * 1024
"""Bytes below which no ratio is held against a part."""
_END: Final = b"PK\x05\x06"
_END_SIZE: Final = 22
_ZIP64: Final = b"PK\x06\x07"
_LOCATOR_SIZE: Final = 20
"""Of the locator of a second, larger end record: it stands right before the end record and overrules it."""
_END_WITHIN: Final = 65_536 + _END_SIZE
_DRIVE: Final = re.compile(r"^[A-Za-z]:")
_ENTITIES: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DEPTH: Final = 16
"""Folders of a member's path that are shown; what is deeper nobody looks at."""
_NAME_BYTES: Final = 255


def open_package(body: bytes) -> zipfile.ZipFile:
    """Open a ZIP file whose directory is of a size that can be held. Raises: NotRead, with the reason."""
    place = body.rfind(_END, max(0, len(body) - _END_WITHIN))
    if place < 0 or len(body) < place + _END_SIZE:
        raise NotRead("damaged: the file is broken off, its directory is missing")
    if body.startswith(_ZIP64, max(0, place - _LOCATOR_SIZE)):
        raise NotRead("refused: it is written as one of more than 4 GB, which it is not")
    directory = int.from_bytes(body[place + 12 : place + 16], "little")
    if directory > MOST_DIRECTORY:
        raise NotRead(f"refused: its directory has {directory:,} bytes, more than {MOST_DIRECTORY:,}")
    try:
        package = zipfile.ZipFile(io.BytesIO(body))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
        raise NotRead(f"damaged: {error}") from error
    if len(package.infolist()) > MOST_MEMBERS:
        raise NotRead(f"refused: it has {len(package.infolist()):,} members, more than {MOST_MEMBERS:,}")
    return package


def check_document(package: zipfile.ZipFile) -> None:
    """Refuse a document that unpacks to more than any document does, before anybody opens it.

    The sizes are those that its directory states; `read_part` holds every part to them. Raises: NotRead.
    """
    members = package.infolist()
    whole = sum(member.file_size for member in members)
    if whole > MOST_UNPACKED:
        raise NotRead(f"refused: it unpacks to {whole:,} bytes, more than {MOST_UNPACKED:,}")
    if any(member.flag_bits & 1 for member in members):
        raise NotRead("locked: its parts are encrypted")
    for member in members:
        if member.file_size > MOST_PART:
            raise NotRead(f"refused: a part of it has {member.file_size:,} bytes, more than {MOST_PART:,}")
        if member.file_size > _FREE and member.file_size > MOST_RATIO * max(1, member.compress_size):
            raise NotRead(f"refused: a part of it is packed more than {MOST_RATIO} to 1")
    if len({member.filename for member in members}) < len(members):
        raise NotRead("refused: two parts of it have one name")


def read_part(package: zipfile.ZipFile, name: str) -> bytes:
    """One XML part of a document, no larger than stated, and without entities of its own. Raises: NotRead."""
    try:
        member = package.getinfo(name)
        with package.open(member) as file:
            part = file.read(member.file_size + 1)
    except KeyError as error:
        raise NotRead(f"damaged: the part {name} is missing") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError) as error:
        raise NotRead(f"damaged: {error}") from error
    # as UTF-16 every other byte is NUL
    if len(part) > member.file_size or _ENTITIES.search(part[:4096].replace(b"\x00", b"")):
        raise NotRead("refused: a part of it declares entities of its own, as no office program does")
    return part


def member_names(body: bytes) -> frozenset[str]:
    """The names of an archive's members as they are stored; none where it cannot be opened."""
    try:
        with open_package(body) as package:
            return frozenset(member.filename for member in package.infolist())
    except NotRead:
        return frozenset()


def shown_name(member: zipfile.ZipInfo) -> str:
    """A member's path as a person may see it: in its real charset, relative, without `..`, controls and bidi marks.

    Chinese tools write GBK under a flag that says nothing, or UTF-8; zipfile reads both as CP437.
    """
    name = member.filename
    if not member.flag_bits & 0x800:
        raw = name.encode("cp437", "replace")
        name = next((text for charset in ("utf-8", "gb18030") if (text := _decoded(raw, charset)) is not None), name)
    plain = "".join(char for char in _DRIVE.sub("", name.replace("\\", "/")) if unicodedata.category(char)[0] != "C")
    parts = [part for part in (part.strip() for part in plain.split("/")) if part not in ("", ".", "..")]
    return "/".join(part.encode()[:_NAME_BYTES].decode("utf-8", "ignore") for part in parts[:_DEPTH])


def names_ole(body: bytes, stream: str) -> bool:
    """Whether the directory of an OLE file may name this stream: its name in UTF-16, with its end."""
    return f"{stream}\0".encode("utf-16-le") in body


def _decoded(raw: bytes, charset: str) -> str | None:
    try:
        return raw.decode(charset)
    except UnicodeDecodeError:
        return None
