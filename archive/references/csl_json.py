"""References in CSL-JSON, which citation processors, Zotero and pandoc read: one array."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date

from archive.references.reference import Reference, agencies_of, in_line, notes, title_of


def write_csl_json(references: Iterable[Reference]) -> Iterator[str]:
    """The array, an item a line; empty for no references."""
    before = "[\n"
    for reference in references:
        yield before + json.dumps(_item(reference), ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _item(reference: Reference) -> dict[str, object]:
    """One item. An agency is a literal name, for it has no parts; what is not known is left out."""
    item = {
        "id": reference.key,
        "type": "webpage",
        "author": [{"literal": agency} for agency in agencies_of(reference)],
        "title": title_of(reference),
        "number": in_line(reference.document_number or ""),
        "genre": in_line(reference.document_type or ""),
        "issued": _parts(reference.issued_on),
        "accessed": _parts(reference.accessed_on),
        "URL": reference.address,
        "language": reference.language,
        "note": "\n".join(notes(reference)),
    }
    return {name: value for name, value in item.items() if value}


def _parts(day: date | None) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[day.year, day.month, day.day]]} if day else None
