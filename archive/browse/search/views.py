"""The search page: `/search?q=…`, its filters in the address; and all its hits as a file: `/search.csv?q=…`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from archive.browse.charts import year_bars
from archive.browse.downloads.forms import DOWNLOADS
from archive.browse.language import say
from archive.browse.marked import marked
from archive.browse.pages import allow, database_of, page_path, read, show, too_old
from archive.browse.search.asked import FLAGS, Asked, read_asked
from archive.browse.search.choices import LABELS
from archive.browse.search.page import SearchPage, read_search
from archive.browse.statements import statement
from archive.labels import Words

if TYPE_CHECKING:
    import sqlite3

    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

TABLES = ("notices", "copies", "sources", "coverage", "facets")
"""What a search shows rows of."""


async def search_view(request: Request, datasette: Datasette) -> Response:
    """Show one page of the hits. Whatever is asked, there is an answer: what means nothing is told on the page."""

    database = database_of(request, datasette)
    await allow(request, datasette, database, *TABLES)
    asked, misread = read_asked({name: request.args.getlist(name) for name in request.args})

    def look(conn: sqlite3.Connection) -> SearchPage | None:
        return read_search(conn, asked) if is_searchable(conn) else None

    page = await read(datasette, database, look)
    if page is None:
        raise too_old()
    address = partial(search_path, datasette, database)
    context: dict[str, Any] = {
        "page": page,
        "misread": [(LABELS[{"from": "since", "to": "until"}.get(name, name)], value) for name, value in misread],
        "labels": LABELS,
        "flags": FLAGS,
        "address": address,
        "marked": marked,
        "downloads": [
            (f".{ending}", say(form.name) if isinstance(form.name, Words) else form.name)
            for ending, form in DOWNLOADS.items()
        ],
        "chart": year_bars(
            page.strip,
            say,
            name="years",
            title=say("各年份的命中数", "Hits by year"),
            link=lambda period: address(_in_period(page.asked, period)),
            span=page.span,
            undated=page.undated,
        ),
    }
    return await show(request, datasette, database, "minzheng_search.html", context)


def is_searchable(conn: sqlite3.Connection) -> bool:
    """Whether a database has what a search reads; one of an older program has not."""
    return bool(conn.execute(statement("page/search_is_there")).fetchone()[0])


def search_path(datasette: Datasette, database: str, asked: Asked, ending: str = "") -> str:
    """The address of a search, or of all its hits as a file of that ending (`.csv`)."""
    query: dict[str, list[str]] = {}
    for name, value in asked.pairs():
        query.setdefault(name, []).append(value)
    return page_path(datasette, database, f"search{ending}", **query)


def _in_period(asked: Asked, period: str) -> Asked:
    """The search of one year or one month."""
    return asked.month(period) if len(period) > len("2024") else asked.narrowed("year", period)
