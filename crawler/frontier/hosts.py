"""What is remembered of hosts from crawl to crawl: until when one is left alone, and over what it is reached.

Tables of `crawl.db` that stay when the frontier's own are made anew. Without them the next crawl asks a host that
blocked us, and finds out again over what it is reached: both are polite enough to begin with.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import quote

from archive.records import Transport

LEFT_ALONE: Final = tuple(timedelta(days=days) for days in (1, 2, 4, 7))
"""For how long a host is left alone after its first, second, third block in a row, and after every later one."""
PROBED_AGAIN: Final = timedelta(days=30)
"""How long it is believed over what a host was reached; servers get new certificates, and old ones are replaced."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """A host that is left alone. `blocks` counts those in a row; 0 where the host itself asked to wait."""

    until: datetime
    why: str
    blocks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Over what the addresses of one scheme at one host were reached, and when that was found out."""

    scheme: str
    transport: Transport
    at: datetime


class Hosts:
    """The memory of hosts in one SQLite file. A host is what `pace.name_of` gives, an authority has its port.

    A write that fails is logged and nothing more: what is not remembered is found out again, and on a full disk the
    frontier ends the crawl.
    """

    def __init__(self, path: Path | str, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("pragma busy_timeout=10000")
        self._db.execute("pragma synchronous=normal")
        self._db.executescript(_SCHEMA)

    @classmethod
    def read(cls, path: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Hosts:
        """A copy of what a file remembers, which may be in use or missing; writing to the copy changes nothing."""
        copy = cls(":memory:", now=now)
        if not path.exists():
            return copy
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as db:
            names = {name for (name,) in db.execute("select name from sqlite_master")}
            if "hosts" in names:
                copy._db.executemany("insert into hosts values (?, ?, ?, ?)", db.execute("select * from hosts"))
            if "reached" in names:
                copy._db.executemany("insert into reached values (?, ?, ?, ?)", db.execute("select * from reached"))
        return copy

    def block(self, host: str, why: str) -> datetime:
        """A host blocked us once more: until when it is left alone."""
        found = self._db.execute("select blocks from hosts where host = ?", (host,)).fetchone()
        blocks = (found[0] if found else 0) + 1
        until = self._now() + LEFT_ALONE[min(blocks, len(LEFT_ALONE)) - 1]
        self._write("insert or replace into hosts values (?, ?, ?, ?)", host, blocks, until.isoformat(), why)
        return until

    def rest(self, host: str, seconds: float, why: str) -> datetime:
        """A host asks for so long a pause: until when it is left alone, never longer than after a block."""
        until = self._now() + min(timedelta(seconds=seconds), LEFT_ALONE[-1])
        self._write(
            "insert into hosts values (?, 0, ?, ?) on conflict (host) do update set until = excluded.until, "
            "why = excluded.why where excluded.until > until",
            *(host, until.isoformat(), why),
        )
        return until

    def forgive(self, host: str) -> None:
        """A host answers again: its next block is a first one."""
        self._write("delete from hosts where host = ?", host)

    def known(self) -> Mapping[str, Rest]:
        """Every host with blocks in a row or a pause, by name; those whose time is over, too."""
        query = "select host, blocks, until, why from hosts order by host"
        return {
            host: Rest(until=datetime.fromisoformat(until), why=why, blocks=blocks)
            for host, blocks, until, why in self._db.execute(query)
        }

    def transport(self, authority: str, scheme: str) -> Transport | None:
        """Over what the addresses of this scheme were reached; None where it must be found out."""
        return next((one.transport for one in self.reached(authority) if one.scheme == scheme), None)

    def reached(self, authority: str) -> tuple[Reached, ...]:
        """What is believed of a host, `http` before `https`."""
        since = (self._now() - PROBED_AGAIN).isoformat()
        query = "select scheme, transport, at from reached where authority = ? and at > ? order by scheme"
        return tuple(
            Reached(scheme=scheme, transport=transport, at=datetime.fromisoformat(at))
            for scheme, transport, at in self._db.execute(query, (authority, since))
        )

    def learn(self, authority: str, scheme: str, transport: Transport) -> None:
        """The addresses of this scheme were reached so; believed from the day on which it was found out."""
        if self.transport(authority, scheme) != transport:
            self._write(
                "insert or replace into reached values (?, ?, ?, ?)",
                *(authority, scheme, transport, self._now().isoformat()),
            )

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _write(self, statement: str, *parameters: str | int) -> None:
        try:
            self._db.execute(statement, parameters)
        except sqlite3.Error as problem:
            logger.warning("What is known of hosts cannot be written: %s", problem)


_SCHEMA = """
create table if not exists hosts (
  host text primary key, blocks integer not null, until text not null, why text not null
) without rowid;
create table if not exists reached (
  authority text, scheme text, transport text not null, at text not null, primary key (authority, scheme)
) without rowid;
"""
