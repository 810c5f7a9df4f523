"""What a page says, each field with its evidence. The readers run in the order of evidence; none knows a site."""

from __future__ import annotations

from datetime import date
from typing import Final

from archive.dates import read_day
from archive.extract.agency import find_agencies
from archive.extract.attachments import find_attachments
from archive.extract.byline import date_above, is_same_site
from archive.extract.evidence import Found, Sheet, T
from archive.extract.meta import Tag
from archive.extract.numbers import find_number, normalise_number, read_document_type
from archive.extract.original import find_original
from archive.extract.parts import find_parts, join_parts
from archive.extract.published import Witness, date_in_url, decide_published, tag_witnesses
from archive.extract.rows import paragraphs
from archive.extract.signature import read_effective, read_signature
from archive.extract.title import site_of_window, squeeze
from archive.extract.view import View, look
from archive.records import Entry, Page, Reading
from archive.text import tidy

__all__ = ["READER_VERSION", "join_parts", "read"]

READER_VERSION: Final = "2"
"""Changes with every change of what a page reads as; captures read by another version are read again."""

_FIRST: Final = 5  # lines of the text that may hold its own number


def read(page: Page, entry: Entry | None = None) -> Reading:
    """Read one page; `entry` is the row of a list that led to it, the last witness for title and date.

    Never raises on what a page holds. A field that the page does not give is None or empty and has no evidence.
    """
    view = look(page, entry)
    sheet = Sheet()
    title = sheet.take("title", Found(view.title.text, view.title.evidence) if view.title.text else None)
    attribution = _attribution(view, page, title)
    publisher = next((pair for pair in view.pairs if pair.name == "publisher"), None)
    lines = paragraphs(view.text)
    text = sheet.take("text", Found(tidy("\n".join(lines)), view.text_evidence) if lines else None)
    signature = read_signature(lines)
    agencies = sheet.take(
        "issuing_agencies",
        find_agencies(view.table, signature, title=title, publisher=publisher, attribution=attribution),
    )
    if agencies:
        sheet.evidence["issuing_agency"] = sheet.evidence["issuing_agencies"]
    number = sheet.take("document_number_raw", _number(view, lines, title, entry))
    if number is not None:
        sheet.evidence["document_number"] = sheet.evidence["document_number_raw"]
    published = decide_published(_witnesses(view, page, entry), view.tags)
    if published is not None:
        sheet.evidence |= {"published_on": published.day_evidence, "published_raw": published.day_evidence}
        if published.at_evidence is not None:
            sheet.evidence["published_at"] = published.at_evidence
        if published.doubt is not None:
            sheet.doubts.append(published.doubt)
    effective = read_effective(text or "")
    document_type = read_document_type(title) if title else None
    original = find_original(view.near, page.url, page.charset)
    attachments = find_attachments(page, view.lines, view.body, view.title.start)
    split = find_parts(page)
    return Reading(
        url=page.url,
        title=title,
        published_on=published.day if published is not None else None,
        published_at=published.at if published is not None else None,
        published_raw=published.raw if published is not None else None,
        written_on=sheet.take("written_on", _cell_day(view, "written_on"), _found(signature.day, "body")),
        effective_on=sheet.take("effective_on", _cell_day(view, "effective_on"), _found(effective, "body")),
        document_number=normalise_number(number) if number is not None else None,
        document_number_raw=number,
        document_type=sheet.take("document_type", _found(document_type, "title")),
        index_number=sheet.take("index_number", _cell(view, "index_number"), _listed(entry, "index_number")),
        issuing_agency=agencies[0] if agencies else None,
        issuing_agencies=agencies or (),
        attribution=sheet.take("attribution", attribution, _listed(entry, "attribution")),
        author=sheet.take("author", _found(view.byline.author, "byline"), _listed(entry, "author")),
        site_name=sheet.take("site_name", _tag(view.tags.site)),
        channel_name=sheet.take("channel_name", _tag(view.tags.channel)),
        validity=sheet.take("validity", _cell(view, "validity"), _listed(entry, "validity")),
        subject_category=sheet.take(
            "subject_category", _cell(view, "subject_category"), _listed(entry, "subject_category")
        ),
        claimed_original=sheet.take("claimed_original", _found(original, "body")),
        text=text or "",
        attachments=sheet.take("attachments", _found(attachments or None, "body")) or (),
        parts=sheet.take("parts", _found(split.parts or None, "script")) or (),
        part_of=sheet.take("part_of", _found(split.part_of, "script")),
        evidence=sheet.evidence,
        doubts=tuple(sheet.doubts),
    )


