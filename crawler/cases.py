"""Fixtures made of real pages: the page with invented text, and what it must read as, in the form the tests take.

An article becomes `page.html` with the fields of its Reading; a list becomes `page.html` or `answer.json` with its
Listing (tests/pages/<family>/<case>). Every value is read from the invented page, never from the source.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from archive.archive import invent_page, read_article
from archive.outcome import judge
from archive.page import Unreadable, open_data, open_page
from archive.records import Channel, Headers, Page, Reading
from crawler.families import FAMILIES
from crawler.families.telling import tell_families, why_none
from crawler.lists import Listing

CONFIRM = "confirmed"
"""Key of `expected.json` that is false until a person has looked at every field; the tests fail until then."""

_HTML: Headers = (("Content-Type", "text/html; charset=utf-8"),)
_UNTOLD = ("url", "evidence", "doubts", "published_raw", "document_number_raw", "issuing_agency", "site_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One fixture: the name of its page's file, the page, and what `expected.json` says."""

    file: str
    source: str
    expected: Mapping[str, object]
    family: str | None = None
    """Of a list, the family that reads it; None for an article."""
    lost: tuple[str, ...] = ()
    """What the source gave and the invented page does not, a sentence each."""

    def write(self, folder: Path, *, confirmed: bool = True) -> None:
        """Write both files. Raises: FileExistsError where the folder has a case already."""
        if (folder / "expected.json").exists():
            raise FileExistsError(f"{folder} has an expected.json; give another folder, or remove it first")
        folder.mkdir(parents=True, exist_ok=True)
        told = dict(self.expected) if confirmed else {CONFIRM: False, **self.expected}
        (folder / self.file).write_text(self.source, encoding="utf-8")
        text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
        (folder / "expected.json").write_text(text, encoding="utf-8")


def make_case(
    url: str, body: bytes, headers: Headers, *, family: str | None = None, options: Mapping[str, str] | None = None
) -> Case:
    """The fixture of a page: of an article, or of a list that `family` reads, or the family that the page tells.

    Raises: Unreadable where it is no text, and where it is neither an article nor a list that a family reads.
    """
    try:
        page = open_page(url, body, headers)
    except Unreadable:
        page = open_data(url, body, headers)
    return case_of(page, family=family, options=options)


def case_of(page: Page, *, family: str | None = None, options: Mapping[str, str] | None = None) -> Case:
    """The fixture of a page that is open; as `make_case`."""
    is_data = _data_name(page.html) is not None
    verdict = judge(200, (), page.url, page, page.size)
    seems_list = family is not None or is_data or (verdict.outcome == "ok" and verdict.kind in ("list", "home"))
    if not seems_list and not any(told.listing.entries for told in tell_families(page)):
        return _article(page)
    return _list(page, family, dict(options or {}), is_data=is_data)


def _article(page: Page) -> Case:
    source, url = invent_page(page)
    made = open_page(url, source.encode(), _HTML)
    before, after = read_article(page), read_article(made)
    verdict = judge(200, _HTML, url, made, made.size)
    values = {} if verdict.kind != "article" else _values(after)
    lost = [
        f"{name} was {getattr(before, name)!r} on the source and is empty on the fixture"
        for name in Reading.__slots__
        if name not in ("evidence", "doubts") and getattr(before, name) and not getattr(after, name)
    ]
    said = {"url": url, "outcome": verdict.outcome, "kind": verdict.kind, **values}
    return Case(file="page.html", source=source, expected=said, lost=tuple(lost) if values else ())


def _values(reading: Reading) -> dict[str, object]:
    given = {name: getattr(reading, name) for name in Reading.__slots__ if name not in _UNTOLD}
    return {name: _plain(name, value) for name, value in given.items() if value not in (None, "", ())}


def _plain(name: str, value: object) -> object:
    if name == "text":
        return str(value).split("\n")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [dataclasses.asdict(item) if dataclasses.is_dataclass(item) else item for item in value]  # type: ignore[arg-type]
    return value


def _list(page: Page, family: str | None, options: dict[str, str], *, is_data: bool) -> Case:
    if family is None:
        told = tell_families(page)
        if not told:
            raise Unreadable(f"{page.url}: no family reads it ({why_none(page)}); name one with --family")
        family, options = told[0].family, {**told[0].options, **options}
    before = FAMILIES[family].read(page, _channel(page.url, family, options))
    source, url = invent_page(page)
    made = open_data(url, source.encode(), ()) if is_data else open_page(url, source.encode(), _HTML)
    listing = FAMILIES[family].read(made, _channel(url, family, options))
    expected = {"url": url, **({"options": options} if options else {}), "listing": as_values(listing)}
    lost = [
        f"{name}: {len(getattr(before, name))} on the source, {len(getattr(listing, name))} on the fixture"
        for name in ("entries", "asks")
        if len(getattr(before, name)) != len(getattr(listing, name))
    ]
    name = _data_name(source) or "page.html"
    return Case(file=name, source=source, expected=expected, family=family, lost=tuple(lost))


def _data_name(source: str) -> str | None:
    """The name of an answer that is data, by what it begins with; None for a page."""
    start = source.lstrip("\ufeff \t\r\n").lower()
    if start.startswith(("{", "[")):
        return "answer.json"
    if start.startswith(("<?xml", "<datastore")) and "<html" not in start[:1000]:
        return "answer.xml"
    return None if start.startswith("<") or "<body" in start else "answer.js"


def as_values(listing: Listing) -> dict[str, object]:
    """A listing as `expected.json` has it."""
    return {
        "entries": [
            {"url": entry.url, "title": entry.title, "date_raw": entry.date_raw}
            | ({"fields": dict(entry.fields)} if entry.fields else {})
            for entry in listing.entries
        ],
        "asks": [
            {"url": ask.url, "page": ask.page}
            | ({"method": ask.method, "body": ask.body.decode("ascii")} if ask.method != "GET" else {})
            for ask in listing.asks
        ],
        "pages": listing.pages,
        "total": listing.total,
    }


def _channel(url: str, family: str, options: Mapping[str, str]) -> Channel:
    return Channel(source="", name="", url=url, family=family, options=options)
