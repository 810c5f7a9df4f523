"""The hits of a search: all of them in their order, and what they are, counted in one pass."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest, nsmallest
from operator import itemgetter
from typing import Any, Final

from archive.browse.search.asked import LISTS, Asked, Sort
from archive.browse.statements import statement

MARKS: Final[Mapping[str, Callable[[int], bool]]] = {
    "original": lambda marks: bool(marks & 1),
    "reposted": lambda marks: bool(marks & 2),
    "repost_only": lambda marks: not marks & 1,
    "files": lambda marks: bool(marks & 4),
    "edited": lambda marks: bool(marks & 8),
    "gone": lambda marks: bool(marks & 16),
}
"""What the bits of a hit say, by the roles and flags that a search is narrowed by."""

_COUNTED: Final = ("month", "type", "agency", "province", "city", "source", "marks")
"""Columns of the statement behind a hit's number and place."""
_LISTED: Final = frozenset({"agency", "source"})
"""Those that hold a list of names."""
_AT_ONCE: Final = 256
"""Rows that are counted together; of 5,000 the columns leave the processor's cache, and it takes half as long again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How many hits there are, the first of them in order by their `n`, and how many have each value.

    `counts` has the lists of filters, `month`, and the names of `MARKS`. A notice counts for each of its agencies and
    sources. What has no value is counted under None.
    """

    total: int
    first: tuple[int, ...]
    counts: Mapping[str, Counter[Any]]


def find(conn: sqlite3.Connection, asked: Asked, *, most: int) -> Found:
    """Find the hits, the first `most` of them in order."""
    counters: list[Counter[Any]] = [Counter() for _ in _COUNTED]
    best = nlargest if asked.order == "newest" else nsmallest
    first: list[tuple[Any, int]] = []
    total = 0
    for rows in _chunks(conn, asked, order=asked.order):
        numbers, places, *columns = zip(*rows, strict=True)
        total += len(rows)
        for counter, column in zip(counters, columns, strict=True):
            counter.update(column)
        first += zip(places, numbers, strict=True)
        if len(first) > 2 * most + _AT_ONCE:  # not after every piece: far pages keep nearly all
            first = best(most, first)
    *lists, marks = counters
    counts = {name: _names(name, counter) for name, counter in zip(_COUNTED, lists, strict=False)}
    for name, says in MARKS.items():
        counts[name] = Counter({True: sum(count for bits, count in marks.items() if says(bits))})
    return Found(total=total, first=tuple(number for _, number in best(most, first)), counts=counts)


def count(conn: sqlite3.Connection, asked: Asked) -> int:
    """How many hits there are."""
    return sum(len(rows) for rows in _chunks(conn, asked, order=None))


def count_by(conn: sqlite3.Connection, asked: Asked, name: str) -> Counter[Any]:
    """How many hits have each value of one list of filters, as `Found.counts` has it."""
    at = 2 + _COUNTED.index(name)
    counter: Counter[Any] = Counter()
    for rows in _chunks(conn, asked, order=None):
        counter.update(map(itemgetter(at), rows))
    return _names(name, counter)


def find_all(conn: sqlite3.Connection, asked: Asked) -> list[int]:
    """The `n` of every hit, in order."""
    hits = [(row[1], row[0]) for rows in _chunks(conn, asked, order=asked.order) for row in rows]
    hits.sort(reverse=asked.order == "newest")
    return [number for _, number in hits]


def bound(asked: Asked) -> dict[str, object]:
    """What an asked search binds in the statements of this room."""
    first, last = asked.span
    lists = {name: json.dumps(getattr(asked, name), ensure_ascii=False) for name in LISTS}
    return {
        "q": asked.q,
        "has_words": bool(asked.q.strip()),
        "first": first,
        "last": last,
        "role": asked.role,
        "files": asked.files,
        "edited": asked.edited,
        "gone": asked.gone,
        **lists,
    }


def _chunks(conn: sqlite3.Connection, asked: Asked, *, order: Sort | None) -> Iterator[Sequence[Any]]:
    """Rows of the statement; without an order none is ranked, which costs more than finding it."""
    cursor = conn.execute(statement("page/search_found"), {**bound(asked), "order": order})
    cursor.row_factory = None  # plain tuples: there are many
    while rows := cursor.fetchmany(_AT_ONCE):
        yield rows


def _names(name: str, counted: Counter[bytes | None]) -> Counter[Any]:
    """Counts by text, of lists of names by each name, from those of bytes."""
    found: Counter[Any] = Counter()
    for value, hits in counted.items():
        text = value.decode("utf-8", "replace") if value else None
        for one in text.split("\n") if text and name in _LISTED else (text,):
            found[one] += hits
    return found
