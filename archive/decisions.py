"""`decisions.jsonl`: what people ruled, one line each, appended and never changed. A fact, like a capture."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from archive.records import Decision, Ruled
from archive.urls import url_key

_WHAT: Mapping[str, Ruled] = {"merge": "merge", "split": "split", "ack": "ack", "pause": "pause"}


class DecisionsError(ValueError):
    """A line of `decisions.jsonl` that cannot be read; the message names the line and what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenLine:
    """A line that is no ruling: its number, from 1, and what is wrong with it."""

    number: int
    why: str


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
    for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
        if line.strip():
            try:
                yield _decision(json.loads(line.decode("utf-8-sig")))
            except (ValueError, KeyError, TypeError) as error:
                yield BrokenLine(number=number, why=_wrong(error))


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


def standing_rulings(decisions: Iterable[Decision]) -> list[Decision]:
    """The merges and splits that nobody took back, in the order they were made."""
    held: list[Decision] = []
    for one in in_order(decisions):
        if one.what in ("merge", "split"):
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
    line = as_line(decision)
    with path.open("a+b") as file:
        if file.tell() and not _ends_its_line(file):  # a line that a power cut tore: it must not take this one along
            file.write(b"\n")
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def as_line(decision: Decision) -> bytes:
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
    return (json.dumps(line, ensure_ascii=False) + "\n").encode()


def _identity(decision: Decision) -> tuple[datetime, str, Ruled, tuple[str, ...]]:
    return decision.at, decision.who, decision.what, decision.urls


def _subject(decision: Decision) -> tuple[str | None, str]:
    """What a ruling is about; a source stays itself when its home page moves."""
    return decision.about, "" if decision.what == "pause" else decision.urls[0]


def _ends_its_line(file: BinaryIO) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def _decision(found: Mapping[str, str | list[str] | None]) -> Decision:
    if not isinstance(found, Mapping):
        raise TypeError(f"{found!r} is no JSON object")
    what = _WHAT.get(str(found["what"]))
    if what is None:
        raise ValueError(f"what is {found['what']!r}, not one of {', '.join(_WHAT)}")
    urls, until, retired_at = found["urls"], found.get("until"), found.get("retired_at")
    if not isinstance(urls, list) or not urls:
        raise ValueError(f"urls is {urls!r}, not a list of the addresses that a {what} is about")
    if what in ("merge", "split"):
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


def _wrong(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it has no {error.args[0]!r}"
    return f"it is no JSON: {error}" if isinstance(error, json.JSONDecodeError) else str(error)


def _instant(value: str) -> datetime:
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError(f"{value!r} is an instant without its zone")
    return at
