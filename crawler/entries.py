"""Entries of the catalogue as text: written anew from values, and put into the operator's own folder."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from crawler.catalogue import ENTRY_KEYS, CatalogueError, entry_files, load_catalogue
from crawler.toml_values import Table

_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Where an entry was written; `former` is what stood there before, under another name."""

    file: Path
    former: Path | None = None


def print_entry(table: Table, comments: Iterable[str] = ()) -> str:
    """One entry as TOML, its keys in the catalogue's order, under comment lines."""
    told = [f"# {line}" for comment in comments for line in comment.splitlines()]
    keys = sorted(table, key=lambda key: ENTRY_KEYS.index(key) if key in ENTRY_KEYS else len(ENTRY_KEYS))
    values = [f"{_key(key)} = {_lists(table[key]) if key == 'channel' else _value(table[key])}" for key in keys]
    return "\n".join([*told, "[[source]]", *values]) + "\n"


def write_entry(folder: Path, table: Table, *, comments: Iterable[str] = (), below: Iterable[Path] = ()) -> Written:
    """Write an entry to `folder/<key>.toml`; a file that says something else is kept as `<key>.toml.old`.

    `below` are the folders that this one is laid over, with which it must go together.

    Raises: CatalogueError where the key stands in another file of the folder, or the entry does not fit the catalogue;
    nothing is changed then.
    """
    key = str(table["key"])
    file = folder / f"{key}.toml"
    at = entry_files(folder).get(key)
    if at not in (None, file):
        raise CatalogueError(f"{at}: the entry {key!r} was written by hand: take it out there, and it goes to {file}")
    if at is not None and (others := [name for name, where in entry_files(folder).items() if where == file]) != [key]:
        raise CatalogueError(
            f"{file} holds {len(others)} entries: {', '.join(others)}; move them to files of their own"
        )
    text = print_entry(table, comments)
    before = file.read_text(encoding="utf-8") if file.exists() else None
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    try:
        load_catalogue(*below, folder)
    except CatalogueError:
        if before is None:
            file.unlink()
        else:
            file.write_text(before, encoding="utf-8")
        raise
    if before is None or before == text:
        return Written(file=file)
    former = file.with_suffix(".toml.old")
    former.write_text(before, encoding="utf-8")
    return Written(file=file, former=former)


def _lists(value: object) -> str:
    """Channels, a line each."""
    if not isinstance(value, list):
        return _value(value)
    return "[\n" + "".join(f"  {_value(channel)},\n" for channel in value) + "]"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(one) for one in value)}]"
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_key(str(name))} = {_value(one)}" for name, one in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    return _text(str(value))


def _text(text: str) -> str:
    """A basic string: JSON's escapes are TOML's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)
