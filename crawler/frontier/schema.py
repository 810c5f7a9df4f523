"""The tables of `crawl.db`. The file may be deleted: the next crawl only walks more lists."""

from __future__ import annotations

import sqlite3
from pathlib import Path

VERSION = 1


def open_notebook(path: Path | str) -> sqlite3.Connection:
    """Open or create `crawl.db`. One of another version is emptied: what it knew, the archive knows too."""
    db = sqlite3.connect(path, isolation_level=None)
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
drop table if exists crawls;

-- source and channel are '' for what the archive wants; state is pending or failed; hops is JSON
create table asks (
  id integer primary key,
  source text not null,
  channel text not null,
  host text not null,
  ask_key text not null unique,
  kind text not null,
  ask text not null,
  hops text not null default '{{}}',
  state text not null default 'pending',
  tries integer not null default 0
);
create index asks_next on asks(host, state, id);
create index asks_channel on asks(channel, state);

-- entries that a channel has shown, for ever
create table seen (url_key text, channel text, seen_at text not null, primary key (url_key, channel)) without rowid;

-- list pages that the open walk of a channel has asked
create table walked (channel text, ask_key text, primary key (channel, ask_key)) without rowid;

-- read_at is when its last list page was read; spoiled when something was left behind
create table walks (
  channel text primary key,
  source text not null,
  started_at text not null,
  read_at text,
  spoiled integer not null default 0
);

-- crawls in the order of their beginning
create table crawls (n integer primary key, id text not null unique, ended integer not null default 0);

-- until when a channel is known without a gap: the end of its last complete walk
create table edges (channel text primary key, reached_at text not null) without rowid;

pragma user_version = {VERSION};
commit;
"""

# of which channels a crawl takes rows, '' for those of none; filled by the crawl
_SCOPE = """
create temp table scope (channel text primary key) without rowid;
create temp view ready as select * from asks where state = 'pending' and channel in (select channel from scope);
"""
