"""The frontier in one SQLite file, made to be killed at any instant.

A row is deleted in the same transaction that inserts what it led to, so each page is either still to be asked or
wholly dealt with. Which rows are in flight is known in memory only: after a kill all of them are pending again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from types import MappingProxyType

from archive.records import Channel, Walked
from archive.urls import host
from crawler.frontier import Ended, Head, Hops, Recognised, Row
from crawler.frontier.asks import ask_key, channel_key, dump_ask, load_ask
from crawler.frontier.schema import open_notebook
from crawler.frontier.turns import Turns
from crawler.frontier.walks import Walks
from crawler.lists import Ask, AskKind

MOST_TRIES = 3
"""In how many crawls an entry may fail before it is given up."""
SYNC_EVERY = 0.2
"""Seconds; an fsync takes some milliseconds, and a crawl of many hosts ends hundreds of rows a second."""
_RANKS: Mapping[AskKind, int] = MappingProxyType({"recheck": 1, "attachment": 2})
_NO_REWALK: Mapping[str, int] = MappingProxyType({})


class SqliteFrontier:
    """`crawl.db`: pending asks, what each channel has shown, and how far each was walked.

    `known` tells which url keys the archive holds. `per_host` caps the rows in flight on one host, or what `slot` makes
    one of several (a platform), so that a slow one cannot take all places of the downloader. One process at a time.

    Captures are brought to disk before a commit, at most every `SYNC_EVERY` seconds: kill -9 can lose nothing (a
    capture is written before its row ends, and write() is enough for that), a power cut the captures of that time.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        known: Callable[[Iterable[str]], set[str]],
        per_host: int = 1,
        slot: Callable[[str], str] = host,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._db = open_notebook(path)
        self._known = known
        self._sync: Callable[[], None] = lambda: None
        self._crawl = ""
        self._synced_at = 0.0
        self._per_host = per_host
        self._slot = slot
        self._walks = Walks(self._db, now)
        self._channels: dict[str, Channel] = {}
        self._turns = Turns({}, per_host=per_host)

    def unfinished(self) -> str | None:
        """The id of the last crawl, when it has no end."""
        return self._value("select id from crawls where n = (select max(n) from crawls) and not ended")

    def begin(
        self,
        crawl: str,
        channels: Iterable[Channel],
        *,
        rewalk: Mapping[str, int] = _NO_REWALK,
        sync: Callable[[], None] = lambda: None,
    ) -> None:
        """Take up the walks of these channels; rows of other sources stay where they are."""
        self._sync, self._crawl = sync, crawl
        self._channels = {channel_key(channel): channel for channel in channels}
        with self._transaction() as db:
            db.execute("insert into crawls (id) values (?)", (crawl,))
            # what is wanted is asked of the archive anew, and may have come meanwhile
            db.execute("delete from asks where kind in ('original', 'part', 'attachment', 'recheck')")
            for channel in self._channels.values():
                self._walks.begin(channel, rewalk=rewalk)
        self._db.execute("delete from scope")
        self._db.executemany(
            "insert into scope values (?, ?)", [(key, place) for place, key in enumerate(("", *self._channels))]
        )
        waiting = self._db.execute("select host, count(*) from ready group by host order by min(place), min(id)")
        self._turns = Turns(dict(waiting.fetchall()), per_host=self._per_host)

    def add(self, asks: Iterable[Ask]) -> int:
        """Keep new asks in one transaction."""
        with self._transaction():
            hosts = self._insert(asks)
        self._turns.admit(hosts)
        return len(hosts)

    def claim(self) -> Row | None:
        """The oldest row of the host whose turn it is."""
        while (name := self._turns.next_host()) is not None:
            row = self._oldest(name)
            if row is not None:
                self._turns.take(name, row.id)
                return row
            self._turns.forget(name)
        return None

    def count_waiting(self) -> int:
        """How many rows wait that nobody has claimed."""
        return self._turns.waiting

    def again(self, row: int, ask: Ask, *, hops: Hops) -> bool:
        """Put a claimed row back under another address. An entry that was led to a known page ends."""
        own = self._db.execute("select ask_key, kind, ask from asks where id = ?", (row,)).fetchone()
        key = ask_key(ask)
        # where an earlier redirect has led this very row is known by now, too
        is_elsewhere = own is not None and key not in (own[0], ask_key(load_ask(own[2], self._channels)))
        if is_elsewhere and own[1] != "list" and self._is_known(key):
            self.end(row)
            return False
        name = self._slot(ask.url)
        with self._transaction() as db:
            db.execute(
                "update asks set ask = ?, hops = ?, host = ? where id = ?",
                (dump_ask(ask), json.dumps(dict(hops)), name, row),
            )
            if own is not None and own[1] == "entry":
                self._walks.see(key, "")
        self._turns.land(row)
        self._turns.admit([name])
        return True

    def end(self, row: int, asks: Iterable[Ask] = (), *, ended: Ended | None = None) -> int:
        """Delete a row and keep what it led to, in one transaction."""
        how, asks = ended or Ended(), tuple(asks)
        found = self._db.execute("select channel, kind, ask_key, ask, tries from asks where id = ?", (row,)).fetchone()
        if found is None:
            self._turns.land(row)
            return 0
        channel, kind, key, ask, tries = found
        with self._transaction() as db:
            if how.how == "failed" and kind == "entry" and tries + 1 < MOST_TRIES:
                db.execute("update asks set state = 'failed', tries = tries + 1, hops = '{}' where id = ?", (row,))
            else:
                db.execute("delete from asks where id = ?", (row,))
            if how.how == "refused" and kind == "entry":
                self._walks.forget(key)
            if kind == "list":
                is_first = load_ask(ask, self._channels).page == 1
                page = key.removeprefix(f"{channel} ")
                self._walks.note_page(channel, page, how, is_first=is_first, asks=asks)
            hosts = self._insert(asks)
            self._walks.count_new(channel, sum(one.kind == "entry" for one in asks))
            if how.walk == "cut":
                self._walks.spoil(channel, "cut", how.why)
            elif how.how == "refused" or (how.how == "failed" and kind == "list"):
                self._walks.spoil(channel, "failed", how.why)
        self._turns.land(row)
        self._turns.admit(hosts)
        return len(hosts)

    def recognise(self, channel: Channel, keys: Sequence[str]) -> Recognised:
        """What is known of the entries of one list page."""
        found = self._walks.recognise(channel, keys)
        return replace(found, unknown=found.unknown - self._known(found.unknown))

    def head(self, channel: Channel) -> Head:
        """Where the walk of this channel begins."""
        return self._walks.head(channel)

    def drop_rechecks(self, name: str) -> None:
        """Forget the rechecks that wait at a host."""
        with self._transaction() as db:
            waiting = db.execute("select id, ask_key from asks where kind = 'recheck'").fetchall()
            dropped = [(row,) for row, key in waiting if host(key) == name and not self._turns.is_flying(row)]
            db.executemany("delete from asks where id = ?", dropped)

    def count_entries(self) -> int:
        """How many entries are pending in the walks that were begun."""
        count: int = self._db.execute("select count(*) from ready where kind = 'entry'").fetchone()[0]
        return count

    def finish(self, *, ended: bool, reason: str = "the crawl ended") -> list[Walked]:
        """Close the walks that have nothing left; those that were complete move their channel's edge."""
        with self._transaction() as db:
            db.execute("update crawls set ended = ? where id = ?", (ended, self._crawl))
            return [self._walks.end(channel, reason=reason) for channel in self._channels.values()]

    def close(self) -> None:
        """Close the file; a clean end leaves no `-wal` beside it."""
        self._db.close()

    def _insert(self, asks: Iterable[Ask]) -> list[str]:
        """Insert what is new inside a transaction; the host of each new row."""
        hosts = []
        for ask in asks:
            key, channel = ask_key(ask), channel_key(ask.channel) if ask.channel else ""
            source = ask.channel.source if ask.channel else ""
            if ask.kind == "list" and not self._walks.turn_to(channel, key):
                continue
            # pages come before files, and what is new before what may have changed
            name, rank = self._slot(ask.url), _RANKS.get(ask.kind, 0)
            own = f"{channel} {key}" if ask.kind == "list" else key
            if self._db.execute(_ADD, (source, channel, name, own, ask.kind, rank, dump_ask(ask))).rowcount:
                hosts.append(name)
            if ask.kind == "entry":
                self._walks.see(key, channel)
        return hosts

    def _oldest(self, name: str) -> Row | None:
        query = "select id, source, ask, hops from ready where host = ? order by rank, id limit ?"
        for number, source, ask, hops in self._db.execute(query, (name, self._per_host + 1)):
            if not self._turns.is_flying(number):
                return Row(id=number, ask=load_ask(ask, self._channels), source=source, hops=json.loads(hops))
        return None

    def _is_known(self, key: str) -> bool:
        return self._walks.is_seen(key) or bool(self._known([key]))

    def _value(self, query: str, *parameters: str) -> str | None:
        row = self._db.execute(query, parameters).fetchone()
        return row[0] if row else None

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        if monotonic() - self._synced_at > SYNC_EVERY:
            self._sync()
            self._synced_at = monotonic()
        self._db.execute("begin immediate")
        try:
            yield self._db
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")


# one that failed before and is asked for by name is pending again
_ADD = """insert into asks (source, channel, host, ask_key, kind, rank, ask) values (?, ?, ?, ?, ?, ?, ?)
  on conflict (ask_key) do update set state = 'pending' where state = 'failed'"""
