"""Notes as JSON: what a WARC `metadata` record of ours carries.

One object a note: `what` names the record type, the other keys are its fields; what equals its default is left out.
Reading is strict: a type or field this version does not know is an error, so that nothing is lost in silence.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Literal, Union, cast, get_args, get_origin, get_type_hints

from archive.records import Note

NOTE_TYPE = "application/vnd.minzheng.note+json"
"""The Content-Type that tells our notes from other programs' metadata."""

_TYPES: dict[str, type] = {kind.__name__: kind for kind in get_args(Note)}


def encode_note(note: Note) -> bytes:
    """A note as one JSON object in UTF-8, the same bytes for the same note."""
    row = {"what": type(note).__name__, **_fields_of(note)}
    try:
        return json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair, as broken pages have them: only an escape can carry it
        return json.dumps(row).encode()


def decode_note(data: bytes) -> Note:
    """Read a note back. Raises: ValueError that names what is unknown or of the wrong type."""
    row = json.loads(data)
    if not isinstance(row, dict) or not isinstance(row.get("what"), str):
        raise ValueError(f"a note is a JSON object with `what`, this one begins {data[:40]!r}")  # noqa: TRY004 -- bad data, not a wrong call
    what = row.pop("what")
    if what not in _TYPES:
        raise ValueError(f"a note of the type {what!r} is unknown here; a newer version may have written it")
    return cast("Note", _read_record(_TYPES[what], row, what))


def _fields_of(record: object) -> dict[str, object]:
    found = {}
    for field in fields(record):  # type: ignore[arg-type]  # only dataclasses come here
        value = getattr(record, field.name)
        if value != _default(field):
            found[field.name] = _plain(value)
    return found


def _default(field: Field[object]) -> object:
    return field.default_factory() if field.default_factory is not MISSING else field.default


def _plain(value: object) -> object:
    if is_dataclass(value):
        return _fields_of(value)
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value


def _read_record(kind: type, row: object, where: str) -> object:
    if not isinstance(row, dict):
        raise ValueError(f"{where} is an object, not {row!r}")  # noqa: TRY004 -- bad data, not a wrong call
    hints = _hints(kind)
    if unknown := sorted(set(row) - set(hints)):
        raise ValueError(f"{where} has the unknown fields {unknown}; a newer version may have written it")
    values = {name: _read(hints[name], value, f"{where}.{name}") for name, value in row.items()}
    try:
        return kind(**values)
    except TypeError as error:  # a field without a default is missing
        raise ValueError(f"{where}: {error}") from error


_hints = cache(get_type_hints)  # they are looked up for every note


def _read(hint: object, value: object, where: str) -> object:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return None if value is None else _read(next(kind for kind in inner if kind is not type(None)), value, where)
    if origin is Literal and value in inner:
        return value
    if origin is tuple and isinstance(value, list):
        return tuple(_read(inner[0], item, where) for item in value)
    if origin is Mapping and isinstance(value, dict) and all(isinstance(item, str) for item in value.values()):
        return value
    if hint is datetime and isinstance(value, str):
        return _read_instant(value, where)
    if hint is date and isinstance(value, str):
        return date.fromisoformat(value)
    if isinstance(hint, type) and is_dataclass(hint):
        return _read_record(hint, value, where)
    if hint in (str, int) and type(value) is hint:
        return value
    raise ValueError(f"{where} cannot be {value!r}")


def _read_instant(value: str, where: str) -> datetime:
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError(f"{where} is an instant without its zone: {value!r}")
    return at
