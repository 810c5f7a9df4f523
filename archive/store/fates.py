"""Tables `rechecks` and `source_moves`, and the states of copies: what looking again at pages has shown.

All of it is a function of the captures, judged anew at settling for the copies that are marked. A page's state hangs
on its source's moves: of a source that moved, nothing that vanished in that crawl is held against its pages.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from sqlite_utils import Database

from archive.fate import (
    Elsewhere,
    Lead,
    Look,
    Move,
    find_moves,
    fold_looks,
    is_answer,
    is_recheck,
    sign_of,
    tell_state,
)
from archive.records import CopyState, Issue
from archive.store import issues
from archive.store.copies import mark, marked, unmark, urls_of
from archive.store.nearby import end_of, is_copy, is_dead, kind_of_page
from archive.store.rows import ask
from archive.store.times import instant, read_instant
from archive.urls import is_site_root

_MOVED = "source_moved"
_BATCH = 500
_EXAMPLES = 3


class _Answers(NamedTuple):
    """What servers said of one address: its looks in the order of time, and when one last answered about it."""

    looks: list[Look]
    checked_at: datetime | None
    is_led: bool
    """Whether it leads to another copy by now."""


def mark_crawl(db: Database, crawl: str) -> None:
    """Mark the copies that a crawl asked for: it is known now from where it looked."""
    mark(db, seen_by(db, crawl), "fate")


def seen_by(db: Database, crawl: str) -> list[str]:
    """The copies that a crawl asked for."""
    rows = ask(
        db, "select distinct url_key from captures join copies using (url_key) where captures.crawl = ?", [crawl]
    )
    return [row["url_key"] for row in rows]


def mark_mates(db: Database, keys: Iterable[str]) -> None:
    """Mark those of these copies, settled anew, whose state hangs on where their source shows their notice."""
    db.execute(
        "insert into dirty (step, url_key) select 'fate', url_key from copies"
        " where url_key in (select value from json_each(?)) and (state = 'moved' or exists"
        " (select 1 from copies as mate where mate.notice = copies.notice and +mate.source = copies.source"
        " and mate.url_key <> copies.url_key)) on conflict do nothing",
        [json.dumps(list(keys))],
    )


def judge_fates(db: Database) -> None:
    """Say of every copy that is marked, and settled, what became of it, and of its source whether that moved."""
    sources: set[str] = set()
    while keys := marked(db, "fate", _BATCH):
        for key in keys:
            sources |= _judge(db, key)
        unmark(db, keys, "fate")
    changed: set[str] = set()
    for source in sorted(sources):
        changed |= _put_moves(db, source)
    for key in sorted(changed):
        _judge(db, key)


def source_moved(db: Database) -> list[Issue]:
    """An issue for each crawl in which a source moved: what vanished then, named by examples. By source, then time.

    Where its pages were found at new addresses in that very crawl, nobody has to look.
    """
    rows = ask(
        db,
        "select source_moves.*, sources.home from source_moves join sources on sources.key = source"
        " where closed_by is not crawl order by source, at",
    )
    return [
        Issue(
            kind=_MOVED,
            subject=row["home"],
            detail=f"{row['vanished']} of {row['rechecked']} pages looked at again in one crawl are not there any more,"
            f" among them {', '.join(urls_of(db, json.loads(row['examples'])))}: the site may have moved; no copy was"
            " called missing for that",
            raised_at=read_instant(row["at"]),
            source=row["source"],
        )
        for row in list(rows)
    ]


def raise_moves(db: Database) -> None:
    """Raise anew an issue for each source that moved. Which of them are closed, `source_moves` tells."""
    db.execute("delete from raisings where kind = ?", [_MOVED])
    crawls = ask(
        db,
        "select crawl from source_moves join sources on sources.key = source"
        " where closed_by is not crawl order by source, at",
    )
    for issue, row in zip(source_moved(db), list(crawls), strict=True):
        issues.put_issue(db, issue, row["crawl"])


def looks_of(db: Database, key: str) -> list[Look]:
    """The looks that tell a copy's state, in the order of time: what vanished with its whole source is not of them."""
    rows = db.execute("select crawl from source_moves join copies using (source) where url_key = ?", [key])
    moved = {crawl for (crawl,) in rows.fetchall()}
    looks = _answers(db, key).looks
    return [one for one in looks if one.sign != "vanished" or one.crawl not in moved or not is_recheck(one, looks)]


def _judge(db: Database, key: str) -> set[str]:
    """Tell a copy's state by all looks at it and the moves of its source. Gives the sources whose rechecks changed."""
    row = next(ask(db, "select source from copies where url_key = ?", [key]), None)
    if row is None:
        return _put_rechecks(db, key, None, ())
    source, answers = row["source"], _answers(db, key)
    rechecks = [look for look in answers.looks if is_recheck(look, answers.looks)]
    moved = {crawl for (crawl,) in db.execute("select crawl from source_moves where source = ?", [source])}
    lost = {look for look in rechecks if look.sign == "vanished" and look.crawl in moved}
    checked_at = instant(answers.checked_at) if answers.checked_at is not None else None
    is_away = answers.is_led or tell_state(answers.looks) in ("missing", "gone")
    state: CopyState = tell_state(look for look in answers.looks if look not in lost)
    if is_away and _elsewhere(db, "copies.url_key", key):
        state = "moved"
    db.execute(
        "update copies set state = ?, checked_at = coalesce(?, last_seen_at) where url_key = ?",
        [state, checked_at, key],
    )
    changed = _put_rechecks(db, key, source, rechecks)
    return changed | {source} if source is not None and is_away else changed


