"""Tables `postings`, `likenesses` and `reviews`: which copies may print one text, what comparing them came to, and
what a person should look at."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from archive.records import Likeness, Review, SourceKind
from archive.store.rows import ask, insert_all
from archive.text import MIN_COMPARED
from archive.urls import key_mark

STATES = 3
"""Earlier states of a copy that others may print, the latest ones."""
CAP = 64
"""Copies up to which a posting counts. A template's sentence has thousands, and tells nothing."""
BUREAUS = 16
"""Bureaus' pages that a copy is laid beside, those that share most postings with it."""
OTHERS = 8
"""Other pages."""

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
    earlier: tuple[tuple[str, str], ...]
    """Title and text of the states before that, the latest first."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """What shares postings with a copy, by mark, the copy itself among them."""

    shared: Counter[int]
    """How many of those postings that count."""

    def most(self, mark: int | None) -> tuple[list[int], list[int]]:
        """The bureaus' pages and the others that share most, best first, without the copy of this mark."""
        ranked = [other for _, other in sorted((-count, other) for other, count in self.shared.items())]
        mine = [other for other in ranked if other != mark]
        return [one for one in mine if is_bureau(one)][:BUREAUS], [one for one in mine if not is_bureau(one)][:OTHERS]

    def least(self, found: Sequence[int], most: int) -> int:
        """How many postings a page must share to come among those found, of which there may be so many."""
        return self.shared[found[-1]] if len(found) == most else 1


@dataclass(frozen=True, slots=True)
class Compared:
    """What comparing a copy came to, and how many postings a page must share with it to have it compared again."""

    like: Sequence[Likeness] = ()
    least_bureau: int = 1
    least_other: int = 1


def printed(db: Database, key: str) -> Printed | None:
    """What a copy prints; None for what is no copy."""
    rows = ask(
        db,
        "select url_key, copies.title, revisions.text, copies.text_digest, text_length, issuing_agency, document_number"
        ", coalesce(sources.kind, 'unknown') as kind, revisions.number"
        " from copies join revisions on revisions.copy = copies.url_key"
        " left join sources on sources.key = copies.source"
        " where url_key = ?"
        " order by revisions.number desc limit 1",
        [key],
    )
    row = next(rows, None)
    if row is None:
        return None
    number = row.pop("number")
    return Printed(**row, earlier=_earlier(db, key, number) if number > 1 else ())


def _earlier(db: Database, key: str, number: int) -> tuple[tuple[str, str], ...]:
    rows = db.execute(
        "select coalesce(title, ''), text from revisions where copy = ? and number < ? order by number desc limit ?",
        [key, number, STATES],
    )
    return tuple((title, text) for title, text in rows)


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


def first_beside(db: Database, printed: Printed) -> list[str]:
    """The first of the other copies that have this text under this title: the one that is compared, beside this one."""
    rows = db.execute(
        "select url_key from copies where text_digest = ? and title is ? and url_key <> ? order by mark / ?, url_key"
        " limit 1",
        [printed.text_digest, printed.title, printed.url_key, _OTHERS],
    )
    return [key for (key,) in rows]


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


def sharing(db: Database, hashes: Iterable[int]) -> Sharing:
    """The copies that have some of these hashes.

    Bureaus' pages count among themselves, so that no number of reposts hides one.
    """
    shared: Counter[int] = Counter()
    for marks in _holders(db, hashes, CAP + 1):
        bureaus = bisect_left(marks, _OTHERS)
        shared.update(marks if len(marks) <= CAP else marks[:bureaus] if bureaus <= CAP else ())
    return Sharing(shared)


def reached(db: Database, hashes: Iterable[int], *, by_bureau: bool) -> list[str]:
    """The copies that may be laid beside others than before when one that has these hashes comes or goes.

    That one is there. It reaches those that share as many hashes with it as with the last they were laid beside; and
    where a hash has one copy too many to count, all that have it: with one less it would count for them.
    """
    shared: Counter[int] = Counter()
    full: set[int] = set()
    for marks in _reaching(db, list(hashes), by_bureau=by_bureau):
        counted = bisect_left(marks, _OTHERS) if by_bureau else len(marks)
        if counted <= CAP:
            shared.update(marks)
        if CAP + 1 in (counted, len(marks)):
            full.update(marks)
    least = "least_bureau" if by_bureau else "least_other"
    rows = db.execute(
        f"select url_key, mark, {least} from copies where mark in (select value from json_each(?))",  # noqa: S608 (ours)
        [json.dumps([*(shared.keys() | full)])],
    )
    return [key for key, mark, asked in rows if mark in full or shared[mark] >= (asked or 0)]


