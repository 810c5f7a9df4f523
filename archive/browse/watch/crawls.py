"""How the archive was crawled: `/crawls`, and `/crawls/<id>` source by source."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote

from archive.browse.pages import allow, database_of, read, show
from archive.browse.watch.crawls_page import SHOWN, read_crawl, read_crawls

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

_TABLES = ("crawls", "captures", "walks", "sources")


async def crawls_view(request: Request, datasette: Datasette) -> Response:
    """List the latest crawls; `?source=KEY` those that walked it."""
    database = database_of(request, datasette)
    await allow(request, datasette, database, *_TABLES)
    source = request.args.get("source") or None
    crawls = await read(datasette, database, partial(read_crawls, source=source))
    context = {"crawls": crawls, "source": source, "most": SHOWN}
    return await show(request, datasette, database, "minzheng_crawls.html", context)


async def crawl_view(request: Request, datasette: Datasette) -> Response:
    """Show one crawl, source by source; 404 where there is none of this id."""
    database = database_of(request, datasette)
    await allow(request, datasette, database, *_TABLES)
    given = unquote(request.url_vars["id"])
    crawl, walks = await read(datasette, database, partial(read_crawl, crawl=given)) or (None, ())
    status = 404 if crawl is None else 200
    context = {"crawl": crawl, "walks": walks, "given": given}
    return await show(request, datasette, database, "minzheng_crawl.html", context, status=status)
