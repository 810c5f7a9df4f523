"""References in BibTeX, as biblatex and the GB/T 7714 styles for LaTeX read them: `@online`, UTF-8."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from archive.references.reference import Reference, agencies_of, in_line, notes, title_of

_ESCAPED: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{character: rf"\{character}" for character in "$&#%_"},
    }
)
"""BibTeX counts braces whether or not a backslash stands before them, so a brace of a title needs its name."""
_VERBATIM: Final = str.maketrans({"\\": "%5C", "{": "%7B", "}": "%7D", " ": "%20"})
"""An address is printed as it is, so only what would end its field is coded, as addresses code it."""


def bibtex_entry(reference: Reference) -> str:
    """A reference as an entry."""
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(reference))
    return f"@online{{{reference.key},\n{fields}}}\n"


def _fields(reference: Reference) -> Iterator[tuple[str, str]]:
    """The fields of an entry. Braced twice, an agency is one name without a given one, and a title keeps its case."""
    if agencies := agencies_of(reference):
        yield "author", " and ".join(f"{{{_escaped(agency)}}}" for agency in agencies)
    yield "title", f"{{{_escaped(title_of(reference))}}}"
    if reference.document_number:
        yield "number", _escaped(reference.document_number)
    if reference.document_type:
        yield "keywords", _escaped(reference.document_type)
    if reference.issued_on:
        yield "date", str(reference.issued_on)
    yield "urldate", str(reference.accessed_on)
    yield "url", in_line(reference.address).translate(_VERBATIM)
    yield "language", "chinese" if reference.language.startswith("zh") else reference.language
    if said := notes(reference):
        yield "note", _escaped("; ".join(said))


def _escaped(text: str) -> str:
    return in_line(text).translate(_ESCAPED)
