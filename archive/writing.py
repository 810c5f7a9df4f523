"""In which script a text is written, told by its letters: Chinese simplified or traditional, or a script of another
language in which notices are published."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from functools import cache
from typing import Final, Literal, get_args

from archive.fold_table import TABLE

Script = Literal[
    "simplified",
    "traditional",
    "tibetan",
    "mongolian",
    "arabic",
    "korean",
    "yi",
    "dai",
    "cyrillic",
    "latin",
    "other",
    "none",
]
"""`arabic` is how Uyghur, Kazakh and Kirgiz are written; `latin` how Zhuang is; `none` is a text without letters."""

SCRIPTS: Final[tuple[Script, ...]] = get_args(Script)


def script_of(text: str) -> Script:
    """The script that most of a text is in.

    A letter of an alphabet counts a quarter of a character that is a syllable: a Chinese notice with a few long
    addresses in it is Chinese. It is traditional if more characters are traditional only than simplified only.
    """
    letters: defaultdict[Script, float] = defaultdict(float)
    forms: Counter[Script] = Counter()
    for character, times in Counter(text).items():
        script = _script(character)
        if script == "simplified":  # any Chinese character
            forms[_form(character)] += times
        if script != "none":
            letters[script] += times * _WEIGHTS.get(script, 1)
    if not letters:
        return "none"
    most = max(letters, key=lambda script: (letters[script], -SCRIPTS.index(script)))
    is_traditional = most == "simplified" and forms["traditional"] > forms["simplified"]
    return "traditional" if is_traditional else most


@cache
def _script(character: str) -> Script:
    """The script of a letter, any Chinese one as `simplified`; `none` of what is no letter."""
    place = bisect_right(_STARTS, ord(character)) - 1
    if place >= 0 and ord(character) <= _RANGES[place][1]:
        return _RANGES[place][2]
    return "other" if character.isalpha() else "none"


def _form(character: str) -> Script:
    """In which Chinese a character is used only; `none` if it says nothing."""
    if character in _TRADITIONAL:
        return "traditional"
    return "simplified" if character in _SIMPLIFIED else "none"


_RANGES: Final[tuple[tuple[int, int, Script], ...]] = (
    (0x41, 0x5A, "latin"),
    (0x61, 0x7A, "latin"),
    (0xC0, 0x24F, "latin"),
    (0x400, 0x52F, "cyrillic"),
    (0x620, 0x6FF, "arabic"),
    (0x750, 0x77F, "arabic"),
    (0xF00, 0xFFF, "tibetan"),
    (0x1100, 0x11FF, "korean"),
    (0x1810, 0x18AF, "mongolian"),
    (0x1950, 0x19DF, "dai"),
    (0x1A20, 0x1AAF, "dai"),
    (0x1E00, 0x1EFF, "latin"),
    (0x3007, 0x3007, "simplified"),
    (0x3130, 0x318F, "korean"),
    (0x3400, 0x4DBF, "simplified"),
    (0x4E00, 0x9FFF, "simplified"),
    (0xA000, 0xA4CF, "yi"),
    (0xAC00, 0xD7AF, "korean"),
    (0xF900, 0xFAFF, "simplified"),
    (0xFB50, 0xFDFF, "arabic"),
    (0xFE70, 0xFEFE, "arabic"),
    (0xFF21, 0xFF3A, "latin"),
    (0xFF41, 0xFF5A, "latin"),
    (0x20000, 0x3FFFF, "simplified"),
)
"""First and last character of each stretch, rising. Source: the Unicode code charts."""
_STARTS: Final = [first for first, _, _ in _RANGES]
_WEIGHTS: Final = {script: 0.25 for script in SCRIPTS if script not in ("simplified", "korean", "yi")}
_FOLDED: Final = {chr(code): plain for code, plain in TABLE.items() if 0x3400 <= code <= 0x9FFF}
_TRADITIONAL: Final = frozenset(_FOLDED)
_SIMPLIFIED: Final = frozenset(_FOLDED.values())
