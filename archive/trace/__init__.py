"""Which notice a copy belongs to, and why: a pure function of the set of copies and a person's rulings."""

from typing import Final

from archive.trace.settle import settle

__all__ = ["MATCHER_VERSION", "settle"]

MATCHER_VERSION: Final = "1"
"""Raised by every change of what is told of copies and notices: forms, postings, vetoes, classes, rules, fidelity and
relations.

`minzheng rebuild --matches` then shows what would move, and publishes it.
"""
