"""The hits of a search: all of them in their order, and what they are, counted in one pass."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest, nsmallest
from typing import Any, Final

from archive.browse.search.asked import LISTS, Asked
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
    for rows in _chunks(conn, asked):
        numbers, places, *columns = zip(*rows, strict=True)
        total += len(rows)
        for counter, column in zip(counters, columns, strict=True):
            counter.update(column)
        first = best(most, [*first, *zip(places, numbers, strict=True)])
    counts = dict(zip(_COUNTED, counters, strict=True))
    for name in ("agency", "source"):
        counts[name] = _apart(counts[name])
    marks = counts.pop("marks")
    for name, says in MARKS.items():
        counts[name] = Counter({True: sum(count for bits, count in marks.items() if says(bits))})
    return Found(total=total, first=tuple(number for _, number in first), counts=counts)


def find_all(conn: sqlite3.Connection, asked: Asked) -> list[int]:
    """The `n` of every hit, in order."""
    hits = [(row[1], row[0]) for rows in _chunks(conn, asked) for row in rows]
    hits.sort(reverse=asked.order == "newest")
    return [number for _, number in hits]


def bound(asked: Asked) -> dict[str, object]:
    """What an asked search binds in the statements of this room."""
    first, last = asked.span
    lists = {name: json.dumps(getattr(asked, name), ensure_ascii=False) for name in LISTS}
    return {
        "q": asked.q,
        "has_words": bool(asked.q.strip()),
        "order": asked.order,
        "first": first,
        "last": last,
        "role": asked.role,
        "files": asked.files,
        "edited": asked.edited,
        "gone": asked.gone,
        **lists,
    }


def _chunks(conn: sqlite3.Connection, asked: Asked) -> Iterator[Sequence[Any]]:
    cursor = conn.execute(statement("page/search_found"), bound(asked))
    cursor.row_factory = None  # plain tuples: there are many
    while rows := cursor.fetchmany(_AT_ONCE):
        yield rows


def _apart(joined: Counter[Any]) -> Counter[Any]:
    """Counts of single names from those of lists of names."""
    apart: Counter[Any] = Counter()
    for names, count in joined.items():
        for name in names.split("\n") if names else (None,):
            apart[name] += count
    return apart
