"""Table `relations` as far as texts and titles tell it (`found_in` is `text`), and `threads`: the series that notices
stand in, which title a piece about a notice carries, and which a digest lists.

What a notice is related to depends on the set of notices alone. Whatever changes, comes or goes marks those that may be
related to it (step `relate` of `dirty`, by url keys of copies); they are told anew when all is settled.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final, TypedDict, cast

from sqlite_utils import Database

from archive.records import Common, Party, Relation
from archive.store.rows import ask, insert_all

Thread = tuple[str, str, str]
"""Kind, key and place: of `series` the series that a notice stands in and where, of `explains` and `lists` the key of a
title that it carries."""

_MOST_NEAR: Final = 32
"""Notices that one is related to by its text, those that have most in common with it."""


class ShownRelation(TypedDict):
    """One relation of a notice; `is_from` tells that the notice shown is the one that does it (`a`)."""

    kind: str
    is_from: bool
    notice: str
    title: str | None
    published_on: str | None
    why: str
    found_in: str


def mark_around(db: Database, keys: Iterable[str]) -> None:
    """Have the notices of these copies, and all that were compared with them, related anew."""
    db.execute(
        "with mine (key) as (select value from json_each(?))"
        " insert into dirty (step, url_key) select 'relate', key from mine"
        " union select 'relate', other from likenesses join mine on copy = key"
        " union select 'relate', copy from likenesses join mine on other = key where true on conflict do nothing",
        [json.dumps(list(keys))],
    )


def mark_naming(db: Database, keys: Iterable[str]) -> None:
    """Have those related anew that carry one of these titles: pieces about a notice, and digests."""
    rows = db.execute(
        "select notice from threads where kind in ('explains', 'lists') and key in (select value from json_each(?))",
        [json.dumps(list(keys))],
    )
    _mark(db, rows.fetchall())


def forget_notice(db: Database, notice: str) -> None:
    """Take away every relation of a notice that goes; what came after it in its series is related anew."""
    _mark(db, db.execute("select a from relations where b = ? and found_in = 'text'", [notice]).fetchall())
    for thread in _threads(db, notice):
        _mark(db, _behind(db, thread))
    db.execute("delete from relations where ? in (a, b)", [notice])


def marked(db: Database) -> list[str]:
    """Notices that wait to be related."""
    rows = db.execute(
        "select distinct notice from dirty join copies using (url_key) where step = 'relate' and notice is not null"
        " order by notice"
    )
    return [notice for (notice,) in rows.fetchall()]


def unmark(db: Database, notices: Iterable[str]) -> None:
    """These are related."""
    db.execute(
        "delete from dirty where step = 'relate' and url_key in ("
        " select url_key from copies where notice in (select value from json_each(?)))",
        [json.dumps(list(notices))],
    )


def unmark_gone(db: Database) -> None:
    """What is no copy any more waits for nothing."""
    db.execute("delete from dirty where step = 'relate' and url_key not in (select url_key from copies)")


def stand(db: Database, notice: str) -> tuple[object, ...] | None:
    """All of a notice itself that its relations are told from, to be compared; None while there is none of this id."""
    found = db.execute(_PARTIES + " where id = ?", [notice]).fetchone()
    if found is None:
        return None
    best = db.execute("select best_copy from notices where id = ?", [notice]).fetchone()
    return (*found, *best, publisher(db, notice))


def party(db: Database, notice: str) -> Party:
    """A notice as its relations are told."""
    return Party(**next(ask(db, _PARTIES + " where id = ?", [notice])))


def publisher(db: Database, notice: str) -> str:
    """Whose series a notice stands in: the bureau's that publishes it, else the agency's it names, else the site's."""
    row = db.execute(
        "select case when sources.kind = 'bureau' then sources.key else coalesce(issuing_agency, source, '') end"
        " from notices left join sources on sources.key = notices.source where id = ?",
        [notice],
    ).fetchone()
    return str(row[0])


def put_threads(db: Database, notice: str, threads: Sequence[Thread]) -> None:
    """Keep where a notice that changed stands. Those behind it in its series, then and now, are related anew, and those
    that carry its title, and pieces about what it explains itself, for it is no such notice."""
    held = _threads(db, notice)
    if held != sorted(threads):
        db.execute("delete from threads where notice = ?", [notice])
        rows = ({"notice": notice, "kind": kind, "key": key, "place": place} for kind, key, place in threads)
        insert_all(db, "threads", rows)
    for thread in {*held, *threads}:
        _mark(db, _behind(db, thread))
    explained = {key for kind, key, _ in {*held, *threads} if kind == "explains"}
    titles = db.execute("select key from names where notice = ? and kind = 'title'", [notice])
    mark_naming(db, explained.union(key for (key,) in titles.fetchall()))


def before(db: Database, notice: str) -> Party | None:
    """The notice right before one in its series."""
    for kind, key, place in _threads(db, notice):
        if kind == "series":
            row = db.execute(
                "select notice from threads where kind = 'series' and key = ? and place < ?"
                " order by place desc, notice desc limit 1",
                [key, place],
            ).fetchone()
            return party(db, row[0]) if row is not None else None
    return None


def explained(db: Database, notice: str) -> Party | None:
    """The one notice of the title that a piece about a notice carries: of its own site where that has one."""
    rows = db.execute(_NAMED, [notice, "explains"]).fetchall()
    found = [other for other, is_own, _ in rows if is_own] or [other for other, *_ in rows]
    return party(db, found[0]) if len(found) == 1 else None


