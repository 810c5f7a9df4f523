"""Tables `postings`, `likenesses` and `reviews`: which copies may print one text, what comparing them came to, and
what a person should look at."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from archive.records import Copy, Likeness, Review, SourceKind
from archive.store.rows import ask, insert_all
from archive.text import MIN_COMPARED
from archive.urls import key_mark

CAP = 64
"""Copies of one posting that count. A template's sentence has thousands; of those the smallest marks are looked at."""

_WEIGHT = 65536
"""What a posting weighs that a copy has alone; whole numbers, so that no order of adding tells."""
_TEMPLATE = 128
"""What one weighs that more have than count."""

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


def without_mark(db: Database) -> list[str]:
    """Copies that have no postings yet."""
    return [key for (key,) in db.execute("select url_key from copies where mark is null order by url_key").fetchall()]


def are_none(db: Database) -> bool:
    """Whether no copy has postings yet."""
    return db.execute("select 1 from copies where mark is not null limit 1").fetchone() is None


def forget_all(db: Database) -> None:
    """Forget what copies share and what comparing them came to, as if nothing had been compared yet."""
    for table in ("postings", "likenesses", "reviews"):
        db.execute(f"delete from {table}")  # noqa: S608 (names of ours)
    db.execute("update copies set mark = null")


def is_repeated(db: Database, key: str) -> bool:
    """Whether a copy's text stands elsewhere under its very title: at a bureau, if not both are, else at a lesser key.

    Such a copy follows that one by its text; what else that is like says nothing more of it.
    """
    row = db.execute(
        "select 1 from copies mine join copies other using (text_digest) where mine.url_key = ?1"
        " and other.url_key <> ?1 and other.title is mine.title and mine.text_length >= ?2"
        " and (other.mark / ?3, other.url_key) < (mine.mark / ?3, mine.url_key) limit 1",
        [key, MIN_COMPARED, _OTHERS],
    ).fetchone()
    return row is not None


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


def is_bureau(mark: int) -> bool:
    """Whether a mark is that of a bureau's page."""
    return mark < _OTHERS


def sharing(db: Database, hashes: Iterable[int], *, besides: str = "") -> list[int]:
    """The marks of copies that have some of these hashes, those first that share most; not that of the copy `besides`.

    A hash that few have weighs most. Bureaus' pages count among themselves, so that no number of reposts hides one.
    """
    weights: Counter[int] = Counter()
    for (found,) in db.execute(_SHARING, [json.dumps(list(hashes)), CAP + 1]):
        marks = json.loads(found)
        bureaus = bisect_left(marks, _OTHERS)
        for count, counted in ((bureaus, marks[:bureaus]), (len(marks), marks[bureaus:])):
            if count <= CAP:
                weight = _WEIGHT // (1 + count)
                for mark in counted:
                    weights[mark] += weight
    weights.pop(mark_of(db, besides) or 0, None)
    return [mark for _, mark in sorted((-weight, mark) for mark, weight in weights.items())]


_SHARING = """
    select (select json_group_array(mark) from (select mark from postings where hash = value order by mark limit ?2))
    from json_each(?1)
"""


def keys_of(db: Database, marks: Iterable[int]) -> list[str]:
    """The url keys of copies, in the order of their marks."""
    asked = list(marks)
    rows = db.execute(
        "select mark, url_key from copies where mark in (select value from json_each(?)) order by url_key",
        [json.dumps(asked)],
    )
    places = {mark: place for place, mark in enumerate(asked)}
    return [key for _, key in sorted((places[mark], key) for mark, key in rows)]


def marked(db: Database) -> list[str]:
    """Copies that wait to be compared, those of one title after each other, for they have the same candidates."""
    rows = db.execute(
        "select dirty.url_key from dirty left join copies using (url_key) where step = 'compare'"
        " order by title, url_key"
    )
    return [key for (key,) in rows]


def put_likenesses(db: Database, found: Mapping[str, Sequence[Likeness]]) -> list[str]:
    """Keep what comparing copies came to. Gives those of which it is something else than before."""
    changed: list[str] = []
    for key, mine in found.items():
        rows = sorted(
            (key, one.other, one.match_class, one.covers, one.covered, one.title, int(one.agency), one.veto)
            for one in mine
        )
        if rows != db.execute(f"select {_COLUMNS} from likenesses where copy = ? order by other", [key]).fetchall():  # noqa: S608
            db.execute("delete from likenesses where copy = ?", [key])
            db.conn.executemany(f"insert into likenesses ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?)", rows)  # noqa: S608
            changed.append(key)
    return changed


_COLUMNS = "copy, other, class, covers, covered, title, agency, veto"


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
