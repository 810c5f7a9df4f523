"""What the page of an agency, a place or a source shows, read in one transaction."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive.browse.about.named import Counted, Named, Subject, choose, known_agencies, near
from archive.browse.about.reposts import Reposter, Reposting, reposters_of, reposting_of
from archive.browse.charts.parts import Strip
from archive.browse.rows import Row, last_look, month_states, read_rows
from archive.labels import EDITS, ROLES, STATES, Words, words_for

SHOWN: Final = 20
"""Newest notices that are listed; `TOP` of everything else."""
TOP: Final = 12
FEED: Final = 50
STRIPS: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedShown:
    """A notice that was edited, with its gravest edit."""

    row: Row
    classes: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnShown:
    """A copy that is not there any more."""

    row: Row
    role: Words
    state: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutPage:
    """All that the page shows. `years` are the counts over the coverage of `watched`; `strips` is that by month."""

    named: Named
    total: int
    years: Strip
    undated: int
    span: tuple[str, str] | None
    watched: tuple[Counted, ...]
    strips: tuple[Strip, ...]
    newest: tuple[Row, ...]
    types: tuple[Counted, ...]
    agencies: tuple[Counted, ...]
    parts: tuple[Counted, ...]
    edited: tuple[EditedShown, ...]
    withdrawn: tuple[WithdrawnShown, ...]
    withdrawn_total: int
    reposters: tuple[Reposter, ...]
    reposting: Reposting | None
    near: tuple[Counted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """What the feed holds: notices, and when the archive looked last."""

    named: Named
    entries: tuple[Row, ...]
    looked_at: datetime


def read_about(conn: sqlite3.Connection, subject: Subject, named: Named) -> AboutPage:
    """Read all that the page shows."""
    chosen = json.dumps(choose(conn, subject, named.key))
    groups = read_rows(conn, "about_groups", chosen=chosen)
    months, types = _sum(groups, "month"), _sum(groups, "document_type")
    agencies, publishers = _sum(groups, "issuing_agency"), _sum(groups, "source")
    watched = _watched(conn, subject, named, publishers)
    states = month_states(conn, [one.key for one in watched])
    withdrawn = read_rows(conn, "about_withdrawn", chosen=chosen, limit=TOP)
    known = known_agencies(conn) if subject == "agency" else []
    dated = {month: count for month, count in months.items() if month}
    return AboutPage(
        named=named,
        total=sum(months.values()),
        years=Strip(counts=dated, states=states),
        undated=months.get("", 0),
        span=(min(states), max(states)) if states else None,
        watched=watched,
        strips=tuple(_strips(conn, subject, named, watched)),
        newest=read_rows(conn, "about_newest", chosen=chosen, limit=SHOWN),
        types=_top(types),
        agencies=_top(agencies),
        parts=tuple(_parts(conn, named, groups)) if subject == "place" else (),
        edited=tuple(
            EditedShown(row=row, classes=tuple(words_for(EDITS, name) for name in json.loads(row["classes"])))
            for row in read_rows(conn, "about_edited", chosen=chosen, limit=TOP)
        ),
        withdrawn=tuple(
            WithdrawnShown(row=row, role=words_for(ROLES, row["role"]), state=words_for(STATES, row["state"]))
            for row in withdrawn
        ),
        withdrawn_total=withdrawn[0]["total"] if withdrawn else 0,
        reposters=_reposters(conn, named, chosen),
        reposting=reposting_of(read_rows(conn, "source_reposts", given=named.key), most=TOP) if named.row else None,
        near=near(named.key, known),
    )


def read_feed(conn: sqlite3.Connection, subject: Subject, named: Named) -> FeedPage:
    """Read what came in last."""
    return FeedPage(
        named=named,
        entries=read_rows(conn, "about_feed", chosen=json.dumps(choose(conn, subject, named.key)), limit=FEED),
        looked_at=last_look(conn),
    )


def _sum(groups: Iterable[Row], column: str) -> Counter[str]:
    """How many notices by the values of a column; those without one count for ""."""
    counts: Counter[str] = Counter()
    for row in groups:
        counts[row[column] or ""] += row["count"]
    return counts


def _top(counts: Counter[str]) -> tuple[Counted, ...]:
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Counted(key=name, name=name, count=count) for name, count in ranked[:TOP])


def _watched(
    conn: sqlite3.Connection, subject: Subject, named: Named, publishers: Mapping[str, int]
) -> tuple[Counted, ...]:
    """The sources whose coverage tells whether anything is missing here, those with most notices first."""
    if named.row is not None:
        return (Counted(key=named.key, name=named.name, count=publishers.get(named.key, 0)),)
    found = read_rows(conn, f"{subject}_sources", given=named.key, publishers=json.dumps(list(publishers)))
    watched = [Counted(key=row["key"], name=row["agency"], count=publishers.get(row["key"], 0)) for row in found]
    return tuple(sorted(watched, key=lambda one: (-one.count, one.key)))


def _strips(conn: sqlite3.Connection, subject: Subject, named: Named, watched: Sequence[Counted]) -> Iterable[Strip]:
    """Coverage by month: a row for each channel of a source, for each source of anything else."""
    if subject == "source":
        rows = read_rows(conn, "coverage", source=named.key)
        labels = {row["channel"]: row["name"] or row["channel"] for row in rows}
        by, column = labels, "channel"
    else:
        by, column = {one.key: one.name for one in watched[:STRIPS]}, "source"
        rows = read_rows(conn, "coverage_rows", sources=json.dumps(list(by)))
    for key, label in by.items():
        mine = [row for row in rows if row[column] == key]
        yield Strip(
            label=label,
            counts={row["month"]: row["readable"] or 0 for row in mine},
            states={row["month"]: row["state"] for row in mine},
        )


def _parts(conn: sqlite3.Connection, named: Named, groups: Iterable[Row]) -> Iterable[Counted]:
    """The places that belong to this one, by code, each with the notices of all that belongs to it."""
    places = {row["code"]: row for row in read_rows(conn, "divisions")}
    counts: Counter[str] = Counter()
    for row in groups:
        code = row["division"]
        while code in places and places[code]["parent"] != named.key:
            code = places[code]["parent"]
        if code in places:
            counts[code] += row["count"]
    for code, place in places.items():
        if place["parent"] == named.key:
            yield Counted(key=code, name=place["name"], count=counts[code])


def _reposters(conn: sqlite3.Connection, named: Named, chosen: str) -> tuple[Reposter, ...]:
    """Who else reposts these notices. Of a portal nobody asks: hardly any are its own."""
    if named.row is not None and named.row["kind"] == "portal":
        return ()
    rows = read_rows(conn, "about_reposts", chosen=chosen)
    return reposters_of((row for row in rows if named.row is None or row["source"] != named.key), most=TOP)
