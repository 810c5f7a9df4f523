"""Our own pages: where each is found, how it reads the archive, and how it is shown."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote, urlencode

from archive.browse.language import LANGUAGE_NAMES, TAGS, in_language, language, say
from archive.browse.policies import OWN_POLICY
from archive.browse.profile import is_public
from archive.browse.served import archives, find_archives
from archive.labels import Words

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

_REVISION: Final = r"notice/(?P<id>[a-z2-7]{12})/r/(?P<number>[0-9]{1,20})"
_CITATION: Final = r"\.(?P<ending>gbt\.txt|bib|ris|csl\.json)"

PAGES: Final[Mapping[str, str]] = {
    r"search": "search.views:search_view",
    r"search\.(?P<ending>xlsx|csv|json|gbt\.txt|bib|ris|csl\.json|atom)": "downloads.views:download_view",
    _REVISION: "notice.revision:revision_view",
    rf"{_REVISION}\.txt": "notice.revision:text_view",
    rf"{_REVISION}{_CITATION}": "notice.revision:citation_view",
    rf"notice/(?P<id>[a-z2-7]{{12}}){_CITATION}": "notice.revision:citation_view",
    r"notice/(?P<id>[a-z2-7]{12})/diff": "notice.diff:diff_view",
    r"notice/(?P<id>.+)": "notice.views:notice_view",
    r"capture/(?P<record>[^/]+)\.warc\.gz": "capture.views:record_view",
    r"capture/(?P<record>[^/]+)/view": "capture.views:rendering_view",
    r"capture/(?P<record>[^/]+)/payload": "capture.views:payload_view",
    r"capture/(?P<record>[^/]+)": "capture.views:capture_view",
    r"health": "watch.health:health_view",
    r"health/coverage": "watch.health:coverage_view",
    r"health/issues": "watch.health:issues_view",
    r"dataset": "watch.overview:dataset_view",
    r"crawls": "watch.crawls:crawls_view",
    r"crawls/(?P<id>.+)": "watch.crawls:crawl_view",
    r"changes": "watch.changes:changes_view",
    r"changes\.atom": "watch.changes:changes_feed",
    r"agencies": "about.directory:agencies_view",
    r"places": "about.directory:places_view",
    r"sources": "about.directory:sources_view",
    r"agency/(?P<given>.+)": "about.views:agency_view",
    r"place/(?P<given>.+)": "about.views:place_view",
    r"source/(?P<given>.+)": "about.views:source_view",
}
"""Pattern of an address behind the archive's → module in this room and view in it; the first that fits answers."""

WAYS: Final[tuple[tuple[str, Words], ...]] = (
    ("search", Words("检索", "Search")),
    ("changes", Words("变动", "Changes")),
    ("agencies", Words("机关", "Agencies")),
    ("places", Words("地区", "Places")),
    ("sources", Words("来源", "Sources")),
    ("dataset", Words("数据概览", "Dataset")),
    ("health", Words("来源健康", "Health")),
)
"""The pages that every page leads to, in this order."""

View = Callable[..., Awaitable[Any]]
Found = TypeVar("Found")


def routes(datasette: Datasette) -> list[tuple[str, View]]:
    """Every page twice: short for the first archive, and behind the name of each database that is an archive.

    A database of someone else's that has the first word of an address keeps it; behind a database's name a `-` keeps
    our pages apart from its tables and queries, of which `sources` is one.
    """
    from datasette.utils import tilde_encode

    own = [re.escape(tilde_encode(datasette.get_database(name).route)) for name in find_archives(datasette)]
    views = {page: _view(where) for page, where in PAGES.items()}
    short = [(rf"^/{page}$", view) for page, view in views.items() if first_word(page) not in datasette.databases]
    return short + [(rf"^/(?P<database>{route})/-/{page}$", view) for route in own for page, view in views.items()]


def page_path(datasette: Datasette, database: str, *parts: object, **query: object) -> str:
    """The address of one of our pages, such as `page_path(datasette, database, "notice", id, "r", 2)`.

    Short for the first archive served, behind the database's name for others. Of the query what is None is left out;
    a list gives its name once for each value.
    """
    words = [str(part) for part in parts]
    page = "/" + "/".join(quote(word, safe="") for word in words)
    short = database == archives(datasette)[0] and first_word(words[0]) not in datasette.databases
    path = datasette.urls.path(page) if short else f"{datasette.urls.database(database)}/-{page}"
    given = {name: value for name, value in query.items() if value is not None}
    return f"{path}?{urlencode(given, doseq=True)}" if given else str(path)


