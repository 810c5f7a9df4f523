"""The walks of channels in `crawl.db`: where each begins, what it has read, and what it leaves for the next one.

A channel's edge says until when the channel is known without a gap. A walk goes on until a page whose entries all
were seen on that channel before the edge. It is not enough that they are known: a walk that was cut short by
`--limit` knows the first page, and not the second. From time to time a walk goes to the end all the same, for what
slipped in behind the edge. Whoever calls holds the transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from archive.records import Channel, Walked, WalkEnd
from crawler.frontier import Ended, Head, Recognised
from crawler.frontier.asks import ask_key, channel_key, dump_ask, load_ask
from crawler.lists import REWALK, Ask

OLDEST_WALK = timedelta(days=1)
"""An interrupted walk older than this starts again at its first page, for the list has moved on meanwhile.

So does one that has left something behind, under bounds or at a page that did not come.
"""


class Walks:
    """The open walks of one crawl, its edges and heads, and what each channel has shown."""

    def __init__(self, db: sqlite3.Connection, now: Callable[[], datetime]) -> None:
        self._db = db
        self._now = now

    def begin(self, channel: Channel, *, rewalk: Mapping[str, int]) -> None:
        """Go on with the channel's walk where it was interrupted, or open a new one."""
        key, reader = channel_key(channel), _reader(channel)
        walk = self._row("select * from walks where channel = ?", key)
        if walk is not None:
            is_fresh = walk["started_at"] > (self._now() - OLDEST_WALK).isoformat()
            if is_fresh and walk["how"] is None and walk["reader"] == reader:
                return
            self._settle(key)
        if self._row("select 1 from asks where channel = ?", key):  # then the first page has to be seen again
            self._db.execute(_NO_VALIDATORS, (key,))
        self._db.execute("delete from asks where channel = ? and kind = 'list'", (key,))
        self._db.execute("delete from walked where channel = ?", (key,))
        edge = self._row("select * from edges where channel = ?", key)
        if edge is not None and edge["reader"] != reader:  # read otherwise, it may show what it did not
            self._db.execute("delete from edges where channel = ?", (key,))
            self._db.execute("delete from heads where channel = ?", (key,))
            edge = None
        oldest = self._now() - timedelta(days=rewalk.get(channel.source, REWALK))
        to_end = edge is None or edge["to_end_at"] < oldest.isoformat()
        self._db.execute(
            "insert or replace into walks (channel, reader, started_at, to_end) values (?, ?, ?, ?)",
            (key, reader, self._stamp(), to_end),
        )
        self._db.execute("update asks set state = 'pending' where channel = ?", (key,))

    def head(self, channel: Channel) -> Head:
        """Where the walk begins; at the channel's own address when it is to go to the end."""
        key = channel_key(channel)
        if self._row("select 1 from walks where channel = ? and to_end", key):
            return Head()
        found = self._row("select ask from heads where channel = ?", key)
        edge = self._row("select etag, last_modified from edges where channel = ?", key)
        return Head(
            ask=replace(load_ask(found["ask"], {key: channel}), page=1) if found else None,
            etag=edge["etag"] if edge else None,
            last_modified=edge["last_modified"] if edge else None,
        )

    def turn_to(self, channel: str, key: str) -> bool:
        """Note that the walk asks a list page; False if it has asked it before."""
        return bool(self._db.execute("insert or ignore into walked values (?, ?)", (channel, key)).rowcount)

    def see(self, key: str, channel: str) -> None:
        """Note that a channel has an entry, or has led to one ('' for none)."""
        self._db.execute("insert or ignore into seen values (?, ?, ?, '')", (key, channel, self._stamp()))

    def is_seen(self, key: str) -> bool:
        """Whether any channel has shown it, or an ask has come by it."""
        return self._row("select 1 from seen where url_key = ? limit 1", key) is not None

    def forget(self, key: str) -> None:
        """Let a later walk find this entry anew."""
        self._db.execute("delete from seen where url_key = ?", (key,))

    def recognise(self, channel: Channel, keys: Sequence[str]) -> Recognised:
        """What is known of the entries of one list page.

        `unknown` are those that no channel has shown, and on a walk to the end also what earlier ones had: an entry
        that was given up then is asked once more, unless the archive holds it.
        """
        own = channel_key(channel)
        here = {key: self._row("select * from seen where url_key = ? and channel = ?", key, own) for key in keys}
        edge = self._row("select reached_at, newest from edges where channel = ?", own)
        walk = self._row("select * from walks where channel = ?", own)
        seen, start = [row for row in here.values() if row is not None], walk["started_at"] if walk else None
        is_known = bool(here) and len(seen) == len(here)
        again = {row["url_key"] for row in seen if walk and walk["to_end"] and row["seen_at"] < walk["started_at"]}
        return Recognised(
            unlisted=frozenset(key for key, row in here.items() if row is None),
            unknown=frozenset(
                key for key, row in here.items() if key in again or (row is None and not self.is_seen(key))
            ),
            at_edge=is_known
            and edge is not None
            and not (walk and walk["to_end"])
            and all(row["seen_at"] <= edge["reached_at"] for row in seen),
            looped=is_known and start is not None and all(row["shown_at"] >= start for row in seen),
            shown=self._shown(own, start) if start else 0,
            pages=walk["pages"] if walk else 0,
            is_last=self._count("select count(*) from asks where channel = ? and kind = 'list'", own) <= 1,
            newest=date.fromisoformat(edge["newest"]) if edge and edge["newest"] else None,
        )

    def note_page(self, channel: str, key: str, ended: Ended, *, is_first: bool, asks: Sequence[Ask]) -> None:
        """Keep what the list page asked as `key` told: its entries, its totals, whether later walks begin behind it."""
        stamp = self._stamp()
        self._db.executemany(_SHOW, [(listed, channel, stamp, stamp) for listed in ended.listed])
        if ended.is_column and len(asks) == 1:
            head = (channel, ask_key(asks[0]), dump_ask(asks[0]))
            self._db.execute("insert or replace into heads values (?, ?, ?)", head)
        elif is_first and ended.listed and not self._is_head(channel, key):
            self._db.execute("delete from heads where channel = ?", (channel,))
        if ended.walk == "unread":  # it may be asked once more, by whatever the walk begins with now
            self._db.execute("delete from walked where channel = ? and ask_key = ?", (channel, key))
            return
        is_read = ended.how == "done" and ended.walk != "unchanged"
        newest = ended.newest if ended.newest and ended.newest <= self._now().date() else None
        self._db.execute(
            _WALK_ON,
            {
                "channel": channel,
                "at": stamp,
                "pages": int(is_read),
                "total": ended.total,
                "total_pages": ended.pages,
                "newest": newest.isoformat() if newest else None,
                "at_edge": ended.walk == "edge",
                "unchanged": ended.walk == "unchanged",
            },
        )
        if is_read and (self._is_head(channel, key) or (is_first and not ended.is_column)):
            self._db.execute(
                "update walks set etag = ?, last_modified = ? where channel = ?",
                (ended.etag, ended.last_modified, channel),
            )

    def count_new(self, channel: str, new: int) -> None:
        """Note that so many entries were asked for the first time."""
        self._db.execute("update walks set new = new + ? where channel = ?", (new, channel))

    def spoil(self, channel: str, how: WalkEnd, why: str | None) -> None:
        """Note that the walk leaves something behind: the edge stays. That something failed outweighs an order."""
        self._db.execute(_SPOIL, {"channel": channel, "how": how, "why": why})

    def end(self, channel: Channel, *, reason: str) -> Walked:
        """Close the walk if it has nothing left, move the edge if it was complete, and tell how it went."""
        key, now = channel_key(channel), self._now()
        walk = self._row("select * from walks where channel = ?", key)
        started_at = datetime.fromisoformat(walk["started_at"]) if walk else now
        how, detail = self._how(key, walk, reason)
        told = Walked(
            source=channel.source,
            channel=channel.url,
            started_at=started_at,
            ended_at=now,
            how=how,
            pages=walk["pages"] if walk else 0,
            entries=self._shown(key, walk["started_at"]) if walk else 0,
            new=walk["new"] if walk else 0,
            total=walk["total"] if walk else None,
            total_pages=walk["total_pages"] if walk else None,
            detail=detail,
        )
        self._settle(key)
        return told

    def _how(self, key: str, walk: sqlite3.Row | None, reason: str) -> tuple[WalkEnd, str | None]:
        if walk is not None and walk["how"] is not None:
            return walk["how"], walk["why"]
        left = self._count("select count(*) from asks where channel = ? and state = 'pending'", key)
        if walk is None or walk["read_at"] is None:
            return "cut", f"{reason} before its first list page"
        if left:
            return "cut", f"{reason}; {left} pages were still to be asked"
        return "unchanged" if walk["unchanged"] else "edge" if walk["at_edge"] else "end", None

    def _settle(self, key: str) -> None:
        """Close the walk of a channel that has nothing left; one that was complete moves the edge."""
        walk = self._row("select * from walks where channel = ?", key)
        if walk is None or self._row("select 1 from asks where channel = ? and state = 'pending'", key):
            return
        if walk["how"] is not None:
            self._db.execute(_NO_VALIDATORS, (key,))
        elif walk["read_at"] is None:
            pass  # it never began
        elif walk["unchanged"] and not walk["pages"]:
            self._db.execute("update edges set reached_at = ? where channel = ?", (walk["read_at"], key))
        else:
            self._db.execute(_MOVE_EDGE, dict(walk))
        self._db.execute("delete from walks where channel = ?", (key,))
        self._db.execute("delete from walked where channel = ?", (key,))

    def _is_head(self, channel: str, key: str) -> bool:
        return self._row("select 1 from heads where channel = ? and ask_key = ?", channel, key) is not None

    def _shown(self, channel: str, since: str) -> int:
        return self._count("select count(*) from seen where channel = ? and shown_at >= ?", channel, since)

    def _count(self, query: str, *parameters: str) -> int:
        count: int = self._db.execute(query, parameters).fetchone()[0]
        return count

    def _row(self, query: str, *parameters: str) -> sqlite3.Row | None:
        cursor = self._db.execute(query, parameters)
        row: sqlite3.Row | None = cursor.fetchone()
        return row

    def _stamp(self) -> str:
        return self._now().isoformat(timespec="microseconds")


