"""References as GB/T 7714—2025 prints those of web pages (8.11), in force since 2026-07-01.

`民政部. 关于…的通知: 民发〔2026〕12号[EB/OL]. (2026-03-02)[2026-11-23]. https://….`
"""

from __future__ import annotations

from typing import Final

from archive.references.reference import Reference, agencies_of, in_line, notes, title_of

_NAMED: Final = 3
"""Of more than so many who issued it, these are named and the others are 等."""


def gbt7714_lines(reference: Reference) -> str:
    """A reference as its line, and below it, indented, the original's address and the text digest."""
    return "".join(f"{part}\n" for part in (print_line(reference), *(f"    {note}" for note in notes(reference))))


def print_line(reference: Reference) -> str:
    """One reference as a list of references has it, without its number there. A missing agency or day is left out."""
    title = title_of(reference)
    if number := in_line(reference.document_number or ""):
        title = f"{title}: {number}"
    issued = f"({reference.issued_on})" if reference.issued_on else ""
    parts = [
        _issuers(agencies_of(reference)),
        f"{title}[EB/OL]",
        f"{issued}[{reference.accessed_on}]",
        reference.address,
    ]
    return f"{'. '.join(part for part in parts if part)}."


def _issuers(agencies: list[str]) -> str:
    named = agencies[:_NAMED]
    return ", ".join([*named, "等"] if len(agencies) > len(named) else named)
