"""Under which hashes a text is found again: its sentences, samples of its characters, pieces of its title.

Two printings of one notice share some of them whatever was cut, framed, re-titled or spelt otherwise; which of those
found is the notice is told by alignment alone.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from itertools import islice, pairwise
from typing import Final

from archive.trace.forms import Form, read_form

_SENTENCE: Final = 8
"""Tokens that a sentence must have."""
_SENTENCES: Final = 32
_GRAM: Final = 12
_GRAMS: Final = 32
_PIECE: Final = 5
_PIECES: Final = 12


def postings(title: str | None, form: Form) -> frozenset[int]:
    """Hashes of 63 bits, about fifty for a notice; none of a text and a title that are too short to say anything."""
    return frozenset([*_sentences(form), *_grams(form.code), *_title(title or "")])


def _sentences(form: Form) -> list[int]:
    spans = [(start, end) for start, end in pairwise(form.bounds) if end - start >= _SENTENCE]
    return [_hash("s", form.code[start:end]) for start, end in spans[:_SENTENCES]]


def _grams(code: str) -> list[int]:
    starts = (match.start() for match in _SAMPLED.finditer(code, 0, max(len(code) - _GRAM + 2, 0)))
    return [_hash("g", code[at : at + _GRAM]) for at in islice(starts, _GRAMS)]


def _title(title: str) -> list[int]:
    code = read_form(title).code
    return sorted(_hash("t", code[at : at + _PIECE]) for at in range(len(code) - _PIECE + 1))[:_PIECES]


def _hash(kind: str, piece: str) -> int:
    return int.from_bytes(hashlib.blake2b((kind + piece).encode(), digest_size=8).digest(), "big") >> 1


def _sixth(number: int) -> str:
    """A class of the characters whose code leaves this number, divided by six after some stirring."""
    signs = (chr(code) for code in range(0x4E00, 0xA000) if zlib.crc32(code.to_bytes(4, "little")) % 6 == number)
    return f"[{''.join(signs)}]"


_SAMPLED: Final = re.compile(f"{_sixth(0)}(?={_sixth(1)})")
"""Where a piece begins: by its first two characters alone, about every thirty-sixth place."""
