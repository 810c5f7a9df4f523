"""The notices as the dataset shows them: the field names here are the contract of every export.

Read page by page in the order of the id, each page in its own short transaction, so that a slow export never
holds back the writer's checkpoints (a long read makes the write-ahead log grow without bound).
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from errno import EACCES, ENOSPC
from pathlib import Path
from typing import TypedDict, cast

from sqlite_utils import Database

from archive.licences import Licence, licence
from archive.records import SourceKind
from archive.store.choosing import EVERYTHING, Choice, choose, drop
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


def notice_pages(db: Database, choice: Choice = EVERYTHING, *, page: int = PAGE) -> Iterator[list[DatasetNotice]]:
    """Give the chosen notices by id, up to `page` at a time; they are chosen when the first is asked for.

    A notice whose id changes meanwhile may be missed. Raises: ChoiceError.
    """
    last = ""
    with db.atomic():
        chosen = None if choice == EVERYTHING else choose(db, choice)
    next_ids = f"select id from {chosen or 'notices'} where id > ? order by id limit ?"  # noqa: S608 (ours)
    while True:
        with db.atomic():
            ids = [notice for (notice,) in db.execute(next_ids, [last, page])]
            notices = _read(db, ids, choice.min_confidence)
        if not ids:
            break
        if notices:
            yield notices
        last = ids[-1]
    if chosen is not None:
        drop(db, chosen)


def one_notice(db: Database, notice: str) -> DatasetNotice:
    """Give one notice by its id, as the dataset has it. Raises: LookupError if there is none."""
    with db.atomic():
        found = _read(db, [notice])
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
    with telling_disk_errors(path):
        db.execute("vacuum into ?", [str(path)])


@contextmanager
def telling_disk_errors(path: Path) -> Iterator[None]:
    """Give SQLite's word for a full disk or a file that cannot be made as the OSError that it is."""
    try:
        yield
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

_COPIES = """
    select c.notice, c.url, c.role, m.rule, m.class, m.confidence, c.title, c.published_on, c.attribution
    from copies c left join matches m on m.copy = c.url_key
    where c.notice in (select value from json_each(?1)) and (?2 is null or m.confidence >= ?2)
    order by c.notice, case c.role when 'original' then 0 when 'mirror' then 1 when 'repost' then 2 else 3 end,
             c.url_key
"""

_FILES = """
    select c.notice, a.name, a.url, coalesce(f.sha256, a.payload_digest) as sha256
    from attachments a join copies c on c.url_key = a.copy join notices n on n.id = c.notice
      left join files f on f.payload_digest = a.payload_digest left join matches m on m.copy = c.url_key
    where c.notice in (select value from json_each(?1)) and (?2 is null or m.confidence >= ?2)
    order by c.notice, a.copy is not n.best_copy, a.url, a.payload_digest is null, a.name
"""

_SEEN = """
    select c.notice, min(c.first_seen_at) as first_seen_at, max(c.last_seen_at) as last_seen_at
    from copies c join matches m on m.copy = c.url_key
    where c.notice in (select value from json_each(?1)) and m.confidence >= ?2
    group by c.notice
"""

_REVISIONS = """
    select n.id as notice, count(*) as revisions
    from notices n join revisions r on r.copy = n.best_copy
    where n.id in (select value from json_each(?))
    group by n.id
"""


def _read(db: Database, ids: Sequence[str], min_confidence: float | None = None) -> list[DatasetNotice]:
    """Notices by their ids, in the order of these; copies that are less sure left out."""
    marks = json.dumps(ids)
    rows = list(db.query(f"{_NOTICES} where id in (select value from json_each(?)) order by id", [marks]))  # noqa: S608 (ours)
    if min_confidence is not None:
        seen = {row.pop("notice"): row for row in db.query(_SEEN, [marks, min_confidence])}
        rows = [{**row, **seen.get(row["id"], {})} for row in rows]
    return _assemble(db, rows, min_confidence)


def _assemble(
    db: Database, rows: Sequence[dict[str, object]], min_confidence: float | None = None
) -> list[DatasetNotice]:
    bound = [json.dumps([row["id"] for row in rows]), min_confidence]
    copies: dict[str, list[DatasetCopy]] = {}
    for row in db.query(_COPIES, bound):
        copies.setdefault(row.pop("notice"), []).append(cast("DatasetCopy", row))
    files: dict[str, dict[str, DatasetFile]] = {}
    for row in db.query(_FILES, bound):
        file = DatasetFile(name=row["name"], url=row["url"], sha256=plain_digest(row["sha256"]))
        files.setdefault(row["notice"], {}).setdefault(row["url"], file)
    revisions = {row["notice"]: row["revisions"] for row in db.query(_REVISIONS, bound[:1])}
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
