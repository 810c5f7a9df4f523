"""Values as YAML in block style, the same bytes each time. Texts are quoted as JSON, which YAML 1.2 reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def yaml_text(value: Mapping[str, Any]) -> str:
    """A mapping of texts, numbers, truths, lists and mappings as YAML, a key a line."""
    return "".join(f"{line}\n" for line in _mapping(value))


def _mapping(value: Mapping[str, Any]) -> Iterator[str]:
    for key, held in value.items():
        if isinstance(held, (Mapping, list, tuple)) and held:
            yield f"{key}:"
            yield from (f"  {line}" for line in (_mapping(held) if isinstance(held, Mapping) else _items(held)))
        else:
            yield f"{key}: {_scalar(held)}"


def _items(value: Sequence[Any]) -> Iterator[str]:
    for held in value:
        lines = list(_mapping(held)) if isinstance(held, Mapping) else [_scalar(held)]
        yield from (f"{'  ' if number else '- '}{line}" for number, line in enumerate(lines))


def _scalar(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