def _reader(channel: Channel) -> str:
    return f"{channel.family} {json.dumps(dict(channel.options), ensure_ascii=False, sort_keys=True)}"


_SHOW = """insert into seen values (?, ?, ?, ?)
  on conflict (url_key, channel) do update set shown_at = excluded.shown_at"""
# a first page that is older than a later one holds pinned entries: that it did not change will say nothing
_WALK_ON = """update walks set read_at = :at, pages = pages + :pages, total = coalesce(:total, total),
  total_pages = coalesce(:total_pages, total_pages), etag = iif(:newest > coalesce(newest, ''), null, etag),
  last_modified = iif(:newest > coalesce(newest, ''), null, last_modified),
  newest = max(coalesce(newest, ''), coalesce(:newest, '')),
  at_edge = at_edge or :at_edge, unchanged = :unchanged where channel = :channel"""
_SPOIL = """update walks set how = :how, why = :why
  where channel = :channel and (how is null or (how = 'cut' and :how = 'failed'))"""
_MOVE_EDGE = """insert into edges (channel, reached_at, to_end_at, reader, newest, etag, last_modified)
  values (:channel, :read_at, :read_at, :reader, nullif(:newest, ''), :etag, :last_modified)
  on conflict (channel) do update set reached_at = excluded.reached_at,
  to_end_at = iif(:at_edge, to_end_at, excluded.to_end_at), reader = excluded.reader,
  newest = iif(:at_edge, max(coalesce(newest, ''), coalesce(excluded.newest, '')), excluded.newest),
  etag = excluded.etag, last_modified = excluded.last_modified"""
_NO_VALIDATORS = "update edges set etag = null, last_modified = null where channel = ?"
