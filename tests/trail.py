"""Where the readers looked for a field, one by one, and what they saw there: for the message of a failed fixture."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from archive.extract import meta
from archive.extract.labels import LABELS, Pair
from archive.extract.lines import Line
from archive.extract.published import date_in_url
from archive.extract.view import View, look
from archive.records import Page, Reading
from archive.shape import measure

_KNOWN = {label for labels in LABELS.values() for label in labels}
_LABEL = re.compile(r"[\s【\[（(]*([一-龥](?:\s*[一-龥]){1,9})\s*[】\]）)]?\s*([:：]?)\s*(.*)")
_CELLS = ("td", "th", "dt")
_ROWS = 4
_NAMES = {"head": "body", "end": "body", "heading": "title"}

META: Mapping[str, tuple[str, ...]] = {
    "title": meta._TITLE,
    "published": meta._PUBLISHED,
    "attribution": meta._SOURCE,
    "author": meta._AUTHOR,
    "site_name": meta._SITE,
    "channel_name": meta._CHANNEL,
}
ROWS: Mapping[str, tuple[str, ...]] = {
    "attribution": ("source", "publisher"),
    "published": ("published",),
    "written": ("written_on",),
    "effective": ("effective_on",),
}
"""Field → what `LABELS` calls it, where that is not the field's own name."""
READERS: Mapping[str, tuple[str, ...]] = {
    "title": ("meta", "heading"),
    "published": ("byline", "table", "meta", "url"),
    "written": ("table", "end"),
    "effective": ("table", "body"),
    "document_number": ("table", "head"),
    "document_type": ("table", "heading"),
    "issuing_agency": ("table", "end", "heading", "byline"),
    "attribution": ("byline", "table", "meta"),
    "author": ("byline", "meta"),
    "site_name": ("meta", "heading"),
    "channel_name": ("meta",),
    "index_number": ("table",),
    "validity": ("table",),
    "subject_category": ("table",),
    "text": ("body",),
    "tables": ("body",),
    "citations": ("body",),
    "claimed_original": ("links",),
    "attachments": ("links",),
    "outcome": ("shape",),
    "kind": ("shape",),
}


def trail(field: str, page: Page, reading: Reading) -> str:
    """What every reader of this field saw, from the one that is trusted most: `meta: absent · table: none · …`."""
    view = look(page, None)
    stem = _stem(field)
    readers = READERS.get(stem, ("meta", "table", "body"))
    told = [f"{_NAMES.get(reader, reader)}: {TELL[reader](stem, view, page)}" for reader in readers]
    told += [f"{one.evidence} says {one.value!r}" for one in reading.conflicts if _stem(one.field) == stem]
    return " · ".join(told)


def _stem(field: str) -> str:
    name = field.removeprefix("evidence.")
    if name == "issuing_agencies":
        return "issuing_agency"
    return re.sub("_(?:on|at|raw)$", "", name)


def _meta(stem: str, view: View, page: Page) -> str:
    wanted = META.get(stem)
    if wanted is None:
        return "not tried"
    given = {
        str(element.get("name") or element.get("property") or element.get("itemprop")): element.get("content") or ""
        for element in page.tree.iter("meta")
        if element.get("content") and not element.get("http-equiv")
    }
    found = [f"{name} {value[:30]!r}" for name, value in given.items() if name.lower() in wanted]
    if found:
        made = f", made {' '.join(view.tags.rendered)}" if stem == "published" and view.tags.rendered else ""
        return ", ".join(found) + made
    there = f"; there: {', '.join(given)}" if given else ""
    return f"absent (looked for {', '.join(wanted[:_ROWS])}{there})"


def _table(stem: str, view: View, page: Page) -> str:
    """The row that gives the field; else the rows whose label no one knows, those that sound like it first."""
    names = ROWS.get(stem, (stem,))
    found = [pair for pair in view.table.pairs if pair.name in names]
    if found:
        return ", ".join(map(_row, found))
    wanted = "".join(label for name in names for label in LABELS.get(name, ()))
    unknown = sorted(_unknown_rows(view), key=lambda label: -sum(letter in wanted for letter in label))
    told = [f'row "{label}" unknown' for label in unknown[:_ROWS]]
    if view.table.pairs:
        told.append(f"rows for {', '.join(pair.label for pair in view.table.pairs)}")
    return ", ".join(told) or "none"


def _unknown_rows(view: View) -> Iterable[str]:
    """Labels outside the text that the grammar of labels does not know, each once."""
    shown = {line.number for line in view.text}
    labels: dict[str, None] = {}
    for line, behind in zip(view.lines.all, view.lines.all[1:], strict=False):
        match = _LABEL.fullmatch(line.text)
        if match is None or line.chrome is not None or line.number in shown:
            continue
        label, colon, value = match.groups()
        if re.sub(r"\s", "", label) in _KNOWN or not (colon or (_is_label_cell(line, behind) and not value)):
            continue
        labels[label] = None
    return labels


def _is_label_cell(line: Line, behind: Line) -> bool:
    beside = line.block.getnext()
    return line.block.tag in _CELLS and beside is not None and beside is behind.block


def _byline(stem: str, view: View, page: Page) -> str:
    names = ROWS.get(stem, (stem,))
    pairs = [pair for pair in view.pairs if pair not in view.table.pairs]
    found = [pair for pair in pairs if pair.name in names]
    if found:
        return ", ".join(map(_row, found))
    there = f" (there: {', '.join(pair.label for pair in pairs)})" if pairs else ""
    between = _quote(view.region[:_ROWS]) or ", no line between title and text"
    return f"no label for it{there}{between}"


def _row(pair: Pair) -> str:
    return f"{pair.label} {pair.value[:30]!r}"


def _heading(_stem: str, view: View, page: Page) -> str:
    window = " ".join((page.tree.findtext(".//title") or "").split())
    return f"{view.title.text!r} by {view.title.evidence}, <title> {window[:60]!r}"


def _url(_stem: str, _view: View, page: Page) -> str:
    found = date_in_url(page.url)
    return found.raw if found is not None else "no day in it"


def _body(_stem: str, view: View, page: Page) -> str:
    return f"{view.text_evidence}, {len(view.text)} lines" if view.text else f"{view.text_evidence}, not tried"


def _head(stem: str, view: View, page: Page) -> str:
    return f"{_body(stem, view, page)}{_quote(view.text[:2])}"


def _end(stem: str, view: View, page: Page) -> str:
    return f"{_body(stem, view, page)}{_quote(view.text[-2:])}"


def _quote(lines: Iterable[Line]) -> str:
    return "".join(f", {line.text[:30]!r}" for line in lines)


def _links(stem: str, view: View, page: Page) -> str:
    """The links from the container's start to behind the text, by name and address."""
    found = {link for line in view.near for link in line.links}
    named = [f"{' '.join(''.join(link.itertext()).split())[:20]!r} {link.get('href')}" for link in found]
    return f"{', '.join(sorted(named)[:6]) or 'none'} near {_body(stem, view, page)}"


def _shape(_stem: str, _view: View, page: Page) -> str:
    return repr(measure(page)).partition("(")[2].rstrip(")")


TELL: Mapping[str, Callable[[str, View, Page], str]] = {
    "meta": _meta,
    "table": _table,
    "byline": _byline,
    "heading": _heading,
    "url": _url,
    "body": _body,
    "head": _head,
    "end": _end,
    "links": _links,
    "shape": _shape,
}
