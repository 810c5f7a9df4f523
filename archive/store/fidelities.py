"""Table `fidelities`: what each copy did to its notice, told against the notice's best copy as it was then."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlite_utils import Database

from archive.records import Change, Fidelity, Link
from archive.store.rows import ask, insert


def made_of(db: Database, keys: Iterable[str]) -> dict[str, str]:
    """Of these copies: a digest of the two states that their rows were told from."""
    rows = db.execute(
        "select copy, made_of from fidelities where copy in (select value from json_each(?))", [json.dumps(list(keys))]
    )
    return dict(rows.fetchall())


def links_of(db: Database, keys: Iterable[str]) -> dict[str, tuple[Link, ...]]:
    """The files that these copies link, in the order of their pages."""
    found: dict[str, tuple[Link, ...]] = {}
    rows = db.execute(
        "select copy, name, url from attachments where copy in (select value from json_each(?)) order by rowid",
        [json.dumps(list(keys))],
    )
    for copy, name, url in rows.fetchall():
        found[copy] = (*found.get(copy, ()), Link(name=name, url=url))
    return found


def put_fidelity(db: Database, found: Fidelity, made_of: str) -> None:
    """Keep what a copy did, and a digest of what that was told from."""
    drop_fidelity(db, found.copy)
    titles = found.titles or (None, None)
    row = {
        "copy": found.copy,
        "against": found.against,
        "revision": found.revision,
        "share": found.share,
        "complete": int(found.is_complete),
        "retitling": found.retitling,
        "title": titles[0],
        "copy_title": titles[1],
        "days_later": found.days_later,
        "numbers": _json([asdict(change) for change in found.numbers]),
        "numbers_changed": found.numbers_changed,
        "wording": _json([asdict(change) for change in found.wording]),
        "wording_changed": found.wording_changed,
        "moved": found.moved,
        "dropped": _json(found.dropped),
        "added": found.added,
        "added_words": found.added_words,
        "partial": int(found.is_partial),
        "made_of": made_of,
    }
    insert(db, "fidelities", row)


def drop_fidelity(db: Database, key: str) -> None:
    """Forget what a copy did: it is the best one now, or none."""
    db.execute("delete from fidelities where copy = ?", [key])


def forget_states(db: Database) -> None:
    """Have every copy measured again when its notice is settled next."""
    db.execute("update fidelities set made_of = ''")


def fidelity_of(db: Database, key: str) -> Fidelity | None:
    """What a copy did to its notice; None of the best copy, beside which the others are laid."""
    return next(map(_fidelity, ask(db, "select * from fidelities where copy = ?", [key])), None)


def fidelities_of(db: Database, notice: str) -> dict[str, Fidelity]:
    """The same of all copies of a notice, by url key."""
    rows = ask(
        db,
        "select fidelities.* from fidelities join copies on copies.url_key = fidelities.copy where copies.notice = ?"
        " order by copy",
        [notice],
    )
    return {row["copy"]: _fidelity(row) for row in rows}


def _fidelity(row: Mapping[str, Any]) -> Fidelity:
    return Fidelity(
        copy=row["copy"],
        against=row["against"],
        revision=row["revision"],
        share=row["share"],
        is_complete=bool(row["complete"]),
        retitling=row["retitling"],
        titles=(row["title"], row["copy_title"]) if row["retitling"] else None,
        days_later=row["days_later"],
        numbers=_changes(row["numbers"]),
        numbers_changed=row["numbers_changed"],
        wording=_changes(row["wording"]),
        wording_changed=row["wording_changed"],
        moved=row["moved"],
        dropped=tuple(json.loads(row["dropped"])),
        added=row["added"],
        added_words=row["added_words"],
        is_partial=bool(row["partial"]),
    )


def _changes(value: str) -> tuple[Change, ...]:
    return tuple(Change(**change) for change in json.loads(value))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