def _found(value: T | None, evidence: str) -> Found[T] | None:
    return Found(value, evidence) if value is not None else None


def _tag(tag: Tag | None) -> Found[str] | None:
    return Found(tag.value, f"meta:{tag.name}") if tag is not None else None


def _cell(view: View, name: str) -> Found[str] | None:
    pair = view.table.get(name)
    return Found(pair.value, f"table:{pair.label}") if pair is not None else None


def _cell_day(view: View, name: str) -> Found[date] | None:
    pair = view.table.get(name)
    return _found(read_day(pair.value), f"table:{pair.label}") if pair is not None else None


def _attribution(view: View, page: Page, title: str | None) -> Found[str] | None:
    """The printed 来源 without its label; what only says 本网 is the name of the site, if the page gives it."""
    source = view.byline.source or _cell_value(view, "source")
    if source is not None:
        return _resolve(Found(source, "byline"), view, page, title)
    tag = view.tags.source
    if tag is not None and squeeze(tag.value) and squeeze(tag.value) != squeeze(title or ""):
        return _resolve(Found(tag.value, f"meta:{tag.name}"), view, page, title)
    publisher = next((pair for pair in view.pairs if pair.name == "publisher"), None)
    return Found(publisher.value, f"table:{publisher.label}") if publisher is not None else None


def _resolve(source: Found[str], view: View, page: Page, title: str | None) -> Found[str]:
    if not is_same_site(source.value):
        return source
    if view.tags.site is not None:
        return Found(view.tags.site.value, f"{source.evidence}, meta:{view.tags.site.name}")
    site = site_of_window(page, title)
    return Found(site, f"{source.evidence}, title") if site is not None else source


def _listed(entry: Entry | None, name: str) -> Found[str] | None:
    """What an API gave beside the link to this page: the last witness."""
    value = entry.fields.get(name, "").strip() if entry is not None else ""
    return Found(value, "list") if value else None


def _cell_value(view: View, name: str) -> str | None:
    pair = view.table.get(name)
    return pair.value if pair is not None else None


def _number(view: View, lines: list[str], title: str | None, entry: Entry | None) -> Found[str] | None:
    pair = view.table.get("document_number")
    cell = (pair.label, pair.value) if pair is not None else None
    found = find_number(cell, [line.text for line in view.region], lines[:_FIRST], title or "")
    listed = _listed(entry, "document_number")
    if found is None and listed is not None and normalise_number(listed.value) is not None:
        return listed
    return Found(*found) if found is not None else None


def _witnesses(view: View, page: Page, entry: Entry | None) -> list[Witness]:
    """What dates the page, in the order of trust."""
    found: list[Witness] = []
    if view.byline.published is not None:
        found.append(Witness(view.byline.published, "byline"))
    pair = view.table.get("published")
    if pair is not None:
        found.append(Witness(pair.value, f"table:{pair.label}"))
    found += tag_witnesses(view.tags)
    in_url = date_in_url(page.url)
    if in_url is not None:
        found.append(in_url)
    if entry is not None and entry.date_raw:
        found.append(Witness(entry.date_raw, "list"))
    above = date_above(view.above)
    if above is not None:
        found.append(Witness(above, "above"))
    return found
