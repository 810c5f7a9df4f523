"""How a text of a notice is cited: the box with every form, and what the page tells programs in its head."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from markupsafe import Markup

from archive.browse.notice.states import named_in_address
from archive.browse.pages import page_path
from archive.references import FORMS
from archive.references.address import mark_of
from archive.references.held import reference_of
from archive.references.reference import Reference, agencies_of, title_of

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

    from archive.browse.notice.document import Document

_LOCAL: Final = {"localhost", "127.0.0.1", "::1"}
_UNSAFE: Final = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
"""What could end a script element, or a line of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormShown:
    """One form of a citation: its name, the ending of its files, what it says, and where it is had as a file."""

    name: str
    ending: str
    media_type: str
    text: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The citation of one text in every form, the one that people print first."""

    reference: Reference
    forms: tuple[FormShown, ...]
    meta: tuple[tuple[str, str], ...]
    """Names and contents of `meta` elements: Dublin Core, and the `citation_…` that citation managers read."""
    linked_data: Markup
    """schema.org as JSON-LD, ready for a script element that holds data."""

    @property
    def is_local(self) -> bool:
        """Whether its address leads there on this machine only."""
        return urlsplit(self.reference.address).hostname in _LOCAL


def cite_document(request: Request, datasette: Datasette, database: str, document: Document) -> Citation | None:
    """The citation of the text that a document shows; None where no state is on record that has it."""
    row, state = document.row, document.state
    if state is None:
        return None
    at = ("notice", row["id"], "r")
    query = {
        "copy": named_in_address(state, row["id"]),
        "text": str(mark_of(row["text"], state.text_digest)),  # last: behind it a citation has its full stop
    }
    path = page_path(datasette, database, *at, state.number, **query)
    reference = reference_of(row, address=datasette.absolute_url(request, path), seen_at=state.seen_to)
    return Citation(
        reference=reference,
        forms=tuple(
            FormShown(
                name=form.name,
                ending=ending,
                media_type=form.media_type.partition(";")[0],
                text="".join(form.write([reference])),
                path=page_path(datasette, database, *at, f"{state.number}.{ending}", **query),
            )
            for ending, form in FORMS.items()
        ),
        meta=tuple(_meta(reference, row)),
        linked_data=_linked_data(reference, row),
    )


def _meta(reference: Reference, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    title, issued, agencies = title_of(reference), reference.issued_on, agencies_of(reference)
    said = (
        ("citation_title", title),
        *(("citation_author", agency) for agency in agencies),
        ("citation_publication_date", f"{issued:%Y/%m/%d}" if issued else None),
        ("citation_language", reference.language),
        ("citation_keywords", reference.document_type),
        ("citation_public_url", reference.address),
        ("DC.title", title),
        *(("DC.creator", agency) for agency in agencies),
        ("DCTERMS.issued", str(issued) if issued else None),
        ("DCTERMS.created", row["written_on"]),
        ("DCTERMS.valid", row["effective_on"]),
        ("DC.type", reference.document_type),
        ("DC.language", reference.language),
        ("DC.identifier", reference.address),
        ("DC.identifier", reference.document_number),
        ("DC.source", reference.original_url),
    )
    return ((name, content) for name, content in said if content)


def _linked_data(reference: Reference, row: Mapping[str, Any]) -> Markup:
    """A document with its own address where that is known, and where it is archived."""
    numbers = (("发文字号", reference.document_number), ("索引号", row["index_number"]))
    said = {
        "@context": "https://schema.org",
        "@type": "DigitalDocument",
        "name": title_of(reference),
        "author": [{"@type": "GovernmentOrganization", "name": agency} for agency in agencies_of(reference)],
        "datePublished": str(reference.issued_on) if reference.issued_on else None,
        "dateCreated": row["written_on"],
        "identifier": [{"@type": "PropertyValue", "name": name, "value": value} for name, value in numbers if value],
        "inLanguage": reference.language,
        "keywords": reference.document_type,
        "url": reference.original_url or reference.address,
        "archivedAt": reference.address,
    }
    known = {name: value for name, value in said.items() if value}
    return Markup(json.dumps(known, ensure_ascii=False).translate(_UNSAFE))  # noqa: S704  nothing left that ends it
