"""Which copies may print one text: each is laid beside those that share some of its sentences.

What a copy is like depends on the set of all copies alone: one that comes, goes or changes has those compared again
that share a posting with it, before and after.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from archive.store import Database, copies, likenesses
from archive.store.likenesses import Printed
from archive.trace.forms import read_form
from archive.trace.likeness import Text, compare
from archive.trace.postings import postings

_CANDIDATES: Final = 24
"""Copies that share most with one, of which some are aligned with it."""
_KEPT: Final = 2_000
"""Texts that are held ready: those of a series are compared one after the other."""
_AT_ONCE: Final = 200


class Comparer:
    """Compares the copies that are marked. The caller holds no transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._texts: OrderedDict[tuple[str, str], Text] = OrderedDict()

    def compare_marked(self) -> int:
        """Bring postings and likenesses up to what the copies say now. Returns how many copies were compared."""
        self._post()
        count = 0
        while keys := copies.marked(self._db, "compare", _AT_ONCE):
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
                    likenesses.put_postings(self._db, key, found)
                    if not is_all:
                        copies.mark(self._db, {key, *likenesses.sharing(self._db, found)}, "compare")
                copies.unmark(self._db, keys, "post")

    def _compare(self, key: str) -> None:
        page = self._text(key)
        if page is None:
            return
        weights = likenesses.sharing(self._db, postings(page.title, page.form))
        weights.pop(key, None)
        best = sorted(weights, key=lambda other: (-round(weights[other], 6), other))[:_CANDIDATES]
        candidates = [text for other in best if (text := self._text(other)) is not None]
        if likenesses.put_likenesses(self._db, key, compare(page, candidates)):
            copies.mark(self._db, [key], "settle")

    def _text(self, key: str) -> Text | None:
        printed = likenesses.printed(self._db, key)
        if printed is None:
            return None
        known = self._texts.pop((key, printed.text_digest), None) or _text_of(printed)
        self._texts[(key, printed.text_digest)] = known
        if len(self._texts) > _KEPT:
            self._texts.popitem(last=False)
        return known


def forget(db: Database, printed: Printed | None) -> None:
    """Take a copy out of the postings before it changes or goes; what shared one with it is compared again."""
    if printed is not None:
        text = _text_of(printed)
        hashes = postings(text.title, text.form)
        copies.mark(db, likenesses.sharing(db, hashes).keys() - {printed.url_key}, "compare")
        likenesses.drop_postings(db, printed.url_key, hashes)


def _text_of(printed: Printed) -> Text:
    return Text(
        key=printed.url_key,
        title=printed.title or "",
        text=printed.text,
        form=read_form(printed.text),
        agency=printed.issuing_agency,
        document_number=printed.document_number,
    )
