"""The notices as the dataset shows them: the field names here are the contract of every export.

Read page by page in the order of the id, each page in its own short transaction, so that a slow export never
holds back the writer's checkpoints (a long read makes the write-ahead log grow without bound).
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from errno import EACCES, ENOSPC
from pathlib import Path
from typing import TypedDict, cast

from sqlite_utils import Database

from archive.licences import Licence, licence
from archive.records import SourceKind
from archive.store.files import plain_digest

PAGE = 500

DatasetCopy = TypedDict(
    "DatasetCopy",
    {
        "url": str,
        "role": str,
        "rule": str | None,
        "class": str | None,
        "confidence": float | None,
        "title": str | None,
        "published_on": str | None,
        "attribution": str | None,
    },
)
"""One copy of a notice and why it belongs there; `rule` is null before the first settling."""


class DatasetFile(TypedDict):
    """One attachment; `sha256` is of the file itself, and null until it has been captured."""

    name: str
    url: str
    sha256: str | None


class DatasetNotice(TypedDict):
    """One line of the dataset, its fields in the order in which they are written."""

    id: str
    title: str | None
    original_url: str | None
    original_captured: bool
    issuing_agency: str | None
    issuing_agencies: list[str]
    document_type: str | None
    document_number: str | None
    index_number: str | None
    published_on: str | None
    written_on: str | None
    effective_on: str | None
    validity: str | None
    year: int | None
    text: str
    text_from: str | None
    """Address of the copy that this text, the title and the other fields are taken from: a repost, where the original
    was never captured."""
    source: str | None
    division: str | None
    province: str | None
    city: str | None
    copies: list[DatasetCopy]
    """The original first, then mirrors, reposts and others, each by url."""
    attachments: list[DatasetFile]
    """Those of the best copy first, then others by url; each url once."""
    first_seen_at: str | None
    last_seen_at: str | None
    revisions: int
    """States seen of the best copy, whose text this is: 1 for a notice that never changed."""
    text_digest: str | None
    licence: Licence
    """Who has a say over this text, by our reading; see `archive.licences`."""
    reader_version: str | None
    """Which version of the extractor read the latest capture of the copy that the text is from."""


FIELDS: tuple[str, ...] = tuple(DatasetNotice.__annotations__)
"""The names of `DatasetNotice`, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which notices to export. Days are ISO and inclusive; a notice without a day is in no span."""

    sources: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    captured_only: bool = False
    """Only notices whose original was captured."""


EVERYTHING = Choice()


def notice_pages(db: Database, choice: Choice = EVERYTHING, *, page: int = PAGE) -> Iterator[list[DatasetNotice]]:
    """Give the chosen notices by id, up to `page` at a time. A notice whose id changes meanwhile may be missed."""
    last = ""
    while True:
        with db.atomic():
            notices = _read_page(db, choice, after=last, limit=page)
        if not notices:
            return
        yield notices
        last = notices[-1]["id"]


def one_notice(db: Database, notice: str) -> DatasetNotice:
    """Give one notice by its id, as the dataset has it. Raises: LookupError if there is none."""
    with db.atomic():
        found = _assemble(db, list(db.query(f"{_NOTICES} where id = ?", [notice])))
    if not found:
        raise LookupError(f"no notice {notice!r}")
    return found[0]


def numbered_notices(db: Database, numbers: Sequence[int]) -> list[DatasetNotice]:
    """Give notices by their `n`, in the order given; those that are there no more are left out."""
    marks = json.dumps(numbers)
    rows = list(db.query(f"{_NOTICES} where n in (select value from json_each(?))", [marks]))  # noqa: S608 (ours)
    found = {row["n"]: notice for row, notice in zip(rows, _assemble(db, rows), strict=True)}
    return [found[number] for number in numbers if number in found]


def vacuum_into(db: Database, path: Path) -> None:
    """Write the whole database to a new, compact file; equal databases give equal bytes.

    Raises: OSError if the disk is full or the file cannot be made.
    """
    try:
        db.execute("vacuum into ?", [str(path)])
    except sqlite3.OperationalError as error:
        number = {sqlite3.SQLITE_FULL: ENOSPC, sqlite3.SQLITE_CANTOPEN: EACCES}.get(error.sqlite_errorcode)
        if number is None:
            raise
        raise OSError(number, os.strerror(number), str(path)) from error


_NOTICES = """
    select notices.*, (select url from copies where url_key = best_copy) as text_from,
      (select kind from sources where key = source) as source_kind,
      (select terms from sources where key = source) as terms,
      (select reader_version from captures where url_key = best_copy and reader_version is not null
       order by fetched_at desc, record_id desc limit 1) as reader_version
    from notices
