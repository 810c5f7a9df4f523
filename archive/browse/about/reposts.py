"""What reposts come to: how late they are, how many name their original, and what they did to it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from archive.browse.rows import Row
from archive.labels import Words

_LATE: Final = (
    (-1, Words("更早", "earlier")),
    (0, Words("当天", "same day")),
    (1, Words("1 天", "1 day")),
    (3, Words("2–3 天", "2–3 days")),
    (7, Words("4–7 天", "4–7 days")),
    (14, Words("8–14 天", "8–14 days")),
    (30, Words("15–30 天", "15–30 days")),
)
_LATER: Final = Words("31 天以上", "31 or more")
_NAMED: Final = 0.01
"""Share of a copy below which what it adds is not worth a word, as in `archive.fidelity_words`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """How many days after its notice a repost is dated, of those whose dates can be believed: `dated` of all.

    `median` is None where none is dated; `groups` are counts by days, in order.
    """

    dated: int
    median: float | None
    groups: tuple[tuple[Words, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reposting:
    """What one source's reposts come to. `did` counts what they did to their notices; one may have done several.

    `measured` is how many could be laid beside another copy.
    """

    total: int
    linked: int
    measured: int
    stamped: int
    lag: Lag
    did: tuple[tuple[Words, int], ...]
    whom: tuple[tuple[str | None, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reposter:
    """A source that reposts: how often, how often with a link, and how late as a rule (None: no date to tell by)."""

    key: str | None
    agency: str | None
    count: int
    linked: int
    median: float | None


def lag_of(days: Iterable[int | None]) -> Lag:
    """The lag of reposts; None is of one without a trustworthy date."""
    known = [day for day in days if day is not None]
    counts = Counter(_group(day) for day in known)
    groups = (*(words for _, words in _LATE), _LATER)
    return Lag(
        dated=len(known),
        median=float(median(known)) if known else None,
        groups=tuple((words, counts[words]) for words in groups),
    )


def reposting_of(rows: Sequence[Row], *, most: int) -> Reposting | None:
    """Sum up the reposts of a source (`source_reposts.sql`), whom it reposts up to so many; None where it has none."""
    if not rows:
        return None
    measured = [row for row in rows if row["is_measured"]]
    return Reposting(
        total=len(rows),
        linked=sum(row["has_link"] for row in rows),
        measured=len(measured),
        stamped=sum(row["is_stamped"] for row in rows),
        lag=lag_of(row["days_later"] for row in rows),
        did=tuple((words, sum(map(is_so, measured))) for words, is_so in _DID),
        whom=tuple(Counter(row["issuing_agency"] for row in rows).most_common(most)),
    )


def reposters_of(rows: Iterable[Row], *, most: int) -> tuple[Reposter, ...]:
    """Who reposts (`about_reposts.sql`): those with most reposts first, up to so many."""
    mine: dict[tuple[str | None, str | None], list[Row]] = {}
    for row in rows:
        mine.setdefault((row["source"], row["agency"]), []).append(row)
    found = [
        Reposter(
            key=key,
            agency=agency,
            count=len(reposts),
            linked=sum(row["has_link"] for row in reposts),
            median=lag_of(row["days_later"] for row in reposts).median,
        )
        for (key, agency), reposts in mine.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.count, one.key or "")))[:most]


def _group(day: int) -> Words:
    return next((words for last, words in _LATE if day <= last), _LATER)


def _is_untouched(row: Row) -> bool:
    return bool(row["complete"]) and not (row["numbers_changed"] or row["wording_changed"] or row["moved"])


_DID: Final = (
    (Words("完整，数字和文字都没有改动", "complete, no number and no word changed"), _is_untouched),
    (Words("数字改动", "numbers changed"), lambda row: row["numbers_changed"] > 0),
    (Words("文字改动", "wording changed"), lambda row: row["wording_changed"] > 0),
    (Words("删去一部分", "shortened"), lambda row: not row["complete"]),
    (Words("增加文字", "text added"), lambda row: row["added"] >= _NAMED),
    (Words("句子换了位置", "sentences moved"), lambda row: row["moved"] > 0),
    (Words("附件缺少", "attachments dropped"), lambda row: bool(row["has_dropped"])),
    (Words("标题改动", "re-titled"), lambda row: bool(row["is_retitled"])),
    (Words("只比较了开头", "compared at its beginning only"), lambda row: bool(row["partial"])),
)
