"""Citations of notices in the forms that people and their programs take; one file a form. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from archive.references.bibtex import bibtex_entry
from archive.references.csl_json import csl_item
from archive.references.gbt7714 import gbt7714_lines
from archive.references.reference import Reference
from archive.references.ris import ris_record


class Form(NamedTuple):
    """One form: what it is called, what a server says it is, how one reference is written, and what is around them."""

    name: str
    media_type: str
    item: Callable[[Reference], str]
    begin: str = ""
    between: str = ""
    end: str = ""

    def write(self, references: Iterable[Reference]) -> Iterator[str]:
        """All of a file, piece by piece, the references in the given order."""
        yield self.begin
        between = ""
        for reference in references:
            yield between + self.item(reference)
            between = self.between
        yield self.end


_CSL_TYPE: Final = "application/vnd.citationstyles.csl+json; charset=utf-8"

FORMS: Final[Mapping[str, Form]] = {
    "gbt.txt": Form("GB/T 7714—2025", "text/plain; charset=utf-8", gbt7714_lines),
    "bib": Form("BibTeX", "application/x-bibtex; charset=utf-8", bibtex_entry, between="\n"),
    "ris": Form("RIS", "application/x-research-info-systems; charset=utf-8", ris_record, between="\n"),
    "csl.json": Form("CSL-JSON", _CSL_TYPE, csl_item, begin="[", between=",", end="\n]\n"),
}
"""The forms by the ending of a file that holds one."""
