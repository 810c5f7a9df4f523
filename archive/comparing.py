"""Which copies may print one text: each is laid beside those that share some of its sentences.

What a copy is like depends on the set of all copies alone: one that comes, goes or changes has those compared again
that share as many postings with it, before or after, as the last one that they were laid beside.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

from archive.store import Database, copies, likenesses
from archive.store.likenesses import BUREAUS, OTHERS, Compared, Printed
from archive.trace.likeness import Text, compare

_KEPT: Final = 4_000
"""Texts that are held ready: those of a series are compared one after the other."""
_AT_ONCE: Final = 200


class Comparer:
    """Compares copies that have their postings in a database. It only reads; nothing may write copies meanwhile."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._texts: OrderedDict[str, Text | None] = OrderedDict()

    def compare(self, key: str) -> Compared:
        """What a copy prints of others, best first. Nothing for one whose very text and title a fuller one has."""
        page = self._text(key) if not likenesses.is_repeated(self._db, key) else None
        if page is None:
            return Compared()
        found = likenesses.sharing(self._db, page.postings)
        bureaus, others = found.most(likenesses.mark_of(self._db, key))
        keys = likenesses.keys_of(self._db, [*bureaus, *others])
        like = compare(page, [text for other in keys if (text := self._text(other)) is not None])
        return Compared(like, found.least(bureaus, BUREAUS), found.least(others, OTHERS))

    def compare_all(self, keys: Iterable[str]) -> dict[str, Compared]:
        """The same of several, by their keys."""
        return {key: self.compare(key) for key in keys}

    def _text(self, key: str) -> Text | None:
        known = self._texts.pop(key, None) or self._printed(key)
        self._texts[key] = known
        if len(self._texts) > _KEPT:
            self._texts.popitem(last=False)
        return known

    def _printed(self, key: str) -> Text | None:
        printed = likenesses.printed(self._db, key)
        return _read_text(printed) if printed is not None else None


def place(
    db: Database,
    before: Printed | None,
    after: Printed | None,
    found: frozenset[int] | None = None,
    *,
    is_first: bool = False,
) -> None:
    """Put a copy that came, changed or goes where it is found now; what shares a posting with it is compared again.

    `before` and `after` are what it printed and prints, None for no copy; `found` its postings, if they are known.
    Where it `is_first`, nothing was compared yet, and every copy waits for that.
    """
    if before is not None:
        hashes = _read_text(before).postings
        if not is_first:
            _mark(db, before, hashes)
        likenesses.drop_postings(db, before.url_key, hashes)
    if after is not None:
        hashes = _read_text(after).postings if found is None else found
        likenesses.put_postings(db, after.url_key, hashes, is_bureau=after.kind == "bureau")
        copies.mark(db, [after.url_key], "compare")
        if not is_first:
            _mark(db, after, hashes)


def place_again(db: Database, keys: Iterable[str]) -> None:
    """Do so for copies that are a bureau's now, or no longer."""
    for key in keys:
        printed = likenesses.printed(db, key)
        mark = likenesses.mark_of(db, key)
        if printed is not None and mark is not None and likenesses.is_bureau(mark) != (printed.kind == "bureau"):
            place(db, printed, printed)


def place_missing(db: Database) -> None:
    """Do so for copies of a database made before there were postings, in transactions of its own."""
    missing = likenesses.without_mark(db)
    for at in range(0, len(missing), _AT_ONCE):
        with db.atomic():
            for key in missing[at : at + _AT_ONCE]:
                place(db, None, likenesses.printed(db, key))


def _mark(db: Database, printed: Printed, hashes: Iterable[int]) -> None:
    """Have those compared again that this one's coming or going reaches, while it has its postings."""
    is_bureau = likenesses.is_bureau(likenesses.mark_of(db, printed.url_key) or 0)
    found = likenesses.reached(db, hashes, by_bureau=is_bureau)
    repeated = likenesses.first_beside(db, printed)
    copies.mark(db, {*found, *repeated} - {printed.url_key}, "compare")


def _read_text(printed: Printed) -> Text:
    return Text(
        key=printed.url_key,
        title=printed.title or "",
        text=printed.text,
        length=printed.text_length,
        is_bureau=printed.kind == "bureau",
        agency=printed.issuing_agency,
        document_number=printed.document_number,
        earlier=printed.earlier,
    )
