"""Fixtures that every test may ask for."""

from __future__ import annotations

from tests.web import web

__all__ = ["web"]
