"""Which addresses hang together, by redirects, claims, equal texts and rulings, and where an address leads."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import cast

from sqlite_utils import Database

from archive.cms_ids import cms_id
from archive.records import Kind
from archive.store.likenesses import alike
from archive.store.rows import ask
from archive.text import MIN_COMPARED
from archive.urls import is_home

MANY = ("list", "home", "other")
"""Kinds of page that are no notice's original, whoever names them."""

_HOPS = 5


def follow(db: Database, key: str) -> str:
    """The copy that an address leads to through redirects we captured; the address itself while it leads to none.

    Where dead addresses end that lead to no copy says nothing of them: a whole site may redirect to one page.
    """
    end = end_of(db, key)
    return end if is_copy(db, end) else key


def end_of(db: Database, key: str) -> str:
    """Where an address leads through the latest redirects we captured: to the first copy, at most five steps away."""
    for _ in range(_HOPS):
        if is_copy(db, key):
            return key
        row = next(
            ask(
                db,
                "select outcome, location_key from captures where url_key = ?"
                " and outcome in ('ok', 'moved') order by fetched_at desc, record_id desc limit 1",
                [key],
            ),
            None,
        )
        if row is None or row["outcome"] != "moved" or row["location_key"] is None:
            return key
        key = row["location_key"]
    return key


def moved_to(db: Database, key: str, since: str) -> str | None:
    """The other copy that a copy's address leads to by the last redirect `since` it was seen; None for none."""
    row = next(
        ask(
            db,
            "select location_key from captures where url_key = ? and outcome = 'moved' and fetched_at > ?"
            " order by fetched_at desc, record_id desc limit 1",
            [key, since],
        ),
        None,
    )
    end = end_of(db, row["location_key"]) if row is not None and row["location_key"] else key
    return end if end != key and is_copy(db, end) else None


def same_page(db: Database, key: str) -> set[str]:
    """Copies that may be one page with this one though their texts differ now: of one CMS id, also where one names the
    other by it, or on one site, where one showed first the title and day, or the text, that the other shows."""
    return {row["url_key"] for row in ask(db, _SAME_PAGE, [key])} - {key}


def same_pages(db: Database, keys: Iterable[str]) -> set[str]:
    """The same of several copies."""
    return {other for key in keys for other in same_page(db, key)}


def kind_of_page(db: Database, key: str) -> Kind | None:
    """What an address leads to was captured as last; None while it never answered as itself, or is a copy.

    None as well for a document's address that leads home, or with a CMS's id to a list: sites do so when it is dead.
    """
    end = end_of(db, key)
    row = next(
        ask(
            db,
            "select kind from captures where url_key = ? and outcome = 'ok' and kind is not null"
            " and not exists (select 1 from copies where copies.url_key = captures.url_key)"
            " order by fetched_at desc, record_id desc limit 1",
            [end],
        ),
        None,
    )
    if row is None or (end != key and _is_dead_end(key, row["kind"])):
        return None
    return cast("Kind", row["kind"])


def _is_dead_end(key: str, kind: Kind) -> bool:
    return (kind == "home" and not is_home(key)) or (kind == "list" and cms_id(key) is not None)


def is_dead(db: Database, key: str) -> bool:
    """Whether the last answer at an address was that there is no such page."""
    row = next(
        ask(
            db,
            "select outcome from captures where url_key = ? and outcome in ('ok', 'moved', 'gone', 'soft_404')"
            " order by fetched_at desc, record_id desc limit 1",
            [key],
        ),
        None,
    )
    return row is not None and row["outcome"] in ("gone", "soft_404")


def is_copy(db: Database, key: str) -> bool:
    """Whether an address carries a notice."""
    return next(ask(db, "select 1 from copies where url_key = ?", [key]), None) is not None


def leading_to(db: Database, key: str) -> list[str]:
    """This address, and all that ever redirected to it over any number of steps."""
    return [row["url_key"] for row in ask(db, _LEADING_TO, [key])]


def claimers(db: Database, keys: Iterable[str]) -> set[str]:
    """Copies that ever named one of these addresses as their original."""
    return {row["copy"] for key in keys for row in ask(db, "select copy from claims where claimed_key = ?", [key])}


