"""What a page is about: an agency, a place or a source, found by its name; else what may have been meant."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from archive.browse.rows import Row, read_rows
from archive.labels import SOURCE_KINDS, Words, words_for
from archive.near_names import near_names

Subject = Literal["agency", "place", "source"]

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


def find_named(conn: sqlite3.Connection, subject: Subject, given: str) -> Named | None:
    """Find what is asked for; None where the archive knows no such thing."""
    if subject == "agency":
        known = choose(conn, subject, given) or read_rows(conn, "agency_sources", given=given, publishers="[]")
        return Named(key=given, name=given, kind=_AGENCY) if known else None
    if subject == "source":
        row = next(iter(read_rows(conn, "source", given=given)), None)
        if row is None:
            return None
        return Named(key=given, name=row["agency"], kind=words_for(SOURCE_KINDS, row["kind"]), row=row)
    places = {row["code"]: row for row in read_rows(conn, "divisions")}
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
    """Give what may have been meant by a name that is not known."""
    if subject == "agency":
        return near(given, known_agencies(conn))
    if subject == "place":
        known = [Counted(key=row["code"], name=row["name"], count=0) for row in read_rows(conn, "divisions")]
    else:
        known = [
            Counted(key=row["key"], name=f"{row['agency']} {row['key']}", count=0) for row in read_rows(conn, "sources")
        ]
    return tuple(one for one in known if one.key == given or one.name == given) or near(given, known)


def near(given: str, known: Iterable[Counted]) -> tuple[Counted, ...]:
    """Give those of the known names that are near to one."""
    by_name: dict[str, Counted] = {}
    for one in known:
        by_name.setdefault(one.name, one)
    return tuple(by_name[name] for name in near_names(given, by_name))


def known_agencies(conn: sqlite3.Connection) -> list[Counted]:
    """Every agency that issued alone or first, those with most notices first; counts are of these notices."""
    return [Counted(key=row["name"], name=row["name"], count=row["count"]) for row in read_rows(conn, "agency_names")]


def choose(conn: sqlite3.Connection, subject: Subject, given: str) -> list[int]:
    """The notices that a page is about, as the numbers of their rows."""
    return [row["n"] for row in read_rows(conn, f"chosen_{subject}", given=given)]
