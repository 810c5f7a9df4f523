"""The search index over `notices`: an FTS5 table of character pairs, kept in step by triggers.

Any SQLite tool can read it; writing needs our functions and fails loudly without them. The index remembers the fold
table it was made with: words folded otherwise could never be taken out of it again.
"""

from __future__ import annotations

import logging
import sqlite3

from sqlite_utils import Database

from archive.store.in_step import is_in_place, put_in_place
from archive.store.words import zh_index, zh_match, zh_snippet
from archive.text import FOLD_VERSION

__all__ = [
    "SearchError",
    "check_search",
    "create_search",
    "rebuild_search",
    "register",
    "zh_index",
    "zh_match",
    "zh_snippet",
]


logger = logging.getLogger(__name__)


class SearchError(RuntimeError):
    """The search index cannot be used as it is; the message says what mends it."""


def register(conn: sqlite3.Connection) -> None:
    """Give a connection `zh_index(text)`, `zh_match(query)` and `zh_snippet(text, query[, width])`."""
    conn.create_function("zh_index", 1, zh_index, deterministic=True)
    conn.create_function("zh_match", 1, zh_match, deterministic=True)
    conn.create_function("zh_snippet", 2, zh_snippet, deterministic=True)
    conn.create_function("zh_snippet", 3, zh_snippet, deterministic=True)


def create_search(db: Database) -> None:
    """Make the view, the index and its triggers as they should be, and fill the index if any of them was not.

    For a connection with our functions; run after every migration (`transform` drops triggers). Without effect
    when all is in place.

    Raises: SearchError if the index was made with another fold table.
    """
    made_with = _fold_version(db)
    if made_with not in {None, FOLD_VERSION}:
        raise SearchError(
            f"the search index was made with fold table {made_with}, this program has {FOLD_VERSION}: "
            "nothing was written; run `minzheng rebuild`"
        )
    if made_with and is_in_place(db, _SCHEMA):
        return
    if notices := db.table("notices").count:
        logger.info("making the search index of %d notices anew, which is done once", notices)
    with db.atomic():
        put_in_place(db, _SCHEMA)
        # kept in the index itself: ORDER BY rank weighs the title for every client
        db.execute("insert into notices_fts (notices_fts, rank) values ('rank', ?)", [_RANK])
        rebuild_search(db)
        db.execute(
            """insert into archive_state (key, value) values ('fold_version', ?)
            on conflict do update set value = excluded.value""",
            [FOLD_VERSION],
        )


def rebuild_search(db: Database) -> None:
    """Make the words of the index anew from the notices."""
    db.execute("insert into notices_fts (notices_fts) values ('rebuild')")


def check_search(db: Database) -> None:
    """Compare every word of the index with the notices. Needs a connection that may write.

    Raises: SearchError when they differ.
    """
    try:
        db.execute("insert into notices_fts (notices_fts, rank) values ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        if "malformed" not in str(error) and "corrupt" not in str(error):
            raise
        raise SearchError("the search index differs from the text of the notices: run `minzheng rebuild`") from error


_NAMES = ("title", "text", "attachments_text", "document_number")
_COLUMNS = ", ".join(_NAMES)
_RANK = "bm25(10.0, 1.0, 0.5, 10.0)"
"""A word in the title or the number weighs ten times one in the text, one in a file half as much: lists are long."""


def _words(row: str) -> str:
    """What is indexed of a row of `notices`, as SQL, in the order of `_NAMES`."""
    return f"char(57344) || ' ' || {', '.join(f'zh_index({row}{name})' for name in _NAMES)}"


_PUT = f"insert into notices_fts (rowid, {_COLUMNS}) values (new.n, {_words('new.')});"  # noqa: S608 (ours)
_TAKE = f"insert into notices_fts (notices_fts, rowid, {_COLUMNS}) values ('delete', old.n, {_words('old.')});"  # noqa: S608 (ours)

# U+E000 stands before every title, so that a query can match every row. The comment is what Datasette and
# sqlite-utils look for to know that this is the index of `notices`.
_SCHEMA = {
    "notices_fts_src": f"""
create view notices_fts_src (n, {_COLUMNS}) as select n, {_words("")} from notices""",  # noqa: S608 (ours)
    "notices_fts": f"""
create virtual table notices_fts using fts5({_COLUMNS},
  content="notices_fts_src" /* content="notices" */, content_rowid="n", tokenize="unicode61 remove_diacritics 2")""",
    "notices_fts_insert": f"""
create trigger notices_fts_insert after insert on notices begin
  {_PUT}
end""",
    "notices_fts_delete": f"""
create trigger notices_fts_delete after delete on notices begin
  {_TAKE}
end""",
    # a notice is settled again and again, and seldom says something else
    "notices_fts_update": f"""
create trigger notices_fts_update after update of n, {_COLUMNS} on notices
when ({", ".join(f"new.{name}" for name in ("n", *_NAMES))}) is not
  ({", ".join(f"old.{name}" for name in ("n", *_NAMES))}) begin
  {_TAKE}
  {_PUT}
end""",
}


def _fold_version(db: Database) -> str | None:
    row = db.execute("select value from archive_state where key = 'fold_version'").fetchone()
    return None if row is None else str(row[0])
