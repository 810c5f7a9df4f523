"""References in CSL-JSON, which citation processors, Zotero and pandoc read: one array."""

from __future__ import annotations

import json
from datetime import date

from archive.references.reference import Reference, agencies_of, in_line, notes, title_of


def csl_item(reference: Reference) -> str:
    """A reference as an item of the array, on a line of its own."""
    return "\n" + json.dumps(_item(reference), ensure_ascii=False)


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
