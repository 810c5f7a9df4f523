"""`decisions.jsonl`: what people ruled, one line each, appended and never changed. A fact, like a capture."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from archive.records import Decision, Ruled
from archive.urls import url_key

_WHAT: Mapping[str, Ruled] = {"merge": "merge", "split": "split", "ack": "ack", "pause": "pause"}


class DecisionsError(ValueError):
    """A line of `decisions.jsonl` that cannot be read; the message names the line and what is wrong."""


def read_decisions(path: Path) -> list[Decision]:
    """Every ruling in the order it was made; none when there is no file. Raises: DecisionsError."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").split("\n")
    return [_parse(line, path, number) for number, line in enumerate(lines, start=1) if line.strip()]


def holding(decisions: Iterable[Decision], what: Ruled, today: date) -> list[Decision]:
    """The rulings of one kind that hold on a day: of several about one thing the last, unless it was taken back.

    A ruling is taken back by a later line that has `retired_at`.
    """
    latest = {_subject(one): one for one in decisions if one.what == what}
    return [one for one in latest.values() if one.retired_at is None and (one.until is None or one.until >= today)]


def append_decision(path: Path, decision: Decision) -> None:
    """Add one ruling at the end; it is on disk when this returns."""
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
    with path.open("a+b") as file:
        if file.tell() and not _ends_its_line(file):  # a line that a power cut tore: it must not take this one along
            file.write(b"\n")
        file.write((json.dumps(line, ensure_ascii=False) + "\n").encode())
        file.flush()
        os.fsync(file.fileno())


def _subject(decision: Decision) -> tuple[str | None, str]:
    """What a ruling is about; a source stays itself when its home page moves."""
    return decision.about, "" if decision.what == "pause" else decision.urls[0]


def _ends_its_line(file: BinaryIO) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def _parse(line: str, path: Path, number: int) -> Decision:
    try:
        found = json.loads(line)
        return _decision(found)
    except (ValueError, KeyError, TypeError) as error:
        raise DecisionsError(
            f"{path.name} line {number}: {error!r}; every line is one JSON object with at, who, what, urls, why."
            " Mend or remove that line; nothing else was changed."
        ) from error


def _decision(found: Mapping[str, str | list[str] | None]) -> Decision:
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
    )


def _instant(value: str) -> datetime:
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError(f"{value!r} is an instant without its zone")
    return at
