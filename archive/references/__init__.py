"""Citations of notices in the forms that people and their programs take; one file a form. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from archive.references.bibtex import write_bibtex
from archive.references.csl_json import write_csl_json
from archive.references.gbt7714 import write_gbt7714
from archive.references.reference import Reference
from archive.references.ris import write_ris


class Form(NamedTuple):
    """One form: what it is called, what a server says it is, and what writes it, piece by piece in the given order."""

    name: str
    media_type: str
    write: Callable[[Iterable[Reference]], Iterator[str]]


FORMS: Final[Mapping[str, Form]] = {
    "gbt.txt": Form("GB/T 7714—2025", "text/plain; charset=utf-8", write_gbt7714),
    "bib": Form("BibTeX", "application/x-bibtex; charset=utf-8", write_bibtex),
    "ris": Form("RIS", "application/x-research-info-systems; charset=utf-8", write_ris),
    "csl.json": Form("CSL-JSON", "application/vnd.citationstyles.csl+json; charset=utf-8", write_csl_json),
}
"""The forms by the ending of a file that holds one."""
