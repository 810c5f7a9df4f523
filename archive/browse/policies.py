"""What browsers may load and run on the pages of a server of ours."""

from __future__ import annotations

from typing import Final

STOCK_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
"""Datasette's own pages, which carry inline scripts and styles."""

OWN_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
"""Our pages: our stylesheet and our script, nothing inline."""
