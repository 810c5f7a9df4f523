"""Table `facets`: of every notice what a search is narrowed by and counted by, in one short row.

The rows of `notices` are long, and half of what a person chooses by stands in other tables. A view says what a row
is; triggers write it again when one of the rows it is told from changes, so that it holds for whoever writes them.
"""

from __future__ import annotations

from sqlite_utils import Database

from archive.records import EDIT_CLASSES, EditClass
from archive.store.in_step import is_in_place, put_in_place

__all__ = ["create_facets", "stray_facets"]

_SLIGHT: tuple[EditClass, ...] = ("order", "cosmetic")
"""Edits that say nothing else: nobody who looks for edited notices means these."""


def create_facets(db: Database) -> None:
    """Make the view and the triggers as they should be, and fill the table if any of them was not.

    Run after every migration (`transform` drops triggers). Without effect when all is in place.
    """
    if is_in_place(db, _SCHEMA):
        return
    with db.atomic():
        put_in_place(db, _SCHEMA)
        db.execute("delete from facets")
        db.execute("insert into facets select * from facets_src")


def stray_facets(db: Database) -> int:
    """Of how many notices the row is not what the view says; 0 of a sound database."""
    sql = """select count(distinct n) from (select * from (select * from facets except select * from facets_src)
        union all select * from (select * from facets_src except select * from facets))"""
    return int(db.execute(sql).fetchone()[0])


_TELLING = EDIT_CLASSES[: min(EDIT_CLASSES.index(name) for name in _SLIGHT)]
# Not `insert or replace`: within a trigger the policy of the statement that fired it holds in its stead.
_AGAIN = """
  delete from facets where n = {0};
  insert into facets select * from facets_src where n = {0};"""
_OF = "(select n from notices where id = {})"


def _trigger(event: str, table: str, *notices: str, when: str = "") -> str:
    """A trigger that tells these notices (ids in SQL) again after an event in a table."""
    name = f"facets_{table}_{event.partition(' ')[0]}"
    told = "".join(_AGAIN.format(_OF.format(notice)) for notice in dict.fromkeys(notices))
    return f"create trigger {name} after {event} on {table} {when}begin{told}\nend"


_COPY = "(select notice from copies where url_key = {})"
_SCHEMA = {
    "facets_src": f"""
create view facets_src as
  select n, published_on, document_type,
    coalesce((select group_concat(value, char(10)) from (select distinct value from json_each(issuing_agencies))),
      issuing_agency) as agencies,
    province, city,
    (select group_concat(source, char(10)) from (select distinct source from copies where copies.notice = notices.id
      and source is not null order by source)) as sources,
    original_captured as original_held,
    exists (select 1 from copies where notice = notices.id and role = 'repost') as reposted,
    exists (select 1 from attachments join copies on copies.url_key = copy where notice = notices.id) as with_files,
    exists (select 1 from copies join revisions on copy = url_key where notice = notices.id
      and (role <> 'repost' or url_key = best_copy) and rank <= {len(_TELLING)}) as edited,
    exists (select 1 from copies where notice = notices.id and role = 'original' and state = 'gone') as original_gone
  from notices""",  # noqa: S608 (ours)
    "facets_notices_insert": _trigger("insert", "notices", "new.id"),
    "facets_notices_delete": """
create trigger facets_notices_delete after delete on notices begin
  delete from facets where n = old.n;
end""",
    "facets_notices_update": f"""
create trigger facets_notices_update after update of n, id, published_on, document_type, issuing_agency,
  issuing_agencies, province, city, original_captured, best_copy on notices begin
  delete from facets where n = old.n;{_AGAIN.format("new.n")}
end""",  # noqa: S608 (ours)
    "facets_copies_insert": _trigger("insert", "copies", "new.notice"),
    "facets_copies_delete": _trigger("delete", "copies", "old.notice"),
    "facets_copies_update": _trigger(
        "update of url_key, notice, role, state, source",
        "copies",
        "old.notice",
        "new.notice",
        when="when (new.url_key, new.notice, new.role, new.state, new.source)"
        " is not (old.url_key, old.notice, old.role, old.state, old.source) ",
    ),
    "facets_attachments_insert": _trigger("insert", "attachments", _COPY.format("new.copy")),
    "facets_attachments_delete": _trigger("delete", "attachments", _COPY.format("old.copy")),
    "facets_attachments_update": _trigger(
        "update of copy", "attachments", _COPY.format("old.copy"), _COPY.format("new.copy")
    ),
    # a first state is no edit and has no rank, and a page that never changed has no other
    "facets_revisions_insert": _trigger(
        "insert", "revisions", _COPY.format("new.copy"), when="when new.rank is not null "
    ),
    "facets_revisions_delete": _trigger(
        "delete", "revisions", _COPY.format("old.copy"), when="when old.rank is not null "
    ),
    "facets_revisions_update": _trigger(
        "update of copy, rank", "revisions", _COPY.format("old.copy"), _COPY.format("new.copy")
    ),
}
