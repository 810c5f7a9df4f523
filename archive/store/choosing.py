"""Which notices a choice means: their ids in a temporary table of the connection, whatever their number.

A filter that the search page has, too, means here what it means there: it is asked of the same short rows (`facets`)
and of the same index of words.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from secrets import token_hex
from typing import Final

from sqlite_utils import Database

from archive.near_names import near_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which notices are meant: those for which every part holds that is given.

    Of several values of one part any may hold. Days are ISO and inclusive; a notice without a day is in no span.
    """

    sources: tuple[str, ...] = ()
    """Keys of sources that show it, be it as a repost."""
    agencies: tuple[str, ...] = ()
    """Names of those who issued it, alone or with others, as the dataset prints them."""
    places: tuple[str, ...] = ()
    """Names or codes of divisions whose bureaus published it; what lies in a place belongs to it."""
    document_types: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    captured_only: bool = False
    """Only notices whose original was captured."""
    words: str | None = None
    """What a person types into the search; blanks alone find everything."""
    sql: str | None = None
    """One SELECT that gives ids of notices, in its column `id` or else its first; it can write nothing, nor draw at
    random, which would be others the next time."""
    min_confidence: float | None = None
    """Copies whose match is less sure do not count. A notice goes with the copy that its text is taken from."""
    ids: tuple[str, ...] | None = None
    """Only these; one that no notice has is passed over."""


EVERYTHING: Final = Choice()


class ChoiceError(ValueError):
    """Something that no notice can be chosen by; the message names it, and what may have been meant."""


def choose(db: Database, choice: Choice, *, left_out: Collection[str] = ()) -> str:
    """Gather the ids of the chosen notices; gives the name of the temporary table that has them, in its column `id`.

    It goes with the connection, or when it is dropped. `left_out` are ids, of now or of once. Raises: ChoiceError.
    """
    divisions = [code for place in choice.places for code in _division(db, place)]
    _check(db, choice)
    bound: dict[str, object] = {
        "sources": json.dumps(choice.sources, ensure_ascii=False),
        "agencies": json.dumps(choice.agencies, ensure_ascii=False),
        "types": json.dumps(choice.document_types, ensure_ascii=False),
        "divisions": json.dumps(divisions),
        "since": choice.since,
        "until": choice.until,
        "words": choice.words,
        "min_confidence": choice.min_confidence,
    }
    held = []
    if choice.ids is not None:
        held.append(_gather(db, choice.ids))
    if choice.sql is not None:
        held.append(_gather(db, _asked(db, choice.sql)))
    wanted = [*_conditions(choice), *(f"id in (select id from {table})" for table in held)]  # noqa: S608 (ours)
    if left_out:
        held.append(gather_left_out(db, left_out))
        wanted.append(f"id not in (select id from {held[-1]})")  # noqa: S608 (ours)
    where = " and ".join(wanted)
    chosen = _gather(db, ())
    db.execute(f"insert into {chosen} select id from notices where {where or 'true'} order by id", bound)  # noqa: S608 (ours)
    for table in held:
        drop(db, table)
    return chosen


def count_chosen(db: Database, choice: Choice, *, left_out: Collection[str] = ()) -> tuple[int, int]:
    """How many notices are chosen, and how many copies they have that count. Raises: ChoiceError."""
    with db.atomic():
        chosen = choose(db, choice, left_out=left_out)
        notices = db.execute(f"select count(*) from {chosen}").fetchone()[0]  # noqa: S608 (ours)
        copies = db.execute(
            f"select count(*) from copies left join matches on copy = url_key where copies.notice in"  # noqa: S608 (ours)
            f" (select id from {chosen}) and (?1 is null or confidence >= ?1)",
            [choice.min_confidence],
        ).fetchone()[0]
        drop(db, chosen)
    return notices, copies


def gather_left_out(db: Database, left_out: Collection[str]) -> str:
    """Gather ids with every other that their notices have or had; gives the name of the table, as `choose`."""
    left = _gather(db, left_out)
    for _ in ("the notice that has a former id", "every former id of that one"):
        db.execute(
            f"insert or ignore into {left}"  # noqa: S608 (ours)
            f" select notice from aliases where alias in (select id from {left})"
            f" union select alias from aliases where kind = 'id' and notice in (select id from {left})"
        )
    return left


def drop(db: Database, table: str) -> None:
    """Forget what was chosen."""
    db.execute(f"drop table {table}")


_FACETS: Final = "n in (select n from facets where {})"
_AMONG: Final = """exists (select 1 from json_each(:{0})
    where instr(char(10) || {0} || char(10), char(10) || value || char(10)))"""
_BELOW: Final = """
    with recursive places (code) as (
      select code from divisions where code = ?1 or name = ?1 and level <> 'county'
      union select divisions.code from divisions join places on parent = places.code
    )
    select code from places
"""
_COUNTIES: Final = """
    select counties.code, parents.name
    from divisions counties left join divisions parents on parents.code = counties.parent
    where counties.name = ? order by 1
"""
_TO_ANSWER: Final = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)
"""What a statement has to be allowed to give an answer; with nothing more it cannot write, nor reach another file."""
_BY_CHANCE: Final = frozenset({"random", "randomblob"})
_STEPS: Final = 100_000
"""Of SQLite's machine between two looks: some milliseconds."""
_NAMED: Final = 3


