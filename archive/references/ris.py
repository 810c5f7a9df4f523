"""References in RIS, which EndNote, Zotero and NoteExpress read: one tag a line, UTF-8, a blank line between two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from archive.references.reference import Reference, agencies_of, in_line, notes, title_of


def ris_record(reference: Reference) -> str:
    """A reference as a record."""
    return "".join(f"{tag}  - {value}\n" for tag, value in _tags(reference))


def _tags(reference: Reference) -> Iterator[tuple[str, str]]:
    """The tags in the order of a record. A field without a value has none."""
    yield "TY", "ELEC"
    yield "ID", reference.key
    for agency in agencies_of(reference):
        yield "AU", agency
    yield "TI", title_of(reference)
    if number := in_line(reference.document_number or ""):
        yield "IS", number
    if kind := in_line(reference.document_type or ""):
        yield "M3", kind
    if reference.issued_on:
        yield "PY", f"{reference.issued_on:%Y}"
        yield "DA", _day(reference.issued_on)
    yield "Y2", _day(reference.accessed_on)
    yield "UR", reference.address
    yield "LA", reference.language
    for note in notes(reference):
        yield "N1", note
    yield "ER", ""


def _day(day: date) -> str:
    return f"{day:%Y/%m/%d}/"
