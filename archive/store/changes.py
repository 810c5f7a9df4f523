"""What another reading made of the fields of copies: filled before and after, changed, lost, gained; by examples.

Two databases are compared copy by copy. A copy that one of them lacks has no field there, and `copy` itself counts as
a field. Of the text the length counts: one that is empty now is lost, one that lost a fifth is changed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlite_utils import Database

from archive.records import Reading
from archive.store.copies import fields_of

FIELDS = ("copy", *fields_of(Reading(url="")), "text", "attachments")

EXAMPLES = 10
LIMIT = 0.01
"""Share of the values of a field that may be lost before a person has to look."""
LEAST = 20
"""Values that a source has of a field, from which on it is held against the limit by itself."""
_SHORTER = 0.8

_Values = Mapping[str, object]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One copy whose field reads otherwise."""

    url: str
    before: str | int | None
    after: str | int | None


@dataclasses.dataclass(slots=True, kw_only=True)
class FieldChange:
    """What became of one field of a source's copies; `source` is None for copies that are no source's."""

    source: str | None
    field: str
    before: int = 0
    """Copies where it was filled; `after` where it is now."""
    after: int = 0
    changed: int = 0
    """Filled before and after, otherwise."""
    lost: int = 0
    gained: int = 0
    lost_examples: list[Example] = dataclasses.field(default_factory=list)
    changed_examples: list[Example] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A field that lost more than it may; `source` is None where that is so over all sources."""

    source: str | None
    field: str
    before: int
    lost: int


def compare_fields(old: Database, new: Database) -> list[FieldChange]:
    """Compare every field of every copy, by source and in the order of `FIELDS`; fields that are nowhere are left out.

    Examples are the first by url key. The old database may be of an older version, without some of the columns.
    """
    found: dict[tuple[str | None, str], FieldChange] = {}
    for before, after in _pairs(_copies(old), _copies(new)):
        one = before or after
        for name in FIELDS:
            was, now = before.get(name), after.get(name)
            if was is not None or now is not None:
                key = (_text(one["source"]), name)
                _count(found.setdefault(key, FieldChange(source=key[0], field=name)), str(one["url"]), was, now)
    return sorted(found.values(), key=lambda change: (change.source or "", FIELDS.index(change.field)))


def find_losses(changes: Sequence[FieldChange]) -> list[Loss]:
    """Which fields lost more than the limit: over all sources, then by source where there is enough to say so."""
    totals = [
        Loss(source=None, field=name, before=sum(one.before for one in mine), lost=sum(one.lost for one in mine))
        for name in FIELDS
        if (mine := [change for change in changes if change.field == name])
    ]
    single = [
        Loss(source=change.source, field=change.field, before=change.before, lost=change.lost)
        for change in changes
        if change.source is not None and change.before >= LEAST
    ]
    return [loss for loss in (*totals, *single) if loss.lost > LIMIT * loss.before]


def _count(change: FieldChange, url: str, was: object, now: object) -> None:
    change.before += was is not None
    change.after += now is not None
    example = Example(url=url, before=_shown(was), after=_shown(now))
    if was is None:
        change.gained += 1
    elif now is None:
        change.lost += 1
        if len(change.lost_examples) < EXAMPLES:
            change.lost_examples.append(example)
    elif _differ(change.field, was, now):
        change.changed += 1
        if len(change.changed_examples) < EXAMPLES:
            change.changed_examples.append(example)


def _differ(name: str, was: object, now: object) -> bool:
    if name == "text" and isinstance(was, int) and isinstance(now, int):
        return now < _SHORTER * was
    return was != now


def _pairs(old: Iterator[_Values], new: Iterator[_Values]) -> Iterator[tuple[_Values, _Values]]:
    """The copies of both databases side by side, by url key; an empty one where the copy is in one of them only."""
    nothing: _Values = {}
    before, after = next(old, nothing), next(new, nothing)
    while before or after:
        keys = [str(row["url_key"]) for row in (before, after) if row]
        mine = before if before and before["url_key"] == min(keys) else nothing
        theirs = after if after and after["url_key"] == min(keys) else nothing
        yield mine, theirs
        before = next(old, nothing) if mine else before
        after = next(new, nothing) if theirs else after


def _copies(db: Database) -> Iterator[_Values]:
    """The copies by url key, each with its filled fields; None and empty ones stand for not filled."""
    columns = db.table("copies").columns_dict
    names = ", ".join(name if name in columns else f"null as {name}" for name in fields_of(Reading(url="")))
    rows = db.query(
        f"select url_key, url, source, url_key as copy, {names}, text_length as text,"  # noqa: S608 (names of ours)
        " (select count(*) from attachments where attachments.copy = url_key) as attachments"
        " from copies order by url_key"
    )
    for row in rows:
        yield {name: value if value not in ("", "[]", 0) else None for name, value in row.items()}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _shown(value: object) -> str | int | None:
    return value if isinstance(value, int) else _text(value)


def totals(changes: Iterable[FieldChange]) -> list[FieldChange]:
    """The same over all sources, without examples."""
    found: dict[str, FieldChange] = {}
    for change in changes:
        total = found.setdefault(change.field, FieldChange(source=None, field=change.field))
        total.before += change.before
        total.after += change.after
        total.changed += change.changed
        total.lost += change.lost
        total.gained += change.gained
    return sorted(found.values(), key=lambda change: FIELDS.index(change.field))
