"""When a copy is to be looked at again: on certain days after it was first seen, which catches silent edits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from archive.records import Held
from crawler.lists import Site

MISSING_EVERY = timedelta(days=7)
"""A copy that was missed is looked for this often, so that three sightings make it gone within three weeks."""
SILENT_EVERY = timedelta(days=7)
"""A copy of which nothing came back when it was last asked for waits so long, and lets others go before it."""
GONE_EVERY = timedelta(days=180)
"""A copy that is gone, or that its site shows elsewhere, is looked for this often: it may come back, and a walk asks
for nothing it knows."""


def rechecks(held: Iterable[Held], sites: Mapping[str, Site], *, now: datetime, every: int | None = None) -> list[Held]:
    """The copies that are due, the most overdue first; each once. `sites` are by the key of their source.

    A copy is due when one of its source's days lies between its last check and now: days that were passed over
    together are made up for by one look. With `every`, it is due when nobody has checked it for so many days.
    One of which nothing came back when it was last asked for waits a week, unless a person asks by `every`.
    One that is gone or has moved is due twice a year, unless its source has no such days. One of no source in `sites`
    is never due.
    """
    found = [(since, copy) for copy in held if (since := _due_since(copy, sites, now=now, every=every)) is not None]
    return [copy for _, copy in sorted(found, key=lambda due: (due[0], due[1].url_key))]


def _due_since(copy: Held, sites: Mapping[str, Site], *, now: datetime, every: int | None) -> datetime | None:
    """Since when a copy is due; None while it is not."""
    site = sites.get(copy.source or "")
    if site is None:
        return None
    if copy.state in ("gone", "moved"):
        days = [copy.checked_at + GONE_EVERY] if site.recheck else []
    elif every is not None:
        days = [copy.checked_at + timedelta(days=every)]
    else:
        days = [copy.first_seen_at + timedelta(days=day) for day in site.recheck]
        days = [day for day in days if day > copy.checked_at]
        if copy.state == "missing":
            days.append(copy.checked_at + MISSING_EVERY)
    since = min(days, default=None)
    if since is not None and every is None and copy.asked_at is not None and copy.asked_at > copy.checked_at:
        since = max(since, copy.asked_at + SILENT_EVERY)
    return since if since is not None and since <= now else None
