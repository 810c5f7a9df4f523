"""Which copies may print one text: each is laid beside those that share some of its sentences.

What a copy is like depends on the set of all copies alone: one that comes, goes or changes has those compared again
that share a posting with it, before and after.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from heapq import nsmallest
from typing import Final

from archive.store import Database, copies, likenesses
from archive.store.likenesses import Printed
from archive.trace.likeness import Text, compare
from archive.trace.postings import postings

_LOOKED_AT: Final = 64
"""Copies that share most with one."""
_CANDIDATES: Final = 16
"""Of those, pages of bureaus whose titles are laid beside its own; else others."""
_OTHERS: Final = 6
_KEPT: Final = 2_000
"""Texts that are held ready: those of a series are compared one after the other."""
_AT_ONCE: Final = 200


class Comparer:
    """Compares the copies that are marked. The caller holds no transaction, and changes no copy meanwhile."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._texts: OrderedDict[str, Text | None] = OrderedDict()

    def compare_marked(self) -> int:
        """Bring postings and likenesses up to what the copies say now. Returns how many copies were compared."""
        self._texts.clear()
        self._post()
        count = 0
        while keys := likenesses.marked(self._db, _AT_ONCE):
            with self._db.atomic():
                for key in keys:
                    self._compare(key)
                copies.unmark(self._db, keys, "compare")
            count += len(keys)
        self._texts.clear()
        return count

    def _post(self) -> None:
        """Put the postings of what came or changed, and mark all that share one with it."""
        is_all = likenesses.are_none(self._db)
        if is_all:
            with self._db.atomic():
                likenesses.mark_all(self._db)
        while keys := copies.marked(self._db, "post", _AT_ONCE):
            with self._db.atomic():
                for key in keys:
                    text = self._text(key)
                    if text is None:
                        continue
                    found = postings(text.title, text.form)
                    likenesses.put_postings(self._db, key, found, is_bureau=text.is_bureau)
                    if not is_all:
                        copies.mark(self._db, {key, *_sharing(self._db, found)}, "compare")
                copies.unmark(self._db, keys, "post")

    def _compare(self, key: str) -> None:
        page = self._text(key)
        if page is None:
            return
        weights = likenesses.sharing(self._db, postings(page.title, page.form))
        own = likenesses.mark_of(self._db, key)
        weights = {mark: weight for mark, weight in weights.items() if mark != own}
        best = nsmallest(_LOOKED_AT, weights, key=lambda mark: (-round(weights[mark], 6), mark))
        found = likenesses.keys_of(self._db, best)
        bureaus = [other for other in found if found[other]][:_CANDIDATES]
        others = [other for other in found if not found[other]][: max(_CANDIDATES - len(bureaus), _OTHERS)]
        candidates = [text for other in (*bureaus, *others) if (text := self._text(other)) is not None]
        if likenesses.put_likenesses(self._db, key, compare(page, candidates)):
            copies.mark(self._db, [key], "settle")

    def _text(self, key: str) -> Text | None:
        known = self._texts.pop(key) if key in self._texts else _text_of(likenesses.printed(self._db, key))
        self._texts[key] = known
        if len(self._texts) > _KEPT:
            self._texts.popitem(last=False)
        return known


def forget(db: Database, printed: Printed | None) -> None:
    """Take a copy out of the postings before it changes or goes; what shared one with it is compared again."""
    text = _text_of(printed)
    if text is not None:
        hashes = postings(text.title, text.form)
        copies.mark(db, set(_sharing(db, hashes)) - {text.key}, "compare")
        likenesses.drop_postings(db, text.key, hashes)


def _sharing(db: Database, hashes: Iterable[int]) -> Iterable[str]:
    return likenesses.keys_of(db, likenesses.sharing(db, hashes))


def _text_of(printed: Printed | None) -> Text | None:
    if printed is None:
        return None
    return Text(
        key=printed.url_key,
        title=printed.title or "",
        text=printed.text,
        length=printed.text_length,
        is_bureau=printed.kind == "bureau",
        agency=printed.issuing_agency,
        document_number=printed.document_number,
    )
