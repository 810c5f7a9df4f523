"""Pages that a server makes while it is asked, without an end: what stands in a template's `{…}` for one address.

A trap of the miniature web is a file with such places and one of these functions, named by `[[endless]]` of a
`site.toml`. All depend on the address alone, so that two crawls see the same web.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping

_MONTH = re.compile(r"(\d{4,})-(\d\d)")
_FIRST_MONTH = (2099, 1)


def fill_calendar(path: str) -> Mapping[str, str]:
    """The month that the address names, and the one after it: there always is one."""
    named = _MONTH.search(path)
    year, month = (int(named[1]), int(named[2])) if named else _FIRST_MONTH
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return {"month": f"{year}-{month:02}", "next": f"{following[0]}-{following[1]:02}"}


def fill_session(path: str) -> Mapping[str, str]:
    """A session id that no other address has: every page is another one, again and again."""
    return {"sid": hashlib.sha256(path.encode()).hexdigest()[:24].upper()}


def fill_nothing(_path: str) -> Mapping[str, str]:
    """Nothing: every address under the path answers the same page."""
    return {}


MAKERS: Mapping[str, Callable[[str], Mapping[str, str]]] = {
    "calendar": fill_calendar,
    "session": fill_session,
    "same": fill_nothing,
}
"""What `make` of an `[[endless]]` may be."""


def fill(template: str, make: str, path: str) -> str:
    """The page at `path`. Raises: KeyError for a maker that there is not."""
    page = template
    for name, value in MAKERS[make](path).items():
        page = page.replace("{" + name + "}", value)
    return page
