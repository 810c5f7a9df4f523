"""What was masked in a dataset, told for its card: every rule in both languages, with counts."""

from __future__ import annotations

from typing import NamedTuple

from archive.labels import MASKS, Words
from archive.masks import RULES
from archive.store import Database
from archive.store.masked import mask_counts


class MaskedRule(NamedTuple):
    """What one rule masks, and what it found: in so many notices, at so many places; both 0 where it found nothing."""

    rule: str
    words: Words
    notices: int
    places: int


def masked_rules(db: Database) -> tuple[MaskedRule, ...]:
    """Every rule by which a masked database was masked, in the order in which they are asked."""
    counts = mask_counts(db)
    return tuple(MaskedRule(rule, MASKS[rule], *counts.get(rule, (0, 0))) for rule in RULES)
