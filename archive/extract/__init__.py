"""What a page says, each field with its evidence. The readers run in the order of evidence; none knows a site.

Monsters get a cheaper reader, chosen by counts of nodes and bytes alone, so that a rebuild anywhere agrees; the
evidence of the text names it last. `prose:heavy`: a container too heavy for a second opinion (extract/consult.py).
`body:zoom, thinned`: a page of more tags than any notice; its middle has lost its markup and keeps its text
(archive/thin.py). All other fields are read in the same way, from tags, the head and the end of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from archive.dates import print_seconds, read_day
from archive.extract.agency import Agencies, Hints, find_agencies
from archive.extract.agency_names import split_agencies
from archive.extract.attachments import doubt_addresses, find_attachments
from archive.extract.attribution import find_attributions
from archive.extract.byline import date_above
from archive.extract.citations import find_citations, is_only_titled
from archive.extract.document_type import read_document_type, read_type_cell
from archive.extract.evidence import Found, Sheet, T, doubts_of
from archive.extract.numbers import find_numbers, normalise_number
from archive.extract.original import find_original
from archive.extract.page_bar import find_page_bar
from archive.extract.parts import find_parts, join_parts
from archive.extract.published import Witness, date_in_url, decide_published, tag_witnesses
from archive.extract.signature import Signature, read_effective, read_signature
from archive.extract.site import read_channel, read_site
from archive.extract.tables import set_text
from archive.extract.validity import read_validity
from archive.extract.view import View, look
from archive.records import Entry, Page, Reading

__all__ = ["READER_VERSION", "join_parts", "read"]

READER_VERSION: Final = "4"
"""Changes with every change of what a page reads as; captures read by another version are read again."""

_FIRST: Final = 5  # lines of the text that may hold its own number
_TITLE: Final = 6  # characters of the shortest title that a cell is believed


def read(page: Page, entry: Entry | None = None) -> Reading:
    """Read one page; `entry` is the row of a list that led to it, the last witness of every field.

    Never raises on what a page holds. A field that the page does not give is None or empty and has no evidence.
    Witnesses that disagree with the value that was taken are its conflicts.
    """
    view = look(page, entry)
    split, split_by = find_parts(page), "script"
    if not split.is_split:
        split, split_by = find_page_bar(page, view.lines, view.body, view.text), "link"
        view = replace(view, text=[line for line in view.text if line.number not in split.bar]) if split.bar else view
    sheet = Sheet()
    title = sheet.take("title", *_titles(view))
    lines, tables = set_text(view.text, view.lines)
    text = sheet.take("text", Found("\n".join(lines), view.text_evidence) if lines else None)
    site = sheet.take("site_name", named := read_site(page, view.lines, view.tags, title))
    channel = read_channel(view.lines, view.tags, view.title, view.body.start)
    sources = find_attributions(page, view, title, site=named)
    attribution = sheet.take("attribution", *sources, _listed(entry, "attribution"), twin="attribution_raw")
    number = sheet.take("document_number", *_numbers(view, lines, title, entry), twin="document_number_raw")
    signature = read_signature(lines)
    places = _places(view, site, attribution)
    hints = Hints(
        title=title,
        number=number,
        publisher=next((pair for pair in view.pairs if pair.name == "publisher"), None),
        attribution=sources[0] if sources else None,
        account=view.byline.account,
        places=places,
        text=text or "",
    )
    agencies = _take_agencies(sheet, view, signature, hints, entry)
    citations = find_citations(text or "", title, number)
    cited = _found(citations or None, "title" if is_only_titled(citations, title) else "body")
    published = decide_published(_witnesses(view, page, entry), view.tags)
    if published is not None:
        sheet.evidence |= {"published_on": published.day_evidence, "published_raw": published.day_evidence}
        if published.at_evidence is not None:
            sheet.evidence["published_at"] = published.at_evidence
        sheet.compare("published_on", published.day, *published.others)
    author = sheet.take("author", _found(view.byline.author, "byline"), _listed(entry, "author"), twin="author_raw")
    if author is None and view.byline.author_raw is not None:
        sheet.keep_raw("author_raw", view.byline.author_raw, "byline")
    original = find_original(view.near, page.url, page.charset)
    attachments = find_attachments(page, view.lines, view.body, view.title.start)
    reading = Reading(
        url=page.url,
        title=title,
        published_on=published.day if published is not None else None,
        published_at=published.at if published is not None else None,
        published_raw=published.raw if published is not None else None,
        written_on=sheet.take(
            "written_on",
            _cell_day(view, "written_on"),
            Found(signature.day, "body", signature.raw) if signature.day is not None else None,
            _listed_day(entry, "written_on"),
            twin="written_raw",
        ),
        written_raw=sheet.raw.get("written_raw"),
        effective_on=sheet.take(
            "effective_on", _cell_day(view, "effective_on"), read_effective(text or ""), twin="effective_raw"
        ),
        effective_raw=sheet.raw.get("effective_raw"),
        document_number=number,
        document_number_raw=sheet.raw.get("document_number_raw"),
        document_type=sheet.take("document_type", *_types(view, title)),
        index_number=sheet.take("index_number", _index(view), _listed(entry, "index_number")),
        issuing_agency=agencies[0] if agencies else None,
        issuing_agencies=agencies or (),
        issuing_agency_raw=sheet.raw.get("issuing_agency_raw"),
        attribution=attribution,
        attribution_raw=sheet.raw.get("attribution_raw"),
        author=author,
        author_raw=sheet.raw.get("author_raw"),
        site_name=site,
        channel_name=sheet.take("channel_name", channel),
        validity=sheet.take("validity", *_validities(view, entry), twin="validity_raw"),
        validity_raw=sheet.raw.get("validity_raw"),
        subject_category=sheet.take("subject_category", *_categories(view), _listed(entry, "subject_category")),
        claimed_original=sheet.take("claimed_original", _found(original, "body")),
        text=text or "",
        tables=sheet.take("tables", _found(tables or None, "body")) or (),
        citations=sheet.take("citations", cited) or (),
        attachments=sheet.take("attachments", _found(attachments or None, "body")) or (),
        parts=sheet.take("parts", _found(split.parts or None, split_by)) or (),
        part_of=sheet.take("part_of", _found(split.part_of, split_by)),
        evidence=sheet.evidence,
        conflicts=tuple(sheet.conflicts),
    )
    lost = doubt_addresses(page, view.lines, view.body, view.title.start)
    return replace(reading, doubts=(*doubts_of(reading), *lost))


def _found(value: T | None, evidence: str) -> Found[T] | None:
    return Found(value, evidence) if value is not None else None


def _titles(view: View) -> list[Found[str]]:
    """What is said of the title, by trust; the table's cell stands before a list and what `<title>` leaves."""
    title, cell = view.title, _cell(view, "title")
    found = [*([Found(title.text, title.evidence)] if title.text else []), *title.others]
    at = next((number for number, one in enumerate(found) if one.evidence in ("list", "title")), len(found))
    return [*found[:at], *([cell] if cell is not None and len(cell.value) >= _TITLE else []), *found[at:]]


