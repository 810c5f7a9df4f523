"""When a page was published: by what it shows, else by its tags, its address, its row in a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from archive.dates import BEIJING, print_seconds, read_day, read_instant
from archive.extract.evidence import Found
from archive.extract.meta import Tags

# Addresses in which a date is one: TRS `t20211104_9926756`, Hanweb `/art/2021/11/4/`, enorth and 四川 `/2021/11/04/`,
# 上海 `/20211104/<hash>`. `t25960665` and `/202111/` are none.
_IN_URL: Final = (
    re.compile(r"/t((?:19|20)\d\d)(\d\d)(\d\d)_\d+"),
    re.compile(r"/art/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})/"),
    re.compile(r"/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})/[\w-]+\.\w+$"),
    re.compile(r"/((?:19|20)\d\d)(\d\d)(\d\d)/[0-9a-f]{32}\."),
)

_NO_MINUTE: Final = re.compile(
    r"(?<![\d:])(?:00:00(?::00)?|23:59(?::59)?)(?![\d:])"
)  # what systems put where no one typed a time


@dataclass(frozen=True, slots=True)
class Witness:
    """One place that dates a page: the text as printed there, and its evidence."""

    raw: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Published:
    """The day, the instant if a minute is known, the text of the day, and the evidence of each."""

    day: date
    at: datetime | None
    raw: str
    day_evidence: str
    at_evidence: str | None
    others: tuple[Found[date], ...]
    """What the other witnesses say, in the order of trust."""


def decide_published(witnesses: list[Witness], tags: Tags) -> Published | None:
    """Take the day of the first witness that has one, and the minute of the first that agrees on the day.

    A tag that gives the time at which the page was made is no witness.
    """
    rendered = {instant for raw in tags.rendered if (instant := read_instant(raw)) is not None}
    sound = [witness for witness in witnesses if not _is_render_time(witness, rendered, tags)]
    first = next((witness for witness in sound if read_day(witness.raw) is not None), None)
    day = read_day(first.raw) if first is not None else None
    if first is None or day is None:
        return None
    minute = next((found for witness in sound if (found := _minute_of(witness, day)) is not None), None)
    at, at_evidence = minute if minute is not None else (None, None)
    raw = next((line.strip() for line in first.raw.split("\n") if read_day(line) == day), first.raw.strip())
    others = tuple(Found(said, one.evidence) for one in sound if (said := read_day(one.raw)) is not None)
    return Published(day, at, raw, first.evidence, at_evidence, others)


def date_in_url(url: str) -> Witness | None:
    """Give the date that an address carries, in the forms where it is one."""
    for form in _IN_URL:
        match = form.search(url)
        if match is not None:
            raw = "-".join(match.groups())
            return Witness(raw, "url") if read_day(raw) is not None else None
    return None


def tag_witnesses(tags: Tags) -> Iterator[Witness]:
    """Give what the meta tags say of the time of publication."""
    for tag in tags.dates:
        yield Witness(print_seconds(tag.value), f"meta:{tag.name}")


def _is_render_time(witness: Witness, rendered: set[datetime], tags: Tags) -> bool:
    if not witness.evidence.startswith("meta:"):
        return False
    if witness.raw in tags.rendered:
        return True
    instant = read_instant(witness.raw)
    return instant is not None and any(abs(instant - other).total_seconds() < 60 for other in rendered)


def _minute_of(witness: Witness, day: date) -> tuple[datetime, str] | None:
    at = read_instant(witness.raw)
    if witness.evidence.startswith("meta:") and at is not None and _NO_MINUTE.search(witness.raw):
        return None
    return (at, witness.evidence) if at is not None and at.astimezone(BEIJING).date() == day else None
