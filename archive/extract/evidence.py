"""Values with the place they were read in, and the sheet that collects them in the order of trust."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value and its evidence: `meta:PubDate`, `table:发文字号`, `byline`, `body`, `url`, `list`."""

    value: T
    evidence: str


@dataclass(slots=True)
class Sheet:
    """The evidence of every field that has a value, and the doubts that came up while reading."""

    evidence: dict[str, str] = dataclass_field(default_factory=dict)
    doubts: list[str] = dataclass_field(default_factory=list)

    def take(self, name: str, *candidates: Found[T] | None) -> T | None:
        """Take the first candidate there is as the value of a field, and note its evidence."""
        found = next((candidate for candidate in candidates if candidate is not None), None)
        if found is None:
            return None
        self.evidence[name] = found.evidence
        return found.value
