"""What a search may be narrowed to, how many hits that would leave, and what it is narrowed to now."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, get_args

from archive.browse.rows import Row, read_rows
from archive.browse.search.asked import FLAGS, LISTS, Asked, Role
from archive.browse.search.found import Found, bound, count_by
from archive.labels import FIELDS, Words
from archive.near_names import near_names

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
"""Values of one filter: those seen at once, and those with what is behind “more”."""
_NEAR: Final = 3


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
class Unknown:
    """A value that no notice has, and values that may have been meant."""

    name: str
    value: str
    near: tuple[Choice, ...]


def read_chosen(asked: Asked, sources: Mapping[str, Row]) -> Iterator[Choice]:
    """The filters that are set, each with the search without it."""
    for name, value in asked.chosen:
        label = label_of(name, value, sources)
        yield Choice(name=name, value=value, label=label, count=0, asked=asked.widened(name, value), is_chosen=True)


def read_facets(conn: sqlite3.Connection, asked: Asked, found: Found, sources: Mapping[str, Row]) -> Iterator[Facet]:
    """Every filter that leaves something. Of one that is set, what else it could be, as the other filters have it."""
    for name in (name for name in LABELS if name in LISTS):
        chosen = getattr(asked, name)
        if name == "city" and not (asked.province or asked.city):
            continue  # there are hundreds
        counts = count_by(conn, asked.widened(name), name) if chosen else found.counts[name]
        values = list(_most(counts, chosen))
        choices = [_choice(asked, name, value, counts[value], sources) for value in values[:_MOST]]
        yield from _facet(name, choices, left=len(values[_MOST:]))
    roles = [role for role in get_args(Role) if asked.role in {None, role}]
    yield from _facet("role", [_choice(asked, "role", role, found.counts[role][True], sources) for role in roles])
    yield from _facet("marks", [_choice(asked, flag, "1", found.counts[flag][True], sources) for flag in FLAGS])


def read_unknown(conn: sqlite3.Connection, asked: Asked, sources: Mapping[str, Row]) -> Iterator[Unknown]:
    """Values asked for that no notice has."""
    if not any(getattr(asked, name) for name in LISTS):
        return
    for name, value in (row.values() for row in read_rows(conn, "search_unknown", **bound(asked))):
        names = {row["value"]: row["value"] for row in read_rows(conn, "search_names", name=name)}
        if name == "source":
            names = {str(row["agency"]): key for key, row in sources.items()}
        instead = asked.widened(name, value)
        near = [_choice(instead, name, names[one], 0, sources) for one in near_names(value, names, most=_NEAR)]
        yield Unknown(name=name, value=value, near=tuple(near))


def label_of(name: str, value: str, sources: Mapping[str, Row]) -> str | Words:
    """What a reader sees for the value of a filter."""
    if name == "source" and value in sources:
        return str(sources[value]["agency"])
    return VALUES[name] if name in FLAGS else VALUES[value] if name == "role" else value


def _facet(name: str, choices: Sequence[Choice], *, left: int = 0) -> Iterator[Facet]:
    held = [choice for choice in choices if choice.count or choice.is_chosen]
    if held:
        yield Facet(name=name, label=LABELS[name], shown=tuple(held[:_SHOWN]), more=tuple(held[_SHOWN:]), left=left)


def _most(counts: Counter[Any], chosen: Sequence[str]) -> Iterable[str]:
    """Values, those chosen first, then those that most hits have."""
    ranked = sorted((value for value in counts if value is not None), key=lambda value: (-counts[value], value))
    return dict.fromkeys((*chosen, *ranked))


def _choice(asked: Asked, name: str, value: str, count: int, sources: Mapping[str, Row]) -> Choice:
    is_chosen = (name, value) in asked.chosen
    other = asked.widened(name, value) if is_chosen else asked.narrowed(name, value)
    label = label_of(name, value, sources)
    return Choice(name=name, value=value, label=label, count=count, asked=other, is_chosen=is_chosen)
