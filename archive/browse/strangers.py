"""What is kept from strangers whatever is asked: where files lie, what runs here, what an error was in detail.

And what is told to the robots of search engines, whoever else reads.
"""

from __future__ import annotations

import logging
import sqlite3
from typing import TYPE_CHECKING, Any, Final

from archive.browse.profile import is_public, may_be_indexed

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Response

logger = logging.getLogger(__name__)

_ALL_OUT: Final = "User-agent: *\nDisallow: /\n"
_PAGES_ONLY: Final = "User-agent: *\nDisallow: /-/\nDisallow: /*?\n"
"""Pages have addresses of their own; a question with its sorts and filters has more of them than anyone can walk."""


_LONGEST: Final = 64 * 1024 * 1024
"""Bytes of a value: one statement of a stranger's could ask for gigabytes of memory, within its time."""


def guard(conn: sqlite3.Connection) -> None:
    """Let no SQL on this connection tell where its file lies (that column is null) or make a value without bounds."""
    conn.set_authorizer(_authorize)
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)


async def robots_view(datasette: Datasette) -> Response:
    """Show `/robots.txt`: nothing is for robots, unless the operator lets them in."""
    from datasette.utils.asgi import Response

    return Response.text(_PAGES_ONLY if may_be_indexed(datasette) else _ALL_OUT)


async def databases_view(datasette: Datasette) -> Response:
    """Show `/-/databases.json` of the public profile: as Datasette's, without the paths."""
    from datasette.utils.asgi import Response

    return Response.json(
        [
            {"name": one.name, "route": one.route, "size": one.size, "is_mutable": one.is_mutable}
            for one in datasette.databases.values()
            if one.path is not None
        ]
    )


async def closed_view() -> None:
    """Refuse what tells of the running program."""
    from datasette.utils.asgi import NotFound

    raise NotFound("Not shown to the public")


def own_routes(datasette: Datasette) -> list[tuple[str, Any]]:
    """`/robots.txt`, and in the public profile what stands before Datasette's own pages about the server."""
    robots = [(r"^/robots\.txt$", robots_view)]
    if not is_public(datasette):
        return robots
    return [*robots, (r"^/-/databases(\.json)?$", databases_view), (r"^/-/(threads|tasks)(\.json)?$", closed_view)]


async def plain_error(exception: Exception) -> Response | None:
    """An unforeseen error in no more words than that; None for those that Datasette raises to be read."""
    from datasette.utils.asgi import Base400, Response
    from datasette.views.base import DatasetteError

    if isinstance(exception, Base400 | DatasetteError):
        return None
    logger.error("an answer failed", exc_info=exception)
    return Response.text("Internal error 内部错误", status=500)


def _authorize(action: int, table: str | None, column: str | None, *_: str | None) -> int:
    if action == sqlite3.SQLITE_READ and table == "pragma_database_list" and column == "file":
        return sqlite3.SQLITE_IGNORE
    return sqlite3.SQLITE_OK
