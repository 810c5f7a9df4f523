"""The options a channel may give its family."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping


def unknown_options(options: Mapping[str, str], allowed: Iterable[str], *, family: str) -> tuple[str, ...]:
    """A sentence for each option that the family does not have, with the nearest one it has."""
    names = sorted(allowed)
    told = f"family {family} has {', '.join(names)}" if names else f"family {family} has none"
    return tuple(f"unknown option {name!r}{suggest(name, names)}; {told}" for name in options if name not in names)


def suggest(seen: str, allowed: Iterable[str]) -> str:
    """` (did you mean 'x'?)` for the nearest allowed spelling, else an empty text."""
    near = difflib.get_close_matches(seen, list(allowed), n=1, cutoff=0.6)
    return f" (did you mean {near[0]!r}?)" if near else ""
