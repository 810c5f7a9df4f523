"""Values of the operator's TOML files, each checked at its place; the message names file, key, value and remedy."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from archive.records import FileMode
from crawler.families.options import suggest

LEAST_DELAY = 2.0
"""Seconds between two requests to one host that neither an operator nor a source may go below."""

_SPAN = re.compile(r"(\d{1,6})([hd])")
_UNITS = {"h": 3600, "d": 86_400}
_FILE_MODES: dict[str, FileMode] = {"all": "all", "names": "names", "none": "none"}

Table = Mapping[str, object]
"""One TOML table as parsed."""


class CatalogueError(ValueError):
    """A catalogue or `minzheng.toml` that cannot be used; the message names place, value and what to do."""


def read_toml(file: Path) -> Table:
    """The tables of a file. Raises: CatalogueError with file and line if it is not TOML in UTF-8."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{file}: not UTF-8 at byte {error.start}: save it as UTF-8") from error
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        named = re.search(r"line (\d+)", str(error))
        line = int(named.group(1)) if named else len(text.splitlines())  # "at end of document"
        raise CatalogueError(f"{file}:{line}: broken TOML: {error}") from error


def refuse_unknown(place: str, table: Table, allowed: Iterable[str]) -> None:
    """Raise CatalogueError for the first key that is not allowed, with the nearest one that is."""
    names = list(allowed)
    for key in table:
        if key not in names:
            raise CatalogueError(f"{place}: unknown key {key!r}{suggest(key, names)}; allowed: {', '.join(names)}")


def read_text(place: str, value: object) -> str:
    """A text that is not blank, without the blanks around it."""
    if not isinstance(value, str) or not value.strip():
        raise CatalogueError(f"{place} is {value!r}: it must be a text in quotes")
    return value.strip()


def read_choice(place: str, value: object, allowed: Iterable[str]) -> str:
    """One of the allowed words."""
    names = sorted(allowed)
    word = read_text(place, value)
    if word not in names:
        raise CatalogueError(f"{place} is {word!r}{suggest(word, names)}; allowed: {', '.join(names)}")
    return word


def read_file_mode(place: str, value: object) -> FileMode:
    """Which files that notices link are fetched."""
    return _FILE_MODES[read_choice(place, value, _FILE_MODES)]


def read_matching(place: str, value: object, pattern: re.Pattern[str], *, form: str) -> str:
    """A text of one form, which the message describes."""
    text = read_text(place, value)
    if not pattern.fullmatch(text):
        raise CatalogueError(f"{place} is {text!r}: it must be {form}")
    return text


def read_seconds(place: str, value: object, *, least: float) -> float:
    """A number of seconds, `least` to an hour."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= 3600:
        raise CatalogueError(f"{place} is {value!r}: it must be a number of seconds from {least:g} to 3600")
    return float(value)


def read_count(place: str, value: object) -> int:
    """A whole number above 0."""
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise CatalogueError(f"{place} is {value!r}: it must be a whole number above 0")
    return value


def read_span(place: str, value: object, *, least: int) -> int:
    """A length of time like `12h`, `1d` or `7d`, in seconds; `least` seconds or more, a year at most."""
    match = _SPAN.fullmatch(read_text(place, value))
    seconds = int(match[1]) * _UNITS[match[2]] if match else 0
    if not least <= seconds <= 366 * 86_400:
        raise CatalogueError(f'{place} is {value!r}: it must be a length of time like "12h" or "7d", a year at most')
    return seconds


def read_days(place: str, value: object) -> tuple[int, ...]:
    """A list of days, whole numbers above 0 that rise; it may be empty."""
    if not isinstance(value, list):
        raise CatalogueError(f"{place} is {value!r}: it must be a list of days, like [1, 7, 30, 180]")
    days = tuple(read_count(place, day) for day in value)
    if list(days) != sorted(set(days)):
        raise CatalogueError(f"{place} is {value!r}: its days must rise, like [1, 7, 30, 180]")
    return days


def read_truth(place: str, value: object) -> bool:
    """`true` or `false`."""
    if not isinstance(value, bool):
        raise CatalogueError(f"{place} is {value!r}: it must be true or false, without quotes")
    return value
