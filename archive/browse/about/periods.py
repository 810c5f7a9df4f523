"""Addresses of searches for a year or a month, where bars lead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from archive.browse.pages import page_path

if TYPE_CHECKING:
    from datasette.app import Datasette


def period_path(datasette: Datasette, database: str, terms: Mapping[str, str], period: str) -> str:
    """The address of a search for the notices of a year (`2026`) or month (`2026-03`), with these other terms."""
    when = {"year": period} if len(period) == len("2026") else {"from": period, "to": period}
    return page_path(datasette, database, "search", **terms, **when)
