"""Pages of one agency, place or source, and their feeds: `/agency/<name>`, `/place/<code>`, `/source/<key>`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from archive.browse import charts
from archive.browse.about_page import Counted, Named, Subject, find_named, read_about, read_feed, suggest
from archive.browse.atom import lasting_id
from archive.browse.feeds import notice_entry, show_feed
from archive.browse.links import outward
from archive.browse.pages import allow, database_of, page_path, read, show
from archive.browse.periods import period_path

if TYPE_CHECKING:
    import sqlite3

    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response
    from markupsafe import Markup

_TABLES: Final = ("notices", "copies", "sources", "revisions", "coverage")


async def agency_view(request: Request, datasette: Datasette) -> Response:
    """Show what the archive has of an agency, by its exact printed name."""
    return await _show(request, datasette, "agency")


async def place_view(request: Request, datasette: Datasette) -> Response:
    """Show what the archive has of a place and all that belongs to it, by its division code."""
    return await _show(request, datasette, "place")


async def source_view(request: Request, datasette: Datasette) -> Response:
    """Show what the archive has of a source, a bureau's site or a portal, by its key."""
    return await _show(request, datasette, "source")


async def agency_feed(request: Request, datasette: Datasette) -> Response:
    """Give the notices of an agency that came in last, as Atom."""
    return await _feed(request, datasette, "agency")


async def place_feed(request: Request, datasette: Datasette) -> Response:
    """Give the notices of a place that came in last, as Atom."""
    return await _feed(request, datasette, "place")


async def source_feed(request: Request, datasette: Datasette) -> Response:
    """Give the notices of a source that came in last, as Atom."""
    return await _feed(request, datasette, "source")


async def _show(request: Request, datasette: Datasette, subject: Subject) -> Response:
    database = database_of(request, datasette)
    await allow(request, datasette, database, *_TABLES)
    given = unquote(request.url_vars["given"])

    def look(conn: sqlite3.Connection) -> Any:
        named = find_named(conn, subject, given)
        return suggest(conn, subject, given) if named is None else read_about(conn, subject, named)

    found = await read(datasette, database, look)
    if isinstance(found, tuple):
        return await _show_unknown(request, datasette, subject, found)
    terms = _search_terms(subject, found.named)
    context: dict[str, Any] = {
        "subject": subject,
        "page": found,
        "terms": terms,
        "feed": _feed_path(datasette, database, subject, given),
        "home": _home(found.named),
        "by_period": partial(period_path, datasette, database, terms) if terms else None,
        "year_bars": charts.year_bars,
        "heat_strip": charts.heat_strip,
        "distribution": charts.distribution,
        "meter": charts.meter,
    }
    return await show(request, datasette, database, "minzheng_about.html", context)


async def _feed(request: Request, datasette: Datasette, subject: Subject) -> Response:
    database = database_of(request, datasette)
    await allow(request, datasette, database, "notices", "copies", "revisions")
    given = unquote(request.url_vars["given"])

    def look(conn: sqlite3.Connection) -> Any:
        named = find_named(conn, subject, given)
        return suggest(conn, subject, given) if named is None else read_feed(conn, subject, named)

    found = await read(datasette, database, look)
    if isinstance(found, tuple):
        return await _show_unknown(request, datasette, subject, found)
    return show_feed(
        request,
        datasette,
        id=lasting_id(subject, given),
        title=found.named.name,
        page=page_path(datasette, database, subject, given),
        updated_at=found.looked_at,
        entries=[notice_entry(request, datasette, database, row) for row in found.entries],
    )


async def _show_unknown(
    request: Request, datasette: Datasette, subject: Subject, near: tuple[Counted, ...]
) -> Response:
    """Say that nothing is known by that name, and what may have been meant."""
    database = database_of(request, datasette)
    context = {"subject": subject, "given": unquote(request.url_vars["given"]), "near": near}
    return await show(request, datasette, database, "minzheng_unknown.html", context, status=404)


def _feed_path(datasette: Datasette, database: str, subject: Subject, given: str) -> str:
    return page_path(datasette, database, subject, given) + ".atom"


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
