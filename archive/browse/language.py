"""In which language this request is answered: Chinese or English, and the words for it.

`?lang=` asks for one and is remembered in a cookie; else the cookie, else what the browser prefers. A page shows one
language; data stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from http.cookies import CookieError, SimpleCookie
from typing import Final, Literal, overload
from urllib.parse import parse_qs, urlencode

from archive.labels import Words

Language = Literal["zh", "en"]

COOKIE: Final = "minzheng_lang"
PARAMETER: Final = "lang"
TAGS: Final[dict[Language, str]] = {"zh": "zh-CN", "en": "en"}
"""What stands in `<html lang>`."""
LANGUAGE_NAMES: Final[dict[Language, str]] = {"zh": "中文", "en": "English"}
"""Each language in its own words."""

_KEPT: Final = 365 * 24 * 3600
_language: ContextVar[Language] = ContextVar("minzheng_language", default="zh")


def begin(headers: Iterable[tuple[bytes, bytes]], query: bytes) -> str | None:
    """Choose the language of a request. Gives the cookie to set where the address asked for one, else None."""
    given = {name.lower(): value.decode("latin-1") for name, value in headers}
    asked = parse_qs(query.decode("latin-1")).get(PARAMETER, [""])[-1]
    wished = _known(asked)
    _language.set(wished or _known(_cookie(given.get(b"cookie", ""))) or preferred(given.get(b"accept-language", "")))
    return None if wished is None else f"{COOKIE}={wished}; Path=/; Max-Age={_KEPT}; SameSite=Lax; HttpOnly"


def without_language(query: bytes) -> bytes:
    """The query of an address without what asks for a language: a table's page would take that for a filter."""
    asked = tuple(f"{PARAMETER}={code}".encode() for code in TAGS)
    return b"&".join(part for part in query.split(b"&") if part not in asked)


def preferred(accepted: str) -> Language:
    """What an `Accept-Language` header prefers: Chinese where it wishes nothing, English for speakers of neither."""
    wishes = [wish for wish in map(_wish, accepted.split(",")) if wish[0]]
    for tag, weight in sorted(wishes, key=lambda wish: -wish[1]):
        known = _known(tag.split("-")[0])
        if known is not None and weight > 0:
            return known
    return "en" if any(tag != "*" and weight > 0 for tag, weight in wishes) else "zh"


def language() -> Language:
    """The language of this request. Threads do not know it: ask while a template is rendered."""
    return _language.get()


@overload
def say(words: Words) -> str: ...
@overload
def say(words: str, english: str) -> str: ...
def say(words: Words | str, english: str | None = None) -> str:
    """Words in the language of this request; what has no English stands for itself."""
    if isinstance(words, str):
        return words if language() == "zh" or english is None else english
    return words.chinese if language() == "zh" else words.en or words.zh


def in_language(path: str, query: str, wished: Language) -> str:
    """The address of this page in a language; everything else in the query stays."""
    kept = [(name, value) for name, values in parse_qs(query, keep_blank_values=True).items() for value in values]
    return f"{path}?{urlencode([*((n, v) for n, v in kept if n != PARAMETER), (PARAMETER, wished)])}"


def _known(tag: str) -> Language | None:
    return "zh" if tag.lower() == "zh" else "en" if tag.lower() == "en" else None


def _wish(part: str) -> tuple[str, float]:
    tag, _, more = part.partition(";")
    try:
        weight = float(more.strip().removeprefix("q=")) if more.strip() else 1.0
    except ValueError:
        weight = 0.0
    return tag.strip(), weight


def _cookie(header: str) -> str:
    try:
        morsel = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return "" if morsel is None else morsel.value
