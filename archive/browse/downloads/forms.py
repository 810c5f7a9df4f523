"""All hits of a search as files: each form writes one notice after another and never holds them all."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import Any, Final, NamedTuple

from archive.browse.atom import MEDIA_TYPE, Entry, Feed, stream_feed
from archive.labels import Words
from archive.references import FORMS as REFERENCES
from archive.references.reference import Reference
from archive.spreadsheet_cells import cell
from archive.store.dataset import FIELDS, DatasetNotice
from archive.workbook import write_book

COLUMNS: Final = (*FIELDS, "address")
"""The fields of the dataset, and where this archive shows the notice."""

_PIECE: Final = 1 << 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloaded:
    """One notice as the forms need it. `address` is its page here, a whole address."""

    notice: DatasetNotice
    address: str
    reference: Reference
    entry: Entry

    @property
    def values(self) -> dict[str, Any]:
        """Its value for each of `COLUMNS`."""
        return {**self.notice, "address": self.address}


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was asked for, and how much was found then. `address` is of the search's page, a whole address.

    `looked_at` is when the archive looked last.
    """

    address: str
    total: int
    feed: Feed
    asked: tuple[tuple[str, str], ...]
    """The words and filters, in the language of the reader."""
    looked_at: datetime


class Form(NamedTuple):
    """One form: its name, what a server says it is, and what writes it; a piece may be empty."""

    name: str | Words
    media_type: str
    write: Callable[[Search, Iterable[Downloaded]], Generator[bytes, None, None]]


def write_json(search: Search, notices: Iterable[Downloaded]) -> Generator[bytes, None, None]:
    """One object: `search`, `total` and `notices`, one a line."""
    head = {"search": search.address, "total": search.total}
    yield (json.dumps(head, ensure_ascii=False)[:-1] + ', "notices": [').encode()
    between = "\n"
    for one in notices:
        yield (between + json.dumps(one.values, ensure_ascii=False)).encode("utf-8", "replace")
        between = ",\n"
    yield b"\n]}\n"


def write_csv(search: Search, notices: Iterable[Downloaded]) -> Generator[bytes, None, None]:  # noqa: ARG001  a form has both
    """UTF-8 with a byte-order mark, RFC 4180, lists as JSON text, no cell that starts a formula."""
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    writer.writerow(COLUMNS)
    yield b"\xef\xbb\xbf"
    for one in notices:
        writer.writerow([cell(value) for value in one.values.values()])
        yield line.getvalue().encode("utf-8", "replace")
        line.seek(0)
        line.truncate()
    yield line.getvalue().encode()


def write_xlsx(search: Search, notices: Iterable[Downloaded]) -> Generator[bytes, None, None]:
    """A sheet of the notices and one of what was asked; gives nothing until all are written, but after each a pause.

    The same notices give the same bytes at any time: the instant that they bear is that of the archive's last look.
    """
    with TemporaryFile() as file:
        with write_book(file, made_at=search.looked_at) as book:
            sheet = book.begin("notices", COLUMNS)
            for one in notices:
                sheet.add(one.values.values(), whole=one.address)
                yield b""
            about = {"address": search.address, "total": str(search.total), "looked_at": search.looked_at.isoformat()}
            book.tell("search", [*about.items(), *search.asked], whole=search.address)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def write_atom(search: Search, notices: Iterable[Downloaded]) -> Generator[bytes, None, None]:
    """A feed of all of them."""
    yield from stream_feed(search.feed, (one.entry for one in notices))


def _write_references(
    write: Callable[[Iterable[Reference]], Iterator[str]],
) -> Callable[[Search, Iterable[Downloaded]], Generator[bytes, None, None]]:
    def written(search: Search, notices: Iterable[Downloaded]) -> Generator[bytes, None, None]:  # noqa: ARG001  a form has both
        for piece in write(one.reference for one in notices):
            yield piece.encode("utf-8", "replace")

    return written


XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

DOWNLOADS: Final[Mapping[str, Form]] = {
    "xlsx": Form("Excel", XLSX_TYPE, write_xlsx),
    "csv": Form("CSV", "text/csv; charset=utf-8", write_csv),
    "json": Form("JSON", "application/json; charset=utf-8", write_json),
    **{ending: Form(form.name, form.media_type, _write_references(form.write)) for ending, form in REFERENCES.items()},
    "atom": Form(Words("Atom 订阅", "Atom feed"), MEDIA_TYPE, write_atom),
}
"""The forms by the ending of their files, in the order in which they are offered."""
