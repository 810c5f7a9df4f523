"""Values as cells of a spreadsheet, none of which a spreadsheet runs.

It takes a cell that starts with = + - @ (full-width forms and leading blanks included) for a formula, and the text of a
notice is a stranger's. Where a file has no types, as CSV, such a text gets a leading apostrophe (OWASP: CSV injection).
So does a text that has one of its own: whoever takes one apostrophe from the beginning of every cell that has any has
each text as it was.
"""

from __future__ import annotations

import json
import re

import orjson

STARTS_FORMULA = re.compile(r"[\t\r\n]|[\s\u200b\u2060\ufeff]*[=+\-@＝＋－＠]")


def spell(value: object) -> str:
    """One value as text: nothing for null, true/false, lists as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return spell_json(value) if isinstance(value, list | dict) else str(value)


def spell_json(value: object) -> str:
    """A list as JSON, Chinese as it is, without blanks."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # a half of a surrogate pair, which whoever writes the file is to judge
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def cell(value: object) -> str:
    """The same where a cell has no type: text that cannot start a formula. A number is no text, also below zero."""
    return guard(value) if isinstance(value, str) else spell(value)


def guard(text: str) -> str:
    """A text as such a cell."""
    if text[:1].isalnum():  # nearly every one, and much faster to ask
        return text
    return "'" + text if text.startswith("'") or STARTS_FORMULA.match(text) else text


def unguard(text: str) -> str:
    """The text that a cell stands for."""
    return text.removeprefix("'")
