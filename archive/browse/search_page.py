"""What a search page shows, read in one transaction: hits, what they are, what is chosen, and how far they reach."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from archive.browse.chart_parts import Strip
from archive.browse.near_names import near_names
from archive.browse.search_asked import FLAGS, LISTS, PAGE_SIZE, Asked
from archive.browse.search_coverage import Reach, asked_sources, month_states, read_reach, read_sources
from archive.browse.search_found import Found, bound, find
from archive.browse.statements import statement
from archive.labels import FIELDS, Words
from archive.store.words import MARK_START, understand

Row = Mapping[str, Any]

LABELS: Final[Mapping[str, Words]] = {
    "type": FIELDS["document_type"],
    "province": Words("省份", "Province"),
    "city": Words("城市", "City"),
    "agency": FIELDS["issuing_agency"],
    "source": FIELDS["source"],
    "role": Words("持有", "Held"),
    "marks": Words("特征", "Marks"),
    "files": FIELDS["attachments"],
    "edited": Words("改动", "Edits"),
    "gone": Words("原文", "Original"),
    "year": Words("年份", "Year"),
    "since": Words("自", "From"),
    "until": Words("至", "Until"),
    "sort": Words("排序", "Order"),
    "page": Words("页码", "Page"),
}
"""What a reader is told a parameter is; `from` and `to` of an address are `since` and `until`."""

VALUES: Final[Mapping[str, Words]] = {
    "original": Words("原文", "the original"),
    "reposted": Words("有转载", "reposts of it"),
    "repost_only": Words("仅有转载", "reposts alone"),
    "files": Words("有附件", "links files"),
    "edited": Words("发布后有改动", "edited afterwards"),
    "gone": Words("原文已撤下", "original withdrawn"),
}
"""Roles and flags as a reader chooses them."""

_SHOWN: Final = 8
_MOST: Final = 40
"""Values of one filter: those seen at once, and those behind “more”."""
_NEAR: Final = 3
_TRIES: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value that the hits may be narrowed to, or are: `asked` is the search with it put in, or taken out."""

    name: str
    value: str
    label: str | Words
    count: int
    asked: Asked
    is_chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One filter with its values, those that most hits have first; `more` are seen when they are asked for.

    `left` is how many values more there are.
    """

    name: str
    label: Words
    shown: tuple[Choice, ...]
    more: tuple[Choice, ...]
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One notice found. Words found stand between the marks of `zh_snippet`."""

    row: Row
    place: str
    snippet: str
    in_files: bool
    """Whether the snippet is of a file, because the text has nothing of what was asked."""
    agencies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A value that no notice has, and values that may have been meant."""

    name: str
    value: str
    near: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """Why nothing may have been found, and what does find something: each with how much."""

    reach: Reach
    terms: tuple[tuple[str, int], ...]
    """Of several words, each alone."""
    wider: tuple[Choice, ...]
    """The search without one of its filters."""
    unfiltered: int
    """How many the words alone find, where several filters are set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """One page of a search. `asked` has the page that is shown, where the one asked for is beyond the last."""

    asked: Asked
    total: int
    pages: int
    hits: tuple[Hit, ...]
    chosen: tuple[Choice, ...]
    facets: tuple[Facet, ...]
    unknown: tuple[Unknown, ...]
    left_out: tuple[str, ...]
    """Words of the query that are too many to be searched for."""
    is_cut: bool
    strip: Strip
    span: tuple[str, str] | None
    """First and last month to draw, where the search says them."""
    undated: int
    about_sources: int
    nothing: Nothing | None

    @property
    def first(self) -> int:
        """Number of the first hit shown, from 1; 0 where there is none."""
        return (self.asked.page - 1) * PAGE_SIZE + 1 if self.hits else 0


