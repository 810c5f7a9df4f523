"""Table `revisions`: the states of a copy, each with its whole reading, so that old captures need no second reading."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database

from archive.records import EDIT_CLASSES, Citation, Conflict, Link, Reading, Revision, TextTable
from archive.store.copies import fields_of
from archive.store.rows import ask, insert_all
from archive.store.times import instant, read_day, read_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A state as it was read once. `payloads` are the digests of what shows it: the page, then its parts."""

    payloads: tuple[str, ...]
    reading: Reading
    text_digest: str
    state_digest: str


def put_revisions(db: Database, key: str, revisions: Sequence[Revision]) -> None:
    """Keep the states of a copy in place of those it had."""
    db.execute("delete from revisions where copy = ?", [key])
    insert_all(db, "revisions", (_row(revision) for revision in revisions))


def kept_states(db: Database, key: str) -> list[Kept]:
    """The states of a copy that can be taken from their rows, in order; those of older databases cannot."""
    kept = ask(db, "select * from revisions where copy = ? and payloads <> '[]' order by number", [key])
    return [
        Kept(
            payloads=tuple(json.loads(row["payloads"])),
            reading=_reading(json.loads(row["fields"]), row["text"]),
            text_digest=row["text_digest"],
            state_digest=row["state_digest"],
        )
        for row in kept
    ]


def states_of(db: Database, key: str) -> list[Revision]:
    """The states of a copy, in order."""
    return [
        Revision(
            copy=row["copy"],
            number=row["number"],
            seen_from=read_instant(row["seen_from"]),
            seen_to=read_instant(row["seen_to"]),
            changed=tuple(json.loads(row["changed"])),
            reading=_reading(json.loads(row["fields"]), row["text"]),
            text_digest=row["text_digest"],
            state_digest=row["state_digest"],
            payloads=tuple(json.loads(row["payloads"])),
            files=json.loads(row["files"]),
            classes=tuple(json.loads(row["classes"])),
            headline=row["headline"] or "",
        )
        for row in ask(db, "select * from revisions where copy = ? order by number", [key])
    ]


def last_number(db: Database, key: str) -> int:
    """How many states a copy has."""
    return int(db.execute("select max(number) from revisions where copy = ?", [key]).fetchone()[0])


_DAYS = ("published_on", "written_on", "effective_on")
_NAMES = ("issuing_agencies", "parts")


def _row(revision: Revision) -> dict[str, object]:
    return {
        "copy": revision.copy,
        "number": revision.number,
        "seen_from": instant(revision.seen_from),
        "seen_to": instant(revision.seen_to),
        "changed": _json(revision.changed),
        "title": revision.reading.title,
        "text": revision.reading.text,
        "text_digest": revision.text_digest,
        "state_digest": revision.state_digest,
        "payloads": _json(revision.payloads),
        "files": _json(dict(revision.files)),
        "fields": _json(_fields(revision.reading)),
        "classes": _json(revision.classes),
        "rank": EDIT_CLASSES.index(revision.classes[0]) + 1 if revision.classes else None,
        "headline": revision.headline or None,
    }


def _fields(reading: Reading) -> dict[str, object]:
    """The fields of a copy, and beside them its tables, what it cites, its files and parts."""
    return {
        **fields_of(reading),
        "url": reading.url,
        "tables": [asdict(table) for table in reading.tables],
        "citations": [asdict(citation) for citation in reading.citations],
        "attachments": [[link.name, link.url] for link in reading.attachments],
        "parts": list(reading.parts),
        "evidence": dict(reading.evidence),
        "conflicts": [asdict(conflict) for conflict in reading.conflicts],
    }


def _reading(said: dict[str, Any], text: str) -> Reading:
    """The reading that `_fields` was made of. A field that an older program did not keep is not there."""
    known = {name: value for name, value in said.items() if name in Reading.__slots__}
    return Reading(
        **{
            "url": "",
            **known,
            **{name: read_day(known.get(name)) for name in _DAYS},
            **{name: tuple(known.get(name, ())) for name in _NAMES},
            "published_at": read_instant(said["published_at"]) if said.get("published_at") else None,
            "text": text,
            "tables": tuple(TextTable(**table) for table in said.get("tables", ())),
            "citations": tuple(Citation(**citation) for citation in said.get("citations", ())),
            "attachments": tuple(Link(name=name, url=url) for name, url in said.get("attachments", ())),
            "conflicts": tuple(Conflict(**conflict) for conflict in said.get("conflicts", ())),
        }
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
