"""Columns of a release that have few values: all there can be, and what each means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, get_args

from archive.export.formats.shards import SPLITS
from archive.labels import (
    CITATIONS,
    CLASSES,
    COVERAGE,
    EDITS,
    KINDS,
    MASKS,
    OUTCOMES,
    RELATIONS,
    ROLES,
    RULES,
    SOURCE_KINDS,
    STATES,
    Words,
)
from archive.labels import LICENCES as LICENCE_WORDS
from archive.licences import LICENCES
from archive.records import CitationKind, CopyState, Outcome, RelationKind, Role, SourceKind, Transport
from archive.store.release_changes import CHANGES

VALUES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("notices", "licence"): LICENCES,
    ("notices", "split"): SPLITS.values,
    ("copies", "role"): get_args(Role),
    ("copies", "state"): get_args(CopyState),
    ("citations", "kind"): get_args(CitationKind),
    ("relations", "kind"): get_args(RelationKind),
    ("aliases", "kind"): ("id", "url", "claimed", "redirect"),
    ("coverage", "state"): ("complete", "partial", "unobserved"),
    ("sources", "kind"): get_args(SourceKind),
    ("captures", "outcome"): get_args(Outcome),
    ("changes", "kind"): CHANGES,
    ("captures", "transport"): get_args(Transport),
}
"""All values that a column can have, where they are known."""

MEANINGS: Final[Mapping[tuple[str, str], Mapping[str, Words]]] = {
    ("notices", "licence"): LICENCE_WORDS,
    ("copies", "role"): ROLES,
    ("copies", "state"): STATES,
    ("revisions", "classes"): EDITS,
    ("matches", "rule"): RULES,
    ("matches", "class"): CLASSES,
    ("relations", "kind"): {kind: words for kind, (words, _) in RELATIONS.items()},
    ("citations", "kind"): CITATIONS,
    ("coverage", "state"): COVERAGE,
    ("sources", "kind"): SOURCE_KINDS,
    ("captures", "outcome"): OUTCOMES,
    ("captures", "kind"): KINDS,
    ("masks", "rule"): MASKS,
}
"""What values mean, where the description of the column does not say all of it."""