def read_search(conn: sqlite3.Connection, asked: Asked) -> SearchPage:
    """Read one page of a search."""
    found = find(conn, asked, most=asked.page * PAGE_SIZE)
    pages = max(1, -(-found.total // PAGE_SIZE))
    asked = asked.turned(min(asked.page, pages))
    sources = read_sources(conn)
    about = asked_sources(asked, sources)
    months = {month: count for month, count in found.counts["month"].items() if month}
    query = understand(asked.q)
    first, last = asked.span
    return SearchPage(
        asked=asked,
        total=found.total,
        pages=pages,
        hits=tuple(_hits(conn, asked, found.first[(asked.page - 1) * PAGE_SIZE : asked.page * PAGE_SIZE])),
        chosen=tuple(_chosen(asked, sources)),
        facets=tuple(_facets(conn, asked, found, sources)),
        unknown=tuple(_unknown(conn, asked, sources)),
        left_out=tuple(term.typed for term in query.left_out),
        is_cut=query.is_cut,
        strip=Strip(counts=months, states=month_states(conn, about if len(about) < len(sources) else None)),
        span=(first[:7], last[:7]) if first and last and first <= last else None,
        undated=found.counts["month"][None],
        about_sources=len(about),
        nothing=None if found.total else _nothing(conn, asked, sources),
    )


def label_of(name: str, value: str, sources: Mapping[str, Row]) -> str | Words:
    """What a reader sees for the value of a filter."""
    if name == "source" and value in sources:
        return str(sources[value]["agency"])
    return VALUES[name if name in FLAGS else value] if name in FLAGS or value in VALUES else value


def _hits(conn: sqlite3.Connection, asked: Asked, numbers: Sequence[int]) -> Iterator[Hit]:
    for row in conn.execute(statement("page/search_hits"), {"hits": json.dumps(numbers), "q": asked.q}):
        in_files = MARK_START not in row["in_text"] and MARK_START in row["in_files"]
        yield Hit(
            row=dict(row),
            place=" ".join(part for part in (row["province"], row["city"]) if part),
            snippet=" ".join((row["in_files"] if in_files else row["in_text"]).split()),
            in_files=in_files,
            agencies=tuple((row["agencies"] or "").split("\n")) if row["agencies"] else (),
        )


def _chosen(asked: Asked, sources: Mapping[str, Row]) -> Iterator[Choice]:
    for name, value in asked.chosen:
        label = label_of(name, value, sources)
        yield Choice(name=name, value=value, label=label, count=0, asked=asked.widened(name, value), is_chosen=True)


def _facets(conn: sqlite3.Connection, asked: Asked, found: Found, sources: Mapping[str, Row]) -> Iterator[Facet]:
    """Of a filter that is set, what else it could be, as the other filters have it."""
    for name in LABELS:
        if name in LISTS and (name != "city" or asked.province or asked.city):
            chosen = getattr(asked, name)
            counts = find(conn, asked.widened(name), most=0).counts[name] if chosen else found.counts[name]
            values = list(_most(counts, chosen))
            choices = [_choice(asked, name, value, counts[value], sources) for value in values]
        elif name == "role":
            choices = [
                _choice(asked, name, value, found.counts[value][True], sources)
                for value in ("original", "reposted", "repost_only")
                if asked.role in {None, value}
            ]
        elif name == "marks":
            choices = [_choice(asked, flag, "1", found.counts[flag][True], sources) for flag in FLAGS]
        else:
            continue
        held = [choice for choice in choices if choice.count or choice.is_chosen]
        if held:
            shown, more = tuple(held[:_SHOWN]), tuple(held[_SHOWN:_MOST])
            yield Facet(name=name, label=LABELS[name], shown=shown, more=more, left=len(held[_MOST:]))


def _most(counts: Counter[Any], chosen: Sequence[str]) -> Iterable[str]:
    """Values, those chosen first, then those that most hits have."""
    ranked = sorted((value for value in counts if value is not None), key=lambda value: (-counts[value], value))
    return dict.fromkeys((*chosen, *ranked))


def _choice(asked: Asked, name: str, value: str, count: int, sources: Mapping[str, Row]) -> Choice:
    is_chosen = (name, value) in asked.chosen
    other = asked.widened(name, value) if is_chosen else asked.narrowed(name, value)
    label = label_of(name, value, sources)
    return Choice(name=name, value=value, label=label, count=count, asked=other, is_chosen=is_chosen)


def _unknown(conn: sqlite3.Connection, asked: Asked, sources: Mapping[str, Row]) -> Iterator[Unknown]:
    if not any(getattr(asked, name) for name in LISTS):
        return
    rows = conn.execute(statement("page/search_unknown"), bound(asked)).fetchall()
    for name, value in rows:
        names = {row["value"]: row["value"] for row in conn.execute(statement("page/search_names"), {"name": name})}
        if name == "source":
            names = {str(row["agency"]): key for key, row in sources.items()}
        instead = asked.widened(name, value)
        near = [_choice(instead, name, names[one], 0, sources) for one in near_names(value, names, most=_NEAR)]
        yield Unknown(name=name, value=value, near=tuple(near))


def _nothing(conn: sqlite3.Connection, asked: Asked, sources: Mapping[str, Row]) -> Nothing:
    terms = [term.alone for group in understand(asked.q).alternatives for term in group]
    counts = [(term, find(conn, Asked(q=term), most=0).total) for term in terms[:_TRIES]] if len(terms) > 1 else []
    wider = [replace(one, count=find(conn, one.asked, most=0).total) for one in [*_chosen(asked, sources)][:_TRIES]]
    return Nothing(
        reach=read_reach(conn, asked, sources),
        terms=tuple(counts),
        wider=tuple(one for one in wider if one.count),
        unfiltered=find(conn, asked.all_open(), most=0).total if len(wider) > 1 else 0,
    )
