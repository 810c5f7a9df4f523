"""The page of one notice: `/notice/<id>`, also by a former id or by the address of a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from archive.browse.notice.citation import cite_document
from archive.browse.notice.page import NoticePage, find_notice, read_notice
from archive.browse.notice.revision import as_of_view
from archive.browse.pages import allow, database_of, page_path, read, show

if TYPE_CHECKING:
    import sqlite3

    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response


async def notice_view(request: Request, datasette: Datasette) -> Response:
    """Show a notice; send a former id or a copy's address on to the notice that holds it now; else 404.

    `?at=YYYY-MM-DD` shows the revision of that day instead.
    """
    from datasette.utils.asgi import Response

    database = database_of(request, datasette)
    await allow(request, datasette, database, "notices")
    given, day = unquote(request.url_vars["id"]), request.args.get("at")

    def find(conn: sqlite3.Connection) -> NoticePage | str | None:
        notice = find_notice(conn, given) or find_notice(conn, given.rstrip("/"))
        return notice if notice != given or notice is None or day else read_notice(conn, notice)

    found = await read(datasette, database, find)
    if found is None:
        return await show(request, datasette, database, "minzheng_missing.html", {"given": given}, status=404)
    if isinstance(found, NoticePage):
        context = {"page": found, "citation": cite_document(request, datasette, database, found.document)}
        return await show(request, datasette, database, "minzheng_notice.html", context)
    if found == given:
        return await as_of_view(request, datasette)
    # Not for ever: a former id follows its document to whichever notice holds it.
    return Response.redirect(page_path(datasette, database, "notice", found, at=day), status=302)
