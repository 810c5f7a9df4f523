"""From the captures of one address to its copy and its revisions: a pure function of what was read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.extract.state import COMPARED, state_digest
from archive.records import Copy, Reading, Revision, SourceKind
from archive.text import digest_of, normalise
from archive.urls import url_key


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A reading with what it is compared by; `text_length` counts characters of the normalised text."""

    reading: Reading
    digest: str
    text_digest: str
    text_length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One look that found a copy, and the state that it shows: an article capture, or an answer that it is as before.

    `payloads` are the digests of what shows the state: the page, then its parts.
    """

    url: str
    fetched_at: datetime
    state: State
    payloads: tuple[str, ...]


def weigh(reading: Reading) -> State:
    """Work out once what a reading is compared by: normalising its text costs as much as many rows."""
    plain = normalise(reading.text)
    digest = state_digest(reading, plain)
    return State(reading=reading, digest=digest, text_digest=digest_of(plain), text_length=len(plain))


def revise(sightings: Sequence[Sighting]) -> list[Revision]:
    """Fold sightings, oldest first, into the states between two changes. At least one sighting is needed."""
    revisions: list[Revision] = []
    for sighting in sightings:
        state = sighting.state
        last = revisions[-1] if revisions else None
        seen_from = sighting.fetched_at
        changed: tuple[str, ...] = ()
        if last is not None and last.state_digest == state.digest:
            seen_from, changed = last.seen_from, last.changed
            revisions.pop()
        elif last is not None:
            changed = _changed(last, state)
        revisions.append(
            Revision(
                copy=url_key(sighting.url),
                number=len(revisions) + 1,
                seen_from=seen_from,
                seen_to=sighting.fetched_at,
                changed=changed,
                reading=state.reading,
                text_digest=state.text_digest,
                state_digest=state.digest,
                payloads=sighting.payloads,
            )
        )
    return revisions


def copy_of(
    sightings: Sequence[Sighting], *, source: str | None, kind: SourceKind, claimed_keys: Iterable[str]
) -> Copy:
    """The copy as its latest sighting reads it; `claimed_keys` are all it ever named as its original."""
    latest = sightings[-1]
    state = latest.state
    claimed = state.reading.claimed_original
    return Copy(
        url=latest.url,
        url_key=url_key(latest.url),
        source=source,
        source_kind=kind,
        reading=state.reading,
        claimed_key=url_key(claimed) if claimed else None,
        claimed_keys=tuple(sorted(claimed_keys)),
        text_digest=state.text_digest,
        text_length=state.text_length,
        first_seen_at=sightings[0].fetched_at,
        last_seen_at=latest.fetched_at,
    )


def _changed(old: Revision, new: State) -> tuple[str, ...]:
    names = (*COMPARED, "attachments")
    changed = [name for name in names if getattr(old.reading, name) != getattr(new.reading, name)]
    if old.text_digest != new.text_digest:
        changed.append("text")
    return tuple(changed)
