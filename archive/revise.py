"""From the captures of one address to its copy and its revisions: a pure function of what was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.extract.state import COMPARED, state_digest
from archive.records import Copy, Reading, Revision, SourceKind
from archive.text import normalise, text_digest
from archive.urls import url_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One article capture of an address, as it reads."""

    url: str
    fetched_at: datetime
    record_id: str
    reading: Reading


def revise(sightings: Sequence[Sighting]) -> list[Revision]:
    """Fold sightings, oldest first, into the states between two changes. At least one sighting is needed."""
    revisions: list[Revision] = []
    for sighting in sightings:
        state = state_digest(sighting.reading)
        last = revisions[-1] if revisions else None
        seen_from = sighting.fetched_at
        changed: tuple[str, ...] = ()
        if last is not None and last.state_digest == state:
            seen_from, changed = last.seen_from, last.changed
            revisions.pop()
        elif last is not None:
            changed = _changed(last.reading, sighting.reading)
        revisions.append(
            Revision(
                copy=url_key(sighting.url),
                number=len(revisions) + 1,
                seen_from=seen_from,
                seen_to=sighting.fetched_at,
                changed=changed,
                reading=sighting.reading,
                text_digest=text_digest(sighting.reading.text),
                state_digest=state,
            )
        )
    return revisions


def copy_of(sightings: Sequence[Sighting], *, source: str | None, kind: SourceKind) -> Copy:
    """The copy as its latest sighting reads it."""
    latest = sightings[-1]
    claimed = latest.reading.claimed_original
    named = {sighting.reading.claimed_original for sighting in sightings}
    return Copy(
        url=latest.url,
        url_key=url_key(latest.url),
        source=source,
        source_kind=kind,
        reading=latest.reading,
        claimed_key=url_key(claimed) if claimed else None,
        claimed_keys=tuple(sorted({url_key(url) for url in named if url})),
        text_digest=text_digest(latest.reading.text),
        text_length=len(normalise(latest.reading.text)),
        first_seen_at=sightings[0].fetched_at,
        last_seen_at=latest.fetched_at,
    )


def _changed(old: Reading, new: Reading) -> tuple[str, ...]:
    changed = [name for name in (*COMPARED, "attachments") if getattr(old, name) != getattr(new, name)]
    if text_digest(old.text) != text_digest(new.text):
        changed.append("text")
    return tuple(changed)
