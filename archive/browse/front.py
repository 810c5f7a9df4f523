"""The front page of a server with one archive: what it is, how much it holds, the ways in."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from archive.browse.pages import allow, read, show
from archive.browse.served import archives
from archive.browse.statements import canned_queries, statement
from archive.browse.stock.defaults import archive_words
from archive.labels import Words

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

_NEWEST: Final = 10
_TITLED: Final = ("title", "description", "description_html")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What the front page shows: counts by name, and the notices published last."""

    counts: Row
    newest: tuple[Row, ...]


def front_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Awaitable[Any]]]]:
    """The address of the front page, where there is one archive and nothing else, and the user made no page there."""
    served = archives(datasette)
    files = [database for database in datasette.databases.values() if database.path is not None]
    titled = (datasette._metadata_local or {}).keys() & set(_TITLED)  # noqa: SLF001  the same in 0.65 and 1.0
    own = datasette.template_dir is not None and (Path(datasette.template_dir) / "index.html").exists()
    return [(r"^/$", front_view)] if len(served) == len(files) == 1 and not titled and not own else []


async def front_view(request: Request, datasette: Datasette) -> Response:
    """Show the front page of the one archive."""
    (database,) = archives(datasette)
    await allow(request, datasette, database, "notices", "copies", "sources")
    title, about = archive_words()
    context = {
        "page": await read(datasette, database, read_front),
        "title": title,
        "about": about,
        "questions": _questions(datasette, database),
    }
    return await show(request, datasette, database, "minzheng_front.html", context)


def read_front(conn: sqlite3.Connection) -> Front:
    """Read what the front page shows."""
    conn.row_factory = sqlite3.Row
    (counts,) = conn.execute(statement("page/front"))
    newest = conn.execute(statement("page/newest"), {"limit": _NEWEST}).fetchall()
    return Front(counts=dict(counts), newest=tuple(dict(row) for row in newest))


def _questions(datasette: Datasette, database: str) -> list[tuple[str, Words]]:
    """Addresses and titles of the canned queries."""
    return [(str(datasette.urls.query(database, query.name)), query.title) for query in canned_queries()]
