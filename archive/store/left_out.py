"""Addresses, ids and titles of notices that are left out, covered wherever a value names them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

Value = str | float | bytes | None
"""What SQLite holds."""

COVERED: Final = "（应要求不再提供 taken down）"
"""What stands in the place of an address, an id or a title."""


class Cover:
    """Covers what names a notice that is left out: its ids, its addresses in the spellings given, and its titles."""

    def __init__(self, ids: Collection[str], addresses: Iterable[str], titles: Collection[str] = ()) -> None:
        """`addresses` are url keys and addresses as printed."""
        bare = {_SCHEME.sub("", address) for address in addresses}
        self._hidden = {*ids, *bare, *titles}
        hosts = {address.partition("/")[0] for address in bare}
        self._signs = (*hosts, *ids, *titles)
        any_host = "|".join(_longest_first(hosts))
        at_hosts = rf"(?:https?://)?(?<![\w.-])(?:{any_host})(?![\w.-])[^\s\"'<>\\]*" if hosts else ""
        self._named = _any_of([at_hosts, _ID])
        self._said = _any_of([at_hosts, *_longest_first(titles), _ID])

    def may_name(self, text: str) -> bool:
        """Whether there may be something to cover in a text; quick, for there seldom is."""
        return any(sign in text for sign in self._signs)

    def covered(self, text: Value) -> Value:
        """The value without the addresses and ids it names; None where it is nothing else."""
        return self._cover(text, self._named)

    def covered_saying(self, text: Value) -> Value:
        """The same of what people and programs say of notices, without the titles, too.

        What a page prints is not covered so: it may be the title of another notice, or within one.
        """
        return self._cover(text, self._said)

    def _cover(self, text: Value, named: re.Pattern[str]) -> Value:
        if not isinstance(text, str):
            return text
        if _SCHEME.sub("", text) in self._hidden:
            return None
        return named.sub(self._put, text)

    def _put(self, found: re.Match[str]) -> str:
        end = self._end(found[0])
        return COVERED + found[0][end:] if end else found[0]

    def _end(self, named: str) -> int:
        """Where the longest beginning ends that is hidden, or 0: marks behind an address may be of the sentence."""
        ends = [len(named), *(mark.start() for mark in reversed(list(_MARKS.finditer(named))))]
        return next((end for end in ends if _SCHEME.sub("", named[:end]) in self._hidden), 0)


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(filter(None, patterns)))


def _longest_first(names: Iterable[str]) -> list[str]:
    """Names as patterns, so that none hides behind another that it begins with."""
    return sorted({re.escape(name) for name in names}, key=lambda name: (-len(name), name))


_SCHEME: Final = re.compile(r"^https?://")
_ID: Final = r"(?<![0-9a-z])[2-7a-z]{12}(?![0-9a-z])"
_MARKS: Final = re.compile(r"[^\w/#=&%~+-]")