def rows_path(datasette: Datasette, database: str, table: str, **conditions: object) -> str:
    """The address of those rows of a table that meet these conditions: there a figure can be counted."""
    path = datasette.urls.table(database, table)
    return f"{path}?{urlencode(conditions)}" if conditions else str(path)


def address_of(request: Request, datasette: Datasette) -> str:
    """The address of what is asked for, without its query, as a browser has it: a proxy may have cut `base_url` off."""
    return str(datasette.urls.path(request.scope.get("route_path", request.path)))


def first_word(page: str) -> str:
    """The word of an address by which a page is known: `search` of `search.csv`, `notice` of `notice/…`."""
    return re.split(r"[^\w-]", page, maxsplit=1)[0]


def ways(datasette: Datasette, database: str) -> list[tuple[str, Words]]:
    """Addresses and names of the pages that every page leads to."""
    words = {first_word(page) for page in PAGES}
    return [(page_path(datasette, database, word), label) for word, label in WAYS if word in words]


async def read(datasette: Datasette, database: str, reader: Callable[[sqlite3.Connection], Found]) -> Found:
    """What `reader` reads in one transaction, in a thread: a running index cannot split what a page shows.

    Raises: NotFound where a database of an older version of the program lacks a table or column that it reads.
    """

    def at_once(conn: sqlite3.Connection) -> Found:
        conn.execute("begin")
        try:
            return reader(conn)
        finally:
            conn.rollback()

    held = datasette.get_database(database)
    try:
        found: Found = await held.execute_fn(at_once)
    except sqlite3.OperationalError as error:
        from archive.store import Database, is_current

        if await held.execute_fn(lambda conn: is_current(Database(conn, execute_plugins=False))):
            raise
        raise too_old() from error
    return found


def too_old() -> Exception:
    """What to raise where a database of an older version of the program has not what a page is made of."""
    from datasette.utils.asgi import NotFound

    told: Exception = NotFound(
        say(
            "这个数据库出自旧版程序，缺少本页所需的内容；运行 minzheng index 即可更新。",
            "This database is of an older version of the program; `minzheng index` brings it up to date.",
        )
    )
    return told


async def show(
    request: Request,
    datasette: Datasette,
    database: str,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
) -> Response:
    """Render a page of ours in the language of the request, under our policy: no script but ours, no inline style.

    Templates get `path(*parts, **query)` for addresses of our pages, `rows(table, **conditions)` for those of rows,
    `database`, `is_public`, `lang` and `languages`.
    """
    from datasette.utils.asgi import Response

    here = address_of(request, datasette)
    others = [
        (name, TAGS[code], in_language(here, request.query_string, code), code == language())
        for code, name in LANGUAGE_NAMES.items()
    ]
    shared = {
        "database": database,
        "path": partial(page_path, datasette, database),
        "rows": partial(rows_path, datasette, database),
        "is_public": is_public(datasette),
        "lang": TAGS[language()],
        "languages": others,
        "ways": ways(datasette, database),
        "here": here,
    }
    body = await datasette.render_template(template, {**shared, **context}, request=request)
    return Response.html(body, status=status, headers={"Content-Security-Policy": OWN_POLICY})


def database_of(request: Request, datasette: Datasette) -> str:
    """The archive that an address names, the first one where it names none.

    Raises: NotFound where that is no archive.
    """
    from datasette.utils import tilde_decode
    from datasette.utils.asgi import NotFound

    served = archives(datasette)
    route = request.url_vars.get("database")
    name = datasette.get_database(route=tilde_decode(route)).name if route is not None else next(iter(served), None)
    if name not in served:
        raise NotFound("No archive of notices is served here")
    return str(name)


async def allow(request: Request, datasette: Datasette, database: str, *tables: str) -> None:
    """Raises: Forbidden, when the operator's configuration keeps one of these tables from this person."""
    for table in tables:
        if hasattr(datasette, "ensure_permissions"):
            await datasette.ensure_permissions(
                request.actor, [("view-table", (database, table)), ("view-database", database), "view-instance"]
            )
        else:
            from datasette.resources import TableResource  # Datasette 1.0

            resource = TableResource(database, table)
            await datasette.ensure_permission(action="view-table", resource=resource, actor=request.actor)


def _view(where: str) -> View:
    """The view of that name, its module imported when it is asked for first."""
    module, name = where.split(":")

    async def view(request: Request, datasette: Datasette) -> Any:
        return await getattr(import_module(f"archive.browse.{module}"), name)(request, datasette)

    return view
