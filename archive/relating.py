"""How notices stand to each other, told anew for those that are marked when all is settled."""

from __future__ import annotations

from collections.abc import Iterator

from archive.records import Relation
from archive.store import Database, relations
from archive.trace.relations import relate
from archive.trace.threads import explained_title, listed_titles, place_of

_AT_ONCE = 200


def relate_marked(db: Database) -> None:
    """Relate the notices of all copies that are marked, in transactions of its own.

    First each is put where it stands in its series, which marks those behind it; then they are related.
    """
    for notices in _some(relations.marked(db)):
        with db.atomic():
            for notice in notices:
                relations.put_threads(db, notice, _threads(db, notice))
    for notices in _some(relations.marked(db)):
        with db.atomic():
            for notice in notices:
                relations.put_relations(db, notice, _relate(db, notice))
            relations.unmark(db, notices)
    with db.atomic():
        relations.unmark_gone(db)


def _relate(db: Database, notice: str) -> list[Relation]:
    return relate(
        relations.party(db, notice),
        relations.near(db, notice),
        before=relations.before(db, notice),
        explained=relations.explained(db, notice),
        listed=relations.listed(db, notice),
    )


def _threads(db: Database, notice: str) -> list[relations.Thread]:
    own = relations.party(db, notice)
    place, explained = place_of(own.title), explained_title(own.title)
    threads = [("lists", key, "") for key in listed_titles(own.title, own.text)]
    if explained is not None:
        threads.append(("explains", explained, ""))
    if place is not None:
        threads.append(("series", f"{relations.publisher(db, notice)} {place.frame}", f"{place.order} {own.day}"))
    return threads


def _some(notices: list[str]) -> Iterator[list[str]]:
    for at in range(0, len(notices), _AT_ONCE):
        yield notices[at : at + _AT_ONCE]