def closed_set(db: Database, key: str, ruled: Mapping[str, frozenset[str]], *, most: int = sys.maxsize) -> set[str]:
    """Every address whose notice may depend on this one, over any number of steps, and all that lead to them.

    From every member the same set is found. `ruled` gives for an address those that a ruling names beside it.
    A set of more than `most` is given up, and empty.
    """
    closed: set[str] = set()
    waiting = {key}
    told: set[tuple[str, str]] = set()
    while waiting:
        found = waiting.pop()
        closed.add(found)
        waiting |= (_beside(db, found, told) | ruled.get(found, frozenset())) - closed
        if len(closed) + len(waiting) > most:
            return set()
    return closed


def _beside(db: Database, key: str, told: set[tuple[str, str]]) -> set[str]:
    """One step. Texts and notices that were `told` are not looked up again: thousands may share one."""
    found = {row["url_key"] for row in ask(db, _LED_TO, [key])}
    if not is_home(key) and kind_of_page(db, key) not in MANY:  # else nobody's claim holds, and thousands may name it
        before = leading_to(db, key) if is_copy(db, key) else [key]
        found |= claimers(db, before) | set(before)
    row = next(ask(db, "select text_digest, text_length, notice from copies where url_key = ?", [key]), None)
    if row is None:
        return found
    found |= alike(db, key) | same_page(db, key)
    found |= {claim["claimed_key"] for claim in ask(db, "select claimed_key from claims where copy = ?", [key])}
    if row["text_length"] >= MIN_COMPARED and ("text", row["text_digest"]) not in told:
        told.add(("text", row["text_digest"]))
        mates = ask(
            db,
            "select url_key from copies where text_digest = ? and text_length >= ?",
            [row["text_digest"], MIN_COMPARED],
        )
        found.update(mate["url_key"] for mate in mates)
    if row["notice"] and ("notice", row["notice"]) not in told:
        told.add(("notice", row["notice"]))
        rows = ask(db, "select url_key from copies where notice = ?", [row["notice"]])
        found.update(mate["url_key"] for mate in rows)
    return found


LED = """
    with recursive led (url_key) as (
      select ?
      union select location_key from captures join led using (url_key) where outcome = 'moved' and location_key > ''
    )
"""
"""The head of a query over `led`: an address, and all that it ever redirected to over any number of steps."""

LEADING = """
    with recursive leading (key) as (
      select ?
      union select url_key from captures join leading on location_key = key where outcome = 'moved'
    )
"""
"""The same over `leading`: an address, and all that ever redirected to it."""

_SAME_PAGE = f"""
    select other.url_key from copies join copies as other on other.cms_id = copies.cms_id where copies.url_key = ?1
    union
    select other.url_key from copies join copies as other
      on (other.first_title, other.first_published_on) = (copies.title, copies.published_on)
      and +other.source = copies.source
    where copies.url_key = ?1
    union
    select other.url_key from copies join copies as other
      on (other.title, other.published_on) = (copies.first_title, copies.first_published_on)
      and +other.source = copies.source
    where copies.url_key = ?1
    union
    select other.url_key from copies join copies as other
      on other.first_text_digest = copies.text_digest and +other.source = copies.source
    where copies.url_key = ?1 and copies.text_length >= {MIN_COMPARED}
      and other.first_text_digest <> other.text_digest
    union
    select other.url_key from copies join copies as other
      on other.text_digest = copies.first_text_digest and +other.source = copies.source
    where copies.url_key = ?1 and other.text_length >= {MIN_COMPARED}
      and copies.first_text_digest <> copies.text_digest
    union
    select other.url_key from claims join copies as other using (cms_id) where claims.copy = ?1
    union
    select claims.copy from copies join claims using (cms_id) where copies.url_key = ?1
"""  # noqa: S608 (ours)
"""What one page showed last another may have shown first; and a repost may name a page by an address of before.

`+` keeps SQLite from looking through a whole source.
"""

_LED_TO = f"{LED} select url_key from led"  # noqa: S608 (ours)
_LEADING_TO = f"{LEADING} select key as url_key from leading"  # noqa: S608 (ours)
