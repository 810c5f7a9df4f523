"""Tables `citations`, `names` and `relations`: what notices name, under which names they are named, and what follows.

A citation leads to a notice that we hold where exactly one can be meant; a wrong link is worse than a missed one.
Which one depends on the set of notices alone: when a notice comes, goes or changes what it is called, the citations
by its names before and after are resolved again, and no others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sqlite_utils import Database

from archive.names import (
    MIN_TITLE,
    agencies_before,
    agency_named,
    carried_titles,
    is_like,
    is_theirs,
    number_key,
    title_key,
)
from archive.records import Citation
from archive.store.relations import mark_naming
from archive.store.rows import ask

NameKind = Literal["number", "title", "carried"]
"""What a name of a notice is: its document number, its title, or the title of what it carries (印发《X》的通知)."""

_FORGET_RELATIONS = "delete from relations where a = ? and found_in = 'citation'"
"""What follows from citations; relations that texts tell are not among them."""

_COLUMNS: Final = "number, kind, document_number, title, raw, sentence, copy, number_key, title_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """All of a notice that decides which citations lead to it."""

    names: frozenset[tuple[NameKind, str]]
    official: bool
    """A bureau's own page of it was captured."""
    title: str | None
    document_number: str | None
    agencies: tuple[str, ...]
    days: tuple[str, ...]
    """When it was written and published, as ISO days in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cited:
    """One citation as it is resolved; `by` is the notice that cites, `day` its latest."""

    by: str
    day: str | None
    document_number: str | None
    title: str | None
    raw: str
    sentence: str
    number_key: str | None
    title_key: str | None


def faces(db: Database, notices: Iterable[str]) -> dict[str, Face]:
    """How these notices can be cited now; those that are not there are left out."""
    return {notice: face for notice in notices if (face := _face(db, notice)) is not None}


def put_citations(db: Database, notices: Iterable[str], before: Mapping[str, Face]) -> None:
    """Say anew what these notices cite, by the latest revision of the best copy, and who cites them.

    `before` are the faces of all notices that were changed or taken away, as they were.
    """
    open_again: set[int] = set()
    after: dict[str, Face] = {}
    for notice in notices:
        _put_names(db, notice)
        after |= faces(db, [notice])
        if _put_rows(db, notice) or after.get(notice) != before.get(notice):
            open_again |= _ids(db, "notice", notice)
    for notice in before.keys() | after.keys():
        old, new = before.get(notice), after.get(notice)
        if old != new:
            for kind, key in (old.names if old else frozenset()) | (new.names if new else frozenset()):
                open_again |= _ids(db, "number_key" if kind == "number" else "title_key", key)
            changed = (old.names if old else frozenset()) ^ (new.names if new else frozenset())
            mark_naming(db, [key for kind, key in changed if kind == "title"])
    _resolve_again(db, sorted(open_again))


def _put_names(db: Database, notice: str) -> None:
    row = next(
        ask(
            db,
            "select title, document_number, original_captured and exists ("
            " select 1 from sources where key = notices.source and kind = 'bureau') as official"
            " from notices where id = ?",
            [notice],
        )
    )
    names: set[tuple[NameKind, str]] = set()
    if (number := number_key(row["document_number"] or "")) is not None:
        names.add(("number", number))
    titles: list[tuple[NameKind, str]] = [("title", row["title"] or "")]
    titles += [("carried", inner) for inner in carried_titles(row["title"] or "")]
    names |= {(kind, key) for kind, title in titles if len(key := title_key(title)) >= MIN_TITLE}
    rows = sorted((kind, key, int(row["official"])) for kind, key in names)
    known = db.execute("select kind, key, official from names where notice = ? order by kind, key", [notice]).fetchall()
    if rows != known:
        db.execute("delete from names where notice = ?", [notice])
        db.conn.executemany("insert into names values (?, ?, ?, ?)", [(notice, *name) for name in rows])


def _face(db: Database, notice: str) -> Face | None:
    row = next(
        ask(
            db,
            "select title, document_number, issuing_agencies, written_on, published_on from notices where id = ?",
            [notice],
        ),
        None,
    )
    if row is None:
        return None
    names = db.execute("select kind, key, official from names where notice = ?", [notice]).fetchall()
    agencies = [name for name in (agencies_before(row["title"] or ""), *json.loads(row["issuing_agencies"])) if name]
    return Face(
        names=frozenset((kind, key) for kind, key, _ in names),
        official=any(official for *_, official in names),
        title=row["title"],
        document_number=row["document_number"],
        agencies=tuple(agencies),
        days=tuple(sorted(day for day in (row["written_on"], row["published_on"]) if day)),
    )


def _put_rows(db: Database, notice: str) -> bool:
    """Keep what the notice's best copy cites. Tells whether anything changed."""
    copy, said = db.execute(
        "select best_copy, (select json_extract(fields, '$.citations') from revisions"
        "  where copy = best_copy order by number desc limit 1) from notices where id = ?",
        [notice],
    ).fetchone()
    citations = [Citation(**citation) for citation in json.loads(said or "[]")]
    rows = [_row(number, citation, copy) for number, citation in enumerate(citations, 1)]
    known = db.execute(f"select {_COLUMNS} from citations where notice = ? order by number", [notice]).fetchall()  # noqa: S608 (names of ours)
    if rows == known:
        return False
    db.execute("delete from citations where notice = ?", [notice])
    db.execute(_FORGET_RELATIONS, [notice])
    db.conn.executemany(
        f"insert into citations (notice, {_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 (names of ours)
        [(notice, *row) for row in rows],
    )
    return True


