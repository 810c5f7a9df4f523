"""Who issued a document: by its table, its signature, its title, or by whom it is attributed to."""

from __future__ import annotations

from archive.extract.disclosure import Table
from archive.extract.evidence import Found
from archive.extract.labels import Pair
from archive.extract.numbers import agencies_of_title, is_agency, split_agencies
from archive.extract.signature import Signature


def find_agencies(
    table: Table, signature: Signature, *, title: str | None, publisher: Pair | None, attribution: Found[str] | None
) -> Found[tuple[str, ...]] | None:
    """Find the issuing agencies, as printed and in the printed order; None if no one is named in full.

    Who shows a page is not asked: a portal's name must never become an agency.
    """
    cell = table.get("issuing_agency")
    names = split_agencies(cell.value) if cell is not None else ()
    if cell is not None and names:
        return Found(names, f"table:{cell.label}")
    if signature.agencies:
        return Found(signature.agencies, "body")
    in_title = agencies_of_title(title or "")
    if in_title:
        return Found(in_title, "title")
    if publisher is not None and is_agency(publisher.value):
        return Found((publisher.value,), f"table:{publisher.label}")
    if attribution is not None:
        names = split_agencies(attribution.value)
        if names and all(map(is_agency, names)):
            return Found(names, attribution.evidence)
    return None
