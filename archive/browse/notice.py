"""The page of one notice: `/notice/<id>`, also by a former id or by the address of a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from archive.browse.pages import allow, database_of, page_path, read, show

if TYPE_CHECKING:
    import sqlite3

    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

    from archive.browse.notice_page import NoticePage


async def notice_view(request: Request, datasette: Datasette) -> Response:
    """Show a notice; send a former id or a copy's address on to the notice that holds it now; else 404."""
    from datasette.utils.asgi import Response

    from archive.browse.notice_page import find_notice, read_notice

    database = database_of(request, datasette)
    await allow(request, datasette, database, "notices")
    given = unquote(request.url_vars["id"])

    def find(conn: sqlite3.Connection) -> NoticePage | str | None:
        notice = find_notice(conn, given)
        return notice if notice != given or notice is None else read_notice(conn, notice)

    found = await read(datasette, database, find)
    if isinstance(found, str):
        # Not for ever: a former id follows its document to whichever notice holds it.
        return Response.redirect(page_path(datasette, database, "notice", found), status=302)
    template = "minzheng_missing.html" if found is None else "minzheng_notice.html"
    context = {"page": found, "given": given}
    return await show(request, datasette, database, template, context, status=404 if found is None else 200)
