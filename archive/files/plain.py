"""Text files: CSV and TXT, in whatever charset."""

from __future__ import annotations

from archive.charsets import decode_text
from archive.records import FileReading


def read_plain(body: bytes) -> FileReading:
    """The text as it is; the commas of a CSV file part its cells as well as anything."""
    text, _ = decode_text(body, None)
    return FileReading(media_type="text/plain", read_as="text", text=text)
