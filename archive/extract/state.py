"""What a reading says in one digest: two readings with the same digest are one revision (law 3)."""

from __future__ import annotations

import hashlib
import json
from datetime import date

from archive.records import Reading
from archive.text import normalise

COMPARED = (
    "title",
    "published_on",
    "published_at",
    "written_on",
    "effective_on",
    "document_number",
    "document_type",
    "index_number",
    "issuing_agencies",
    "attribution",
    "author",
    "validity",
    "subject_category",
)
"""Fields whose change is a change of the notice, beside its text and attachments."""


def state_digest(reading: Reading, plain: str | None = None) -> str:
    """Give `sha256:` and the hex digits over what the page says of its notice. `plain` is its text, normalised.

    The text counts as `archive.text.normalise` has it, attachments by name and address in their order. Out are the
    evidence, the doubts, raw forms, what names the site, and how the original's address is spelt: these change with
    templates and with our reader, not with the notice.
    """
    state: dict[str, object] = {name: getattr(reading, name) for name in COMPARED}
    state["text"] = normalise(reading.text) if plain is None else plain
    state["attachments"] = [(link.name, link.url) for link in reading.attachments]
    packed = json.dumps(state, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)
    return "sha256:" + hashlib.sha256(packed.encode()).hexdigest()


def _plain(value: object) -> str:
    """What JSON has no word for: days and instants."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a reading holds {value!r}, which has no place in a digest")
