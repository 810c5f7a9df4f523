"""Tables `splits` and `family_links` of a release: the family and the part of each notice, and what says so."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Final

from sqlite_utils import Database

from archive.families import Cut, cut_families, deal
from archive.store.families import TOLD_BY, Progress, read_ties
from archive.store.rows import Row, insert_all


def put_splits(draft: Database, progress: Progress | None = None) -> None:
    """Cut the notices of a release into families, and deal these to train, validation and test; put again it is anew.

    The id of a family is that of the notice first seen of it, which is the same however many come after; the part
    follows from the address that it was first seen at, which stays when its original is found and its id changes.
    """
    with _reading_once(draft):
        ids, ties, texts = read_ties(draft, progress)
        cut = cut_families(len(ids), ties, texts.pieces)
        founders: dict[int, str] = {}
        keys: dict[int, str] = {}
        for notice, key in draft.execute(_FIRST_SEEN):
            family = cut.family[bisect_left(ids, notice)]
            if founders.setdefault(family, notice) == notice:
                keys.setdefault(family, key)
    dealt = deal(cut, keys)
    rows = (
        {"notice": notice, "family": founders[family], "split": dealt[family]}
        for notice, family in zip(ids, cut.family, strict=True)
    )
    with draft.atomic():
        for statement in _TABLES:
            draft.execute(statement)
        for table, found in (("splits", rows), ("family_links", _links(ids, cut))):
            while some := list(islice(found, _AT_ONCE)):
                insert_all(draft, table, some)


@contextmanager
def _reading_once(db: Database) -> Iterator[None]:
    """Keep few pages in memory: of texts that are all read once none is asked for again."""
    [before] = db.execute("pragma cache_size").fetchone()
    db.execute(f"pragma cache_size = {_PAGES}").close()
    try:
        yield
    finally:
        db.execute(f"pragma cache_size = {before}").close()


def _links(ids: list[str], cut: Cut) -> Iterator[Row]:
    for tie in sorted(cut.links):
        yield {
            "notice": ids[tie.one],
            "other": ids[tie.other],
            "told_by": TOLD_BY[tie.told_by],
            "notice_share": tie.of_one / 100 if tie.of_one else None,
            "other_share": tie.of_other / 100 if tie.of_other else None,
        }


_PAGES: Final = -4000
"""Kibibytes, as SQLite has it."""
_AT_ONCE: Final = 1000
"""Rows written at once."""

_FIRST_SEEN: Final = """
    select id, coalesce(url_key, id) from notices left join copies on copies.notice = id
    order by copies.first_seen_at is null, copies.first_seen_at, url_key, id
"""

_TABLES: Final = (
    "drop table if exists splits",
    "drop table if exists family_links",
    """
    create table splits (
      notice text primary key references notices(id),
      family text not null,
      split text not null
    )
    """,
    "create index idx_splits_family on splits (family)",
    """
    create table family_links (
      notice text not null references notices(id),
      other text not null,
      told_by text not null,
      notice_share real,
      other_share real,
      primary key (notice, other)
    )
    """,
)
