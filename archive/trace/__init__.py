"""Which notice a copy belongs to, and why: a pure function of the set of copies and a person's rulings."""

from typing import Final

from archive.trace.settle import settle

__all__ = ["MATCHER_VERSION", "settle"]

MATCHER_VERSION: Final = "1"
"""Raised by every change that may put a copy into another notice: of forms, postings, vetoes, classes or rules.

`minzheng rebuild --matches` then shows what would move, and publishes it.
"""
