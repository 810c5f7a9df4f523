"""Which notices of a release are otherwise than in the last one, and in what: a column of theirs, or another table.

Told into the temporary table `differing`, from `leads` (`archive.store.lineage`). Compared is every cell that both
databases have, but those that each look at an unchanged page moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from sqlite_utils import Database

from archive.store.beside import columns_of
from archive.store.rows import ask
from archive.store.tables import DATASET, TABLES

FIELDS: Final = (*DATASET.names, *(name for name in TABLES if name not in DATASET.names))
"""In what a notice may differ, in the order in which it is told; `differing` has the place in it."""


def put_differing(draft: Database) -> None:
    """Compare each notice with the one of the last release that it was; that one has to be laid beside the draft."""
    for statement in _LINEAGE:
        draft.execute(statement)
    draft.conn.executemany("insert into differing values (?, ?)", _in_cells(draft))
    for table in (*_OF_NOTICES, *_OF_COPIES, _RELATIONS):
        if columns_of(draft, table, "former"):
            for found in _in_relations(draft) if table == _RELATIONS else _in_rows(draft, table):
                draft.execute(f"insert or ignore into differing select notice, ? from ({found})", [FIELDS.index(table)])  # noqa: S608 (names of ours)


def forget_differing(draft: Database) -> None:
    """Take the temporary tables away."""
    for table in ("differing", "kept", "lineage"):
        draft.execute(f"drop table temp.{table}")


_MOVING: Final[Mapping[str, frozenset[str]]] = {
    "notices": frozenset({"last_seen_at", "copies", "attachments", "revisions", "text_from"}),
    "copies": frozenset({"last_seen_at", "checked_at"}),
    # bytes are not the text; and where texts are masked this digest is not the same twice
    "revisions": frozenset({"seen_to", "payloads", "state_digest"}),
}
"""Columns that say nothing of a change, or say it in another table."""
_ELSEWHERE: Final[Mapping[str, str]] = {"text_from": "best_copy"}
"""Fields of a notice that the database has under another name."""
_PARTS: Final[Mapping[tuple[str, str], str]] = {("matches", "evidence"): "json_remove({}.evidence, '$.capture')"}
"""What is compared of a column in place of the whole."""
_OF_COPIES: Final = ("revisions", "matches", "attachments")
"""Of these tables only the rows of copies that stayed are compared: `copies` tells of those that came or went."""
_OF_NOTICES: Final = ("copies", "aliases", "citations", "masks")
_RELATIONS: Final = "relations"


def _in_cells(draft: Database) -> Iterator[tuple[str, int]]:
    columns = {**{name: name for name in _shared(draft, "notices")}, **_ELSEWHERE}
    told = ", ".join(f'now."{column}" is not was."{column}" as "{name}"' for name, column in columns.items())
    sql = (
        f"select notice, {told} from lineage join notices as now on now.id = notice"  # noqa: S608 (names of ours)
        f" join former.notices as was on was.id = lineage.former where {_differ('notices', columns.values())}"
    )
    for row in ask(draft, sql):
        yield from ((row["notice"], FIELDS.index(name)) for name in columns if row[name])


def _in_rows(draft: Database, table: str) -> Iterator[str]:
    """The notices with a row that was not there, or otherwise; then those that lack a row which was."""
    owner, *key = TABLES[table].key
    mine = its = "kept.copy"
    of = "kept"
    if table in _OF_NOTICES:
        key = [name for name in TABLES[table].key if name != "notice"]
        owner, mine, its, of = "notice", "lineage.notice", "lineage.former", "lineage"
    same = " and ".join(["true", *(f'now."{name}" = was."{name}"' for name in key)])
    now, was = f"{table} as now on now.{owner} = {mine}", f"former.{table} as was on was.{owner} = {its}"
    differ = _differ(table, _shared(draft, table))
    yield f"select {of}.notice from {of} join {now} left join {was} and {same} where was.{owner} is null or {differ}"  # noqa: S608 (names of ours)
    yield f"select {of}.notice from {of} join {was} left join {now} and {same} where now.{owner} is null"  # noqa: S608 (names of ours)


def _in_relations(draft: Database) -> Iterator[str]:
    """The same of the table whose rows are of two notices."""
    same = " and ".join(f"now.{name} = was.{name}" for name in TABLES[_RELATIONS].key)
    differ = _differ(_RELATIONS, _shared(draft, _RELATIONS))
    for end in ("a", "b"):
        yield (
            f"select lineage.notice from relations as now join lineage on lineage.notice = now.{end}"  # noqa: S608 (names of ours)
            f" left join former.relations as was on {same} where was.a is null or {differ}"
        )
        yield (
            f"select lineage.notice from former.relations as was join lineage on lineage.former = was.{end}"  # noqa: S608 (names of ours)
            f" left join relations as now on {same} where now.a is null"
        )


def _shared(draft: Database, table: str) -> list[str]:
    """The columns of a table that are compared: those of a release that both databases have."""
    both = columns_of(draft, table, "main") & columns_of(draft, table, "former")
    left_out = {"notice", *TABLES[table].key, *_MOVING.get(table, ())}
    names = DATASET.names if table == "notices" else TABLES[table].names
    return [name for name in names if name in both - left_out]


def _differ(table: str, columns: Iterable[str]) -> str:
    parts = [_PARTS.get((table, name), f'{{}}."{name}"') for name in columns]
    return " or ".join(["false", *(f"{part.format('now')} is not {part.format('was')}" for part in parts)])


# a notice is compared with the one whose id it has, else of those that are it now with the one of the same best copy
_LINEAGE: Final = (
    """create temp table lineage as select notice, former_id as former from (
      select leads.notice, former_id, row_number() over (partition by leads.notice
        order by known_by <> 'id', was.best_copy is not now.best_copy, former_id) as place
      from leads join notices as now on now.id = leads.notice join former.notices as was on was.id = former_id
      where known_by in ('id', 'alias') or former_id in (select former_id from leads group by 1 having count(*) = 1)
    ) where place = 1""",
    "create unique index temp.lineage_notice on lineage(notice)",
    "create unique index temp.lineage_former on lineage(former)",
    """create temp table kept as select now.url_key as copy, lineage.notice
      from lineage join former.copies as was on was.notice = lineage.former
        join copies as now on now.url_key = was.url_key and now.notice = lineage.notice""",
    "create temp table differing (notice text, place integer, primary key (notice, place))",
)
