"""Whether strangers read here: the public profile serves a masked snapshot and shows nothing raw."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datasette.app import Datasette

_PROFILE = "minzheng_public"


def make_public(datasette: Datasette) -> None:
    """Serve this Datasette to strangers from now on."""
    setattr(datasette, _PROFILE, True)


def is_public(datasette: Datasette) -> bool:
    """Whether this Datasette is served to strangers."""
    return bool(getattr(datasette, _PROFILE, False))
