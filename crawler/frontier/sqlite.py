"""The frontier in one SQLite file, made to be killed at any instant.

A row is deleted in the same transaction that inserts what it led to, so each page is either still to be asked or
wholly dealt with. Which rows are in flight is known in memory only: after a kill all of them are pending again.

A channel's edge says until when the channel is known without a gap. A walk goes on until a page whose entries all
were seen on that channel before the edge. It is not enough that they are known: a walk that was cut short by
`--limit` knows the first page, and not the second.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from archive.records import Channel
from archive.urls import host
from crawler.frontier import Ended, Hops, Recognised, Row
from crawler.frontier.asks import ask_key, channel_key, dump_ask, load_ask
from crawler.frontier.schema import open_notebook
from crawler.frontier.turns import Turns
from crawler.lists import Ask

MOST_TRIES = 3
"""In how many crawls an entry may fail before it is given up."""
SYNC_EVERY = 0.2
"""Seconds; an fsync takes some milliseconds, and a crawl of many hosts ends hundreds of rows a second."""
OLDEST_WALK = timedelta(days=1)
"""An interrupted walk older than this starts again at its first page, for the list has moved on meanwhile.

So does one that has left something behind, under bounds or at a page that did not come.
"""


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
        self._now = now
        self._channels: dict[str, Channel] = {}
        self._turns = Turns({}, per_host=per_host)

    def unfinished(self) -> str | None:
        """The id of the last crawl, when it has no end."""
        return self._value("select id from crawls where n = (select max(n) from crawls) and not ended")

    def begin(self, crawl: str, channels: Iterable[Channel], *, sync: Callable[[], None] = lambda: None) -> None:
        """Take up the walks of these channels; rows of other sources stay where they are."""
        self._sync, self._crawl = sync, crawl
        self._channels = {channel_key(channel): channel for channel in channels}
        with self._transaction() as db:
            db.execute("insert into crawls (id) values (?)", (crawl,))
            # what is wanted is asked of the archive anew, and may have come meanwhile
            db.execute("delete from asks where kind = 'original'")
            for key, channel in self._channels.items():
                self._begin_walk(key, channel.source)
        self._db.execute("delete from scope")
        self._db.executemany("insert into scope values (?)", [("",), *((key,) for key in self._channels)])
        waiting = self._db.execute("select host, count(*) from ready group by host order by min(id)")
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
        own = self._db.execute("select ask_key, kind from asks where id = ?", (row,)).fetchone()
        key = ask_key(ask)
        if own is not None and own[1] != "list" and key != own[0] and self._is_known(key):
            self.end(row)
            return False
        name = self._slot(ask.url)
        with self._transaction() as db:
            db.execute(
                "update asks set ask = ?, hops = ?, host = ? where id = ?",
                (dump_ask(ask), json.dumps(dict(hops)), name, row),
            )
            if own is not None and own[1] == "entry":
                db.execute(_SEE, (key, "", self._stamp()))
        self._turns.land(row)
        self._turns.admit([name])
        return True

    def end(self, row: int, asks: Iterable[Ask] = (), *, ended: Ended | None = None) -> int:
        """Delete a row and keep what it led to, in one transaction."""
        how = ended or Ended()
        found = self._db.execute("select channel, kind, ask_key, tries from asks where id = ?", (row,)).fetchone()
        if found is None:
            self._turns.land(row)
            return 0
        channel, kind, key, tries = found
        with self._transaction() as db:
            if how.how == "failed" and kind == "entry" and tries + 1 < MOST_TRIES:
                db.execute("update asks set state = 'failed', tries = tries + 1, hops = '{}' where id = ?", (row,))
            else:
                db.execute("delete from asks where id = ?", (row,))
            if how.how == "refused":
                db.execute("delete from seen where url_key = ?", (key,))
            stamp = self._stamp()
            db.executemany(_SEE, [(listed, channel, stamp) for listed in how.listed])
            hosts = self._insert(asks)
            spoils = how.is_cut or how.how == "refused" or (how.how == "failed" and kind == "list")
            if kind == "list" or spoils:
                db.execute(_WALK_ON, (self._stamp(), spoils, channel))
        self._turns.land(row)
        self._turns.admit(hosts)
        return len(hosts)

    def recognise(self, channel: Channel, keys: Sequence[str]) -> Recognised:
        """What is known of the entries of one list page."""
        own = channel_key(channel)
        here = {key: self._seen_on(key, own) for key in keys}
        elsewhere = {key for key in keys if here[key] is not None or self._is_seen(key)}
        strange = [key for key in keys if key not in elsewhere]
        edge = self._value("select reached_at from edges where channel = ?", own)
        start = self._value("select started_at from walks where channel = ?", own)
        return Recognised(
            unlisted=frozenset(key for key in keys if here[key] is None),
            unknown=frozenset(strange) - self._known(strange),
            at_edge=bool(here) and edge is not None and all(at is not None and at <= edge for at in here.values()),
            looped=bool(here) and start is not None and all(at is not None and at >= start for at in here.values()),
        )

    def count_entries(self) -> int:
        """How many entries are pending in the walks that were begun."""
        count: int = self._db.execute("select count(*) from ready where kind = 'entry'").fetchone()[0]
        return count

    def finish(self, *, ended: bool) -> None:
        """Close the walks that have nothing left; those that were complete move their channel's edge."""
        with self._transaction() as db:
            db.execute("update crawls set ended = ? where id = ?", (ended, self._crawl))
            for key in self._channels:
                self._close_walk(db, key)

    def close(self) -> None:
        """Close the file; a clean end leaves no `-wal` beside it."""
        self._db.close()

    def _begin_walk(self, key: str, source: str) -> None:
        db, walk = (
            self._db,
            self._db.execute("select started_at, spoiled from walks where channel = ?", (key,)).fetchone(),
        )
        if walk is not None:
            started, spoiled = walk
            if not spoiled and started > (self._now() - OLDEST_WALK).isoformat():
                return
            self._close_walk(db, key)
        db.execute("delete from asks where channel = ? and kind = 'list'", (key,))
        db.execute("delete from walked where channel = ?", (key,))
        db.execute(_WALK, (key, source, self._stamp()))
        db.execute("update asks set state = 'pending' where channel = ?", (key,))

    def _close_walk(self, db: sqlite3.Connection, key: str) -> None:
        walk = db.execute("select read_at, spoiled from walks where channel = ?", (key,)).fetchone()
        if walk is None or self._value("select 1 from asks where channel = ? and state = 'pending'", key):
            return
        read_at, spoiled = walk
        if read_at and not spoiled:
            db.execute("insert or replace into edges values (?, ?)", (key, read_at))
        db.execute("delete from walks where channel = ?", (key,))
        db.execute("delete from walked where channel = ?", (key,))

    def _insert(self, asks: Iterable[Ask]) -> list[str]:
        """Insert what is new inside a transaction; the host of each new row."""
        hosts = []
        for ask in asks:
            key, channel = ask_key(ask), channel_key(ask.channel) if ask.channel else ""
            source = ask.channel.source if ask.channel else ""
            if ask.kind == "list" and not self._db.execute(_TURN_TO, (channel, key)).rowcount:
                continue
            name = self._slot(ask.url)
            row = (source, channel, name, f"{channel} {key}" if ask.kind == "list" else key, ask.kind, dump_ask(ask))
            if self._db.execute(_ADD, row).rowcount:
                hosts.append(name)
            if ask.kind == "entry":
                self._db.execute(_SEE, (key, channel, self._stamp()))
        return hosts

    def _oldest(self, name: str) -> Row | None:
        query = "select id, source, ask, hops from ready where host = ? order by id limit ?"
        for number, source, ask, hops in self._db.execute(query, (name, self._per_host + 1)):
            if not self._turns.is_flying(number):
                return Row(id=number, ask=load_ask(ask, self._channels), source=source, hops=json.loads(hops))
        return None

    def _is_known(self, key: str) -> bool:
        return self._is_seen(key) or bool(self._known([key]))

    def _is_seen(self, key: str) -> bool:
        return self._value("select 1 from seen where url_key = ? limit 1", key) is not None

    def _seen_on(self, key: str, channel: str) -> str | None:
        return self._value("select seen_at from seen where url_key = ? and channel = ?", key, channel)

    def _value(self, query: str, *parameters: str) -> str | None:
        row = self._db.execute(query, parameters).fetchone()
        return row[0] if row else None

    def _stamp(self) -> str:
        return self._now().isoformat(timespec="microseconds")

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
_ADD = """insert into asks (source, channel, host, ask_key, kind, ask) values (?, ?, ?, ?, ?, ?)
  on conflict (ask_key) do update set state = 'pending' where state = 'failed'"""
_SEE = "insert or ignore into seen values (?, ?, ?)"
_TURN_TO = "insert or ignore into walked values (?, ?)"
_WALK_ON = "update walks set read_at = ?, spoiled = spoiled or ? where channel = ?"
_WALK = "insert or replace into walks (channel, source, started_at) values (?, ?, ?)"
