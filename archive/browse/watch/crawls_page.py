"""What the pages of crawls show: when each ran, how its requests and its walks ended."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from archive.browse.rows import Row, read_rows
from archive.labels import OUTCOMES, Words, words_for

SHOWN: Final = 50
CRAWL_KINDS: Final[Mapping[str, Words]] = {
    "crawl": Words("采集", "crawl"),
    "demo": Words("演示", "demo"),
    "ingest": Words("导入", "taken in"),
    "survey": Words("探查", "survey"),
}
ENDS: Final[Mapping[str, Words]] = {
    "end": Words("读到末页", "read to the end"),
    "edge": Words("接上已知", "came to what was known"),
    "unchanged": Words("首页未变", "first page unchanged"),
    "cut": Words("按上限停下", "stopped short by order"),
    "failed": Words("列表页未取得", "a list page failed"),
}
"""How the walk of a list ends; after the first three nothing is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walks:
    """How the walks of one source in one crawl ended."""

    source: str
    agency: str
    ends: tuple[tuple[Words, int], ...]
    pages: int
    entries: int
    new: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlShown:
    """One crawl. `outcomes` are of every answer that was stored or noted, `ends` of the walks of its lists."""

    row: Row
    kind: Words
    outcomes: tuple[tuple[Words, int], ...]
    ends: tuple[tuple[Words, int], ...]

    @property
    def lasted(self) -> str:
        """How long it ran, in hours, minutes and seconds; empty while it has no end."""
        seconds = self.row["seconds"]
        return "" if seconds is None else f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def read_crawls(conn: sqlite3.Connection, source: str | None) -> tuple[CrawlShown, ...]:
    """Read the latest crawls, the newest first; of a source, those that walked it, with its own walks."""
    return _read(conn, source=source, crawl=None)


def read_crawl(conn: sqlite3.Connection, crawl: str) -> tuple[CrawlShown, tuple[Walks, ...]] | None:
    """Read one crawl and its walks, source by source; None where there is none of this id."""
    for shown in _read(conn, source=None, crawl=crawl):
        return shown, tuple(_walks(read_rows(conn, "crawl_walks", crawl=crawl)))
    return None


def _read(conn: sqlite3.Connection, *, source: str | None, crawl: str | None) -> tuple[CrawlShown, ...]:
    rows = read_rows(conn, "crawls", source=source, id=crawl, limit=SHOWN)
    ids = json.dumps([row["id"] for row in rows])
    outcomes: dict[str, list[tuple[Words, int]]] = defaultdict(list)
    ends: dict[str, Counter[str]] = defaultdict(Counter)
    for one in read_rows(conn, "crawl_outcomes", crawls=ids):
        outcomes[one["crawl"]].append((words_for(OUTCOMES, one["outcome"]), one["count"]))
    for one in read_rows(conn, "crawl_ends", crawls=ids, source=source):
        ends[one["crawl"]][one["how"]] += one["channels"]
    return tuple(
        CrawlShown(
            row=row,
            kind=words_for(CRAWL_KINDS, row["kind"]),
            outcomes=tuple(outcomes[row["id"]]),
            ends=_in_words(ends[row["id"]]),
        )
        for row in rows
    )


def _walks(rows: Iterable[Row]) -> Iterator[Walks]:
    for (key, agency), found in groupby(rows, key=lambda row: (row["source"], row["agency"])):
        mine = list(found)
        yield Walks(
            source=key,
            agency=agency or key,
            ends=_in_words({row["how"]: row["channels"] for row in mine}),
            pages=sum(row["pages"] for row in mine),
            entries=sum(row["entries"] for row in mine),
            new=sum(row["new"] for row in mine),
        )


def _in_words(ends: Mapping[str, int]) -> tuple[tuple[Words, int], ...]:
    return tuple((words, ends[how]) for how, words in ENDS.items() if ends.get(how))
