"""`decisions.jsonl`: what people ruled, one line each, appended and never changed. A fact, like a capture."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Final, get_args

from archive.appended import BrokenLine, append_line, as_line, scan_lines
from archive.records import Decision, Ruled
from archive.urls import url_key

MATCHES: Final[tuple[Ruled, ...]] = ("merge", "split")
TAKEDOWNS: Final[tuple[Ruled, ...]] = ("takedown",)
SHARED: Final[tuple[Ruled, ...]] = (*MATCHES, *TAKEDOWNS)
"""Rulings about notices: they hold wherever these are kept, and until they are taken back one by one."""

_WHAT: Final[Mapping[str, Ruled]] = {what: what for what in get_args(Ruled)}


class DecisionsError(ValueError):
    """A line of `decisions.jsonl` that cannot be read; the message names the line and what is wrong."""


def read_decisions(path: Path) -> list[Decision]:
    """Every ruling, a line each, in the order of the file; none when there is no file. Raises: DecisionsError."""
    found = list(scan_decisions(path)) if path.exists() else []
    for one in found:
        if isinstance(one, BrokenLine):
            raise DecisionsError(
                f"{path.name} line {one.number}: {one.why}; every line is one JSON object with at, who, what, urls,"
                " why. Mend or remove that line; nothing else was changed."
            )
    return [one for one in found if isinstance(one, Decision)]


def scan_decisions(path: Path) -> Iterator[Decision | BrokenLine]:
    """The rulings of a file, ours or another archive's, and in their places the lines that are none."""
    return scan_lines(path, _decision)


def in_order(decisions: Iterable[Decision]) -> list[Decision]:
    """Rulings in the order they were made, whichever archive they were made in and in whatever order it holds them.

    Of one instant the merges come first, so that what is apart stays apart, and what takes others back comes last.
    """
    return sorted(
        decisions, key=lambda one: (one.at, one.retired_at is not None, one.what, one.urls, one.about or "", one.who)
    )


def holding(decisions: Iterable[Decision], what: Ruled, today: date) -> list[Decision]:
    """The rulings of one kind that hold on a day: of several about one thing the last, unless it was taken back.

    A ruling is taken back by a later one that has `retired_at`.
    """
    latest = {_subject(one): one for one in in_order(decisions) if one.what == what}
    return [one for one in latest.values() if one.retired_at is None and (one.until is None or one.until >= today)]


def standing_rulings(decisions: Iterable[Decision], *, of: Collection[Ruled] = MATCHES) -> list[Decision]:
    """The rulings of these kinds that nobody took back, in the order they were made; else merges and splits."""
    held: list[Decision] = []
    for one in in_order(decisions):
        if one.what in of:
            held = [said for said in held if not takes_back(one, said)]
            held += [one] if one.retired_at is None else []
    return held


def takes_back(later: Decision, earlier: Decision) -> bool:
    """Whether a ruling takes an earlier one back: it says the same, and that this is retired."""
    return later.retired_at is not None and (later.what, later.urls) == (earlier.what, earlier.urls)


def not_held(held: Iterable[Decision], others: Iterable[Decision]) -> list[Decision]:
    """Of others' rulings those that an archive does not hold, in the order they were made, each once."""
    known = {_identity(one) for one in held}
    return [one for key, one in {_identity(one): one for one in in_order(others)}.items() if key not in known]


def append_decision(path: Path, decision: Decision) -> None:
    """Add one ruling at the end; it is on disk when this returns."""
    append_line(path, decision_line(decision))


def decision_line(decision: Decision) -> bytes:
    """A ruling as it stands in the file."""
    line = {
        "at": decision.at.isoformat(),
        "who": decision.who,
        "what": decision.what,
        "urls": list(decision.urls),
        "why": decision.why,
        "about": decision.about,
        "until": decision.until.isoformat() if decision.until else None,
        "retired_at": decision.retired_at.isoformat() if decision.retired_at else None,
    }
    if decision.taken_from is not None:
        line["taken_from"] = decision.taken_from
    return as_line(line)


def _identity(decision: Decision) -> tuple[datetime, str, Ruled, tuple[str, ...]]:
    return decision.at, decision.who, decision.what, decision.urls


def _subject(decision: Decision) -> tuple[str | None, str]:
    """What a ruling is about; a source stays itself when its home page moves."""
    return decision.about, "" if decision.what == "pause" else decision.urls[0]


def _decision(found: Mapping[str, str | list[str] | None]) -> Decision:
    if not isinstance(found, Mapping):
        raise TypeError(f"{found!r} is no JSON object")
    what = _WHAT.get(str(found["what"]))
    if what is None:
        raise ValueError(f"what is {found['what']!r}, not one of {', '.join(_WHAT)}")
    urls, until, retired_at = found["urls"], found.get("until"), found.get("retired_at")
    if not isinstance(urls, list) or not urls:
        raise ValueError(f"urls is {urls!r}, not a list of the addresses that a {what} is about")
    if what in SHARED:
        _ = [url_key(url) for url in urls]  # each is an address
    return Decision(
        at=_instant(str(found["at"])),
        who=str(found["who"]),
        what=what,
        urls=tuple(urls),
        why=str(found["why"]),
        about=str(found["about"]) if found.get("about") else None,
        until=date.fromisoformat(str(until)) if until else None,
        retired_at=_instant(str(retired_at)) if retired_at else None,
        taken_from=str(found["taken_from"]) if found.get("taken_from") else None,
    )


def _instant(value: str) -> datetime:
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError(f"{value!r} is an instant without its zone")
    return at
