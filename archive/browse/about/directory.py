"""Lists of all agencies, places and sources: `/agencies`, `/places`, `/sources`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from archive.browse import charts
from archive.browse.about.directory_page import read_agencies, read_places, read_sources
from archive.browse.pages import allow, database_of, read, show

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response


async def agencies_view(request: Request, datasette: Datasette) -> Response:
    """List the agencies that issue, most notices first; `?q=` for those with these words in their name."""
    database = database_of(request, datasette)
    await allow(request, datasette, database, "notices")
    wanted = request.args.get("q") or ""
    page = await read(datasette, database, partial(read_agencies, wanted=wanted))
    context = {"page": page, "wanted": wanted, "meter": charts.meter}
    return await show(request, datasette, database, "minzheng_agencies.html", context)


async def places_view(request: Request, datasette: Datasette) -> Response:
    """List the provinces and the places in them that have notices."""
    database = database_of(request, datasette)
    await allow(request, datasette, database, "notices")
    provinces = await read(datasette, database, read_places)
    return await show(request, datasette, database, "minzheng_places.html", {"provinces": provinces})


async def sources_view(request: Request, datasette: Datasette) -> Response:
    """List the sources by kind, those that carry most first."""
    database = database_of(request, datasette)
    await allow(request, datasette, database, "sources", "copies")
    kinds = await read(datasette, database, read_sources)
    return await show(request, datasette, database, "minzheng_sources.html", {"kinds": kinds})
