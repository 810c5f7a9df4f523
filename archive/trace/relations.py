"""How a notice stands to others that it is not one with, each with its reason in words.

A relation is told from the side of the notice that came later, carries the other or speaks of it (`a`), from what
laying their copies beside each other came to. Of a series each notice is tied to the one before it and to the nearest
two that it was compared with, so that a series of five hundred has some thousand relations and not a hundred thousand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from rapidfuzz.distance import Indel

from archive.names import title_key
from archive.records import Common, Party, Relation
from archive.text import MIN_COMPARED, normalise
from archive.trace.align import Run, align
from archive.trace.forms import Form, cut, read_form
from archive.trace.slots import find_slot
from archive.trace.threads import blanks_differ, revision_mark, without_revision
from archive.trace.titles import forwards, is_digest

_CARRIED: Final = 0.6
"""Share of a notice that a letter or a digest prints which carries it."""
_OTHERS: Final = 0.8
"""Share of a digest that one of its notices is at most."""
_BOTH: Final = 1.1
"""The same of two of them, which chance may give some tokens in common."""
_TEMPLATE: Final = 0.5
"""Share of both texts that two notices of one template have in common."""
_SERIES: Final = 0.4
"""The same where their titles say so, too; unlike texts of one language have a quarter to a third."""
_NEAREST: Final = 2
_MOST: Final = 8
"""Notices that one forwards, prints or revises."""
_LOOKED_AT: Final = 4_000
"""Characters of two texts whose likeness is told."""


def relate(
    own: Party,
    near: Sequence[Common],
    *,
    before: Party | None = None,
    explained: Party | None = None,
    listed: Sequence[Party] = (),
) -> list[Relation]:
    """All relations that are told from the side of one notice.

    `near` are those it was compared with, those first that have most in common; `before` stands before it in its
    series, `explained` has the title that its own title carries, `listed` have titles that its lines are.
    """
    found = [*_forwarded(own, near), *_digested(own, near, listed), *_republished(own, near), *_revised(own, near)]
    if explained is not None:
        found.append(
            Relation(a=own.id, b=explained.id, kind="explains", why="its title is that one's, as a piece about it")
        )
    known = {relation.b for relation in found}
    if before is not None and before.id not in known:
        found += _in_series(own, before, [one for one in near if one.party.id == before.id])
    known = {relation.b for relation in found}
    return [*found, *_of_template(own, [one for one in near if one.party.id not in known])]


def _forwarded(own: Party, near: Sequence[Common]) -> Iterator[Relation]:
    """What a letter of its own carries."""
    if forwards(own.title, own.text):
        parties = [one.party for one in near if one.of_other >= _CARRIED][:_MOST]
        for party, share in _printed(own, [one for one in parties if not forwards(one.title, one.text)]):
            why = f"carries {share:.0%} of it under a letter of its own"
            yield Relation(a=own.id, b=party.id, kind="forwards", why=why)


def _digested(own: Party, near: Sequence[Common], listed: Sequence[Party]) -> Iterator[Relation]:
    """Notices that it prints one behind the other, or any under a title that says so."""
    says_so = is_digest(own.title)
    parts = [one for one in near if one.of_other >= _CARRIED and one.of_own <= _OTHERS][:_MOST]
    can_be = len(parts) > 1 and sum(sorted(one.of_own for one in parts)[:2]) <= _BOTH
    if forwards(own.title, own.text) or not (says_so or can_be):
        return
    parties = {party.id: party for party in (*(one.party for one in parts), *listed)}
    found = _printed(own, list(parties.values()))
    for party, share in found if says_so or len(found) > 1 else ():
        yield Relation(a=own.id, b=party.id, kind="digest_of", why=f"prints {share:.0%} of it, and other texts")


def _printed(own: Party, parties: Sequence[Party]) -> list[tuple[Party, float]]:
    """Of shorter notices those that it really prints, each in a part of its own, and which share of each.

    Of a series only the very one is.
    """
    page = cut(read_form(own.text))
    parts: list[tuple[Party, float, set[int]]] = []
    for party in parties:
        form = cut(read_form(party.text)).beside(page)
        places = _places(form, page) if MIN_COMPARED <= len(form) < len(page) else set()
        if len(places) >= max(MIN_COMPARED, _CARRIED * len(form)):
            parts.append((party, len(places) / len(form), places))
    found: list[tuple[Party, float]] = []
    taken: set[int] = set()
    for party, share, places in sorted(parts, key=lambda part: (-round(part[1], 2), -len(part[2]), part[0].id)):
        if len(places & taken) < len(places) / 5:
            taken |= places
            found.append((party, share))
    return found


def _places(form: Form, page: Form) -> set[int]:
    """Where a page prints a text: as it is, or cut and framed; nowhere if a blank is filled in otherwise."""
    start = page.code.find(form.code)
    runs = [Run(0, start, len(form))] if start >= 0 else align(form, page)
    is_other = start < 0 and find_slot(form, page, runs) is not None
    return set() if is_other else {at for run in runs for at in range(run.other, run.other_end)}


def _republished(own: Party, near: Sequence[Common]) -> Iterator[Relation]:
    """Another bureau's notice that a bureau prints as its own: a lower one's, or the later one's."""
    for one in near:
        other = one.party
        is_whole = one.veto is None and one.match_class == "full"
        are_two = own.bureau is not None and other.bureau is not None and own.bureau != other.bureau
        if is_whole and are_two and (own.level, *own.order) > (other.level, *other.order):
            why = f"prints the same text under its own name, {min(one.of_other, one.of_own):.0%} in common"
            yield Relation(a=own.id, b=other.id, kind="republishes", why=why)


