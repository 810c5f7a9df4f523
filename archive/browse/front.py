"""The front page of a server with one archive: what it is, how much it holds, the ways in."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from archive.browse.pages import allow, read, show
from archive.browse.rows import Row, read_rows
from archive.browse.served import archives
from archive.browse.statements import canned_queries
from archive.browse.stock.defaults import archive_words
from archive.labels import Words

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

_NEWEST: Final = 10
_HELD: Final[tuple[tuple[Words, str, str, Mapping[str, object]], ...]] = (
    (Words("通知公告", "Notices"), "notices", "notices", {}),
    (Words("其中原文已采", "Originals held"), "originals", "copies", {"role": "original"}),
    (Words("转载网页", "Reposts"), "reposts", "copies", {"role": "repost"}),
    (Words("发布后的改动", "Edits found"), "edits", "revisions", {"rank__gt": 0}),
    (Words("附件", "Files"), "files", "files", {}),
    (Words("民政部门", "Bureaus"), "bureaus", "sources", {"kind": "bureau"}),
    (Words("其他站点", "Other sites"), "portals", "sources", {"kind__not": "bureau"}),
)
"""What is counted: in words, in `front.sql`, and the rows that make it up."""
_TITLED: Final = ("title", "description", "description_html")


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
        "held": _HELD,
        "questions": _questions(datasette, database),
    }
    return await show(request, datasette, database, "minzheng_front.html", context)


def read_front(conn: sqlite3.Connection) -> Front:
    """Read what the front page shows."""
    (counts,) = read_rows(conn, "front")
    return Front(counts=counts, newest=read_rows(conn, "newest", limit=_NEWEST))


def _questions(datasette: Datasette, database: str) -> list[tuple[str, Words]]:
    """Addresses and titles of the canned queries."""
    return [(str(datasette.urls.query(database, query.name)), query.title) for query in canned_queries()]
