"""Pages of one agency, place or source, and their feeds: `/agency/<name>`, `/place/<code>`, `/source/<key>`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from archive.browse import charts
from archive.browse.about.named import Counted, Named, Subject, find_named, suggest
from archive.browse.about.page import AboutPage, FeedPage, read_about, read_feed
from archive.browse.about.periods import period_path
from archive.browse.atom import lasting_id
from archive.browse.feeds import notice_entry, show_feed
from archive.browse.links import outward
from archive.browse.pages import allow, database_of, page_path, read, show

if TYPE_CHECKING:
    import sqlite3

    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response
    from markupsafe import Markup

_TABLES: Final = ("notices", "copies", "sources", "revisions", "coverage")
_FEED: Final = ".atom"
"""What stands behind the address of a page where its feed is meant."""


async def agency_view(request: Request, datasette: Datasette) -> Response:
    """Show what the archive has of an agency, by its exact printed name; with `.atom` behind it what came in last."""
    return await _show(request, datasette, "agency")


async def place_view(request: Request, datasette: Datasette) -> Response:
    """Show what the archive has of a place and all that belongs to it, by its division code; or its feed."""
    return await _show(request, datasette, "place")


async def source_view(request: Request, datasette: Datasette) -> Response:
    """Show what the archive has of a source, a bureau's site or a portal, by its key; or its feed."""
    return await _show(request, datasette, "source")


async def _show(request: Request, datasette: Datasette, subject: Subject) -> Response:
    database = database_of(request, datasette)
    await allow(request, datasette, database, *_TABLES)
    given = unquote(request.url_vars["given"])

    def look(conn: sqlite3.Connection) -> AboutPage | FeedPage | tuple[Counted, ...]:
        """What has that name before the feed of what has it without its ending: a name may end so, too."""
        named = find_named(conn, subject, given)
        if named is not None:
            return read_about(conn, subject, named)
        fed = find_named(conn, subject, given.removesuffix(_FEED)) if given.endswith(_FEED) else None
        return suggest(conn, subject, given.removesuffix(_FEED)) if fed is None else read_feed(conn, subject, fed)

    found = await read(datasette, database, look)
    if isinstance(found, FeedPage):
        return _show_feed(request, datasette, subject, found)
    if isinstance(found, tuple):
        return await _show_unknown(request, datasette, subject, found)
    terms = _search_terms(subject, found.named)
    context: dict[str, Any] = {
        "subject": subject,
        "page": found,
        "terms": terms,
        "feed": page_path(datasette, database, subject, given) + _FEED,
        "home": _home(found.named),
        "by_period": partial(period_path, datasette, database, terms) if terms else None,
        "year_bars": charts.year_bars,
        "heat_strip": charts.heat_strip,
        "distribution": charts.distribution,
        "meter": charts.meter,
    }
    return await show(request, datasette, database, "minzheng_about.html", context)


def _show_feed(request: Request, datasette: Datasette, subject: Subject, page: FeedPage) -> Response:
    database = database_of(request, datasette)
    return show_feed(
        request,
        datasette,
        id=lasting_id(subject, page.named.key),
        title=page.named.name,
        page=page_path(datasette, database, subject, page.named.key),
        updated_at=page.looked_at,
        entries=[notice_entry(request, datasette, database, row) for row in page.entries],
    )


async def _show_unknown(
    request: Request, datasette: Datasette, subject: Subject, near: tuple[Counted, ...]
) -> Response:
    """Say that nothing is known by that name, and what may have been meant; lead on where a slash is too many."""
    from datasette.utils.asgi import Response

    database = database_of(request, datasette)
    given = unquote(request.url_vars["given"])
    if given.endswith("/"):
        return Response.redirect(page_path(datasette, database, subject, given.rstrip("/")))
    context = {"subject": subject, "given": given.removesuffix(_FEED), "near": near}
    return await show(request, datasette, database, "minzheng_unknown.html", context, status=404)


def _home(named: Named) -> Markup | str:
    """A source's own address, as a link out where it is one."""
    return "" if named.row is None else outward(named.row["home"]) or str(named.row["home"])


def _search_terms(subject: Subject, named: Named) -> dict[str, str] | None:
    """By what a search finds the notices of a page; None where it has no filter for that: a county's."""
    if subject != "place":
        return {subject: named.key}
    names = [name for _, name in named.above] + [named.name]
    if named.level == "county":
        return None
    return dict(zip(("province", "city"), names, strict=False))
