"""The source that a script writes into the byline: `var ly = "某市民政局"; document.write("来源：" + ly)`.

Templates of TRS write it so, to leave out the label where no source was typed. Seen 2009–2024.
"""

from __future__ import annotations

import re
from typing import Final

from archive.extract.byline import says_source
from archive.records import Page

_WRITES: Final = "document.write"
_LONGEST: Final = 600  # characters of such a script
_LABEL: Final = re.compile(r"来\s*源\s*[:：]\s*$")
_STRING: Final = re.compile(r"\"([^\"\n<>]*)\"|'([^'\n<>]*)'")
_NAME: Final = re.compile(r"[一-龥][一-龥A-Za-z0-9（）()·\s—-]{1,29}")


def written_source(page: Page) -> str | None:
    """Give the one name that a script writes behind 来源："""
    for script in page.tree.iter("script"):
        code = script.text
        if not code or len(code) > _LONGEST or _WRITES not in code:
            continue
        strings: list[str] = [first or second for first, second in _STRING.findall(code)]
        previous, parent = script.getprevious(), script.getparent()
        before = previous.tail if previous is not None else parent.text if parent is not None else None
        if not (any(_LABEL.search(text) for text in strings) or _LABEL.search(before or "")):
            continue
        names: set[str] = {
            text.strip() for text in strings if _NAME.fullmatch(text.strip()) and says_source(text.strip())
        }
        if len(names) == 1:
            return names.pop()
    return None