def _elsewhere(db: Database, column: Literal["copies.url_key", "copies.source"], value: str) -> dict[str, Elsewhere]:
    """A copy, or those copies of a source, whose notice the source was seen to show later at another address."""
    rows = ask(db, _ELSEWHERE.format(column), [value])
    return {row["copy"]: Elsewhere(at=read_instant(row["at"]), crawl=row["crawl"]) for row in rows}


def _put_rechecks(db: Database, key: str, source: str | None, looks: Sequence[Look]) -> set[str]:
    """Keep the looks at a copy that was held by then. Gives the sources whose rows changed."""
    new = {(key, look.crawl, instant(look.at), source, look.vantage, look.sign) for look in looks}
    old = set(db.execute("select copy, crawl, at, source, vantage, found from rechecks where copy = ?", [key]))
    if new == old:
        return set()
    db.execute("delete from rechecks where copy = ?", [key])
    db.conn.executemany("insert into rechecks (copy, crawl, at, source, vantage, found) values (?, ?, ?, ?, ?, ?)", new)
    return {found[3] for found in new | old if found[3] is not None}


def _put_moves(db: Database, source: str) -> set[str]:
    """Find anew in which crawls a source moved. Gives the copies whose state hangs on what changed by that."""
    old = {row["crawl"] for row in ask(db, "select crawl from source_moves where source = ?", [source])}
    vanished = next(ask(db, "select 1 from rechecks where source = ? and found = 'vanished' limit 1", [source]), None)
    moves = find_moves(_rechecks(db, source), _elsewhere(db, "copies.source", source)) if vanished is not None else []
    db.execute("delete from source_moves where source = ?", [source])
    db.table("source_moves").insert_all(_move_row(source, move) for move in moves)
    changed = old ^ {move.crawl for move in moves}
    rows = ask(
        db,
        "select distinct copy from rechecks where source = ? and crawl in (select value from json_each(?))",
        [source, json.dumps(sorted(changed))],
    )
    return {row["copy"] for row in rows} if changed else set()


def _rechecks(db: Database, source: str) -> Iterable[Look]:
    rows = db.execute("select copy, crawl, vantage, at, found from rechecks where source = ?", [source])
    for copy, crawl, vantage, at, found in rows:
        yield Look(copy=copy, crawl=crawl, vantage=vantage, at=read_instant(at), sign=found)


def _answers(db: Database, key: str) -> _Answers:
    rows = db.execute(
        "select fetched_at, outcome, captures.kind, location_key, crawl, ifnull(vantage, '') from captures"
        " left join crawls on crawls.id = captures.crawl where url_key = ? order by fetched_at, record_id",
        [key],
    )
    looks: list[Look] = []
    checked_at, is_led = None, False
    for fetched_at, outcome, kind, location_key, crawl, vantage in rows.fetchall():
        at = read_instant(fetched_at)
        lead = _lead(db, key, location_key) if outcome == "moved" else "unknown"
        checked_at = at if is_answer(outcome, lead) else checked_at
        sign = sign_of(outcome, kind, lead)
        is_led = lead == "copy" or (is_led and sign not in ("there", "vanished"))
        if sign is not None:
            looks.append(Look(copy=key, crawl=crawl, vantage=vantage, at=at, sign=sign))
    return _Answers(fold_looks(looks), checked_at, is_led)


def _lead(db: Database, key: str, to: str | None) -> Lead:
    """Where a redirect of a copy ends, as far as we looked."""
    if to is None:
        return "unknown"
    end = end_of(db, to)
    if key in (to, end):
        return "itself"
    if is_copy(db, end):
        return "copy"
    nowhere = is_site_root(end) or kind_of_page(db, end) in ("home", "list") or is_dead(db, end)
    return "nowhere" if nowhere else "unknown"


def _move_row(source: str, move: Move) -> dict[str, object]:
    return {
        "source": source,
        "crawl": move.crawl,
        "at": instant(move.at),
        "rechecked": move.rechecked,
        "vanished": len(move.vanished),
        "examples": json.dumps(move.vanished[:_EXAMPLES], ensure_ascii=False),
        "closed_at": instant(move.closed_at) if move.closed_at else None,
        "closed_by": move.closed_by,
    }


# `+` keeps SQLite from looking through a whole source; a bare column beside one min() is of the row that has it
_ELSEWHERE = """
    with later as (
      select copies.url_key as copy, mate.url_key as mate, min(mate.first_seen_at || ' ' || mate.url_key)
      from copies join copies as mate on mate.notice = copies.notice and +mate.source = copies.source
      where {} = ? and (mate.last_seen_at, mate.url_key) > (copies.last_seen_at, copies.url_key)
      group by copies.url_key
    )
    select copy, fetched_at as at, crawl from later join captures on captures.id = (
      select id from captures where url_key = mate and kind = 'article' order by fetched_at, record_id limit 1)
"""
