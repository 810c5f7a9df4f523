"""Tables `changes` and `successors`: what is otherwise in a release than in the last one, notice by notice.

A notice changed if any of its cells did, or a row of it in another table of a release, but for what every look at an
unchanged page moves: when it was last seen and checked, and by which capture. So whoever puts the rows of the notices
named here in the place of those he has, and takes the removed ones away, has the new release.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Final, Literal, get_args

from sqlite_utils import Database

from archive.store import path_of
from archive.store.beside import beside, columns_of
from archive.store.differing import FIELDS, forget_differing, put_differing
from archive.store.lineage import create_successors, forget_leads, put_successors
from archive.store.rows import ask

Change = Literal["added", "changed", "withdrawn", "moved", "merged", "split", "removed"]
"""`withdrawn`: the page of its original is gone since. `moved`: it has another id; `merged`: several have become it;
`split`: it holds a part of what another id stood for. `removed`: nothing of it is in this release."""

CHANGES: Final[tuple[Change, ...]] = get_args(Change)

Removal = Literal["taken_down", "not_chosen", "not_held"]
"""Why a notice is not there: a takedown, the choice of notices, or that the archive has none of its pages any more."""


def put_changes(draft: Database, former: Path | None, *, archive: Database, taken_down: Collection[str] = ()) -> None:
    """Make both tables in the draft of a release, against the database of the last one; empty without one.

    `archive` is what the draft was copied from; of it `taken_down` are the ids that no release may have.
    Raises: ValueError if the last release's database has no notices or copies.
    """
    _create(draft)
    if former is None:
        return
    with beside(draft, "former", former, is_frozen=True), beside(draft, "archive", path_of(archive), is_frozen=False):
        for table in ("notices", "copies"):
            if not columns_of(draft, table, "former"):
                raise ValueError(f"{former} has no table {table!r}: it is no database of a release")
        with draft.atomic():
            put_successors(draft, archive)
            put_differing(draft)
            draft.execute(_PUT, {"taken": json.dumps(sorted(taken_down))})
            forget_differing(draft)
            forget_leads(draft)


def count_changes(db: Database) -> dict[Change, int]:
    """How many changes of each kind there are, in the order of the kinds."""
    found = dict(db.execute("select kind, count(*) from changes group by kind").fetchall())
    return {kind: found.get(kind, 0) for kind in CHANGES}


def changed_ids(draft: Database) -> list[str]:
    """The notices of a release that are told of in `changes`, in the order of their ids."""
    return [row["id"] for row in ask(draft, "select distinct id from changes where id is not null order by id")]


def _create(draft: Database) -> None:
    create_successors(draft)
    draft.execute("drop table if exists changes")
    draft.execute(
        "create table changes (number integer primary key, id text, kind text not null, former_id text,"
        " fields text not null, detail text)"
    )


_NAMES: Final = json.dumps(FIELDS)
_ORDER: Final = json.dumps(CHANGES)

_PUT: Final = f"""
    with lost as (select id from former.notices where id not in (select former_id from leads)),
    whereabouts (former_id, notice) as (
      select lost.id, archive.notices.id from lost join archive.notices on archive.notices.id = lost.id
      union select lost.id, archive.aliases.notice from lost join archive.aliases on alias = lost.id
      union select lost.id, held.notice from lost join former.copies as was on was.notice = lost.id
        join archive.copies as held on held.url_key = was.url_key where held.notice is not null
    ),
    told (id, kind, former_id, fields, detail) as (
      select id, 'added', null, '[]', null from notices where id not in (select notice from leads)
      union all
      select notice, 'changed', null, json_group_array(json_extract('{_NAMES}', '$[' || place || ']')), null
      from (select notice, place from differing order by notice, place) group by notice
      union all
      select lineage.notice, 'withdrawn', null, '[]', min(now.url)
      from lineage join copies as now on now.notice = lineage.notice and now.role = 'original' and now.state = 'gone'
      where not exists (select 1 from former.copies as was
        where was.notice = lineage.former and was.role = 'original' and was.state = 'gone')
      group by lineage.notice
      union all
      select notice, iif(notices > 1, 'split', iif(formers > 1, 'merged', 'moved')), former_id, '[]', known_by
      from (select *, count(*) over (partition by former_id) as notices, count(*) over (partition by notice) as formers
        from leads)
      where notices > 1 or known_by <> 'id'
      union all
      select null, 'removed', lost.id, '[]', case when whereabouts.notice is null then 'not_held'
        when sum(whereabouts.notice not in (select value from json_each(:taken))) = 0 then 'taken_down'
        else 'not_chosen' end
      from lost left join whereabouts on former_id = lost.id group by lost.id
    )
    insert into changes (id, kind, former_id, fields, detail)
    select told.* from told join json_each('{_ORDER}') as kinds on kinds.value = kind
    order by coalesce(told.id, former_id), kinds.key, former_id
"""  # noqa: S608 (names of ours)
