"""What a takedown leaves out and what it does not, told to whoever rules it."""

from __future__ import annotations

from typing import Final, TypedDict

from sqlite_utils import Database

from archive.store.notices import members
from archive.store.rows import ask


class Printing(TypedDict):
    """Another notice that prints what was taken down, and the address of its best copy."""

    id: str
    title: str | None
    url: str


class NoticeAt(TypedDict):
    """A notice that an address leaves out, with the addresses of its copies, the best first.

    `printed_by` are notices of their own that print its text, or much of it, and stay unless they are ruled on, too.
    """

    id: str
    title: str | None
    copies: list[str]
    printed_by: list[Printing]


class FileAt(TypedDict):
    """A file that an address leaves out, as one of its links calls it, and the ids of the notices that link it."""

    url: str
    name: str
    notices: list[str]


def describe_notice(db: Database, notice: str) -> NoticeAt:
    """What a person is told of a notice that there is."""
    row = next(ask(db, "select title from notices where id = ?", [notice]))
    printed_by = [
        Printing(id=other["id"], title=other["title"], url=other["url"]) for other in ask(db, _PRINTED_BY, [notice])
    ]
    return NoticeAt(id=notice, title=row["title"], copies=members(db, notice), printed_by=printed_by)


def describe_file(db: Database, file: str) -> FileAt:
    """What a person is told of a file that is left out; `file` is its url key."""
    rows = list(ask(db, _LINKS_TO, [file]))
    notices = sorted({row["notice"] for row in rows if row["notice"] is not None})
    return FileAt(url=rows[0]["url"] if rows else file, name=rows[0]["name"] if rows else "", notices=notices)


_LINKS_TO: Final = """
    select attachments.url, attachments.name, copies.notice from attachments join copies on copies.url_key = copy
    where attachments.url_key = ? order by attachments.url, attachments.name
"""

# of pages that nothing tells apart, and of letters around a text, collections of texts, the text under another's name
_PRINTED_BY: Final = """
    with others (id) as (
      select theirs.notice from likenesses
        join copies as mine on mine.url_key = likenesses.other join copies as theirs on theirs.url_key = likenesses.copy
      where mine.notice = ?1 and class in ('full', 'embedded', 'part') and veto is null
      union
      select theirs.notice from likenesses
        join copies as mine on mine.url_key = likenesses.copy join copies as theirs on theirs.url_key = likenesses.other
      where mine.notice = ?1 and class in ('full', 'embedded', 'part') and veto is null
      union select a from relations where b = ?1 and kind in ('forwards', 'digest_of', 'republishes')
      union select b from relations where a = ?1 and kind in ('forwards', 'digest_of', 'republishes')
    )
    select notices.id, notices.title, copies.url from others join notices using (id)
      join copies on copies.url_key = notices.best_copy
    where notices.id <> ?1 order by notices.id
"""
