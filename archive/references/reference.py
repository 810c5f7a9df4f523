"""What a citation of a notice says, whatever the form it is written in."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from archive.labels import EVIDENCE, FIELDS

UNTITLED: Final = "无标题"
"""The title of a notice that has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One text of one notice, as it was seen on one day. What is not known is None, or an empty string or tuple."""

    id: str
    """Of the notice."""
    agencies: tuple[str, ...]
    """Who issued it, in the order of the document."""
    title: str
    document_number: str | None
    document_type: str | None
    issued_on: date | None
    """The day of its publication."""
    accessed_on: date
    """The day of the last capture that shows this text, in Asia/Shanghai."""
    address: str
    """Where this text is read for ever: see `archive.references.address`."""
    original_url: str | None
    text_digest: str | None
    """`sha256:` and hex digits of the normalised text."""
    language: str = "zh-CN"

    @property
    def key(self) -> str:
        """What a citation manager calls it: the same for the same words of the same notice, another for others."""
        return f"{self.id}-{hexes(self.text_digest)[:_KEY]}" if self.text_digest else self.id


def notes(reference: Reference) -> tuple[str, ...]:
    """What a citation adds for who will check it: where the original stands, and the digest of the text."""
    found = ((FIELDS["original_url"], reference.original_url), (EVIDENCE["text_digest"], reference.text_digest))
    return tuple(f"{words}: {in_line(value)}" for words, value in found if value)


def in_line(text: str) -> str:
    """Text in one line: breaks and controls, which mean something in most forms, become blanks."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def title_of(reference: Reference) -> str:
    """The title in one line; of a notice without any, words that say so."""
    return in_line(reference.title) or UNTITLED


def agencies_of(reference: Reference) -> list[str]:
    """Who issued it, each name in one line."""
    return [name for name in map(in_line, reference.agencies) if name]


def hexes(digest: str | None) -> str:
    """The hex digits of a digest, without the name of how it was made."""
    return (digest or "").removeprefix("sha256:")


def sha256(text: str) -> str:
    """The hex digits over a text byte for byte, in UTF-8: what `sha256sum` says of it as a file."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_KEY: Final = 8
_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
