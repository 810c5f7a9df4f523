"""What the page of a notice shows, read within one transaction of the caller's."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from archive.browse.links import outward
from archive.browse.shown_text import set_blocks
from archive.browse.statements import statement
from archive.fidelity_words import fidelity_words
from archive.labels import (
    CITATIONS,
    EDITS,
    EVIDENCE,
    FIELDS,
    KINDS,
    MEDIA,
    OUTCOMES,
    RELATIONS,
    ROLES,
    STATES,
    Words,
    evidence_words,
    file_words,
    place_words,
    relation_words,
    rule_words,
    words_for,
)
from archive.records import Fidelity
from archive.store import Database
from archive.store.fidelities import fidelities_of
from archive.urls import url_key

_SHOWN_CAPTURES = 200
_SHOWN_CITATIONS = 100
_SHOWN_DIGEST = 19
_SHOWN_MEMBERS = 50
_FACTS = (
    "issuing_agency",
    "document_number",
    "index_number",
    "document_type",
    "published_on",
    "written_on",
    "effective_on",
    "validity",
)

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of the box above the text: what it is, its value, and where that was read."""

    label: Words
    value: str | Markup
    evidence: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyShown:
    """One copy with the reason why it belongs here, in words and with its evidence."""

    row: Row
    link: str | Markup
    role: Words
    state: Words
    why: Words
    sureness: str
    evidence: tuple[Fact, ...]
    claimed: Markup | None
    fidelity: tuple[Words, ...]
    """What it did to the notice; nothing of the copy that the text is taken from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionShown:
    """One state of a copy; `changed` and `classes` are empty for the first."""

    row: Row
    changed: tuple[Words, ...]
    classes: tuple[Words, ...]


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
class CaptureShown:
    """One exchange, with its outcome in words."""

    row: Row
    outcome: Words
    kind: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationShown:
    """One document that this one cites, or one that cites it, with what the citing one does."""

    row: Row
    kind: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationShown:
    """Another notice that this one belongs together with, and how they stand to each other, said of this one."""

    row: Row
    kind: Words
    why: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePage:
    """Everything the page shows. `captures` are the newest; `has_more_captures` says that older ones exist.

    Of many citations and relations the first are shown; `has_more_…` says that there are others.
    """

    notice: Row
    original: Markup | None
    now_at: tuple[Markup, ...]
    """Where the source of an original that moved shows it now."""
    facts: tuple[Fact, ...]
    blocks: tuple[str | Markup, ...]
    """The text in its order: paragraphs, and its tables as markup."""
    attachments: tuple[FileShown, ...]
    file_versions: tuple[Row, ...]
    """Of files that changed under their address."""
    copies: tuple[CopyShown, ...]
    revisions: tuple[RevisionShown, ...]
    captures: tuple[CaptureShown, ...]
    has_more_captures: bool
    citations: tuple[CitationShown, ...]
    has_more_citations: bool
    citing: tuple[CitationShown, ...]
    has_more_citing: bool
    relations: tuple[RelationShown, ...]
    has_more_relations: bool
    evidence: tuple[Fact, ...]


def find_notice(conn: sqlite3.Connection, given: str) -> str | None:
    """The id that now holds this id, former id, address or url key; None if nothing does."""
    row = conn.execute(statement("page/find_notice"), {"given": given, "url_key": _key(given) or given}).fetchone()
    found: str | None = row[0]
    return found


def read_notice(conn: sqlite3.Connection, notice_id: str) -> NoticePage:
    """Read all that the page shows of a notice that exists."""
    notice = _rows(conn, "notice", id=notice_id)[0]
    best_copy = notice["best_copy"]
    copies = _rows(conn, "copies", id=notice_id)
    fidelities = fidelities_of(Database(conn), notice_id)
    attachments = _rows(conn, "attachments", id=notice_id, best_copy=best_copy)
    file_versions = _rows(conn, "file_versions", id=notice_id)
    best_text = _rows(conn, "best_text", best_copy=best_copy)
    revisions = _rows(conn, "revisions", id=notice_id, best_copy=best_copy)
    captures = _rows(
        conn,
        "captures",
        id=notice_id,
        original_key=_key(notice["original_url"] or ""),
        limit=_SHOWN_CAPTURES + 1,
    )
    citations = _rows(conn, "citations", id=notice_id, limit=_SHOWN_CITATIONS + 1)
    citing = _rows(conn, "citing", id=notice_id, limit=_SHOWN_CITATIONS + 1)
    relations = _rows(conn, "relations", id=notice_id, limit=_SHOWN_CITATIONS + 1)
    read_from = next((copy for copy in copies if copy["url_key"] == best_copy), None)
    evidence = json.loads(read_from["evidence"]) if read_from else {}
    return NoticePage(
        notice=notice,
        original=outward(notice["original_url"]) if notice["original_url"] else None,
        now_at=tuple(_now_at(copies)),
        facts=tuple(_facts(notice, evidence)),
        blocks=tuple(set_blocks(notice["text"] or "", best_text[0] if best_text else None)),
        attachments=tuple(_show_file(row) for row in attachments),
        file_versions=tuple(file_versions),
        copies=tuple(_show_copy(row, fidelities.get(row["url_key"])) for row in copies),
        revisions=tuple(_show_revision(row) for row in revisions),
        captures=tuple(_show_capture(row) for row in captures[:_SHOWN_CAPTURES]),
        has_more_captures=len(captures) > _SHOWN_CAPTURES,
        citations=tuple(map(_show_citation, citations[:_SHOWN_CITATIONS])),
        has_more_citations=len(citations) > _SHOWN_CITATIONS,
        citing=tuple(map(_show_citation, citing[:_SHOWN_CITATIONS])),
        has_more_citing=len(citing) > _SHOWN_CITATIONS,
        relations=tuple(map(_show_relation, relations[:_SHOWN_CITATIONS])),
        has_more_relations=len(relations) > _SHOWN_CITATIONS,
        evidence=tuple(_field_evidence(notice, read_from, evidence)),
    )


def _rows(conn: sqlite3.Connection, name: str, **parameters: str | int | None) -> list[Row]:
    return [dict(row) for row in conn.execute(statement(f"page/{name}"), parameters)]


def _key(address: str) -> str | None:
    try:
        return url_key(address)
    except ValueError:
        return None


def _now_at(copies: Iterable[Row]) -> Iterable[Markup]:
    known = list(copies)
    moved = {copy["source"] for copy in known if copy["role"] == "original" and copy["state"] == "moved"}
    links = (outward(copy["url"]) for copy in known if copy["source"] in moved and copy["state"] == "live")
    return (link for link in links if link is not None)


def _facts(notice: Row, evidence: Mapping[str, str]) -> Iterable[Fact]:
    agencies = json.loads(notice["issuing_agencies"] or "[]")
    for name in _FACTS:
        value = "、".join(agencies) if name == "issuing_agency" and len(agencies) > 1 else notice[name]
        if value:
            where = evidence.get("issuing_agencies" if value != notice[name] else name)
            yield Fact(label=FIELDS[name], value=value, evidence=place_words(where) if where else None)
    place = " ".join(part for part in (notice["province"], notice["city"]) if part) or notice["division_name"]
    if place:
        yield Fact(label=FIELDS["place"], value=place)
    if notice["source"]:
        yield Fact(label=FIELDS["source"], value=notice["source_agency"] or notice["source"])


def _show_copy(row: Row, fidelity: Fidelity | None) -> CopyShown:
    return CopyShown(
        row=row,
        link=outward(row["url"]) or str(row["url"]),
        role=words_for(ROLES, row["role"]),
        state=words_for(STATES, row["state"]),
        why=rule_words(row["rule"]),
        sureness="" if row["confidence"] is None or row["match_class"] == "self" else f"{row['confidence']:.2f}",
        evidence=tuple(
            Fact(label=words_for(EVIDENCE, name), value=_evidence_value(name, str(value)))
            for name, value in json.loads(row["match_evidence"] or "{}").items()
            if value not in {"", None}
        ),
        claimed=outward(row["claimed_original"]) if row["claimed_original"] else None,
        fidelity=tuple(fidelity_words(fidelity)) if fidelity is not None else (),
    )


def _evidence_value(name: str, value: str) -> str | Markup:
    link = outward(value)
    if link is not None:
        return link
    if name == "text_digest":
        return f"{value[:_SHOWN_DIGEST]}…"
    return evidence_words(name, value)


def _show_file(row: Row) -> FileShown:
    return FileShown(
        row=row,
        link=outward(row["url"], row["name"] or None),
        fate=file_words(row["skipped"]),
        kind=MEDIA.get(row["media_type"], row["media_type"] or ""),
        members=tuple(json.loads(row["members"] or "[]"))[:_SHOWN_MEMBERS],
    )


def _show_revision(row: Row) -> RevisionShown:
    return RevisionShown(
        row=row,
        changed=tuple(words_for(FIELDS, name) for name in json.loads(row["changed"] or "[]")),
        classes=tuple(words_for(EDITS, name) for name in json.loads(row["classes"])),
    )


def _show_capture(row: Row) -> CaptureShown:
    return CaptureShown(
        row=row,
        outcome=words_for(OUTCOMES, row["outcome"]),
        kind=words_for(KINDS, row["kind"]) if row["kind"] else None,
    )


def _show_citation(row: Row) -> CitationShown:
    return CitationShown(row=row, kind=words_for(CITATIONS, row["kind"]))


def _show_relation(row: Row) -> RelationShown:
    kind = RELATIONS[row["kind"]][0 if row["is_from"] else 1]
    return RelationShown(row=row, kind=kind, why=relation_words(row["why"]))


def _field_evidence(notice: Row, read_from: Row | None, evidence: Mapping[str, str]) -> Iterable[Fact]:
    read = read_from or {}
    said = json.loads(read.get("fields") or "{}")
    for name, where in evidence.items():
        elsewhere = name in {"text", "tables", "citations", "attachments", "parts"}
        value = "" if elsewhere else said.get(name) or read.get(name) or notice.get(name) or ""
        shown = "、".join(value) if isinstance(value, list) else value
        yield Fact(label=words_for(FIELDS, name), value=outward(shown) or str(shown), evidence=place_words(where))
