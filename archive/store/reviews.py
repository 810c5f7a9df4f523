"""The queue of matches that tracing leaves to a person, those first whose answer is worth most."""

from __future__ import annotations

from typing import TypedDict, cast

from sqlite_utils import Database

from archive.store.chains import text_of
from archive.store.issues import OFF_TOPIC
from archive.store.nearby import follow
from archive.store.rows import ask
from archive.urls import url_key

_ORIGINAL = 50
"""What it is worth that a copy may get an official original."""
_FIRST = 20
"""That a notice may get its first other copy."""
_COMES_ALONG, _ALONG_AT_MOST = 5, 25
"""Each further copy of the notice that would come along, and all of them."""


class Side(TypedDict):
    """One of the two copies of a pair; `notice` is where it stands now."""

    url: str
    notice: str
    title: str | None
    published_on: str | None
    source: str | None
    agency: str | None


class Pair(TypedDict):
    """A copy, and the one of another notice that it may print."""

    score: int
    copy: Side
    candidate: Side
    why: str
    """What keeps tracing from telling."""
    is_link: bool
    """Whether the copy names the candidate as its original."""
    shared: float | None
    """The greater of the shares of either text that the other has; null where they were not laid beside each other."""
    gives_original: bool
    """Whether the copy's notice has no official original, and the candidate's has."""
    first_repost: bool
    """Whether the candidate's notice has no other copy yet."""
    comes_along: int
    """Other copies of the copy's notice."""


class Rival(TypedDict):
    """Another page that a copy is like, and why it is not that; `veto` is null where it is only less like it."""

    url: str
    notice: str
    title: str | None
    veto: str | None


def queue(db: Database) -> list[Pair]:
    """Every pair to look at, by its score: percent of text shared; 50 more where the copy's notice gets an original,
    20 where the candidate's gets its first repost, 5 for each other copy that comes along, up to 25.

    Beside what tracing could not tell there are links to an original of another text; where nothing in common was found
    the answer is nearly certain, and they score a tenth.
    """
    asked = {(row["copy"], row["other"]): row["why"] for row in ask(db, "select copy, other, why from reviews")}
    linked = {(row["copy"], follow(db, row["claimed_key"])): row["why"] for row in ask(db, _LINKS, [OFF_TOPIC])}
    pairs = (_pair(db, *keys, why, is_link=keys not in asked) for keys, why in {**linked, **asked}.items())
    found = [pair for pair in pairs if pair is not None]
    return sorted(found, key=lambda pair: (-pair["score"], pair["copy"]["url"]))


def rivals(db: Database, pair: Pair, limit: int) -> list[Rival]:
    """What else the copy of a pair is like, besides its notice and the candidate's, the most alike first."""
    rows = ask(
        db,
        "select copies.url, copies.notice, copies.title, veto from likenesses join copies on copies.url_key = other"
        " where copy = ? and copies.notice not in (?, ?)"
        " order by covers + covered desc, likenesses.title desc, other limit ?",
        [url_key(pair["copy"]["url"]), pair["copy"]["notice"], pair["candidate"]["notice"], limit],
    )
    return [cast("Rival", row) for row in rows]


def texts(db: Database, pair: Pair) -> tuple[str, str]:
    """The latest texts of the candidate and of the copy."""
    return text_of(db, url_key(pair["candidate"]["url"])), text_of(db, url_key(pair["copy"]["url"]))


def _pair(db: Database, key: str, other: str, why: str, *, is_link: bool) -> Pair | None:
    """A pair with what its answer is worth; None for a candidate that is no copy, or stands with the copy already."""
    mine, theirs = _side(db, key), _side(db, other)
    if mine is None or theirs is None or mine["notice"] == theirs["notice"]:
        return None
    row = next(ask(db, "select covers, covered from likenesses where copy = ? and other = ?", [key, other]), None)
    shared = max(row["covers"], row["covered"]) if row is not None else None
    ours, its = (next(ask(db, _NOTICE, [side["notice"]])) for side in (mine, theirs))
    gives_original = ours["original_url"] is None and its["original_url"] is not None
    first_repost, comes_along = its["copies"] == 1, ours["copies"] - 1
    worth = _ORIGINAL * gives_original + _FIRST * first_repost + min(_COMES_ALONG * comes_along, _ALONG_AT_MOST)
    return Pair(
        score=worth // 10 if shared is None else round(100 * shared) + worth,
        copy=mine,
        candidate=theirs,
        why=why,
        is_link=is_link,
        shared=shared,
        gives_original=gives_original,
        first_repost=first_repost,
        comes_along=comes_along,
    )


def _side(db: Database, key: str) -> Side | None:
    return next((cast("Side", row) for row in ask(db, _SIDE, [key])), None)


_LINKS = """
    select copies.url_key as copy, copies.claimed_key, issues.detail as why
    from issues join copies on copies.url = issues.subject
    where issues.kind = ? and issues.state = 'open' and copies.claimed_key is not null
"""

_NOTICE = "select original_url, copies from notices where id = ?"

_SIDE = """
    select copies.url, notice, copies.title, published_on, source, sources.agency
    from copies left join sources on sources.key = copies.source
    where copies.url_key = ? and notice is not null
"""
