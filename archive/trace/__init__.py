"""Which notice a copy belongs to, and why: a pure function of the set of copies and a person's rulings."""

from archive.trace.settle import settle

__all__ = ["settle"]
