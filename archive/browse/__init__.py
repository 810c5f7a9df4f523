"""The Datasette plugin: Chinese in the stock search box, a page per notice, safe headers, our defaults.

Imported whenever Datasette starts, so everything heavy waits for its hook. Only hooks that Datasette 0.65 and 1.0a
share are used, and databases that are not archives of ours keep the stock behaviour.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from pluggy import HookimplMarker

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response
    from jinja2 import Environment
    from markupsafe import Markup

    from archive.browse.headers import App

hookimpl = HookimplMarker("datasette")
"""What `datasette.hookimpl` is, with types and without importing Datasette."""

STYLESHEET = ("minzheng-archive", "archive.css")
"""Distribution and file: Datasette mounts a plugin's static folder under the name of its distribution."""


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection, datasette: Datasette) -> None:
    """Give every connection our SQL functions; in an archive, `escape_fts` is ours. Strangers learn no path by it.

    The stock search box calls `escape_fts`. Datasette registers its own in this very hook, hence `trylast`.
    """
    from archive.browse.profile import is_public
    from archive.browse.served import is_archive
    from archive.browse.strangers import guard
    from archive.store.search import register, zh_match

    register(conn)
    if is_archive(conn):
        conn.create_function("escape_fts", 1, zh_match, deterministic=True)
    if is_public(datasette):
        guard(conn)


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    """Give templates `say`, note which databases are archives, put our titles and queries under the user's own.

    This is the first hook of a start: when `startup` is called, Datasette 1.0 has stored the configured queries.
    """
    from archive.browse.headers import csp_nonce
    from archive.browse.language import say
    from archive.browse.served import note_archives
    from archive.browse.stock.defaults import apply_defaults
    from archive.browse.stock.loader import install

    env.globals["say"] = say
    env.globals["csp_nonce"] = csp_nonce
    found = note_archives(datasette)
    for database in found:
        apply_defaults(datasette, database)
    if found:
        install(env, datasette)


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Awaitable[Any]]]]:
    """Our own pages. A database or table of someone else's of such a name keeps its address."""
    from archive.browse.front import front_routes
    from archive.browse.pages import routes
    from archive.browse.strangers import own_routes

    return [*own_routes(datasette), *front_routes(datasette), *routes(datasette)]


@hookimpl
def filters_from_request(request: Request, database: str, datasette: Datasette) -> None:
    """Remember what is searched for on this table page, for `render_cell`. Adds no filter."""
    from archive.browse.served import archives
    from archive.browse.stock.cells import note_search

    if database in archives(datasette):
        note_search(request)


@hookimpl
def render_cell(
    row: Any, value: object, column: str, table: str | None, database: str, datasette: Datasette
) -> Markup | None:
    """Highlights, snippets of long texts, links to notices and out; None leaves the cell to Datasette."""
    from archive.browse.served import archives
    from archive.browse.stock.cells import show_cell

    if database not in archives(datasette):
        return None
    return show_cell(datasette, database, table, column, value, row)


@hookimpl
def handle_exception(datasette: Datasette, exception: Exception) -> Awaitable[Response | None] | None:
    """Tell strangers of an unforeseen error that it happened, and nothing else."""
    from archive.browse.profile import is_public
    from archive.browse.strangers import plain_error

    return plain_error(exception) if is_public(datasette) else None


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
def extra_js_urls(database: str | None, datasette: Datasette) -> list[dict[str, str | bool]]:
    """Our one script, on the same pages."""
    return [{"url": url.removesuffix(".css") + ".js", "module": True} for url in extra_css_urls(database, datasette)]


@hookimpl
def menu_links(datasette: Datasette) -> list[dict[str, str]]:
    """The ways to our pages, from every page of Datasette's own; of several archives each with its name."""
    from archive.browse.language import say
    from archive.browse.pages import ways
    from archive.browse.served import archives

    served = archives(datasette)
    return [
        {"href": href, "label": say(label) if len(served) == 1 else f"{database}: {say(label)}"}
        for database in served
        for href, label in ways(datasette, database)
    ]