def _revised(own: Party, near: Sequence[Common]) -> Iterator[Relation]:
    for one in near:
        if one.of_other >= _SERIES and _revises(own, one.party):
            yield _revision(own, one.party)


def _in_series(own: Party, before: Party, near: Sequence[Common]) -> Iterator[Relation]:
    """The one before it, if their texts are of one template, too."""
    mine, theirs = (normalise(party.text[:_LOOKED_AT]) for party in (own, before))
    common = Indel.normalized_similarity(mine, theirs)
    if min(len(mine), len(theirs)) >= MIN_COMPARED and common < _SERIES:
        return
    if _revises(own, before):
        yield _revision(own, before)
        return
    said, told = blanks_differ(before.title, own.title)
    if said == told:
        if any(one.veto is None for one in near):  # nothing tells them apart: one notice printed twice, maybe
            return
        said, told = before.day, own.day
    why = f"same series, {common:.0%} in common; differs in {said or '—'} / {told or '—'}"
    yield Relation(a=own.id, b=before.id, kind="sibling", why=why)


def _of_template(own: Party, near: Sequence[Common]) -> Iterator[Relation]:
    """The nearest of those before it that fill in the same template."""
    parted = [one for one in near if one.veto and ": " in one.veto and min(one.of_other, one.of_own) >= _TEMPLATE]
    earlier = [one for one in parted if one.party.order < own.order]
    for one in sorted(earlier, key=lambda one: (_days(own.day, one.party.day), -one.of_own, one.party.id))[:_NEAREST]:
        common = min(one.of_other, one.of_own)
        why = f"same template, {common:.0%} in common; differs in {(one.veto or '').partition(': ')[2]}"
        yield Relation(a=own.id, b=one.party.id, kind="sibling", why=why)


def _revises(own: Party, other: Party) -> bool:
    """Whether a notice is a later edition of another: the same title, a mark of revision, a later day."""
    mark = revision_mark(own.title, own.text)
    if mark is None or not other.day or own.day <= other.day or mark == revision_mark(other.title, other.text):
        return False
    mine, theirs = (title_key(without_revision(party.title)) for party in (own, other))
    return bool(mine) and mine == theirs


def _revision(own: Party, other: Party) -> Relation:
    mark = (revision_mark(own.title, own.text) or "").strip("（）()〔〕[]")
    why = f"same title, marked {mark}, of {own.day} after {other.day}"
    return Relation(a=own.id, b=other.id, kind="revises", why=why)


def _days(one: str, other: str) -> int:
    return abs((date.fromisoformat(one) - date.fromisoformat(other)).days) if one and other else 1_000_000
