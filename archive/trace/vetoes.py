"""What forbids a merge that a rule proposes. Each returns the reason in words, or None."""

from __future__ import annotations

import re
from functools import lru_cache

from archive.records import Witness
from archive.text import fold, normalise
from archive.urls import host

_DIGITS = re.compile(r"\d+")
_CHINESE_NUMERALS = re.compile(r"第?([一二三四五六七八九十百零〇]+)(?:季度|批|期|届|次|号|年|月|日)")
_SHINGLE = 8
_SHORT_TEXT = 40
_SAME_TEXT = 0.9
_LONG_TEXT = 200


def titles_differ(one: str | None, other: str | None) -> str | None:
    """Two titles that carry other numbers are two notices of a series, however alike their texts are.

    A title without any number vetoes nothing: portals shorten titles.
    """
    mine, theirs = _numbers(one), _numbers(other)
    if mine and theirs and mine != theirs:
        return f"titles carry other numbers: {'、'.join(mine)} / {'、'.join(theirs)}"
    return None


def same_text_differs(one: Witness, other: Witness) -> str | None:
    """Two pages of one text are two notices all the same: their titles say so.

    A site prints many notices from one short text ("名单见附件"), so on one host, and for texts under 200 characters,
    one title must be the other or a piece of it. Elsewhere portals retitle freely, and only other numbers veto.
    """
    if one.text_length < _LONG_TEXT and not _are_nested(one, other):
        return f"titles differ: {one.title} / {other.title}"
    return pages_of_one_host_differ(one, other) or titles_differ(one.title, other.title)


def pages_of_one_host_differ(one: Witness, other: Witness) -> str | None:
    """A host does not show one notice at two addresses under two titles of which neither is a piece of the other."""
    if _site(one.url_key) == _site(other.url_key) and not _are_nested(one, other):
        return f"titles differ: {one.title} / {other.title}"
    return None


def pages_differ(one: Witness, other: Witness, *, least: float) -> str | None:
    """Two pages that a link ties together are two notices all the same: their texts, or their titles and texts, say so.

    Counted are the 8-character pieces of the shorter text that the longer one has: under `least` of them it is
    another text (a link to an index page, to a related notice); where titles carry other numbers nearly all must be
    there (a series is made from one template). Texts under 40 characters veto nothing. This only refuses a link:
    likeness alone never makes a match.
    """
    short, long = sorted((normalise(one.text), normalise(other.text)), key=len)
    if len(short) < _SHORT_TEXT:
        return None
    pieces = {short[i : i + _SHINGLE] for i in range(len(short) - _SHINGLE + 1)}
    shared = sum(piece in long for piece in pieces) / len(pieces)
    if shared < least:
        return f"the texts share {shared:.0%} of their pieces"
    return titles_differ(one.title, other.title) if shared < _SAME_TEXT else None


def _are_nested(one: Witness, other: Witness) -> bool:
    mine, theirs = _plain(one.title), _plain(other.title)
    return mine in theirs or theirs in mine


@lru_cache(maxsize=65536)
def _site(url_key: str) -> str:
    return host(url_key)


@lru_cache(maxsize=65536)  # thousands of pages may share one text, and each is compared with each
def _plain(title: str | None) -> str:
    return normalise(title or "")


@lru_cache(maxsize=65536)
def _numbers(title: str | None) -> tuple[str, ...]:
    folded = fold(title or "")
    return tuple(_DIGITS.findall(folded)) + tuple(_CHINESE_NUMERALS.findall(folded))