def _reaching(db: Database, hashes: Sequence[int], *, by_bureau: bool) -> Iterator[list[int]]:
    """Of each hash as many copies as tell whether it counts; of one that counts for bureaus' pages alone, all."""
    for one, marks in zip(hashes, _holders(db, hashes, CAP + 2), strict=True):
        counts = by_bureau and len(marks) > CAP + 1 and not is_bureau(marks[-1])
        yield from _holders(db, [one], -1) if counts else [marks]


def _holders(db: Database, hashes: Iterable[int], most: int) -> Iterator[list[int]]:
    """Of each hash, in their order, the marks of the copies that have it, rising, at most so many."""
    for (found,) in db.execute(_SHARING, [json.dumps(list(hashes)), most]):
        yield json.loads(found)


_SHARING = """
    select (select json_group_array(mark) from (select mark from postings where hash = value order by mark limit ?2))
    from json_each(?1)
"""


def keys_of(db: Database, marks: Iterable[int]) -> list[str]:
    """The url keys of copies, in the order of their marks."""
    asked = list(marks)
    rows = db.execute(
        "select mark, url_key from copies where mark in (select value from json_each(?))", [json.dumps(asked)]
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


def put_compared(db: Database, found: Mapping[str, Compared]) -> list[str]:
    """Keep what comparing copies came to. Gives those of which it is something else than before, and those that it no
    longer ties to them."""
    changed: set[str] = set()
    for key, mine in found.items():
        db.execute(
            "update copies set least_bureau = ?, least_other = ? where url_key = ?",
            [mine.least_bureau, mine.least_other, key],
        )
        rows = sorted(
            (
                key,
                one.other,
                one.match_class,
                one.covers,
                one.covered,
                one.title,
                int(one.agency),
                int(one.numbered),
                one.veto,
            )
            for one in mine.like
        )
        before = db.execute(f"select {_COLUMNS} from likenesses where copy = ? order by other", [key]).fetchall()  # noqa: S608
        if rows != before:
            db.execute(_MARK_OTHERS, [key])
            db.execute("delete from likenesses where copy = ?", [key])
            db.conn.executemany(f"insert into likenesses ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)  # noqa: S608
            db.execute(_MARK_OTHERS, [key])
            changed |= {key, *(row[1] for row in before)}
    return sorted(changed)


_MARK_OTHERS = """
    insert into dirty (step, url_key) select 'relate', ?1
    union select 'relate', other from likenesses where copy = ?1 on conflict do nothing
"""
_COLUMNS = "copy, other, class, covers, covered, title, agency, numbered, veto"


def likenesses(db: Database, key: str) -> tuple[Likeness, ...]:
    """What a copy is like, those too that a veto parts it from."""
    rows = ask(db, "select * from likenesses where copy = ? order by other", [key])
    return tuple(
        Likeness(
            other=row["other"],
            match_class=row["class"],
            covers=row["covers"],
            covered=row["covered"],
            title=row["title"],
            agency=bool(row["agency"]),
            numbered=bool(row["numbered"]),
            veto=row["veto"],
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
    """Forget what a copy was compared with; what was compared with it is marked for that again, and all for settling:
    comparing may come to just what is left here.
    """
    db.execute(
        "insert into dirty (step, url_key) select 'compare', copy from likenesses where other = ?1 and copy <> ?1"
        " union select 'settle', copy from likenesses where other = ?1"
        " union select 'settle', other from likenesses where copy = ?1 on conflict do nothing",
        [key],
    )
    db.execute("delete from likenesses where ? in (copy, other)", [key])
    db.execute("delete from reviews where ? in (copy, other)", [key])


def put_reviews(db: Database, keys: Iterable[str], reviews: Iterable[Review]) -> None:
    """Of these copies, note those that a person should look at."""
    db.conn.executemany("delete from reviews where copy = ?", [(key,) for key in keys])
    insert_all(db, "reviews", ({"copy": one.copy, "other": one.other, "why": one.why} for one in reviews))


def _mark(key: str, is_bureau: bool) -> int:  # noqa: FBT001 (what it says)
    return key_mark(key) + (0 if is_bureau else _OTHERS)
