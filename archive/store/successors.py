"""What else an id once stood for, where the copies of its notice are several notices now.

An id opens the notice that holds the address it was made of. Copies that left that notice, by a person's ruling or
because better evidence came, are named beside it, so that nobody who was given the id loses one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, TypedDict

from sqlite_utils import Database

from archive.records import BEFOREHAND, Decision
from archive.store.decisions import all_decisions
from archive.store.nearby import follow
from archive.store.notices import find
from archive.store.rows import ask
from archive.urls import notice_id, url_key

Parting = Literal["ruling", "claim", "moved"]


class Successor(TypedDict):
    """A notice that holds a part of what an id stood for, and how that is known.

    `ruling`: a person parted them; `claim`: a copy of it names the address that the id is of as its original; `moved`:
    a copy was moved out of the notice.
    """

    id: str
    title: str | None
    url: str
    """Of its best copy."""
    known_by: Parting


def successors(db: Database, given: str, rulings: Sequence[Decision] | None = None) -> list[Successor]:
    """The notices beside the one that an id opens, each once; none for an address.

    For an id that opens none they are all that is left of it. `rulings` are those of the database: who asks for many
    ids reads them once.
    """
    holder = find(db, given)
    found: dict[str, Parting] = {}
    for notice, known_by in _parted(db, given, holder, all_decisions(db) if rulings is None else rulings):
        if notice != holder:
            found.setdefault(notice, known_by)
    return [_successor(db, notice, known_by) for notice, known_by in sorted(found.items())]


def _parted(db: Database, given: str, holder: str | None, rulings: Sequence[Decision]) -> Iterator[tuple[str, Parting]]:
    if holder is None:
        yield from _merged_under(db, given, rulings)
    elif given in _ids(db, holder):
        yield from ((notice, "ruling") for notice in _ruled_apart(db, holder, rulings))
        yield from ((notice, "claim") for notice in _claiming(db, given, holder))
    for row in ask(db, 'select distinct copy from match_history where "from" = ?', [given]):
        notice = _held(db, row["copy"])
        if notice is not None:
            yield notice, "moved"


def _merged_under(db: Database, given: str, rulings: Sequence[Decision]) -> Iterator[tuple[str, Parting]]:
    """The notices of what was merged once under an address that only this ruling knew."""
    for ruling in rulings:
        if ruling.what == "merge" and given in (notice_id(url_key(url)) for url in ruling.urls):
            yield from ((notice, "ruling") for url in ruling.urls if (notice := _notice(db, url)) is not None)


def _ruled_apart(db: Database, holder: str, rulings: Sequence[Decision]) -> Iterator[str]:
    """The notices of what left this one, or of what this one left, by a person's ruling."""
    for ruling in rulings:
        if ruling.what == "split" and ruling.about != BEFOREHAND:
            subject, *others = (_notice(db, url) for url in ruling.urls)
            for one, other in ((subject, other) for other in others):
                if one is not None and other is not None and holder in (one, other):
                    yield other if one == holder else one


def _claiming(db: Database, given: str, holder: str) -> Iterator[str]:
    """The notices with a copy that names, or named, the address which the id is of."""
    claims = (
        "select distinct notice from claims join copies on url_key = copy where claims.claimed_key = ? and notice > ''"
    )
    for key in _keys(db, holder):
        if notice_id(key) == given:
            yield from (row["notice"] for row in ask(db, claims, [key]) if row["notice"] is not None)


def _ids(db: Database, holder: str) -> set[str]:
    """Every id under which a notice is found."""
    known = {row["alias"] for row in ask(db, "select alias from aliases where notice = ? and kind = 'id'", [holder])}
    return {holder, *known}


def _keys(db: Database, holder: str) -> set[str]:
    """The addresses under which a notice is found, as url keys."""
    rows = ask(db, "select alias from aliases where notice = ? and kind <> 'id'", [holder])
    return {row["alias"] for row in rows}


def _notice(db: Database, url: str) -> str | None:
    key = url_key(url)
    return _held(db, follow(db, key)) or find(db, key)


def _held(db: Database, key: str) -> str | None:
    row = next(ask(db, "select notice from copies where url_key = ?", [key]), None)
    return row["notice"] if row is not None else None


def _successor(db: Database, notice: str, known_by: Parting) -> Successor:
    sql = (
        "select notices.id, notices.title, copies.url from notices join copies on copies.url_key = notices.best_copy"
        " where notices.id = ?"
    )
    row = next(ask(db, sql, [notice]))
    return Successor(id=row["id"], title=row["title"], url=row["url"], known_by=known_by)
