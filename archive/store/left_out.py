"""Addresses and ids of notices that are left out, covered wherever a value names them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

COVERED: Final = "（已撤下 taken down）"
"""What stands in the place of an address or an id."""


class Cover:
    """Covers what names a notice that is left out: its ids, and its addresses in the spellings given."""

    def __init__(self, ids: Collection[str], addresses: Iterable[str]) -> None:
        """`addresses` are url keys and addresses as printed."""
        bare = {_SCHEME.sub("", address) for address in addresses}
        self._hidden = {*ids, *bare}
        hosts = sorted({re.escape(address.partition("/")[0]) for address in bare}, key=len, reverse=True)
        named = rf"(?:https?://)?(?<![\w.-])(?:{'|'.join(hosts)})(?![\w.-])[^\s\"'<>\\]*|" if hosts else ""
        self._named = re.compile(rf"{named}{_ID}")

    def covered(self, text: str | float | bytes | None) -> str | float | bytes | None:
        """The value without what it names; None where it is nothing else."""
        if not isinstance(text, str):
            return text
        if _SCHEME.sub("", text) in self._hidden:
            return None
        return self._named.sub(self._put, text)

    def _put(self, found: re.Match[str]) -> str:
        """The longest beginning that is hidden, covered: marks behind an address may be of the sentence."""
        named = found[0]
        ends = [len(named), *(mark.start() for mark in reversed(list(_MARKS.finditer(named))))]
        for end in ends:
            if _SCHEME.sub("", named[:end]) in self._hidden:
                return COVERED + named[end:]
        return named


_SCHEME: Final = re.compile(r"^https?://")
_ID: Final = r"(?<![0-9a-z])[2-7a-z]{12}(?![0-9a-z])"
_MARKS: Final = re.compile(r"[^\w/#=&%~+-]")
