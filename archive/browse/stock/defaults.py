"""Titles, descriptions, facets, hidden tables and canned queries that an archive has whatever its file is called.

Datasette keeps these per database name, so they cannot be one file given to it: `datasette.yaml` describes one
archive and is laid under what the user configured for each archive that is served. Datasette is given both languages
in one string, which is what its JSON shows; its pages show one of them (`in_one_language`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from archive.browse.language import say
from archive.browse.statements import canned_queries
from archive.labels import Words

if TYPE_CHECKING:
    from datasette.app import Datasette

_FILE = Path(__file__).parents[1] / "datasette.yaml"
_BETWEEN: Final = " · "
"""What parts the languages: Chinese stands before it, English behind."""
INNER_VIEWS: Final = ("notices_fts_src", "facets_src")
"""What the search index and its filters are made from: nothing to read."""


def apply_defaults(datasette: Datasette, database: str) -> None:
    """Lay our defaults under the user's own for one database. What the user wrote wins, key by key.

    No hook that both versions of Datasette share can add to its configuration, so this reaches for the two
    attributes that hold it: metadata, and beside it `config` in 1.0. Pinned by tests.
    """
    defaults = read_defaults()
    newer = getattr(datasette, "config", None)
    if newer is None:
        # 0.65 cannot hide a view, only close it. 1.0 can, and would close the search index along with it.
        for view in INNER_VIEWS:
            defaults["tables"][view]["allow"] = False
    for configured in (datasette._metadata_local, newer):  # noqa: SLF001  see above
        if configured is not None:
            databases = configured.setdefault("databases", {})
            databases[database] = merge(defaults, databases.get(database) or {})


def read_defaults() -> dict[str, Any]:
    """What `datasette.yaml` says of one archive, with the canned queries; in Datasette's own form, to be changed."""
    return deepcopy(_described())


def in_one_language(value: object) -> object:
    """A title or description of ours in the language of the request; anything else as it is."""
    words = known_words().get(value) if isinstance(value, str) else None
    return value if words is None else say(words)


@cache
def known_words() -> Mapping[str, Words]:
    """Every title and description of ours, by the string in which it has both languages."""
    return {text: Words(*text.split(_BETWEEN)) for text in _texts(_described())}


def archive_words() -> tuple[Words, Words]:
    """What an archive is called, and what it is."""
    return known_words()[_described()["title"]], known_words()[_described()["description"]]


@cache
def table_titles() -> Mapping[str, Words]:
    """The title of each of our tables that has one, by its name."""
    tables = _described()["tables"].items()
    return {name: known_words()[table["title"]] for name, table in tables if "title" in table}


@cache
def column_descriptions() -> Mapping[tuple[str, str], str]:
    """What each column of each of our tables means, in both languages in one string; by table and column."""
    tables = _described()["tables"].items()
    return {(name, column): text for name, table in tables for column, text in table.get("columns", {}).items()}


def merge(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Two mappings as one: mappings are joined, of anything else `over` wins. Changes neither."""
    joined = dict(under)
    for key, value in over.items():
        below = joined.get(key)
        joined[key] = merge(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return joined


@cache
def _described() -> dict[str, Any]:
    from datasette.utils import parse_metadata

    described: dict[str, Any] = parse_metadata(_FILE.read_text(encoding="utf-8"))
    described["queries"] = {
        query.name: {
            "sql": query.sql,
            "title": _both(query.title),
            "description": _both(query.description),
            "params": list(query.parameters),
            "hide_sql": True,
        }
        for query in canned_queries()
    }
    return described


def _both(words: Words) -> str:
    return f"{words.zh}{_BETWEEN}{words.en}"


def _texts(described: Mapping[str, Any]) -> Iterator[str]:
    """The texts of a description, at any depth: what holds both languages."""
    for value in described.values():
        if isinstance(value, dict):
            yield from _texts(value)
        elif isinstance(value, str) and _BETWEEN in value:
            yield value