"""

_CHOSEN = """
    (:sources = '[]' or source in (select value from json_each(:sources)))
    and (:since is null or published_on >= :since)
    and (:until is null or published_on <= :until)
    and (not :captured_only or original_captured)
"""

_COPIES = """
    select c.notice, c.url, c.role, m.rule, m.class, m.confidence, c.title, c.published_on, c.attribution
    from copies c left join matches m on m.copy = c.url_key
    where c.notice in (select value from json_each(?))
    order by c.notice, case c.role when 'original' then 0 when 'mirror' then 1 when 'repost' then 2 else 3 end,
             c.url_key
"""

_FILES = """
    select c.notice, a.name, a.url, coalesce(f.sha256, a.payload_digest) as sha256
    from attachments a join copies c on c.url_key = a.copy join notices n on n.id = c.notice
      left join files f on f.payload_digest = a.payload_digest
    where c.notice in (select value from json_each(?))
    order by c.notice, a.copy is not n.best_copy, a.url, a.payload_digest is null, a.name
"""

_REVISIONS = """
    select n.id as notice, count(*) as revisions
    from notices n join revisions r on r.copy = n.best_copy
    where n.id in (select value from json_each(?))
    group by n.id
"""


def _bound(choice: Choice) -> dict[str, object]:
    return {
        "sources": json.dumps(choice.sources),
        "since": choice.since,
        "until": choice.until,
        "captured_only": choice.captured_only,
    }


def _read_page(db: Database, choice: Choice, *, after: str, limit: int) -> list[DatasetNotice]:
    rows = db.query(
        f"{_NOTICES} where id > :after and {_CHOSEN} order by id limit :limit",
        {**_bound(choice), "after": after, "limit": limit},
    )
    return _assemble(db, list(rows))


def _assemble(db: Database, rows: Sequence[dict[str, object]]) -> list[DatasetNotice]:
    ids = json.dumps([row["id"] for row in rows])
    copies: dict[str, list[DatasetCopy]] = {}
    for row in db.query(_COPIES, [ids]):
        copies.setdefault(row.pop("notice"), []).append(cast("DatasetCopy", row))
    files: dict[str, dict[str, DatasetFile]] = {}
    for row in db.query(_FILES, [ids]):
        file = DatasetFile(name=row["name"], url=row["url"], sha256=plain_digest(row["sha256"]))
        files.setdefault(row["notice"], {}).setdefault(row["url"], file)
    revisions = {row["notice"]: row["revisions"] for row in db.query(_REVISIONS, [ids])}
    return [
        _notice(row, copies.get(key, []), list(files.get(key, {}).values()), revisions.get(key, 0))
        for row, key in ((row, str(row["id"])) for row in rows)
    ]


def _notice(
    row: dict[str, object], copies: list[DatasetCopy], files: list[DatasetFile], revisions: int
) -> DatasetNotice:
    values: dict[str, object] = {
        **row,
        "original_captured": bool(row["original_captured"]),
        "issuing_agencies": json.loads(str(row["issuing_agencies"])),
        "copies": copies,
        "attachments": files,
        "revisions": revisions,
        "licence": licence(
            kind=cast("SourceKind", row["source_kind"] or "unknown"),
            document_type=cast("str | None", row["document_type"]),
            document_number=cast("str | None", row["document_number"]),
            terms=cast("str | None", row["terms"]),
        ),
    }
    return cast("DatasetNotice", {name: values[name] for name in FIELDS})
