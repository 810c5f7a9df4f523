"""Our pages of health: `/health` (sources), `/health/coverage` (months by channel), `/health/issues`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from archive.browse.pages import allow, database_of, read, show, too_old

if TYPE_CHECKING:
    import sqlite3

    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

    from archive.browse.watch.health_page import CoveragePage, StandingPage


async def health_view(request: Request, datasette: Datasette) -> Response:
    """Show how each source stands; 404 where no archive is served."""
    return await _show(request, datasette, "sources", "minzheng_health.html")


async def coverage_view(request: Request, datasette: Datasette) -> Response:
    """Show what is collected of each channel, month by month; `?source=KEY` for one source."""
    return await _show(request, datasette, "coverage", "minzheng_coverage.html")


async def issues_view(request: Request, datasette: Datasette) -> Response:
    """Show the open issues; `?all=1` the closed ones, too."""
    return await _show(request, datasette, "issues", "minzheng_issues.html")


async def _show(request: Request, datasette: Datasette, what: str, template: str) -> Response:

    from archive.browse.watch.health_page import read_coverage, read_standing
    from archive.store import Database, is_current

    database = database_of(request, datasette)
    await allow(request, datasette, database, "issues" if what == "issues" else "sources")
    source = request.args.get("source")
    everything = bool(request.args.get("all"))

    def look(conn: sqlite3.Connection) -> StandingPage | CoveragePage | None:
        if not is_current(Database(conn, execute_plugins=False)):
            return None
        if what == "coverage":
            return read_coverage(conn, source)
        return read_standing(conn, datetime.now(UTC), everything=everything)

    page = await read(datasette, database, look)
    if page is None:
        raise too_old()
    context = {"page": page, "source": source, "all": everything}
    return await show(request, datasette, database, template, context)
