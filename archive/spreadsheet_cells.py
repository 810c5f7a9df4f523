"""Values as cells of a spreadsheet, none of which a spreadsheet runs.

It takes a cell that starts with = + - @ (full-width forms and leading blanks included) for a formula, and the text of a
notice is a stranger's. Where a file has no types, as CSV, such a cell gets a leading apostrophe (OWASP: CSV injection).
"""

from __future__ import annotations

import json
import re

STARTS_FORMULA = re.compile(r"[\t\r\n]|[\s\u200b\u2060\ufeff]*[=+\-@＝＋－＠]")


def spell(value: object) -> str:
    """One value as text: nothing for null, true/false, lists as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)


def cell(value: object) -> str:
    """The same where a cell has no type: text that cannot start a formula."""
    text = spell(value)
    return "'" + text if STARTS_FORMULA.match(text) else text
