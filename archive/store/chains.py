"""How the copies of a notice hang together: which was taken from which, and what else each of them is like."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TypedDict, cast

from sqlite_utils import Database

from archive.names import is_theirs
from archive.store.issues import OFF_TOPIC, issue_id
from archive.store.nearby import follow
from archive.store.reading import ShownCopy, shown_copies
from archive.store.rows import ask
from archive.urls import url_key

RunnerUp = TypedDict(
    "RunnerUp",
    {
        "url": str,
        "notice": str,
        "title": str | None,
        "class": str,
        "covers": float,
        "covered": float,
        "veto": str | None,
    },
)
"""The copy of another notice that a copy is most like, and what parts them; `veto` is null where only rank does."""


class Doubt(TypedDict):
    """Something about a copy that a person should look at: `other` is the address it is about."""

    copy: str
    other: str | None
    why: str


class ClaimedSource(TypedDict):
    """Whom a copy names as where it comes from, beside where it was found to come from."""

    name: str
    kind: str | None
    """What that is in this archive: a bureau, a portal; null for a name that no source has."""
    copy: str | None
    """The address of its copy of this notice."""
    agrees: bool | None
    """Whether it is where it was found; null where it was found nowhere else."""


class Linked(TypedDict):
    """One copy with its place in the chain."""

    copy: ShownCopy
    beneath: str | None
    """Url key of the copy, or of the named original, that it was taken from; null for the first."""
    claimed: ClaimedSource | None
    runner_up: RunnerUp | None
    doubts: list[Doubt]


def chain(db: Database, notice: str, original: str | None) -> list[Linked]:
    """The copies of a notice, each after the one that it hangs beneath; `original` is the address of the original.

    A copy hangs beneath the copy that its match names, where that is one of this notice; else beneath the original.
    """
    copies = {copy["url_key"]: copy for copy in shown_copies(db, notice)}
    root = url_key(original) if original is not None else None
    taken = {key: _taken_from(db, copy) for key, copy in copies.items()}
    beneath = {key: _place(key, taken, copies, root) for key in copies}
    return [
        Linked(
            copy=copies[key],
            beneath=beneath[key],
            claimed=_claimed(db, copies[key], copies, beneath[key]),
            runner_up=_runner_up(db, key, notice),
            doubts=_doubts(db, copies[key]),
        )
        for key in _in_order(beneath)
    ]


def text_of(db: Database, key: str, revision: int | None = None) -> str:
    """The text of a copy in one of its revisions; the latest, where none is named."""
    query = "select text from revisions where copy = ?1 and number = coalesce(?2, number) order by number desc limit 1"
    return str(next(ask(db, query, [key, revision]))["text"])


def candidates_for(db: Database, notice: str) -> list[Doubt]:
    """Copies that stand elsewhere and may belong to a notice: a person should look."""
    rows = ask(
        db,
        "select mine.url as copy, others.url as other, why from reviews join copies mine on mine.url_key = reviews.copy"
        " join copies others on others.url_key = reviews.other where others.notice = ? order by mine.url_key",
        [notice],
    )
    return [Doubt(copy=row["copy"], other=row["other"], why=row["why"]) for row in rows]


def _taken_from(db: Database, copy: ShownCopy) -> str | None:
    """The address that a copy's match leads to, as a url key."""
    evidence = copy["match_evidence"]
    if copy["match_class"] == "self":
        return None
    if copy["rule"] == "ruling":
        return evidence.get("with")
    named = evidence.get("same_text_as") or evidence.get("claimed_original")
    return follow(db, url_key(named)) if named else None


def _place(key: str, taken: Mapping[str, str | None], copies: Mapping[str, ShownCopy], root: str | None) -> str | None:
    """Where a copy hangs. In a circle the first address hangs beneath the original."""
    if key == root:
        return None
    path = [key]
    while (last := taken.get(path[-1])) is not None and last in copies and last != root:
        if last in path:
            return root if key == min(path[path.index(last) :]) else taken[key]
        path.append(last)
    goal = taken[key]
    return goal if goal is not None and (goal in copies or goal == root) and goal != key else root


def _in_order(beneath: Mapping[str, str | None]) -> Iterator[str]:
    """Url keys so that each comes right after the one it hangs beneath, or after what hangs beneath that already."""
    below: dict[str | None, list[str]] = defaultdict(list)
    for key, above in beneath.items():
        below[above if above in beneath else None].append(key)

    def visit(above: str | None) -> Iterator[str]:
        for key in below[above]:
            yield key
            yield from visit(key)

    yield from visit(None)


def _claimed(
    db: Database, copy: ShownCopy, copies: Mapping[str, ShownCopy], beneath: str | None
) -> ClaimedSource | None:
    name = copy["attribution"]
    if not name:
        return None
    rows = list(ask(db, "select key, kind from sources where agency = ? order by kind, key", [name]))
    keys = [row["key"] for row in rows]
    held = next((one["url"] for one in copies.values() if one["source"] in keys and one is not copy), None)
    return ClaimedSource(
        name=name,
        kind=rows[0]["kind"] if rows else None,
        copy=held,
        agrees=is_theirs(name, _found_at(db, copy, copies, beneath)) if beneath or copy["role"] == "original" else None,
    )


def _found_at(db: Database, copy: ShownCopy, copies: Mapping[str, ShownCopy], beneath: str | None) -> Sequence[str]:
    """Who publishes the page that a copy was taken from; of a named page that was not captured, who issued it."""
    above = copies.get(beneath) if beneath is not None else copy
    return [above["agency"]] if above is not None and above["agency"] else _issuers(db, copy)


def _issuers(db: Database, copy: ShownCopy) -> Sequence[str]:
    row = next(
        ask(
            db,
            "select notices.issuing_agency as agency from copies join notices on notices.id = notice where url_key = ?",
            [copy["url_key"]],
        )
    )
    return [row["agency"]] if row["agency"] else []


def _runner_up(db: Database, key: str, notice: str) -> RunnerUp | None:
    rows = ask(
        db,
        "select copies.url, notice, copies.title, class, covers, covered, veto from likenesses"
        " join copies on copies.url_key = other where copy = ? and notice <> ?"
        " order by covers + covered desc, likenesses.title desc, other limit 1",
        [key, notice],
    )
    return next((cast("RunnerUp", row) for row in rows), None)


def _doubts(db: Database, copy: ShownCopy) -> list[Doubt]:
    rows = ask(
        db,
        "select copies.url as other, why from reviews left join copies on copies.url_key = other where copy = ?",
        [copy["url_key"]],
    )
    links = ask(
        db,
        "select detail as why from issues where id = ? and state = 'open'",
        [issue_id(OFF_TOPIC, copy["url"])],
    )
    found = [Doubt(copy=copy["url"], other=row["other"], why=row["why"]) for row in rows]
    return [*found, *(Doubt(copy=copy["url"], other=None, why=row["why"]) for row in links)]
