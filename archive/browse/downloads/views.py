"""All hits of a search as a file: `/search.csv?q=…`, the same query as the page's."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from archive.browse.atom import Feed, lasting_id
from archive.browse.downloads.forms import DOWNLOADS, Downloaded, Search
from archive.browse.downloads.stream import Hits, Stream
from archive.browse.feeds import notice_entry, own_address
from archive.browse.language import TAGS, language, say
from archive.browse.pages import allow, database_of, page_path, read, too_old
from archive.browse.rows import Row, last_look, read_rows
from archive.browse.search.asked import Asked, read_asked
from archive.browse.search.choices import LABELS, label_of
from archive.browse.search.coverage import read_sources
from archive.browse.search.found import find_all
from archive.browse.search.views import TABLES, is_searchable, search_path
from archive.labels import Words
from archive.references.address import mark_of
from archive.references.held import reference_of
from archive.store import Database
from archive.store.dataset import DatasetNotice, numbered_notices

if TYPE_CHECKING:
    import sqlite3

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

_TABLES: Final = (*TABLES, "revisions", "attachments", "matches")
_NAMED: Final = 40


async def download_view(request: Request, datasette: Datasette) -> Stream:
    """Give all hits in the form that the ending names, piece by piece as they are written."""

    form = DOWNLOADS[request.url_vars["ending"]]
    database = database_of(request, datasette)
    await allow(request, datasette, database, *_TABLES)
    asked, _ = read_asked({name: request.args.getlist(name) for name in request.args})
    if request.url_vars["ending"] == "atom" and asked.sort is None:
        asked = asked.sorted_by("newest")

    def look(conn: sqlite3.Connection) -> tuple[list[int], tuple[tuple[str, str | Words], ...], datetime] | None:
        if not is_searchable(conn):
            return None
        sources = read_sources(conn)
        told = tuple((name, label_of(name, value, sources)) for name, value in asked.chosen)
        return find_all(conn, asked), told, last_look(conn)

    found = await read(datasette, database, look)
    if found is None:
        raise too_old()
    numbers, told, looked_at = found
    asked_in_words = [(say(LABELS[name]), label if isinstance(label, str) else say(label)) for name, label in told]
    page = datasette.absolute_url(request, search_path(datasette, database, asked))
    search = Search(
        address=page,
        total=len(numbers),
        feed=_feed(request, datasette, asked, page, asked_in_words, looked_at),
        asked=((say("检索词", "Words"), asked.q), *asked_in_words),
        looked_at=looked_at,
    )
    hits = Hits(numbers, make=_maker(request, datasette, database))
    name = _file_name(asked, len(numbers), request.url_vars["ending"])
    return Stream(request, datasette, database, form=form, search=search, hits=hits, name=name)


def _maker(
    request: Request, datasette: Datasette, database: str
) -> Callable[[sqlite3.Connection, Sequence[int]], list[Downloaded]]:
    def make(conn: sqlite3.Connection, numbers: Sequence[int]) -> list[Downloaded]:
        states = {row["id"]: row for row in read_rows(conn, "download_states", numbers=json.dumps(numbers))}
        notices = numbered_notices(Database(conn, execute_plugins=False), numbers)
        return [_downloaded(request, datasette, database, notice, states.get(notice["id"], {})) for notice in notices]

    return make


def _downloaded(request: Request, datasette: Datasette, database: str, notice: DatasetNotice, state: Row) -> Downloaded:
    """A notice; its reference is to the very text that it shows now, as the notice's own page cites it."""
    parts: tuple[object, ...] = ("notice", notice["id"])
    mark = None
    if state and notice["text_digest"]:
        parts, mark = (*parts, "r", state["number"]), str(mark_of(notice["text"], notice["text_digest"]))
    seen_at = state.get("seen_to") or notice["last_seen_at"] or _NEVER
    row = {**notice, "issuing_agencies": json.dumps(notice["issuing_agencies"], ensure_ascii=False)}
    return Downloaded(
        notice=notice,
        address=datasette.absolute_url(request, page_path(datasette, database, "notice", notice["id"])),
        reference=reference_of(
            row,
            address=datasette.absolute_url(request, page_path(datasette, database, *parts, text=mark)),
            seen_at=seen_at,
        ),
        entry=notice_entry(
            request,
            datasette,
            database,
            {
                **row,
                "seen_at": state.get("seen_from") or notice["first_seen_at"] or _NEVER,
                "text": notice["text"][:300],
            },
        ),
    )


_NEVER: Final = "1970-01-01T00:00:00Z"
"""When a notice was seen of which nobody knows that: a database that was not made from captures."""


def _feed(
    request: Request,
    datasette: Datasette,
    asked: Asked,
    page: str,
    told: Sequence[tuple[str, str]],
    looked_at: datetime,
) -> Feed:
    title = " · ".join(part for part in (asked.q, *(label for _, label in told)) if part) or say(
        "全部通知公告", "All notices"
    )
    return Feed(
        id=lasting_id("search", *(f"{name}={value}" for name, value in asked.turned(1).pairs())),
        title=f"{title} · {say('民政公告档案', 'Minzheng Archive')}",
        page=page,
        address=own_address(request, datasette),
        language=TAGS[language()],
        updated_at=looked_at,
    )


def _file_name(asked: Asked, total: int, ending: str) -> str:
    """A `content-disposition`: what was searched for and how much was found, for old programs without the words."""
    words = "-".join(re.findall(r"\w+", asked.q))[:_NAMED]
    name = "-".join(part for part in (say("民政公告", "minzheng"), words, str(total)) if part)
    kind = "inline" if ending == "atom" else "attachment"
    return f"{kind}; filename=\"minzheng-{total}.{ending}\"; filename*=UTF-8''{quote(f'{name}.{ending}', safe='')}"