def listed(db: Database, notice: str) -> list[Party]:
    """Notices of the titles that a digest lists: a key has no agency, so the whole title has to stand there."""
    rows = db.execute(_NAMED, [notice, "lists"]).fetchall()
    return [party(db, other) for other, _, is_printed in rows if is_printed][:_MOST_NEAR]


def near(db: Database, notice: str) -> list[Common]:
    """The notices whose copies were found to have text in common with its own, those first that have most.

    Told of their best copies, as far as those were compared: what a repost changed is no difference of the notices.
    """
    return [
        Common(
            party=party(db, row["notice"]),
            of_other=row["of_other"],
            of_own=row["of_own"],
            match_class=row["class"],
            veto=_turned(row["veto"]) if row["is_turned"] else row["veto"],
        )
        for row in ask(db, _COMMON, [notice, _MOST_NEAR])
    ]


def put_relations(db: Database, notice: str, found: Iterable[Relation]) -> None:
    """Keep what a notice is related to; what its citations say stands beside that."""
    rows = sorted((one.a, one.b, one.kind, one.why) for one in found)
    held = db.execute("select a, b, kind, why from relations where a = ? and found_in = 'text'", [notice]).fetchall()
    if rows != sorted(held):
        db.execute("delete from relations where a = ? and found_in = 'text'", [notice])
        db.conn.executemany("insert into relations (a, b, kind, why, found_in) values (?, ?, ?, ?, 'text')", rows)


def shown_relations(db: Database, notice: str) -> list[ShownRelation]:
    """What a notice is related to, both ways: what it does itself first, by kind, the newest first.

    What a citation says stands for what texts tell, too.
    """
    found: dict[tuple[object, ...], ShownRelation] = {}
    for row in db.query(_SHOWN, [notice]):
        shown = cast("ShownRelation", {**row, "is_from": bool(row["is_from"])})
        found.setdefault((row["kind"], row["is_from"], row["notice"]), shown)
    return list(found.values())


_PARTIES: Final = """
    select id, coalesce(title, '') as title, text, coalesce(published_on, written_on, '') as day,
      case when original_captured and sources.kind = 'bureau' then sources.key end as bureau,
      case divisions.level when 'province' then 1 when 'prefecture' then 2 when 'county' then 3 else 0 end as level
    from notices left join sources on sources.key = notices.source
      left join divisions on divisions.code = sources.division
"""

_NAMED: Final = """
    select names.notice, cited.source is mine.source, instr(mine.text, cited.title) > 0
    from threads join names on names.key = threads.key
      join notices cited on cited.id = names.notice join notices mine on mine.id = threads.notice
    where threads.notice = ?1 and threads.kind = ?2 and names.kind = 'title' and names.notice <> ?1
      and not exists (select 1 from threads other where other.notice = names.notice and other.kind = 'explains')
    order by names.notice
"""

_COMMON: Final = """
    with mine (key) as (select url_key from copies where notice = ?1), pairs as (
      select other as key, covers as of_other, covered as of_own, class, veto, 0 as is_turned, copy as mine
        from likenesses join mine on copy = key
      union all
      select copy, covered, covers, class, veto, 1, other from likenesses join mine on other = key
    ), ranked as (
      select pairs.*, notice, round(of_other + of_own, 6) as shared, row_number() over (
        partition by notice
        order by (mine in (select best_copy from notices where id = ?1)) + (key = notices.best_copy) desc,
          round(of_other + of_own, 6) desc, is_turned, mine, key
      ) as place
      from pairs join copies on url_key = key join notices on notices.id = notice where notice <> ?1
    )
    select notice, of_other, of_own, class, veto, is_turned from ranked
    where place = 1 order by shared desc, is_turned, mine, key limit ?2
"""

_SHOWN: Final = """
    select kind, 1 as is_from, b as notice, title, published_on, why, found_in
      from relations join notices on id = b where a = ?1
    union all
    select kind, 0, a, title, published_on, why, found_in from relations join notices on id = a where b = ?1
    order by is_from desc, kind, published_on desc, notice, found_in
"""


def _turned(veto: str | None) -> str | None:
    """A reason that names what differs, with its sides exchanged."""
    what, _, sides = (veto or "").partition(": ")
    one, between, other = sides.partition(" / ")
    return f"{what}: {other}{between}{one}" if between else veto


def _threads(db: Database, notice: str) -> list[Thread]:
    rows = db.execute("select kind, key, place from threads where notice = ? order by kind, key, place", [notice])
    return cast("list[Thread]", rows.fetchall())


def _behind(db: Database, thread: Thread) -> list[tuple[str]]:
    """The notices right behind a place in a series: all of the next place that is taken. None of another thread."""
    rows = db.execute(
        "select notice from threads where kind = 'series' and ?1 = 'series' and key = ?2 and place = ("
        " select min(place) from threads where kind = 'series' and key = ?2 and place > ?3)",
        thread,
    )
    return rows.fetchall()


def _mark(db: Database, notices: Iterable[tuple[str]]) -> None:
    db.execute(
        "insert into dirty (step, url_key) select 'relate', best_copy from notices"
        " where id in (select value from json_each(?)) on conflict do nothing",
        [json.dumps([notice for (notice,) in notices])],
    )
