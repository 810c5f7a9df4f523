"""Bytes as sent to a decoded page, parsed once."""

from __future__ import annotations


class Unreadable(ValueError):
    """A page that its reader cannot make sense of; the message names what was looked for and what was seen."""