def _row(number: int, citation: Citation, copy: str) -> tuple[object, ...]:
    named = title_key(citation.title or "")
    return (
        number,
        citation.kind,
        citation.document_number,
        citation.title,
        citation.raw,
        citation.sentence,
        copy,
        number_key(citation.document_number) if citation.document_number else None,
        named if len(named) >= MIN_TITLE else None,
    )


def _ids(db: Database, column: str, value: str) -> set[int]:
    return {id_ for (id_,) in db.execute(f"select id from citations where {column} = ?", [value])}  # noqa: S608 (names of ours)


def _resolve_again(db: Database, ids: Iterable[int]) -> None:
    """Find anew which notices these citations mean, and what follows for the relations of those that cite."""
    citing: set[str] = set()
    for id_ in ids:
        row = next(
            ask(
                db,
                "select citations.*, max(coalesce(written_on, ''), coalesce(published_on, '')) as day"
                " from citations join notices on notices.id = citations.notice where citations.id = ?",
                [id_],
            )
        )
        citing.add(row["notice"])
        names = ("document_number", "title", "raw", "sentence", "number_key", "title_key")
        cited = _Cited(by=row["notice"], day=row["day"] or None, **{name: row[name] for name in names})
        found = _resolve(db, cited)
        if found != row["cited_notice"]:
            db.execute("update citations set cited_notice = ? where id = ?", [found, id_])
    for notice in sorted(citing):
        db.execute(_FORGET_RELATIONS, [notice])
        db.execute(
            "insert or ignore into relations (a, b, kind, why) select notice, cited_notice, kind, sentence"
            " from citations where notice = ? and cited_notice is not null and kind <> 'mentions' order by number",
            [notice],
        )


def _resolve(db: Database, cited: _Cited) -> str | None:
    """The one notice that is meant, by its number, else by its title; None if several may be, or none is held.

    A notice never cites itself: what leads back to it leads nowhere.
    """
    if cited.number_key is not None:
        holders = _by_number(db, cited)
        if holders:
            return holders[0] if len(holders) == 1 and _agrees(db, cited, holders[0]) else None
    if cited.title_key is None:
        return None
    holders = _holders(db, "title", cited.title_key) or _holders(db, "carried", cited.title_key)
    return holders[0] if len(holders) == 1 and _may_be(db, cited, holders[0]) else None


def _by_number(db: Database, cited: _Cited) -> list[str]:
    """Who has the number, two at most; of several those that have the title too, else those captured at a bureau."""
    holders = _holders(db, "number", cited.number_key)
    if len(holders) < 2:
        return holders
    with_title = (
        "select distinct numbers.notice from names as numbers join names as titles using (notice)"
        " where numbers.kind = 'number' and numbers.key = ? and titles.kind <> 'number' and titles.key = ?"
    )
    official = "select notice from names where kind = 'number' and key = ? and official"
    for sql, bound in (
        (with_title, [cited.number_key, cited.title_key]),
        (f"{with_title} and numbers.official", [cited.number_key, cited.title_key]),
        (official, [cited.number_key]),
    ):
        fewer = [notice for (notice,) in db.execute(f"{sql} limit 2", bound)]
        if len(fewer) == 1:
            return fewer
    return holders


def _holders(db: Database, kind: NameKind, key: str | None) -> list[str]:
    """Notices of a name, two at most: more than one is one too many."""
    rows = db.execute("select notice from names where key = ? and kind = ? limit 2", [key, kind])
    return [notice for (notice,) in rows]


def _agrees(db: Database, cited: _Cited, notice: str) -> bool:
    """Whether the notice of a number may have the title that is printed beside that number."""
    if notice == cited.by:
        return False
    (title,) = db.execute("select title from notices where id = ?", [notice]).fetchone()
    return not cited.title or not title or is_like(cited.title, title)


def _may_be(db: Database, cited: _Cited, notice: str) -> bool:
    """Whether the notice of a title may be meant: no other number, agency or later day speaks against it."""
    face = faces(db, [notice])[notice]
    if notice == cited.by or (cited.document_number and face.document_number not in (None, cited.document_number)):
        return False
    if face.days and cited.day and face.days[0] > cited.day:
        return False
    named = agencies_before(cited.title or "") or agency_named(cited.sentence, cited.raw)
    if not named or (not face.agencies and cited.title == face.title):
        return True
    return is_theirs(named, face.agencies)
