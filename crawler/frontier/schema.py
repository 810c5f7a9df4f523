"""The tables of `crawl.db`. The file may be deleted: the next crawl only walks more lists."""

from __future__ import annotations

import sqlite3
from pathlib import Path

VERSION = 2


def open_notebook(path: Path | str) -> sqlite3.Connection:
    """Open or create `crawl.db`. One of another version is emptied: what it knew, the archive knows too."""
    db = sqlite3.connect(path, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.execute("pragma journal_mode=wal")
    # a commit is a write(), which survives kill -9; after a power cut the last commits may be missing, never torn
    db.execute("pragma synchronous=normal")
    db.execute("pragma busy_timeout=10000")
    if db.execute("pragma user_version").fetchone()[0] != VERSION:
        db.executescript(_SCHEMA)
    db.executescript(_SCOPE)
    return db


_SCHEMA = f"""
begin immediate;
drop table if exists asks;
drop table if exists seen;
drop table if exists walked;
drop table if exists walks;
drop table if exists edges;
drop table if exists heads;
drop table if exists crawls;

-- source and channel are '' for what the archive wants; state is pending or failed; hops is JSON; of the rows of one
-- host those of a lower rank go first
create table asks (
  id integer primary key,
  source text not null,
  channel text not null,
  host text not null,
  ask_key text not null unique,
  kind text not null,
  rank integer not null,
  ask text not null,
  hops text not null default '{{}}',
  state text not null default 'pending',
  tries integer not null default 0
);
create index asks_next on asks(host, state, rank, id);
create index asks_channel on asks(channel, state);

-- entries that a channel has shown, for ever: when first, and when last
create table seen (
  url_key text, channel text, seen_at text not null, shown_at text not null, primary key (url_key, channel)
) without rowid;
create index seen_shown on seen(channel, shown_at);

-- list pages that the open walk of a channel has asked
create table walked (channel text, ask_key text, primary key (channel, ask_key)) without rowid;

-- the open walk of each channel. reader is the family and options it is read by; read_at is when its last list page
-- was read; to_end when the edge does not count; at_edge when it stopped there; how is cut or failed when something was
-- left behind, and why. The validators are those of its first page.
create table walks (
  channel text primary key,
  reader text not null,
  started_at text not null,
  to_end integer not null,
  read_at text,
  pages integer not null default 0,
  new integer not null default 0,
  total integer,
  total_pages integer,
  newest text,
  at_edge integer not null default 0,
  unchanged integer not null default 0,
  how text,
  why text,
  etag text,
  last_modified text
);

-- crawls in the order of their beginning
create table crawls (n integer primary key, id text not null unique, ended integer not null default 0);

-- until when a channel is known without a gap: the end of its last complete walk; when it was last walked to its end;
-- by which family and options it was read
create table edges (
  channel text primary key,
  reached_at text not null,
  to_end_at text not null,
  reader text not null,
  newest text,
  etag text,
  last_modified text
) without rowid;

-- the list page at which walks begin, where the channel's own address only leads there
create table heads (channel text primary key, ask_key text not null, ask text not null) without rowid;

pragma user_version = {VERSION};
commit;
"""

# of which channels a crawl takes rows, '' for those of none, in the plan's order; filled by the crawl
_SCOPE = """
create temp table scope (channel text primary key, place integer not null) without rowid;
create temp view ready as select asks.*, place from asks cross join scope using (channel) where state = 'pending';
"""
