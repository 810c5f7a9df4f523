"""Personal data in a text, and the text without it: what the public profile shows of a notice.

Masked are resident identity numbers, cards of banks, mobile numbers, and the names in long lists of persons with the
telephones beside them. A line stays a line and a cell a cell, what is masked is as long as it was, and masking twice
changes nothing.

A bureau's own telephone is no personal data, nor is a hotline: a landline is masked only in the row of a person who is
listed. Numbers of bodies are none either: credit codes, document and index numbers. In an address only an identity
number is masked, for a CMS numbers its pages as telephones are numbered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from archive import personal_numbers
from archive.name_lists import SHORTEST_LIST, Listed, Span, find_listed
from archive.personal_numbers import find_numbers
from archive.persons import TWO_CHARACTERS

Rule = personal_numbers.Rule | Literal["name_list"]
RULES: Final[tuple[Rule, ...]] = (*personal_numbers.RULES, "name_list")

VERSION: Final = "3"
"""Raised whenever a rule finds something else than before: a masked database says by which rules it was masked."""


SHORTEST: Final = 11
"""Characters of a mobile number, the shortest thing that is masked by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """A text without its personal data."""

    text: str
    places: Mapping[Rule, int] = field(default_factory=dict)
    """How many places each rule masked; a rule that found nothing is not there."""
    found: Mapping[str, Rule] = field(default_factory=dict)
    """What was masked, as it was printed, for `mask_known`: the one thing here that is not to be shown."""


def mask(text: str) -> Masked:
    """Mask what the rules find in a text that stands for itself."""
    found = list(_find(text)) if len(text) >= SHORTEST else []
    return _put_out(text, found) if found else Masked(text=text)


class Known:
    """What was found in the texts of one notice, to be masked in the small pieces that are made from them."""

    def __init__(self, found: Mapping[str, Rule]) -> None:
        self._rules = {_close(printed): rule for printed, rule in found.items()}
        self._pattern = _spelling(found) if found else None

    def find(self, text: str) -> list[tuple[Rule, Span]]:
        """Where a text has something of it: by itself, or a long name also within running words."""
        if self._pattern is None:
            return []
        return [(self._rules[_close(place[0])], place.span()) for place in self._pattern.finditer(text)]


NOTHING_KNOWN: Final = Known({})


def mask_known(text: str, known: Known) -> Masked:
    """Mask what the rules find, and what is known of the text that this one was made from.

    The markup of a table, the sentence of a citation and the headline of an edit show too little of a list to tell it.
    """
    first = mask(text)
    again = known.find(first.text) if known is not NOTHING_KNOWN else []
    if not again:
        return first
    second = _put_out(first.text, again)
    return Masked(
        text=second.text,
        places=dict(Counter(first.places) + Counter(second.places)),
        found={**first.found, **second.found},
    )


_KEPT: Final[Mapping[Rule, int]] = {"resident_id": 4, "bank_card": 4, "mobile": 3, "landline": 3, "name_list": 1}
"""Characters that stay: the place, the bank, the network, the surname. Nothing that tells one person from the next."""

_UNMISTAKABLE: Final = 3
"""Characters of a name from which on it is no common word."""
_HIDDEN: Final = "*"
_HIDDEN_NAME: Final = "×"


def _find(text: str) -> Iterator[tuple[Rule, Span]]:
    """What the rules find, each place once."""
    listed = find_listed(text) if len(text) >= SHORTEST_LIST else Listed()
    yield from find_numbers(text, listed)
    yield from (("name_list", span) for span in listed.names)


def _spelling(known: Mapping[str, Rule]) -> re.Pattern[str]:
    """A pattern of what is known. A blank in it may be a break of the cell, as the markup of a table has it."""
    names = sorted((name for name, rule in known.items() if rule == "name_list"), key=lambda name: (-len(name), name))
    numbers = sorted(known.keys() - set(names))
    long = [name for name in names if len(name) >= _UNMISTAKABLE]
    short = [name for name in names if len(name) < _UNMISTAKABLE]
    kinds = [
        "|".join(map(_loose, long)),
        rf"(?<![\u4e00-\u9fff])(?:{'|'.join(short)})(?![\u4e00-\u9fff])" if short else "",
        rf"(?<![0-9A-Za-z*])(?:{'|'.join(map(_loose, numbers))})(?![0-9A-Za-z*])" if numbers else "",
    ]
    return re.compile("|".join(filter(None, kinds)))


def _loose(printed: str) -> str:
    return "(?:[ \u3000]|<br>)*".join(map(re.escape, re.split("[ \u3000]+", printed)))


def _close(printed: str) -> str:
    return re.sub("[ \u3000]|<br>", "", printed)


def _put_out(text: str, found: list[tuple[Rule, Span]]) -> Masked:
    """Hide what was found; the places do not overlap."""
    parts: list[str] = []
    left = 0
    for rule, (start, end) in sorted(found, key=lambda place: place[1]):
        parts += (text[left:start], _hide(rule, text[start:end]))
        left = end
    return Masked(
        text="".join((*parts, text[left:])),
        places=dict(Counter(rule for rule, _ in found)),
        found={text[start:end]: rule for rule, (start, end) in found},
    )


def _hide(rule: Rule, printed: str) -> str:
    """The same with nothing of it but its beginning, its blanks and its hyphens; markup in it stays."""
    kept = _KEPT[rule] + (rule == "name_list" and printed.startswith(TWO_CHARACTERS))
    hidden = _HIDDEN_NAME if rule == "name_list" else _HIDDEN
    shown: list[str] = []
    for piece in re.split("(<br>)", printed):
        for character in piece if piece != "<br>" else (piece,):
            counts = character.isalnum()
            shown.append(hidden if counts and kept <= 0 else character)
            kept -= counts
    return "".join(shown)
