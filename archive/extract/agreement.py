"""When two witnesses of a field say the same, though they print it differently."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_MARKS: Final = re.compile(r"[\W_]+")
_LEAST: Final = 4  # characters of a title below which it is a word and no shortened form
_SHORT_PLACE: Final = re.compile(r"^(?:本|市|省|区|县|州|旗|自治区|自治州)")


def agree(field: str, one: str, other: str) -> bool:
    """Tell whether two values of a field are one: width, blanks, brackets and marks do not count.

    A title that is the other shortened, or with its site's name behind it, is the same; so are a name and its short
    form, and a joint issuance of which one witness names only some.
    """
    plain, second = _plain(one), _plain(other)
    if plain == second:
        return True
    if field == "title":
        return min(len(plain), len(second)) >= _LEAST and (plain in second or second in plain)
    if field == "issuing_agencies":
        return _share(one.split("、"), other.split("、"))
    if field == "attribution":
        return bool(plain and second) and (plain in second or second in plain)
    return False


def _share(one: list[str], other: list[str]) -> bool:
    """Every agency of the shorter list is in the longer one, in full or in short."""
    fewer, more = sorted((one, other), key=len)
    return all(any(_is_one(name, whole) for whole in more) for name in fewer)


def _is_one(name: str, whole: str) -> bool:
    name, whole = sorted((_plain(name), _plain(whole)), key=len)
    return whole.endswith(_SHORT_PLACE.sub("", name) if len(name) > _LEAST else name)


def _plain(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", text)).lower()
