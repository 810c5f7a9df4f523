"""`probe.jsonl` in the archive: what probing gave, a line a site, so that a survey of all of them can be resumed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

from crawler.probe.found import Found, Probed, State

FILE_NAME = "probe.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What probing a site gave on a day. Lists that were read back have no entries, only their number."""

    on: date
    probed: Probed
    counts: tuple[tuple[int, int], ...]
    """Entries and dated entries of each list's first page."""


def result_of(probed: Probed, *, on: date) -> Result:
    """A result of today."""
    return Result(on=on, probed=probed, counts=tuple((len(one.entries), one.dated) for one in probed.lists))


def append_result(archive: Path, result: Result) -> None:
    """Write one line, at once."""
    with (archive / FILE_NAME).open("a", encoding="utf-8") as file:
        file.write(json.dumps(as_values(result), ensure_ascii=False) + "\n")


def read_results(archive: Path) -> dict[str, Result]:
    """The last result of each site, by key. A line that was cut short is passed over: its site is probed again."""
    found: dict[str, Result] = {}
    file = archive / FILE_NAME
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
        try:
            result = _read(json.loads(line))
        except (ValueError, KeyError, TypeError):
            continue
        found[result.probed.key] = result
    return found


def as_values(result: Result) -> dict[str, object]:
    """A result as JSON has it."""
    probed = result.probed
    return {
        "key": probed.key,
        "on": result.on.isoformat(),
        "state": probed.state,
        "why": probed.why,
        "home": probed.home,
        "title": probed.title,
        "asked": probed.asked,
        "unsure": list(probed.unsure),
        "lists": [_list_values(one, counts) for one, counts in zip(probed.lists, result.counts, strict=True)],
    }


def _list_values(found: Found, counts: tuple[int, int]) -> dict[str, object]:
    return {
        "name": found.name,
        "url": found.url,
        "family": found.family,
        "options": dict(found.options),
        "mark": found.mark,
        "entries": counts[0],
        "dated": counts[1],
        "next": found.next_url,
        "pages": found.pages,
        "total": found.total,
    }


def _read(values: Mapping[str, object]) -> Result:
    lists = cast("list[dict[str, object]]", values["lists"])
    probed = Probed(
        key=str(values["key"]),
        state=cast("State", values["state"]),
        why=str(values["why"]),
        home=str(values["home"]),
        title=None if values["title"] is None else str(values["title"]),
        asked=cast("int", values["asked"]),
        unsure=tuple(cast("list[str]", values["unsure"])),
        lists=tuple(_read_list(one) for one in lists),
    )
    counts = tuple((cast("int", one["entries"]), cast("int", one["dated"])) for one in lists)
    return Result(on=date.fromisoformat(str(values["on"])), probed=probed, counts=counts)


def _read_list(values: Mapping[str, object]) -> Found:
    return Found(
        name=str(values["name"]),
        url=str(values["url"]),
        family=str(values["family"]),
        mark=str(values["mark"]),
        options=cast("dict[str, str]", values["options"]),
        next_url=cast("str | None", values["next"]),
        pages=cast("int | None", values["pages"]),
        total=cast("int | None", values["total"]),
    )
