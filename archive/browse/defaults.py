"""Titles, descriptions, facets, hidden tables and canned queries that an archive has whatever its file is called.

Datasette keeps these per database name, so they cannot be one file given to it: `datasette.yaml` describes one
archive and is laid under what the user configured for each archive that is served.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.browse.statements import canned_queries

if TYPE_CHECKING:
    from datasette.app import Datasette

_FILE = Path(__file__).parent / "datasette.yaml"


def apply_defaults(datasette: Datasette, database: str) -> None:
    """Lay our defaults under the user's own for one database. What the user wrote wins, key by key."""
    for configured in _configurations(datasette):
        databases = configured.setdefault("databases", {})
        databases[database] = merge(read_defaults(), databases.get(database) or {})


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


def _configurations(datasette: Datasette) -> list[dict[str, Any]]:
    """Where Datasette keeps what the user configured: metadata in 0.65, metadata and `config` in 1.0.

    No hook that both versions share can add to it, so these two names are pinned by a test.
    """
    names = ("_metadata_local", "config")
    return [found for name in names if isinstance(found := getattr(datasette, name, None), dict)]
