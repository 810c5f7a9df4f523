"""How instants and days stand in the database: ISO 8601, UTC with `Z` for instants."""

from __future__ import annotations

from datetime import UTC, date, datetime


def instant(at: datetime) -> str:
    """An aware instant as `2021-11-05T01:02:03.004Z`; text order is time order."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_instant(value: str) -> datetime:
    """The instant that `instant` wrote, to the millisecond."""
    return datetime.fromisoformat(value)


def day(on: date | None) -> str | None:
    """A day as `2021-11-05`."""
    return on.isoformat() if on is not None else None


def read_day(value: str | None) -> date | None:
    """The day that `day` wrote."""
    return date.fromisoformat(value) if value else None
