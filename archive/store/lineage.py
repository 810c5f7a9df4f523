"""Table `successors`: of every id of the last release that is not simply there still, which notices it is now.

An id leads to the notice that has it, else to the one that `aliases` names. Beside that stand the notices that hold
one of its copies now: with these the id is divided. What rulings and claims tell of it is taken from the archive.

Made along with it is `leads`, a temporary table of all ids of the last release that lead anywhere; that
release has to be laid beside the draft.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from sqlite_utils import Database

from archive.records import Decision
from archive.store.decisions import all_decisions
from archive.store.rows import ask, insert_all
from archive.store.successors import successors

KnownBy = Literal["id", "alias", "ruling", "claim", "moved"]
"""How a notice is known to carry on an id: it has it; it had it, or may have; a person parted them; a copy of it names
the address that the id is of; a copy was moved to it."""


def create_successors(draft: Database) -> None:
    """Make the table, empty."""
    draft.execute("drop table if exists successors")
    draft.execute(
        "create table successors (former_id text not null, notice text not null, known_by text not null,"
        " has_text integer not null, primary key (former_id, notice))"
    )


def put_successors(draft: Database, archive: Database) -> None:
    """Fill the table, and `leads`."""
    for statement in _LEADS:
        draft.execute(statement)
    insert_all(draft, "leads", _tell_parted(draft, archive, all_decisions(archive)))
    for statement in _FOLLOWING:
        draft.execute(statement)


def forget_leads(draft: Database) -> None:
    """Take the temporary table away."""
    draft.execute("drop table if exists temp.leads")


def _tell_parted(draft: Database, archive: Database, rulings: Sequence[Decision]) -> list[Mapping[str, object]]:
    """By what the archive knows that the notices were parted which hold copies of one id."""
    parted = {(row["former_id"], row["notice"]) for row in ask(draft, "select former_id, notice from parted")}
    known = {
        (former, one["id"]): one["known_by"]
        for former in sorted({former for former, _ in parted})
        for one in successors(archive, former, rulings)
    }
    return [
        {"former_id": former, "notice": notice, "known_by": known.get((former, notice), "moved")}
        for former, notice in sorted(parted)
    ]


_LEADS: Final = (
    "create temp table leads (former_id text, notice text, known_by text, primary key (former_id, notice))",
    "insert into leads select id, id, 'id' from former.notices where id in (select id from notices)",
    """insert into leads select former.notices.id, notice, 'alias'
      from former.notices join aliases on alias = former.notices.id
      where former.notices.id not in (select former_id from leads) and notice in (select id from notices)""",
    """create temp table parted as select distinct was.notice as former_id, now.notice
      from former.copies as was join copies as now using (url_key)
      where was.notice in (select id from former.notices) and now.notice in (select id from notices)
        and not exists (select 1 from leads where former_id = was.notice and leads.notice = now.notice)""",
)

# the copy that was read for the former notice says which of several has its text
_FOLLOWING: Final = (
    "drop table temp.parted",
    "create index temp.leads_notice on leads(notice)",
    """insert into successors (former_id, notice, known_by, has_text)
      select former_id, leads.notice, known_by, coalesce(now.notice = leads.notice, 0)
      from leads join former.notices as was on was.id = former_id
        left join copies as now on now.url_key = was.best_copy
      where known_by <> 'id' or former_id in (select former_id from leads group by former_id having count(*) > 1)
      order by former_id, leads.notice""",
)
