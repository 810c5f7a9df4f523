"""What a notice cites and what cites it, and which notices belong with it; both ways."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from archive.browse.rows import Row, read_rows
from archive.labels import CITATIONS, RELATIONS, Words, relation_words, words_for

_SHOWN: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkShown:
    """One other document or notice, and how this one stands to it, in words; `why` where that was told from texts."""

    row: Row
    kind: Words
    why: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Of very many the first ones; `has_more` says that there are others."""

    shown: tuple[LinkShown, ...]
    has_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLinks:
    """`cites`: the documents it names, in the order of its text, with the notice that is meant where it is held.

    `cited_by`: the notices that name it. `related`: those that texts and titles tell to belong with it.
    """

    cites: Links
    cited_by: Links
    related: Links


def read_links(conn: sqlite3.Connection, notice: str) -> NoticeLinks:
    """Read what leads from and to a notice."""
    rows = {name: read_rows(conn, name, id=notice, limit=_SHOWN + 1) for name in ("citations", "citing", "relations")}
    return NoticeLinks(
        cites=_links(rows["citations"], _cited),
        cited_by=_links(rows["citing"], _cited),
        related=_links(rows["relations"], _related),
    )


def _links(rows: Sequence[Row], shown: Callable[[Row], LinkShown]) -> Links:
    return Links(shown=tuple(map(shown, rows[:_SHOWN])), has_more=len(rows) > _SHOWN)


def _cited(row: Row) -> LinkShown:
    return LinkShown(row=row, kind=words_for(CITATIONS, row["kind"]))


def _related(row: Row) -> LinkShown:
    kind = RELATIONS[row["kind"]][0 if row["is_from"] else 1]
    return LinkShown(row=row, kind=kind, why=relation_words(row["why"]))
