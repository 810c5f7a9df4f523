"""What the address of a revision carries, so that one text of a notice stays to be found: a mark of the text itself.

Numbers of revisions shift when an older capture is taken in, and a notice may move to another id. So an address that is
cited carries a mark: twelve hex digits of the text digest (the words, without marks and layout), then twelve of the
SHA-256 over the text byte for byte. By the first the same words are found anywhere, by the second it is told whether
they still stand as they were cited: marks such as ≤ and ≥ are no words, and matter.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import urlencode

from archive.references.reference import hexes, sha256

_DIGITS: Final = 12
_MARK: Final = re.compile(rf"([0-9a-f]{{{_DIGITS}}})-?([0-9a-f]{{{_DIGITS}}})")
_AROUND: Final = " \t\r\n.。"
"""What a citation prints behind its address, and what copying adds."""


class Mark(NamedTuple):
    """What tells a text: the first digits of its text digest, and those of the SHA-256 over its bytes."""

    words: str
    exact: str

    def __str__(self) -> str:
        """As an address carries it."""
        return f"{self.words}-{self.exact}"

    def has_words_of(self, text_digest: str | None) -> bool:
        """Whether a text of this digest has the words that are meant."""
        return hexes(text_digest).startswith(self.words)

    def is_of(self, text: str, text_digest: str | None) -> bool:
        """Whether this is the very text that is meant."""
        return self.has_words_of(text_digest) and sha256(text).startswith(self.exact)


def mark_of(text: str, text_digest: str) -> Mark:
    """The mark of a text."""
    return Mark(hexes(text_digest)[:_DIGITS], sha256(text)[:_DIGITS])


def read_mark(printed: str) -> Mark | None:
    """A mark as an address carries it, also with the full stop of its citation or without its hyphen, at which lines
    are broken; None where that is none, or only a part of one: half a mark would let another text pass.
    """
    found = _MARK.fullmatch(printed.strip(_AROUND).lower())
    return Mark(found[1], found[2]) if found else None


def address_of(base: str, notice: str, number: int, mark: Mark, *, copy: str | None = None) -> str:
    """The whole address of a text in an archive that is served at `base`, as the text's own page has it.

    `copy` is the url key of the copy whose revisions are counted, where it is neither the notice's own nor the best.
    """
    query = {**({"copy": copy} if copy else {}), "text": str(mark)}
    return f"{base.rstrip('/')}/notice/{notice}/r/{number}?{urlencode(query)}"
