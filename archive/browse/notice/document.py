"""The document that a notice is, as one of its states has it: title, facts with their evidence, text, files."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from archive.browse.links import outward
from archive.browse.notice.shown_text import set_blocks
from archive.browse.notice.states import State, read_state
from archive.browse.rows import Row, read_rows
from archive.labels import FIELDS, MEDIA, Words, file_words, place_words, words_for

_SHOWN_MEMBERS: Final = 50
_SHOWN_FILES: Final = 200
_STATED: Final = (
    "title",
    "document_number",
    "index_number",
    "document_type",
    "published_on",
    "written_on",
    "effective_on",
    "validity",
    "issuing_agency",
)
"""Columns of a notice that a state says by itself."""
_ELSEWHERE: Final = {"text", "tables", "citations", "attachments", "parts"}
"""What has evidence and is too long for a cell: it stands elsewhere on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value as it is shown: `to` are the parts of the address of our page about it, if there is one."""

    shown: str | Markup | Words
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What is known of one field: its values, and where they were read; `otherwise` is what other places say."""

    field: str
    label: Words
    values: tuple[Value, ...]
    evidence: Words | None = None
    otherwise: tuple[tuple[str, Words], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileShown:
    """One file that a copy links: `link` leads to it where its address is one, `fate` is what became of it.

    `kind` is what people call its type; of its text the row has the beginning.
    """

    row: Row
    link: str | Markup | None
    fate: Words
    kind: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A notice as one state has it. `state` is None where no state is on record.

    `row` has the columns of `notices`, as that state says them; `facts` are those of the box above the text,
    `evidence` all that were read. `shown_by` is the record id of the capture that showed the state last.
    """

    row: Row
    state: State | None
    original: Markup | None
    facts: tuple[Fact, ...]
    evidence: tuple[Fact, ...]
    shown_by: str | None
    blocks: tuple[str | Markup, ...]
    """The text in its order: paragraphs, and its tables as markup."""
    attachments: tuple[FileShown, ...]
    has_more_attachments: bool


def read_document(conn: sqlite3.Connection, notice: Row, state: State | None, *, is_current: bool) -> Document:
    """Read a notice as a state has it; where that `is_current`, the notice's own row was made of it."""
    said = read_state(conn, state) if state is not None else {**notice, "fields": "{}", "files": "{}"}
    fields = json.loads(said["fields"] or "{}")
    row = {**notice, "text": said["text"]} if is_current or state is None else _as_stated(notice, said, fields)
    evidence = fields.get("evidence", {})
    conflicts = fields.get("conflicts", [])
    files = read_rows(conn, "attachments", id=notice["id"], best_copy=notice["best_copy"], limit=_SHOWN_FILES + 1)
    if state is not None and not is_current:
        files = tuple(_files_of_then(fields.get("attachments", []), json.loads(said["files"] or "{}"), state, files))
    return Document(
        row=row,
        state=state,
        original=outward(notice["original_url"]) if notice["original_url"] else None,
        facts=tuple(_facts(row, evidence, conflicts)),
        evidence=tuple(_all_facts(row, fields, evidence, conflicts)),
        shown_by=_capture_of(conn, state) if state is not None else None,
        blocks=tuple(set_blocks(row["text"] or "", {"text": said["text"], "fields": said["fields"]})),
        attachments=tuple(map(_show_file, files[:_SHOWN_FILES])),
        has_more_attachments=len(files) > _SHOWN_FILES,
    )


def _as_stated(notice: Row, said: Row, fields: Mapping[str, Any]) -> Row:
    """The row of a notice with what a state says in place of what the notice says now.

    A page that names no agency has that of its source, as the notice has.
    """
    stated = {name: fields.get(name) for name in _STATED} | {"title": said["title"], "text": said["text"]}
    agencies = fields.get("issuing_agencies") or ([fields["issuing_agency"]] if fields.get("issuing_agency") else [])
    if not agencies:
        agencies, stated["issuing_agency"] = json.loads(notice["issuing_agencies"] or "[]"), notice["issuing_agency"]
    listed = json.dumps(agencies, ensure_ascii=False)
    return {**notice, **stated, "issuing_agencies": listed, "text_digest": said["text_digest"]}


def _facts(row: Row, evidence: Mapping[str, str], conflicts: Iterable[Mapping[str, str]]) -> Iterator[Fact]:
    """Those of the box above the text, the ones that are known."""
    otherwise = _otherwise(conflicts)
    agencies = json.loads(row["issuing_agencies"] or "[]") or [row["issuing_agency"]]
    issued = tuple(Value(shown=name, to=("agency", name)) for name in agencies if name)
    is_joint = len(issued) > 1
    shown = {"issuing_agencies" if is_joint else "issuing_agency": issued}
    shown |= {name: (Value(shown=row[name]),) for name in _STATED[1:-1] if row[name]}
    for name, values in shown.items():
        if not values:
            continue
        where = evidence.get(name)
        yield Fact(
            field=name,
            label=FIELDS["issuing_agency" if values == issued else name],
            values=values,
            evidence=place_words(where) if where else None,
            otherwise=otherwise.get(name, ()),
        )
    place = " ".join(part for part in (row["province"], row["city"]) if part) or row["division_name"]
    if place:
        to = ("place", row["division"]) if row["division"] else ()
        yield Fact(field="place", label=FIELDS["place"], values=(Value(shown=place, to=to),))
    if row["source"]:
        source = Value(shown=row["source_agency"] or row["source"], to=("source", row["source"]))
        yield Fact(field="source", label=FIELDS["source"], values=(source,))


def _all_facts(
    row: Row, fields: Mapping[str, Any], evidence: Mapping[str, str], conflicts: Iterable[Mapping[str, str]]
) -> Iterator[Fact]:
    """Everything that was read, in the order in which it was, with where that was."""
    otherwise = _otherwise(conflicts)
    for name, where in evidence.items():
        value = "" if name in _ELSEWHERE else fields.get(name) or row.get(name) or ""
        shown = "、".join(map(str, value)) if isinstance(value, list) else str(value)
        yield Fact(
            field=name,
            label=words_for(FIELDS, name),
            values=(Value(shown=outward(shown) or shown),) if shown else (),
            evidence=place_words(where),
            otherwise=otherwise.get(name, ()),
        )


def _otherwise(conflicts: Iterable[Mapping[str, str]]) -> dict[str, tuple[tuple[str, Words], ...]]:
    """What other places say of each field, and where."""
    found: dict[str, tuple[tuple[str, Words], ...]] = {}
    for one in conflicts:
        said = (str(one["value"]), place_words(one["evidence"]))
        found[one["field"]] = (*found.get(one["field"], ()), said)
    return found


def _capture_of(conn: sqlite3.Connection, state: State) -> str | None:
    """The capture that showed a state last; None where it is not on record, as in a database that lost captures."""
    found = read_rows(conn, "shown_by", copy=state.copy_key, seen_from=state.seen_from, seen_to=state.seen_to)
    return found[0]["record_id"].removeprefix("urn:uuid:") if found else None


def _files_of_then(
    links: Iterable[tuple[str, str]], digests: Mapping[str, str], state: State, known: Iterable[Row]
) -> Iterator[Row]:
    """The files that a former state links, as they are on record; of one that changed since only its digest."""
    today = {row["url"]: row for row in known if row["copy_key"] == state.copy_key}
    unknown = ("source_agency", "media_type", "size", "skipped", "payload_digest", "text", "members", "sha256")
    bare = {**dict.fromkeys(unknown), "copy_key": state.copy_key}
    for name, url in links:
        row = today.get(url, bare)
        then = digests.get(url)
        if then and then not in (row["sha256"], row["payload_digest"]):
            row = {**bare, "payload_digest": then, "sha256": then}
        yield {**row, "url": url, "name": name}


def _show_file(row: Row) -> FileShown:
    return FileShown(
        row=row,
        link=outward(row["url"], row["name"] or None),
        fate=file_words(row["skipped"]),
        kind=MEDIA.get(row["media_type"], row["media_type"] or ""),
        members=tuple(json.loads(row["members"] or "[]"))[:_SHOWN_MEMBERS],
    )