def _conditions(choice: Choice) -> Iterator[str]:
    if choice.sources:
        yield _FACETS.format(_AMONG.format("sources"))
    if choice.agencies:
        yield _FACETS.format(_AMONG.format("agencies"))
    if choice.document_types:
        yield _FACETS.format("document_type in (select value from json_each(:types))")
    if choice.places:
        yield "division in (select value from json_each(:divisions))"
    if choice.since is not None:
        yield _FACETS.format("published_on >= :since")
    if choice.until is not None:
        yield _FACETS.format("published_on <= :until")
    if choice.captured_only:
        yield _FACETS.format("original_held")
    if choice.words is not None and choice.words.strip():
        yield "n in (select rowid from notices_fts where notices_fts match zh_match(:words))"
    if choice.min_confidence is not None:
        yield "exists (select 1 from matches where copy = best_copy and confidence >= :min_confidence)"


def _gather(db: Database, ids: Iterable[str]) -> str:
    table = f"temp.ids_{token_hex(8)}"
    db.execute(f"create table {table} (id text primary key) without rowid")
    db.conn.executemany(f"insert or ignore into {table} values (?)", ((one,) for one in ids))  # noqa: S608 (ours)
    return table


def _division(db: Database, place: str) -> list[str]:
    """The codes of a place and of all that lies in it. Raises: ChoiceError."""
    if codes := [code for (code,) in db.execute(_BELOW, [place])]:
        return codes
    counties = db.execute(_COUNTIES, [place]).fetchall()  # a county's name may be another's, too
    if len(counties) == 1:
        return [counties[0][0]]
    if counties:
        named = ", ".join(f"{code} ({parent})" for code, parent in counties)
        raise ChoiceError(f"{place!r} is the name of several places; give the code of one: {named}")
    raise _unknown("place", place, [name for (name,) in db.execute("select distinct name from divisions order by 1")])


def _check(db: Database, choice: Choice) -> None:
    """Refuse what no notice has, and what is out of bounds."""
    if choice.sources:
        keys = [key for (key,) in db.execute("select key from sources order by key")]
        _check_known("source", choice.sources, keys)
    if choice.document_types:
        types = db.execute("select distinct document_type from facets where document_type is not null order by 1")
        _check_known("document type", choice.document_types, [name for (name,) in types])
    if choice.agencies:
        listed = db.execute("select distinct agencies from facets where agencies is not null order by 1")
        _check_known("agency", choice.agencies, [name for (names,) in listed for name in names.split("\n")])
    if choice.min_confidence is not None and not 0 <= choice.min_confidence <= 1:
        raise ChoiceError(f"a confidence is between 0 and 1, not {choice.min_confidence}")


def _check_known(what: str, given: Sequence[str], known: Sequence[str]) -> None:
    for name in given:
        if name not in known:
            raise _unknown(what, name, known)


def _unknown(what: str, name: str, known: Sequence[str]) -> ChoiceError:
    near = near_names(name, known)
    return ChoiceError(f"{name!r} is no {what} of this archive{'; near it: ' + ', '.join(near) if near else ''}")


def _asked(db: Database, statement: str) -> list[str]:
    """The ids that a statement gives. Raises: ChoiceError."""
    try:
        with _only_answering(db.conn):
            cursor = db.conn.execute(statement)
            if cursor.description is None:
                raise ChoiceError(f"{statement!r} gives no rows; write one SELECT that gives ids of notices")
            names = [column[0].lower() for column in cursor.description]
            at = names.index("id") if "id" in names else 0
            ids = [row[at] for row in cursor if row[at] is not None]
    except (sqlite3.Error, sqlite3.Warning) as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from error
        raise ChoiceError(f"{statement!r} is no SELECT that can be asked; SQLite says: {error}") from error
    asked = _gather(db, (str(one) for one in ids))
    strange = db.execute(f"select id from {asked} where id not in (select id from notices) limit {_NAMED}").fetchall()  # noqa: S608 (ours)
    drop(db, asked)
    if strange:
        told = ", ".join(repr(one) for (one,) in strange)
        raise ChoiceError(
            f"{statement!r} gives {told}, which no notice has as its id; name the column with the ids `id`"
        )
    return ids


@contextmanager
def _only_answering(conn: sqlite3.Connection) -> Iterator[None]:
    conn.execute("select rowid from notices_fts limit 0").close()  # which opens the index, and that is more than to ask
    conn.set_authorizer(_judge)
    conn.set_progress_handler(_go_on, _STEPS)
    try:
        yield
    finally:
        conn.set_progress_handler(None, 0)
        conn.set_authorizer(None)


def _go_on() -> None:
    """Let Python look for Ctrl-C while SQLite works: one statement may go on for ever."""


def _judge(action: int, first: str | None, second: str | None, *_: object) -> int:
    if action == sqlite3.SQLITE_FUNCTION and second in _BY_CHANCE:
        return sqlite3.SQLITE_DENY
    # the index of words asks its file whether another process wrote to it
    is_of_the_index = action == sqlite3.SQLITE_PRAGMA and first == "data_version" and second is None
    return sqlite3.SQLITE_OK if action in _TO_ANSWER or is_of_the_index else sqlite3.SQLITE_DENY