def _cell(view: View, name: str) -> Found[str] | None:
    pair = view.table.get(name)
    return Found(pair.value, f"table:{pair.label}") if pair is not None else None


def _index(view: View) -> Found[str] | None:
    """The index number; a cell without a digit only says that there is none."""
    cell = _cell(view, "index_number")
    return cell if cell is not None and any(char.isdigit() for char in cell.value) else None


def _cell_day(view: View, name: str) -> Found[date] | None:
    pair = view.table.get(name)
    day = read_day(pair.value) if pair is not None else None
    return Found(day, f"table:{pair.label}", pair.value) if pair is not None and day is not None else None


def _listed(entry: Entry | None, name: str) -> Found[str] | None:
    """What an API gave beside the link to this page: the last witness."""
    value = entry.fields.get(name, "").strip() if entry is not None else ""
    return Found(value, "list") if value else None


def _listed_day(entry: Entry | None, name: str) -> Found[date] | None:
    listed = _listed(entry, name)
    day = read_day(print_seconds(listed.value)) if listed is not None else None
    return Found(day, "list", listed.value) if listed is not None and day is not None else None


def _numbers(view: View, lines: Sequence[str], title: str | None, entry: Entry | None) -> list[Found[str]]:
    """The document's own number by every witness, in its one spelling."""
    pair = view.table.get("document_number")
    cell = (pair.label, pair.value) if pair is not None else None
    found = find_numbers(cell, [line.text for line in view.region], lines[:_FIRST], title or "")
    listed = _listed(entry, "document_number")
    printed = [*found, *([listed] if listed is not None else [])]
    return [Found(spelt, one.evidence, one.value) for one in printed if (spelt := normalise_number(one.value))]


