"""What a search is asked for, as its address says it, and addresses of searches that ask one thing otherwise.

Pure. Whatever stands in an address, this reads it: what cannot be meant is left out and told.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, NamedTuple, get_args

from archive.dates import FIRST_YEAR, LAST_YEAR, read_day

Sort = Literal["relevance", "newest", "oldest"]
Role = Literal["original", "reposted", "repost_only"]
"""Of what a notice is held: its original; reposts beside or without it; nothing but reposts."""

LISTS: Final = ("agency", "province", "city", "source", "type")
"""Filters that take any number of values, each of which may hold."""
FLAGS: Final = ("files", "edited", "gone")
"""Filters that are set or not."""
PAGE_SIZE: Final = 20
"""As many as are ranked and read within a blink."""

_MOST_VALUES: Final = 20
_LONGEST: Final = 200
_LAST_PAGE: Final = 1_000_000


class Misread(NamedTuple):
    """A parameter whose value means nothing here, and the value."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One search. Days are ISO and inclusive. `sort` None is by relevance where there are words, else by date."""

    q: str = ""
    agency: tuple[str, ...] = ()
    province: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    year: int | None = None
    since: str | None = None
    until: str | None = None
    role: Role | None = None
    files: bool = False
    edited: bool = False
    gone: bool = False
    sort: Sort | None = None
    page: int = 1

    @property
    def order(self) -> Sort:
        """How the hits are sorted: without words nothing is more relevant than anything else."""
        has_words = bool(self.q.strip())
        if self.sort is None or (self.sort == "relevance" and not has_words):
            return "relevance" if has_words else "newest"
        return self.sort

    @property
    def span(self) -> tuple[str | None, str | None]:
        """First and last day that a notice may be of; None where it is open."""
        if self.year is None:
            return self.since, self.until
        first, last = f"{self.year}-01-01", f"{self.year}-12-31"
        return max(first, self.since or first), min(last, self.until or last)

    @property
    def is_empty(self) -> bool:
        """Whether no day can be in its span: its year and its days do not meet."""
        first, last = self.span
        return first is not None and last is not None and first > last

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """The filters that are set, each value by itself, in the order of the page."""
        found = [(name, value) for name in LISTS for value in getattr(self, name)]
        found += [(name, str(value)) for name in ("year", "since", "until", "role") if (value := getattr(self, name))]
        return found + [(name, "1") for name in FLAGS if getattr(self, name)]

    def pairs(self) -> list[tuple[str, str]]:
        """The query of the address that asks for this: nothing that goes without saying."""
        found = [("q", self.q)] if self.q else []
        found += [(_ADDRESSED.get(name, name), value) for name, value in self.chosen]
        found += [("sort", self.sort)] if self.sort else []
        return found + ([("page", str(self.page))] if self.page > 1 else [])

    def narrowed(self, name: str, value: str) -> Asked:
        """The same with one more filter, from the first page."""
        if name in LISTS:
            return self._with(page=1, **{name: tuple(dict.fromkeys((*getattr(self, name), value)))})
        return self._with(page=1, **{name: True if name in FLAGS else int(value) if name == "year" else value})

    def widened(self, name: str, value: str | None = None) -> Asked:
        """The same without a filter, or without one value of it, from the first page."""
        if name in LISTS:
            kept = tuple(held for held in getattr(self, name) if value not in {None, held})
            return self._with(page=1, **{name: kept})
        return self._with(page=1, **{name: False if name in FLAGS else None})

    def all_open(self) -> Asked:
        """The same words without any filter."""
        return Asked(q=self.q, sort=self.sort)

    def asking(self, q: str) -> Asked:
        """The same of other words, from the first page."""
        return self._with(q=q, page=1)

    def turned(self, page: int) -> Asked:
        """Another page of the same."""
        return self._with(page=page)

    def sorted_by(self, sort: Sort) -> Asked:
        """The same hits in another order, from the first page."""
        return self._with(sort=sort, page=1)

    def month(self, month: str) -> Asked:
        """The same of one month (`2024-03`), from the first page."""
        return self._with(year=None, since=_first_day(month), until=_last_day(month), page=1)

    def _with(self, **changed: Any) -> Asked:
        return replace(self, **changed)


def read_asked(given: Mapping[str, Sequence[str]]) -> tuple[Asked, tuple[Misread, ...]]:
    """Read the parameters of an address, each with all its values; names that are none of ours say nothing."""
    values = {name: [clean for one in found if (clean := _clean(one))] for name, found in given.items()}
    misread: list[Misread] = []

    def one(name: str, read: Any) -> Any:
        for value in values.get(name, [])[:1]:
            found = read(value)
            if found is None:
                misread.append(Misread(name, value))
            return found
        return None

    since, until = one("from", _first_day), one("to", _last_day)
    if since is not None and until is not None and since > until:
        since, until = one("to", _first_day), one("from", _last_day)
    lists: dict[str, Any] = {name: tuple(dict.fromkeys(values.get(name, ())))[:_MOST_VALUES] for name in LISTS}
    flags: dict[str, Any] = {name: one(name, _flag) or False for name in FLAGS}
    asked = Asked(
        q=_clean(next(iter(given.get("q", ())), ""), _LONGEST_WORDS),
        year=one("year", _year),
        since=since,
        until=until,
        role=one("role", lambda value: _known(value, get_args(Role))),
        sort=one("sort", lambda value: _known(value, get_args(Sort))),
        page=one("page", _page) or 1,
        **lists,
        **flags,
    )
    return asked, tuple(misread)


_LONGEST_WORDS: Final = 1_000
"""Characters of the words that are kept; the search itself reads fewer, and the page says so."""
_ADDRESSED: Final = {"since": "from", "until": "to"}
_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ue000\ue001\ufffe\uffff]+")
_MONTH: Final = re.compile(r"([0-9]{4})(?:-([0-9]{1,2}))?")


def _clean(text: str, longest: int = _LONGEST) -> str:
    """In one line, without what no page can show; cut."""
    return _CONTROLS.sub(" ", text).strip()[:longest].strip()


def _known(value: str, values: Sequence[str]) -> Any:
    return value if value in values else None


def _flag(value: str) -> bool | None:
    return {"1": True, "0": False}.get(value)


def _page(value: str) -> int | None:
    return int(value) if re.fullmatch("[0-9]{1,7}", value) and 1 <= int(value) <= _LAST_PAGE else None


def _year(value: str) -> int | None:
    return int(value) if re.fullmatch("[0-9]{4}", value) and FIRST_YEAR <= int(value) <= LAST_YEAR else None


def _first_day(value: str) -> str | None:
    month = _month(value)
    return f"{month[0]}-{month[1] or 1:02}-01" if month else _day(value)


def _last_day(value: str) -> str | None:
    month = _month(value)
    if month is None:
        return _day(value)
    year, number = month[0], month[1] or 12
    return f"{year}-{number:02}-{monthrange(year, number)[1]}"


def _month(value: str) -> tuple[int, int | None] | None:
    """`2024` or `2024-03` as numbers."""
    found = _MONTH.fullmatch(value)
    if found is None or _year(found[1]) is None:
        return None
    number = int(found[2]) if found[2] else None
    return None if number is not None and not 1 <= number <= 12 else (int(found[1]), number)


def _day(value: str) -> str | None:
    day = read_day(value)
    return None if day is None else str(day)
