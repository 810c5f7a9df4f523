"""Table `aliases`: under which addresses and former ids a notice is found.

Every copy, every address that a copy ever named as its original and every address that redirects to a copy has a
line, and so has the id that each of them may once have given to a notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlite_utils import Database

from archive.store.nearby import follow
from archive.store.rows import ask, insert
from archive.urls import notice_id


def put_aliases(db: Database, keys: Iterable[str], roots: Mapping[str, str]) -> None:
    """Say anew which notice each of these addresses names; `roots` are named originals with their notices."""
    for key in sorted(keys):
        former = notice_id(key)
        db.execute("delete from aliases where alias in (?, ?)", [key, former])
        kind, notice = _holder(db, key, roots)
        if kind is not None:
            insert(db, "aliases", {"alias": key, "kind": kind, "notice": notice})
        if notice is not None and notice != former:
            insert(db, "aliases", {"alias": former, "kind": "id", "notice": notice})


def _holder(db: Database, key: str, roots: Mapping[str, str]) -> tuple[str | None, str | None]:
    """How an address names a notice, and which. Without a how, it only may have given its id to that notice once."""
    held = _notice(db, _OF_COPY, key)
    if held is not None:
        return "url", held
    if key in roots:
        return "claimed", roots[key]
    led = _notice(db, _OF_COPY, follow(db, key))
    if led is not None:
        return "redirect", led
    linked = _notice(db, _LINKED, key)
    if linked is not None:
        return "claimed", linked
    return None, _notice(db, _CLAIMED, key)


def _notice(db: Database, sql: str, key: str) -> str | None:
    row = next(ask(db, sql, [key]), None)
    return row["notice"] if row is not None else None


_OF_COPY = "select notice from copies where url_key = ? and notice is not null"

_LINKED = """
    select copies.notice from copies join matches on matches.copy = copies.url_key
    where copies.claimed_key = ? and matches.class = 'link' order by copies.url_key limit 1
"""

_CLAIMED = """
    select copies.notice from claims join copies on copies.url_key = claims.copy
    where claims.claimed_key = ? and copies.notice is not null
    order by copies.claimed_key is not claims.claimed_key, copies.url_key limit 1
"""
