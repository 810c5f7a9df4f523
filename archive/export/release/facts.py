"""What a release knows of itself, read once from its frozen database: no clock, no file beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.export.formats.shards import SPLITS
from archive.export.release.masking import MaskedRule, masked_rules
from archive.export.release.statistics import Statistics, read_statistics
from archive.licences import Licence
from archive.store import Database
from archive.store.facts import (
    Gaps,
    Part,
    Terms,
    capture_span,
    gaps_of_sources,
    held_references,
    licence_counts,
    parts_of_split,
    sources_with_terms,
    strata_of_sample,
    table_counts,
    value_counts,
    values_by_key,
)
from archive.store.masked import masked_by
from archive.store.tables import Table

COUNTED: Mapping[str, tuple[str, ...]] = {
    "notices": ("province", "year", "document_type"),
    "copies": ("role", "state"),
    "sources": ("kind",),
    "coverage": ("state",),
    "changes": ("kind",),
}
"""Columns whose values a release counts, by table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What can be said of one release, and of nothing but it. Dates are those of its captures."""

    rows: Mapping[str, int]
    """How many rows each table has."""
    counts: Mapping[tuple[str, str], Mapping[str, int]]
    """Table and column → value → how many rows have it."""
    seen: tuple[str, str] | None
    """The instants of its first and its last capture."""
    said: Mapping[str, str]
    """What was written down when it was made, by its dotted names: `versions.reader`, `selection.words`."""
    masked_by: str | None
    """The version of the rules by which personal data was masked; None where all is shown."""
    strata: Mapping[str, int]
    """Of a sample the strata that it was drawn in, and how many notices each has; else empty."""
    gaps: Sequence[Gaps]
    parts: Sequence[Part]
    statistics: Statistics
    masked: Sequence[MaskedRule]
    """What was masked, by rule; nothing found where nothing was masked."""
    licences: Mapping[Licence, int]
    """How many notices have each licence; every licence is here."""
    terms: Sequence[Terms]
    references: Mapping[str, Mapping[str, tuple[str, str]]]
    """Table → column → the table and column in which each of its values is found."""

    @property
    def name(self) -> str:
        """What the release is called."""
        return self.said["name"]

    @property
    def as_of(self) -> str | None:
        """The day in Beijing of the archive's last capture: what the release is the state of."""
        return self.said.get("archive.last_capture_on")


def facts_of(db: Database, tables: Sequence[Table]) -> Facts:
    """Read the facts of the release that has these tables from its database, which nobody writes any more."""
    has = {table.name: set(table.names) for table in tables}
    references: dict[str, dict[str, tuple[str, str]]] = {}
    for table, column, target in held_references(db, tables):
        references.setdefault(table.name, {})[column] = target
    return Facts(
        rows=table_counts(db, tables),
        counts={
            (table, column): value_counts(db, table, column)
            for table, columns in COUNTED.items()
            for column in columns
            if column in has.get(table, ())
        },
        seen=capture_span(db),
        said=values_by_key(db, "release"),
        masked_by=masked_by(db),
        strata=strata_of_sample(db),
        gaps=gaps_of_sources(db),
        parts=sorted(parts_of_split(db), key=lambda part: SPLITS.values.index(part.split)),
        statistics=read_statistics(db),
        masked=masked_rules(db),
        licences=licence_counts(db),
        terms=sources_with_terms(db),
        references=references,
    )
