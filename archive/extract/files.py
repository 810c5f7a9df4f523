"""Which links lead to files, by suffix or by the download paths of content systems (gov-web facts of 2020–2026)."""

from __future__ import annotations

import re
from typing import Final

from lxml.html import HtmlElement

_FILE: Final = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|dps|ofd|zip|rar|7z|csv|rtf|caj|ceb)(?:$|[?#&])"
    r"|/module/download/|/_content/download|downfile\.jsp|/attachment/|/attach/|/part/\d+\.",
    re.IGNORECASE,
)


def links_file(link: HtmlElement) -> bool:
    """Tell whether an anchor leads to a file."""
    return _FILE.search(link.get("href") or link.get("hrefs") or "") is not None
