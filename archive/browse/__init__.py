"""The Datasette plugin: Chinese in the stock search box, a page per notice, safe headers, our defaults.

Imported whenever Datasette starts, so everything heavy waits for its hook. Only hooks that Datasette 0.65 and 1.0a
share are used, and databases that are not archives of ours keep the stock behaviour.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from pluggy import HookimplMarker

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request
    from markupsafe import Markup

    from archive.browse.headers import App

hookimpl = HookimplMarker("datasette")
"""What `datasette.hookimpl` is, with types and without importing Datasette."""

STYLESHEET = ("minzheng-archive", "archive.css")
"""Distribution and file: Datasette mounts a plugin's static folder under the name of its distribution."""


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Give every connection our SQL functions; in an archive, `escape_fts` is ours.

    The stock search box calls `escape_fts`. Datasette registers its own in this very hook, hence `trylast`.
    """
    from archive.browse.served import is_archive
    from archive.store.search import register, zh_match

    register(conn)
    if is_archive(conn):
        conn.create_function("escape_fts", 1, zh_match, deterministic=True)


@hookimpl
def prepare_jinja2_environment(datasette: Datasette) -> None:
    """Note which databases are archives and put our titles, facets and queries under what the user configured.

    This is the first hook of a start: when `startup` is called, Datasette 1.0 has stored the configured queries.
    """
    from archive.browse.defaults import apply_defaults, apply_front_page
    from archive.browse.served import note_archives

    found = note_archives(datasette)
    for database in found:
        apply_defaults(datasette, database)
    if len(found) == 1 == sum(database.path is not None for database in datasette.databases.values()):
        apply_front_page(datasette, found[0])


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Awaitable[Any]]]]:
    """Pages of notices and of health. A database or table of someone else's of such a name keeps its address."""
    from datasette.utils import tilde_encode

    from archive.browse.health import coverage_view, health_view, issues_view
    from archive.browse.notice import notice_view
    from archive.browse.served import HEALTH, NOTICE, find_archives

    pages = {
        f"{NOTICE}/(?P<id>.+)": notice_view,
        HEALTH: health_view,
        f"{HEALTH}/coverage": coverage_view,
        f"{HEALTH}/issues": issues_view,
    }
    own = [re.escape(tilde_encode(datasette.get_database(name).route)) for name in find_archives(datasette)]
    short = [(rf"^/{page}$", view) for page, view in pages.items() if page.split("/")[0] not in datasette.databases]
    return short + [(rf"^/(?P<database>{route})/{page}$", view) for route in own for page, view in pages.items()]


@hookimpl
def filters_from_request(request: Request, database: str, datasette: Datasette) -> None:
    """Remember what is searched for on this table page, for `render_cell`. Adds no filter."""
    from archive.browse.cells import note_search
    from archive.browse.served import archives

    if database in archives(datasette):
        note_search(request)


@hookimpl
def render_cell(
    row: Any, value: object, column: str, table: str | None, database: str, datasette: Datasette
) -> Markup | None:
    """Highlights, snippets of long texts, links to notices and out; None leaves the cell to Datasette."""
    from archive.browse.cells import show_cell
    from archive.browse.served import archives

    if database not in archives(datasette):
        return None
    return show_cell(datasette, database, table, column, value, row)


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[App], App]:
    """Security headers on every answer of a server that serves an archive."""
    from archive.browse.headers import add_headers

    return add_headers(datasette)


@hookimpl
def extra_css_urls(database: str | None, datasette: Datasette) -> list[str]:
    """Our one stylesheet, on the pages of archives and on the front page."""
    from archive.browse.served import archives

    served = archives(datasette)
    if not served or (database is not None and database not in served):
        return []
    return [f"/-/static-plugins/{'/'.join(STYLESHEET)}"]


@hookimpl
def menu_links(datasette: Datasette) -> list[dict[str, str]]:
    """The way to the notices, the ranked search and the pages of health, from every page."""
    from archive.browse.served import archives, health_path

    return [
        link
        for database in archives(datasette)
        for link in (
            {"href": datasette.urls.table(database, "notices"), "label": "通知公告 Notices"},
            {"href": datasette.urls.query(database, "search"), "label": "按相关度检索 Ranked search"},
            {"href": health_path(datasette, database), "label": "来源健康 Health"},
            {"href": f"{health_path(datasette, database)}/coverage", "label": "逐月覆盖 Coverage"},
        )
    ]
