"""A notice as the archive holds it, as a reference."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from archive.dates import BEIJING
from archive.references.reference import Reference


def reference_of(row: Mapping[str, Any], *, address: str, seen_at: str) -> Reference:
    """The reference to the text that an address shows and that was seen last at `seen_at`, an ISO instant.

    `row` has the columns `id`, `title`, `issuing_agency`, `issuing_agencies` (JSON), `document_number`,
    `document_type`, `published_on`, `original_url` and `text_digest`, as `notices` has them. A day that is none, as a
    database from elsewhere may have, is left out.
    """
    agencies = json.loads(row["issuing_agencies"] or "[]") or [row["issuing_agency"]]
    return Reference(
        id=row["id"],
        agencies=tuple(str(agency) for agency in agencies if agency),
        title=row["title"] or "",
        document_number=row["document_number"],
        document_type=row["document_type"],
        issued_on=_day(row["published_on"]),
        accessed_on=datetime.fromisoformat(seen_at).astimezone(BEIJING).date(),
        address=address,
        original_url=row["original_url"],
        text_digest=row["text_digest"],
    )


def _day(printed: str | None) -> date | None:
    try:
        return date.fromisoformat(printed) if printed else None
    except ValueError:
        return None
