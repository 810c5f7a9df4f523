"""What the page of an agency, a place or a source shows, read in one transaction."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from archive.browse.chart_parts import Strip
from archive.browse.near_names import near_names
from archive.browse.reposts import Reposter, Reposting, reposters_of, reposting_of
from archive.browse.statements import statement
from archive.labels import EDITS, ROLES, SOURCE_KINDS, STATES, Words, words_for
from archive.store.times import read_instant

Subject = Literal["agency", "place", "source"]
Row = Mapping[str, Any]

SHOWN: Final = 20
"""Newest notices that are listed; `TOP` of everything else."""
TOP: Final = 12
FEED: Final = 50
STRIPS: Final = 40

_LEVELS: Final = {
    "province": Words("省级地区", "Province"),
    "prefecture": Words("地级地区", "Prefecture"),
    "county": Words("县级地区", "County"),
}
_AGENCY: Final = Words("发文机关", "Issuing agency")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a page is about; `level` and `above` (the places it lies in, the largest first) are a place's, `row` a
    source's."""

    key: str
    name: str
    kind: Words
    level: str = ""
    above: tuple[tuple[str, str], ...] = ()
    row: Row | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Something that notices share, and how many do; `key` is what its own page goes by."""

    key: str
    name: str
    count: int


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


def find_named(conn: sqlite3.Connection, subject: Subject, given: str) -> Named | None:
    """What is asked for; None where the archive knows no such thing."""
    if subject == "agency":
        known = _chosen(conn, subject, given) or _rows(conn, "agency_sources", given=given, publishers="[]")
        return Named(key=given, name=given, kind=_AGENCY) if known else None
    if subject == "source":
        row = next(iter(_rows(conn, "source", given=given)), None)
        if row is None:
            return None
        return Named(key=given, name=row["agency"], kind=words_for(SOURCE_KINDS, row["kind"]), row=row)
    places = {row["code"]: row for row in _rows(conn, "divisions")}
    row = places.get(given)
    if row is None:
        return None
    above = []
    code = row["parent"]
    while code is not None:
        above.append((code, places[code]["name"]))
        code = places[code]["parent"]
    level = row["level"]
    return Named(key=given, name=row["name"], kind=_LEVELS[level], level=level, above=tuple(reversed(above)))


def suggest(conn: sqlite3.Connection, subject: Subject, given: str) -> tuple[Counted, ...]:
    """What may have been meant by a name that is not known."""
    if subject == "agency":
        return _near(given, _agencies(conn))
    if subject == "place":
        known = [Counted(key=row["code"], name=row["name"], count=0) for row in _rows(conn, "divisions")]
    else:
        known = [
            Counted(key=row["key"], name=f"{row['agency']} {row['key']}", count=0) for row in _rows(conn, "sources")
        ]
    return tuple(one for one in known if one.key == given or one.name == given) or _near(given, known)


def read_about(conn: sqlite3.Connection, subject: Subject, named: Named) -> AboutPage:
    """Read all that the page shows."""
    chosen = json.dumps(_chosen(conn, subject, named.key))
    groups = _rows(conn, "about_groups", chosen=chosen)
    months, types = _sum(groups, "month"), _sum(groups, "document_type")
    agencies, publishers = _sum(groups, "issuing_agency"), _sum(groups, "source")
    watched = _watched(conn, subject, named, publishers)
    keys = json.dumps([one.key for one in watched])
    states = {row["month"]: row["state"] for row in _rows(conn, "months", sources=keys)} if watched else {}
    withdrawn = _rows(conn, "about_withdrawn", chosen=chosen, limit=TOP)
    known = _agencies(conn) if subject == "agency" else []
    dated = {month: count for month, count in months.items() if month}
    return AboutPage(
        named=named,
        total=sum(months.values()),
        years=Strip(counts=dated, states=states),
        undated=months.get("", 0),
        span=(min(states), max(states)) if states else None,
        watched=watched,
        strips=tuple(_strips(conn, subject, named, watched)),
        newest=_rows(conn, "about_newest", chosen=chosen, limit=SHOWN),
        types=_top(types),
        agencies=_top(agencies),
        parts=tuple(_parts(conn, named, groups)) if subject == "place" else (),
        edited=tuple(
            EditedShown(row=row, classes=tuple(words_for(EDITS, name) for name in json.loads(row["classes"])))
            for row in _rows(conn, "about_edited", chosen=chosen, limit=TOP)
        ),
        withdrawn=tuple(
            WithdrawnShown(row=row, role=words_for(ROLES, row["role"]), state=words_for(STATES, row["state"]))
            for row in withdrawn
        ),
        withdrawn_total=withdrawn[0]["total"] if withdrawn else 0,
        reposters=_reposters(conn, named, chosen),
        reposting=reposting_of(_rows(conn, "source_reposts", given=named.key), most=TOP) if named.row else None,
        near=_near(named.key, known),
    )


def read_feed(conn: sqlite3.Connection, subject: Subject, named: Named) -> FeedPage:
    """Read what came in last."""
    return FeedPage(
        named=named,
        entries=_rows(conn, "about_feed", chosen=json.dumps(_chosen(conn, subject, named.key)), limit=FEED),
        looked_at=last_look(conn),
    )


def last_look(conn: sqlite3.Connection) -> datetime:
    """When the archive looked last; the epoch where it never did."""
    return read_instant(_rows(conn, "last_look")[0]["at"])


def _rows(conn: sqlite3.Connection, name: str, **bound: object) -> tuple[Row, ...]:
    return tuple(conn.execute(statement(f"page/{name}"), bound).fetchall())


def _chosen(conn: sqlite3.Connection, subject: Subject, given: str) -> list[int]:
    """The notices that a page is about, as the numbers of their rows."""
    return [row["n"] for row in _rows(conn, f"chosen_{subject}", given=given)]


def _sum(groups: Iterable[Row], column: str) -> Counter[str]:
    """How many notices by the values of a column; those without one count for ""."""
    counts: Counter[str] = Counter()
    for row in groups:
        counts[row[column] or ""] += row["count"]
    return counts


def _top(counts: Counter[str]) -> tuple[Counted, ...]:
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Counted(key=name, name=name, count=count) for name, count in ranked[:TOP])


def _agencies(conn: sqlite3.Connection) -> list[Counted]:
    return [Counted(key=row["name"], name=row["name"], count=row["count"]) for row in _rows(conn, "agency_names")]


def _near(given: str, known: Iterable[Counted]) -> tuple[Counted, ...]:
    by_name: dict[str, Counted] = {}
    for one in known:
        by_name.setdefault(one.name, one)
    return tuple(by_name[name] for name in near_names(given, by_name))


def _watched(
    conn: sqlite3.Connection, subject: Subject, named: Named, publishers: Mapping[str, int]
) -> tuple[Counted, ...]:
    """The sources whose coverage tells whether anything is missing here, those with most notices first."""
    if named.row is not None:
        return (Counted(key=named.key, name=named.name, count=publishers.get(named.key, 0)),)
    found = _rows(conn, f"{subject}_sources", given=named.key, publishers=json.dumps(list(publishers)))
    watched = [Counted(key=row["key"], name=row["agency"], count=publishers.get(row["key"], 0)) for row in found]
    return tuple(sorted(watched, key=lambda one: (-one.count, one.key)))


def _strips(conn: sqlite3.Connection, subject: Subject, named: Named, watched: Sequence[Counted]) -> Iterable[Strip]:
    """Coverage by month: a row for each channel of a source, for each source of anything else."""
    if subject == "source":
        rows = _rows(conn, "coverage", source=named.key)
        labels = {row["channel"]: row["name"] or row["channel"] for row in rows}
        by, column = labels, "channel"
    else:
        by, column = {one.key: one.name for one in watched[:STRIPS]}, "source"
        rows = _rows(conn, "coverage_rows", sources=json.dumps(list(by)))
    for key, label in by.items():
        mine = [row for row in rows if row[column] == key]
        yield Strip(
            label=label,
            counts={row["month"]: row["readable"] or 0 for row in mine},
            states={row["month"]: row["state"] for row in mine},
        )


def _parts(conn: sqlite3.Connection, named: Named, groups: Iterable[Row]) -> Iterable[Counted]:
    """The places that belong to this one, by code, each with the notices of all that belongs to it."""
    places = {row["code"]: row for row in _rows(conn, "divisions")}
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
    rows = _rows(conn, "about_reposts", chosen=chosen)
    return reposters_of((row for row in rows if named.row is None or row["source"] != named.key), most=TOP)
