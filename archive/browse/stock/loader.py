"""Datasette's own pages in the language of the request.

Its templates are read through a loader that puts Chinese beside the English of each phrase (`phrases`) and calls of
our functions where English is made in Python (`pieces`). Templates of the user, and of other plugins, are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import BaseLoader, Environment
from markupsafe import Markup

from archive.browse.language import LANGUAGE_NAMES, TAGS, in_language, language, say
from archive.browse.pages import address_of, page_path
from archive.browse.served import archives
from archive.browse.statements import PARAMETERS, RESULTS, statement
from archive.browse.stock.cells import is_search
from archive.browse.stock.defaults import INNER_VIEWS, column_descriptions, in_one_language, known_words, table_titles
from archive.browse.stock.phrases import ERRORS, LOOKUPS, NEWER, PHRASES
from archive.browse.stock.pieces import CODE, NEWER_CODE
from archive.labels import FIELDS

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

_WHOLE: Final = {
    piece: f"{{% if minzheng.is_chinese() %}}{chinese}{{% else %}}{piece}{{% endif %}}"
    for piece, chinese in (*PHRASES, *NEWER)
} | dict((*CODE, *NEWER_CODE))
_PIECES: Final = re.compile("|".join(re.escape(piece) for piece in sorted(_WHOLE, key=len, reverse=True)))
_HTML: Final = re.compile(r"<html[^>]*>")
_SCRIPT: Final = re.compile(r"<script\b")
_SIGNS: Final = {"exact": "=", "not": "≠", "gt": ">", "gte": "≥", "lt": "<", "lte": "≤"}
_BEFORE_DETAILS: Final = re.compile(r"[：（，；]")


def install(env: Environment, datasette: Datasette) -> None:
    """Make the stock templates of this environment speak the language of the request."""
    assert env.loader is not None  # noqa: S101  Datasette's has one
    env.loader = StockLoader(env.loader)
    env.finalize = in_one_language
    env.globals["minzheng"] = {
        "is_chinese": lambda: language() == "zh",
        "tag": lambda: TAGS[language()],
        "is_ours": lambda database: database in archives(datasette),
        "inner_views": INNER_VIEWS,
        "column": lambda table, column: column_descriptions().get((table, column)),
        "languages": partial(_languages, datasette),
        "crumb": _crumb,
        "shown": _shown,
        "lookup": _lookup,
        "error": _error,
        "selection": _selection,
        "parameter": partial(_parameter, datasette),
        "heading": partial(_heading, datasette),
        "titled": partial(_titled, datasette),
        "notice_page": partial(_notice_page, datasette),
        "example": partial(_example, datasette),
    }


class StockLoader(BaseLoader):
    """Loads what another loader finds; the source of Datasette's own templates is given in both languages."""

    def __init__(self, under: BaseLoader) -> None:
        self._under = under

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        """The source of a template, the file it is in, and whether that is unchanged."""
        source, path, is_fresh = self._under.get_source(environment, template)
        if path is not None and Path(path).parent == _stock_folder():
            source = in_both_languages(source)
            if "csp_nonce" in environment.globals:
                source = _SCRIPT.sub('<script nonce="{{ csp_nonce() }}"', source)
        return source, path, is_fresh

    def list_templates(self) -> list[str]:
        """The names of all templates."""
        return self._under.list_templates()


def in_both_languages(source: str) -> str:
    """A stock template's source, with Chinese beside each phrase of it."""
    source = _PIECES.sub(lambda found: _WHOLE[found[0]], source)
    return _HTML.sub('<html lang="{{ minzheng.tag() }}">', source)


@cache
def _stock_folder() -> Path:
    import datasette

    return Path(datasette.__file__).parent / "templates"


def _languages(datasette: Datasette, request: Request | None) -> Markup:
    """The way to this page in the other language; error pages are made without a request."""
    if not request:
        return Markup()
    (other,) = (code for code in LANGUAGE_NAMES if code != language())
    link = Markup('<a class="language" href="{}" lang="{tag}" hreflang="{tag}" rel="nofollow">{}</a>')
    path = in_language(address_of(request, datasette), request.query_string, other)
    return link.format(path, LANGUAGE_NAMES[other], tag=TAGS[other])


def _crumb(label: str) -> str:
    return say("首页", label) if label == "home" else label


def _shown(label: str) -> str:
    return say({"hide": "隐藏 SQL", "show": "显示 SQL"}.get(label, label), label)


def _lookup(key: str, display: str) -> str:
    return say(LOOKUPS.get(key, display), display)


def _error(message: str) -> str:
    """A message; in Chinese what it says in general, with the message itself behind."""
    if language() == "en" or not isinstance(message, str):
        return message
    said = next((chinese for english, chinese in ERRORS.items() if message.startswith(english)), None)
    if said is None or message in ERRORS:
        return said or message
    return Markup("{}（{}）").format(said, message)


def _selection(english: str, request: Request, filters: Any, sort: str, sort_desc: str) -> str:
    """Which rows these are, and in what order. Chinese is made from what Datasette makes its sentence of."""
    if language() == "en":
        return english
    searched = [request.args.get(name) for name in request.args if is_search(name)]
    parts = [f"检索“{terms}”" for terms in searched if terms]
    for column, lookup, value in filters.selections():
        said = LOOKUPS.get(lookup, _SIGNS.get(lookup, lookup))
        parts.append(f"{column} {said}" + (f" “{value}”" if value else ""))
    if sort or sort_desc:
        parts.append(f"按 {sort_desc or sort} {'从大到小' if sort_desc else '从小到大'}排列")
    return "，".join(parts) if parts else english


def _parameter(datasette: Datasette, database: str, name: str) -> str | Markup:
    words = PARAMETERS.get(name) if database in archives(datasette) else None
    return name if words is None else Markup('{} <span class="words">{}</span>').format(name, say(words))


def _heading(datasette: Datasette, database: str, name: str, description: str | None = None) -> str | Markup:
    """What a column of an archive is called on a Chinese page, behind its name; English names speak for themselves."""
    words = known_words().get(description or "") or RESULTS.get(name) or FIELDS.get(name)
    if language() == "en" or words is None or database not in archives(datasette):
        return ""
    return Markup(' <span class="words">{}</span>').format(_BEFORE_DETAILS.split(words.zh)[0])


def _titled(datasette: Datasette, database: str, table: str) -> str | Markup:
    """The title of a table of an archive, behind its name."""
    words = table_titles().get(table)
    if words is None or database not in archives(datasette):
        return ""
    return Markup(' <span class="words">{}</span>').format(say(words))


def _notice_page(datasette: Datasette, database: str, table: str, rows: Sequence[Mapping[str, Any]]) -> Markup:
    """The way from a row of `notices` to the page of that notice."""
    if table != "notices" or database not in archives(datasette):
        return Markup()
    path = page_path(datasette, database, "notice", rows[0]["id"])
    return Markup('<p><a href="{}">{}</a></p>').format(path, say("看这份公告：全文、来源与依据", "Read this notice"))


def _example(datasette: Datasette, database: str) -> str:
    """What stands in the SQL box before anything was asked; empty for databases that are not ours."""
    return statement("page/example").strip() if database in archives(datasette) else ""
