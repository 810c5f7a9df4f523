"""Who issued a document: by its table, its signature, its title, its number, or by whom it is attributed to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.extract.agency_names import agencies_of_title, complete, is_agency, looks_like_agency, split_agencies
from archive.extract.disclosure import Table
from archive.extract.evidence import Found
from archive.extract.issuers import issuer_of_number
from archive.extract.labels import Pair
from archive.extract.signature import Signature

Agencies = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hints:
    """What else a page gives that may name its issuer."""

    title: str | None
    number: str | None
    publisher: Pair | None
    attribution: Found[str] | None
    account: str | None
    places: Sequence[str]
    """Names that tell where a short form belongs: the site's first."""
    text: str


def find_agencies(
    table: Table, signature: Signature, hints: Hints
) -> tuple[list[Found[Agencies]], Found[Agencies] | None]:
    """Find the issuing agencies in the printed order: by the document itself, and who else may have.

    Short forms (市民政局) are completed by the place that the page names; `raw` keeps them. What stays short is no
    agency, but in the cell that is for it. Who shows a page is not asked: a portal's name must never become an agency.
    """
    found: list[Found[Agencies]] = []
    cell = table.get("issuing_agency")
    if cell is not None:
        names = split_agencies(cell.value)
        whole = _whole(names, hints.places) or names
        if whole:
            found.append(Found(whole, f"table:{cell.label}", cell.value))
    for names, evidence in ((signature.agencies, "body"), (agencies_of_title(hints.title or ""), "title")):
        whole = _whole(names, hints.places)
        if whole:
            found.append(Found(whole, evidence, "、".join(names)))
    issuer = issuer_of_number(hints.number, lambda name: _is_named(name, hints)) if hints.number is not None else None
    if issuer is not None and hints.number is not None:
        found.append(Found((issuer,), f"number:{hints.number.partition('〔')[0]}", hints.number))
    return found, None if found else _shown_by(hints)


def _shown_by(hints: Hints) -> Found[Agencies] | None:
    """Whom the page names beside the document, if that is an agency: the publisher, the source, the account."""
    if hints.publisher is not None:
        whole = _whole((hints.publisher.value,), hints.places)
        if whole:
            return Found(whole, f"table:{hints.publisher.label}", hints.publisher.value)
    if hints.attribution is not None:
        names = split_agencies(hints.attribution.value)
        whole = _whole(names, hints.places) if all(map(looks_like_agency, names)) else ()
        if whole:
            return Found(whole, hints.attribution.evidence, hints.attribution.raw or hints.attribution.value)
    if hints.account is not None and is_agency(hints.account):
        return Found((hints.account,), "account", hints.account)
    return None


def _whole(names: Agencies, places: Sequence[str]) -> Agencies:
    """The names in full; none if one is no agency, or stays without its place."""
    whole = tuple(complete(name, (*names, *places)) or "" for name in names)
    return whole if all(map(is_agency, whole)) else ()


def _is_named(name: str, hints: Hints) -> bool:
    return any(name in text for text in (hints.title or "", hints.text, *hints.places))
