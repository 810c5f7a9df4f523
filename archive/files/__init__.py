"""What a file says that a notice links: its type by its own bytes, its text, or why it was not read.

Bytes in, a record out. A file is hostile until it has proved otherwise: what it unpacks to, how many members and cells
it may have is bounded before a library opens it, and how many of its pages are read. What is left, a library that never
comes back or takes the process down, the index's own caps of time and memory hold (archive/worker.py).
"""

from __future__ import annotations

from archive.files.bounds import NotRead, clean, cut
from archive.files.magic import MEDIA_NAMES, media_type_of
from archive.records import FileReading

__all__ = ["FILES_VERSION", "read_file"]

FILES_VERSION = "2"
"""Changes with every change of these readers that may change what they give."""


def read_file(body: bytes) -> FileReading:
    """Read a file, its content coding undone. The same bytes give the same reading, whatever they were called.

    Tables are lines of cells, parted by ` | `. Of an archive the text is the names of its members. Where only a part
    could be read, there is a text and a reason why that is not all. Raises only what a fault of ours raises.
    """
    media_type = media_type_of(body)
    try:
        reading = _read(body, media_type)
    except NotRead as why:
        return FileReading(media_type=media_type, unread=str(why))
    text = clean(reading.text or "")
    if not text:
        return FileReading(
            media_type=media_type,
            unread=reading.unread or "no text: there is none in it",
            pages=reading.pages,
            members=reading.members,
        )
    short, left = cut(text)
    return FileReading(
        media_type=media_type,
        read_as=reading.read_as,
        text=short,
        unread=left or reading.unread,
        pages=reading.pages,
        members=reading.members,
    )


def _read(body: bytes, media_type: str) -> FileReading:
    # the libraries are large: a process that reads no file never loads them
    if media_type == "application/pdf":
        from archive.files.pdf import read_pdf

        return read_pdf(body)
    if media_type in _WORKBOOKS:
        from archive.files.sheets import read_workbook

        return read_workbook(body, media_type)
    if media_type in _DOCUMENTS:
        from archive.files.docx import read_docx

        return read_docx(body, media_type)
    if media_type == "application/zip":
        from archive.files.listing import list_members

        return list_members(body)
    if media_type == "text/plain":
        from archive.files.plain import read_plain

        return read_plain(body)
    if media_type == "application/x-encrypted-office":
        raise NotRead("locked: it opens with a password only")
    if media_type == "text/html":
        raise NotRead("not a file: a web page came in its place")
    raise NotRead(f"not read: {MEDIA_NAMES.get(media_type, 'a kind of file that is not known')}")


_WORKBOOKS = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel",
)
_DOCUMENTS = ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",)
