"""Values with the place they were read in, and the sheet that weighs them in the order of trust."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from typing import Generic, TypeVar

from archive.extract.agreement import agree
from archive.records import Conflict, Reading

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value and its evidence: `meta:PubDate`, `table:发文字号`, `byline`, `body`, `url`, `list`."""

    value: T
    evidence: str
    raw: str | None = None
    """The text that the value was read from, of fields that keep it."""


@dataclass(slots=True)
class Sheet:
    """The evidence of every field that has a value, the texts they were read from, and what other witnesses say."""

    evidence: dict[str, str] = dataclass_field(default_factory=dict)
    conflicts: list[Conflict] = dataclass_field(default_factory=list)
    raw: dict[str, str] = dataclass_field(default_factory=dict)
    """Name of a raw twin → the printed text."""

    def take(self, name: str, *candidates: Found[T] | None, twin: str | None = None) -> T | None:
        """Take the first candidate there is as the value of a field; those that say otherwise are conflicts.

        `twin` names the raw twin that keeps the text it was read from.
        """
        found = [candidate for candidate in candidates if candidate is not None]
        if not found:
            return None
        first = found[0]
        self.evidence[name] = first.evidence
        if twin is not None:
            self.keep_raw(twin, _printed(first.value) if first.raw is None else first.raw, first.evidence)
        self.compare(name, first.value, *found[1:])
        return first.value

    def keep_raw(self, twin: str, printed: str, evidence: str) -> None:
        """Note the text that a value was read from."""
        self.raw[twin] = printed
        self.evidence[twin] = evidence

    def compare(self, name: str, value: object, *others: Found[T]) -> None:
        """Note each witness that says something else than the value that was taken, each other value once."""
        if not others:
            return
        said = [_printed(value)]
        for other in others:
            printed = _printed(other.value)
            if not any(agree(name, printed, known) for known in said):
                said.append(printed)
                self.conflicts.append(Conflict(field=name, value=printed, evidence=other.evidence))


def doubts_of(reading: Reading) -> tuple[str, ...]:
    """The conflicts of a reading that a person should look at, a line each, led by the field.

    They are those between two places of the page itself that both claim to be of this very document: two titles, two
    document numbers, and a PubDate before the day that is shown. A PubDate after it tells when the page was made anew.
    """
    return tuple(
        f"{one.field}: {reading.evidence.get(one.field)} says {_printed(getattr(reading, one.field))},"
        f" {one.evidence} says {one.value}"
        for one in reading.conflicts
        if _matters(one, reading)
    )


def _matters(conflict: Conflict, reading: Reading) -> bool:
    taken = reading.evidence.get(conflict.field, "")
    if conflict.field == "published_on":
        day = reading.published_on
        is_tag = conflict.evidence.startswith("meta:") and not taken.startswith("meta:")
        return is_tag and day is not None and conflict.value < day.isoformat()
    if conflict.field in ("title", "document_number"):
        return not {conflict.evidence, taken} & {"list", "title"}
    return False


def _printed(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "、".join(value) if isinstance(value, tuple) else str(value)
