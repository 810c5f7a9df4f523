"""What browsers may load and run on the pages of a server of ours."""

from __future__ import annotations

from typing import Final

_HANDLER: Final = "'unsafe-hashes' 'sha256-+l3zeDxxnrQy0aouZ6fIDwi+bFJ9b3COj5bWIKEUFYU='"
"""The one handler that Datasette 1.0 writes as an attribute: a button on narrow screens, `openColumnChooser()`."""


def stock_policy(nonce: str) -> str:
    """Datasette's own pages: scripts that its templates carry have this request's nonce, no other inline script runs.

    Its styles stand inline, and its editor and its charts of colours draw by style.
    """
    return (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce}' {_HANDLER}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    )


OWN_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
"""Our pages: our stylesheet and our script, nothing inline."""

RAW_POLICY: Final = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""A captured page as it may be looked at: no script, no style, no picture, nothing fetched, an origin of its own."""
