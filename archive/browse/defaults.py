"""Titles, descriptions, facets, hidden tables and canned queries that an archive has whatever its file is called.

Datasette keeps these per database name, so they cannot be one file given to it: `datasette.yaml` describes one
archive and is laid under what the user configured for each archive that is served.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from archive.browse.statements import canned_queries

if TYPE_CHECKING:
    from datasette.app import Datasette

_FILE = Path(__file__).parent / "datasette.yaml"
_INDEXED_VIEW = "notices_fts_src"
"""What the search index is made from: character pairs, nothing to read."""


def apply_defaults(datasette: Datasette, database: str) -> None:
    """Lay our defaults under the user's own for one database. What the user wrote wins, key by key.

    No hook that both versions of Datasette share can add to its configuration, so this reaches for the two
    attributes that hold it: metadata, and beside it `config` in 1.0. Pinned by tests.
    """
    defaults = read_defaults()
    newer = getattr(datasette, "config", None)
    if newer is None:
        # 0.65 cannot hide a view, only close it. 1.0 can, and would close the search index along with it.
        defaults["tables"][_INDEXED_VIEW]["allow"] = False
    for configured in (datasette._metadata_local, newer):  # noqa: SLF001  see above
        if configured is not None:
            databases = configured.setdefault("databases", {})
            databases[database] = merge(defaults, databases.get(database) or {})


def apply_front_page(datasette: Datasette, database: str) -> None:
    """Give a server that serves this one archive its title and the ways in, unless the user titled it."""
    defaults = read_defaults()
    ways_in = Markup('<p>{}</p><p><a href="{}">通知公告 Notices</a> · <a href="{}">检索 Search</a></p>').format(
        defaults["description"],
        datasette.urls.table(database, "notices"),
        datasette.urls.query(database, "search"),
    )
    configured = datasette._metadata_local  # noqa: SLF001  see apply_defaults
    if not configured.keys() & {"title", "description", "description_html"}:
        configured.update({"title": defaults["title"], "description_html": str(ways_in)})


def read_defaults() -> dict[str, Any]:
    """What `datasette.yaml` says of one archive, with the canned queries; in Datasette's own form."""
    from datasette.utils import parse_metadata

    defaults: dict[str, Any] = parse_metadata(_FILE.read_text(encoding="utf-8"))
    defaults["queries"] = {
        query.name: {"sql": query.sql, "title": query.title, "description": query.description, "hide_sql": True}
        for query in canned_queries()
    }
    return defaults


def merge(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Two mappings as one: mappings are joined, of anything else `over` wins. Changes neither."""
    joined = dict(under)
    for key, value in over.items():
        below = joined.get(key)
        joined[key] = merge(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return joined
