"""Whether strangers read here: the public profile serves a masked copy and shows nothing raw.

And whether search engines may: by default they may not, in either profile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datasette.app import Datasette

PLUGIN: Final = "minzheng"
"""Our name in Datasette's configuration: `plugins: {minzheng: {public: true, index: true}}`."""


def is_public(datasette: Datasette) -> bool:
    """Whether this Datasette is served to strangers."""
    return _is_set(datasette, "public")


def may_be_indexed(datasette: Datasette) -> bool:
    """Whether search engines may list what is served here."""
    return _is_set(datasette, "index")


def _is_set(datasette: Datasette, name: str) -> bool:
    return bool((datasette.plugin_config(PLUGIN) or {}).get(name))
