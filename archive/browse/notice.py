"""The page of one notice: `/notice/<id>`, also by a former id or by the address of a copy."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from archive.browse.headers import OWN_POLICY
from archive.browse.served import NOTICE, archives, notice_path

if TYPE_CHECKING:
    import sqlite3

    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response


async def notice_view(request: Request, datasette: Datasette) -> Response:
    """Show a notice; send a former id or a copy's address on to the notice that holds it now; else 404."""
    from datasette.utils.asgi import NotFound, Response

    from archive.browse.notice_page import find_notice, read_notice

    database = database_of(request, datasette)
    if database is None:
        raise NotFound(f"No archive is served here, so there is no {NOTICE}")
    await allow(request, datasette, database, "notices")
    given = unquote(request.url_vars["id"])

    def read(conn: sqlite3.Connection) -> Any:
        notice = find_notice(conn, given)
        return notice if notice != given or notice is None else read_notice(conn, notice)

    found = await datasette.get_database(database).execute_fn(read)
    if isinstance(found, str):
        # Not for ever: a former id follows its document to whichever notice holds it.
        return Response.redirect(notice_path(datasette, database, found), status=302)
    template = "minzheng_missing.html" if found is None else "minzheng_notice.html"
    path = partial(notice_path, datasette, database)
    context = {"database": database, "page": found, "given": given, "notice_path": path}
    return Response.html(
        await datasette.render_template(template, context, request=request),
        status=404 if found is None else 200,
        headers={"Content-Security-Policy": OWN_POLICY},
    )


def database_of(request: Request, datasette: Datasette) -> str | None:
    """The archive that an address names, the first one where it names none; None where that is no archive."""
    from datasette.utils import tilde_decode

    served = archives(datasette)
    route = request.url_vars.get("database")
    if route is None:
        return served[0] if served else None
    name: str = datasette.get_database(route=tilde_decode(route)).name
    return name if name in served else None


async def allow(request: Request, datasette: Datasette, database: str, table: str) -> None:
    """Raises: Forbidden, when the operator's configuration keeps that table from this person."""
    if hasattr(datasette, "ensure_permissions"):
        await datasette.ensure_permissions(
            request.actor, [("view-table", (database, table)), ("view-database", database), "view-instance"]
        )
        return
    from datasette.resources import TableResource  # Datasette 1.0

    await datasette.ensure_permission(action="view-table", resource=TableResource(database, table), actor=request.actor)
