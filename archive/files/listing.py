"""An archive listed: the names of what is in it. Nothing of it is unpacked, so that no ratio and no depth can hurt."""

from __future__ import annotations

from typing import Final

from archive.files.package import open_package, shown_name
from archive.records import FileReading

MOST_LISTED: Final = 1_000
"""Members that are named; the others are counted."""


def list_members(body: bytes) -> FileReading:
    """The names of an archive's members, folders left out, in its order. Raises: NotRead."""
    with open_package(body) as package:
        files = [member for member in package.infolist() if not member.is_dir()]
    names = tuple(filter(None, map(shown_name, files[:MOST_LISTED])))
    more = f", the first {MOST_LISTED:,} named" if len(files) > MOST_LISTED else ""
    return FileReading(
        media_type="application/zip",
        read_as="zip",
        text="\n".join(names),
        unread=f"listed only: an archive of {len(files):,} file{'s' * (len(files) != 1)}{more}",
        members=names,
    )
