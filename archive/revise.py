"""From the captures of one address to its copy and its revisions: a pure function of what was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise

from archive.edits.states import brief, compare
from archive.extract.state import COMPARED, state_digest
from archive.records import Copy, Reading, Revision, SourceKind
from archive.text import digest_of, normalise
from archive.trace.forms import cut, read_form
from archive.trace.postings import postings
from archive.urls import url_key


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A reading with what it is compared by; `text_length` counts characters of the normalised text.

    `postings` are what its text is found under among others; None where it was not read just now.
    """

    reading: Reading
    digest: str
    text_digest: str
    text_length: int
    postings: frozenset[int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One look that found a copy, and the state that it shows: an article capture, or an answer that it is as before.

    `payloads` are the digests of what shows the state: the page, then its parts.
    """

    url: str
    fetched_at: datetime
    state: State
    payloads: tuple[str, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    """Address → digest of each file that it links and that changed at some time."""


def weigh(reading: Reading) -> State:
    """Work out once what a reading is compared by: normalising its text costs as much as many rows."""
    plain = normalise(reading.text)
    digest = state_digest(reading, plain)
    return State(
        reading=reading,
        digest=digest,
        text_digest=digest_of(plain),
        text_length=len(plain),
        postings=postings(reading.title, cut(read_form(reading.text))),
    )


def revise(sightings: Sequence[Sighting]) -> list[Revision]:
    """Fold sightings, oldest first, into the states between two changes. At least one sighting is needed."""
    revisions: list[Revision] = []
    for sighting in sightings:
        state = sighting.state
        last = revisions[-1] if revisions else None
        seen_from = sighting.fetched_at
        changed: tuple[str, ...] = ()
        if last is not None and (last.state_digest, last.files) == (state.digest, sighting.files):
            seen_from, changed = last.seen_from, last.changed
            revisions.pop()
        elif last is not None:
            changed = _changed(last, sighting)
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
                files=sighting.files,
            )
        )
    return [*revisions[:1], *(_told(before, revision) for before, revision in pairwise(revisions))]


def with_files(sightings: Sequence[Sighting], shown: Mapping[str, Sequence[tuple[datetime, str]]]) -> list[Sighting]:
    """The sightings with the files that they link: each as it was last captured before the next look, or else at first.

    `shown` gives for addresses of files since when they showed which digest, oldest first. What never changed says
    nothing and is left out, so that a file that comes after its notice makes no revision.
    """
    changed = {url: versions for url, versions in shown.items() if len(versions) > 1}
    if not changed:
        return list(sightings)
    found: list[Sighting] = []
    for sighting, after in pairwise([*sightings, None]):
        if sighting is not None:
            urls = [link.url for link in sighting.state.reading.attachments if link.url in changed]
            files = {url: _as_of(changed[url], after.fetched_at if after else None) for url in urls}
            found.append(replace(sighting, files=files))
    return found


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


def _told(before: Revision, revision: Revision) -> Revision:
    """A revision with what was edited since the state before it."""
    edits = compare(before.reading, revision.reading, files=before.files, new_files=revision.files)
    classes, headline = brief(edits)
    return replace(revision, classes=classes, headline=headline)


def _as_of(versions: Sequence[tuple[datetime, str]], after: datetime | None) -> str:
    before = [digest for since, digest in versions if after is None or since < after]
    return before[-1] if before else versions[0][1]


def _changed(old: Revision, new: Sighting) -> tuple[str, ...]:
    reading = new.state.reading
    changed = [name for name in COMPARED if getattr(old.reading, name) != getattr(reading, name)]
    if old.reading.attachments != reading.attachments or old.files != new.files:
        changed.append("attachments")
    if old.text_digest != new.state.text_digest:
        changed.append("text")
    return tuple(changed)
