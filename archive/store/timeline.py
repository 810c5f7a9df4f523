"""What is on record of one copy over time: its states, the captures that show a turn, redirects, lists that had it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypedDict, cast

from sqlite_utils import Database

from archive.records import FirstListed
from archive.store.nearby import end_of, is_copy
from archive.store.rows import ask
from archive.store.times import instant, read_day, read_instant


class ShownCapture(TypedDict):
    """One capture as it is cited: when, what came back, and where its record is kept."""

    url: str
    fetched_at: str
    status: int | None
    outcome: str
    record_id: str
    warc_file: str
    warc_offset: int


def first_capture(db: Database, key: str) -> ShownCapture | None:
    """The capture that showed a copy first."""
    return _shown(db, f"{_CAPTURE} and kind = 'article' order by fetched_at, record_id limit 1", [key])


def capture_at(db: Database, key: str, at: datetime) -> ShownCapture | None:
    """The capture of an address at an instant."""
    return _shown(db, f"{_CAPTURE} and fetched_at = ? order by record_id limit 1", [key, instant(at)])


def moves_of(db: Database, key: str) -> Iterator[tuple[str, ShownCapture]]:
    """The copies that a copy's address was found to redirect to, with the capture that showed each first."""
    told = {key}
    rows = ask(
        db,
        f"select {_NAMES}, location_key from captures where url_key = ? and outcome = 'moved' and location_key > ''"  # noqa: S608 (names of ours)
        " order by fetched_at, record_id",
        [key],
    )
    for row in list(rows):
        to = end_of(db, row.pop("location_key"))
        if to not in told and is_copy(db, to):
            told.add(to)
            yield to, cast("ShownCapture", row)


def first_listings(db: Database, key: str) -> list[FirstListed]:
    """Every list that had a page, when it was seen there first, and the last whole walk of it before that."""
    return [
        FirstListed(
            channel=row["channel"],
            name=row["name"],
            listed_on=read_day(row["listed_on"]),
            date_raw=row["date_raw"],
            listed_at=read_instant(row["listed_at"]),
            walked_at=read_instant(row["walked_at"]) if row["walked_at"] else None,
            oldest_on=read_day(row["oldest_on"]),
        )
        for row in ask(db, _LISTINGS, [key])
    ]


def file_texts(db: Database, digests: Iterable[str]) -> dict[str, str]:
    """What payloads of files say, of those that could be read."""
    rows = ask(
        db,
        "select payload_digest, text from files where text is not null"
        " and payload_digest in (select value from json_each(?))",
        [json.dumps(sorted(digests))],
    )
    return {row["payload_digest"]: row["text"] for row in rows}


def _shown(db: Database, sql: str, bound: Sequence[str]) -> ShownCapture | None:
    return cast("ShownCapture | None", next(ask(db, sql, bound), None))


_NAMES = "url, fetched_at, status, outcome, record_id, warc_file, warc_offset"
_CAPTURE = f"select {_NAMES} from captures where url_key = ?"  # noqa: S608 (names of ours)

_LISTINGS = """
    with mine as (
      select entries.*, walks.started_at as walked_at, max(walks.ended_at) as ended_at
      from entries left join walks on walks.source = entries.source and walks.channel = entries.channel
        and how = 'end' and walks.ended_at < entries.listed_at
      where url_key = ? group by entries.source, entries.channel
    )
    select channel, listed_on, date_raw, listed_at, walked_at,
      (select name from channels where channels.source = mine.source and channels.url = mine.channel) as name,
      (select min(other.listed_on) from entries other where other.source = mine.source
        and other.channel = mine.channel and other.url_key <> mine.url_key and other.listed_at <= mine.ended_at)
        as oldest_on
    from mine order by listed_at, source, channel
"""