def _types(view: View, title: str | None) -> list[Found[str] | None]:
    """The title tells its kind; the table is asked where it does not."""
    told = read_document_type(title) if title else None
    pair = view.table.get("document_type")
    cell = read_type_cell(pair.value) if pair is not None and told is None else None
    return [_found(told, "title"), _found(cell, f"table:{pair.label}" if pair is not None else "")]


def _categories(view: View) -> list[Found[str] | None]:
    """The subject by its own label; some sites print it behind 体裁分类, which names the kind of document on others."""
    kind = view.table.get("document_type")
    stray = kind is not None and read_type_cell(kind.value) is None
    return [_cell(view, "subject_category"), _cell(view, "document_type") if stray else None]


def _validities(view: View, entry: Entry | None) -> list[Found[str] | None]:
    pair, listed = view.table.get("validity"), _listed(entry, "validity")
    return [
        Found(read_validity(pair.label, pair.value), f"table:{pair.label}", pair.value) if pair is not None else None,
        Found(read_validity("", listed.value), "list", listed.value) if listed is not None else None,
    ]


def _take_agencies(
    sheet: Sheet, view: View, signature: Signature, hints: Hints, entry: Entry | None
) -> Agencies | None:
    found, beside = find_agencies(view.table, signature, hints)
    listed = _listed(entry, "issuing_agency")
    names = split_agencies(listed.value) if listed is not None else ()
    last = Found(names, "list", listed.value) if listed is not None and names else None
    agencies = sheet.take("issuing_agencies", *found, last, beside, twin="issuing_agency_raw")
    if agencies:
        sheet.evidence["issuing_agency"] = sheet.evidence["issuing_agencies"]
    return agencies


def _places(view: View, site: str | None, attribution: str | None) -> list[str]:
    """Names that may tell where a bureau's short name belongs: the site's, those in the table, the source's."""
    cells = [pair.value for pair in view.table.pairs if pair.name in ("publisher", "issuing_agency", "source")]
    return [name for name in (site, *cells, attribution) if name is not None]


def _witnesses(view: View, page: Page, entry: Entry | None) -> list[Witness]:
    """What dates the page, in the order of trust."""
    found: list[Witness] = []
    if view.byline.published is not None:
        found.append(Witness(view.byline.published, "byline"))
    pair = view.table.get("published")
    if pair is not None:
        found.append(Witness(pair.value, f"table:{pair.label}"))
    if view.byline.published_over is not None and not found:
        found.append(Witness(view.byline.published_over, "byline"))
    found += tag_witnesses(view.tags)
    in_url = date_in_url(page.url)
    if in_url is not None:
        found.append(in_url)
    if entry is not None:
        listed = (entry.date_raw or "", entry.fields.get("published_on", ""))
        found += [Witness(print_seconds(raw), "list") for raw in listed if raw]
    above = date_above(view.above)
    if above is not None:
        found.append(Witness(above, "above"))
    return found
