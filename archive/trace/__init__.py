"""Which notice a copy belongs to, and why: a pure function of the set of copies and a person's rulings."""

from archive.trace.original import Plan, notice_id
from archive.trace.rules import Ruling, Witness
from archive.trace.settle import Settlement, settle

__all__ = ["Plan", "Ruling", "Settlement", "Witness", "notice_id", "settle"]
