"""Tables `postings`, `likenesses` and `reviews`: which copies may print one text, what comparing them came to, and
what a person should look at."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from archive.records import Copy, Likeness, Review, SourceKind
from archive.store.rows import ask, insert_all
from archive.urls import key_mark

CAP = 64
"""Copies of one posting that count. A template's sentence has thousands; of those the smallest marks are looked at."""

_TEMPLATE = 0.002
"""What a posting weighs that has more."""

_OTHERS = 1 << 46
"""Marks below are bureaus' pages: the smallest marks, so that they are the ones that count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What a copy prints, as its latest state has it."""

    url_key: str
    title: str | None
    text: str
    text_digest: str
    text_length: int
    issuing_agency: str | None
    document_number: str | None
    kind: SourceKind

    def is_as(self, copy: Copy) -> bool:
        """Whether a copy still prints this."""
        said = copy.reading
        mine = (self.title, self.text_digest, self.issuing_agency, self.document_number, self.kind)
        return mine == (said.title, copy.text_digest, said.issuing_agency, said.document_number, copy.source_kind)


def printed(db: Database, key: str) -> Printed | None:
    """What a copy prints; None for what is no copy."""
    rows = ask(
        db,
        "select url_key, copies.title, revisions.text, copies.text_digest, text_length, issuing_agency, document_number"
        ", coalesce(sources.kind, 'unknown') as kind"
        " from copies join revisions on revisions.copy = copies.url_key"
        " left join sources on sources.key = copies.source"
        " where url_key = ?"
        " order by revisions.number desc limit 1",
        [key],
    )
    return next((Printed(**row) for row in rows), None)


def are_none(db: Database) -> bool:
    """Whether nothing has postings yet."""
    return db.execute("select 1 from postings limit 1").fetchone() is None


def forget_all(db: Database) -> None:
    """Forget what copies share and what comparing them came to, as if nothing had been compared yet."""
    for table in ("postings", "likenesses", "reviews"):
        db.execute(f"delete from {table}")  # noqa: S608 (names of ours)


def mark_all(db: Database) -> None:
    """Have every copy compared."""
    db.execute(
        "insert into dirty (step, url_key) select 'compare', url_key from copies where true on conflict do nothing"
    )


def put_postings(db: Database, key: str, hashes: Iterable[int], *, is_bureau: bool) -> None:
    """Note under which hashes a copy is found."""
    mark = _mark(key, is_bureau)
    db.conn.executemany("insert or ignore into postings (hash, mark) values (?, ?)", [(one, mark) for one in hashes])
    db.execute("update copies set mark = ? where url_key = ?", [mark, key])


def drop_postings(db: Database, key: str, hashes: Iterable[int]) -> None:
    """Take a copy away from these hashes."""
    mark = mark_of(db, key)
    db.conn.executemany("delete from postings where hash = ? and mark = ?", [(one, mark) for one in hashes])


def mark_of(db: Database, key: str) -> int | None:
    """The mark of a copy in postings; None before it has some."""
    row = db.execute("select mark from copies where url_key = ?", [key]).fetchone()
    return row[0] if row is not None else None


def sharing(db: Database, hashes: Iterable[int]) -> dict[int, float]:
    """The marks of copies that have some of these hashes, each with the weight of what it shares.

    A hash that few have weighs most. Bureaus' pages count among themselves, so that no number of reposts hides one.
    """
    weights: dict[int, float] = {}
    for one in hashes:
        found = db.execute("select mark from postings where hash = ? order by mark limit ?", [one, CAP + 1]).fetchall()
        bureaus = sum(mark < _OTHERS for (mark,) in found)
        for count, marks in ((bureaus, found[:bureaus]), (len(found), found[bureaus:])):
            weight = 1 / (1 + count) if count <= CAP else _TEMPLATE
            for (mark,) in marks:
                weights[mark] = weights.get(mark, 0.0) + weight
    return weights


def keys_of(db: Database, marks: Iterable[int]) -> dict[str, bool]:
    """The url keys of copies, in the order of their marks, each with whether it is a bureau's."""
    asked = list(marks)
    rows = ask(
        db,
        "select url_key, mark, coalesce(kind = 'bureau', 0) as is_bureau from copies"
        " left join sources on sources.key = copies.source where mark in (select value from json_each(?))",
        [json.dumps(asked)],
    )
    places = {mark: place for place, mark in enumerate(asked)}
    found = sorted(rows, key=lambda row: (places[row["mark"]], row["url_key"]))
    return {row["url_key"]: bool(row["is_bureau"]) for row in found}


def marked(db: Database, limit: int) -> list[str]:
    """Copies that wait to be compared, those of one title after each other, for they have the same candidates."""
    rows = db.execute(
        "select dirty.url_key from dirty left join copies using (url_key) where step = 'compare'"
        " order by title, url_key limit ?",
        [limit],
    )
    return [key for (key,) in rows]


def put_likenesses(db: Database, key: str, found: Sequence[Likeness]) -> bool:
    """Keep what comparing a copy came to. Whether that is something else than before."""
    rows = [
        (key, one.other, one.match_class, one.covers, one.covered, one.title, int(one.agency), one.veto)
        for one in found
    ]
    columns = "copy, other, class, covers, covered, title, agency, veto"
    held = db.execute(f"select {columns} from likenesses where copy = ? order by other", [key]).fetchall()  # noqa: S608
    if sorted(rows, key=lambda row: row[1]) == held:
        return False
    db.execute("delete from likenesses where copy = ?", [key])
    db.conn.executemany(f"insert into likenesses ({columns}) values (?, ?, ?, ?, ?, ?, ?, ?)", rows)  # noqa: S608
    return True


def likenesses(db: Database, key: str) -> tuple[Likeness, ...]:
    """What a copy is like, without what a veto parts it from."""
    rows = ask(db, "select * from likenesses where copy = ? and veto is null", [key])
    return tuple(
        Likeness(
            other=row["other"],
            match_class=row["class"],
            covers=row["covers"],
            covered=row["covered"],
            title=row["title"],
            agency=bool(row["agency"]),
        )
        for row in rows
    )


def alike(db: Database, key: str) -> set[str]:
    """Copies that may be one notice with this one, by what either of them prints of the other."""
    rows = ask(
        db,
        "select other as key from likenesses where copy = ? and veto is null and class <> 'weak'"
        " union select copy from likenesses where other = ? and veto is null and class <> 'weak'",
        [key, key],
    )
    return {row["key"] for row in rows}


def drop_likenesses(db: Database, key: str) -> None:
    """Forget what a copy was compared with; what was compared with it is marked for that again."""
    db.execute(
        "insert into dirty (step, url_key) select 'compare', copy from likenesses where other = ? and copy <> ?"
        " on conflict do nothing",
        [key, key],
    )
    db.execute("delete from likenesses where ? in (copy, other)", [key])
    db.execute("delete from reviews where ? in (copy, other)", [key])


def put_reviews(db: Database, keys: Iterable[str], reviews: Iterable[Review]) -> None:
    """Of these copies, note those that a person should look at."""
    db.conn.executemany("delete from reviews where copy = ?", [(key,) for key in keys])
    insert_all(db, "reviews", ({"copy": one.copy, "other": one.other, "why": one.why} for one in reviews))


def _mark(key: str, is_bureau: bool) -> int:  # noqa: FBT001 (what it says)
    return key_mark(key) + (0 if is_bureau else _OTHERS)
