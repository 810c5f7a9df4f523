"""The id that a site's CMS gave a document, as its address shows it: columns and hosts of one site share it.

An id alone makes no match: it says which pages to lay side by side. On a host of somebody else the same id is a sign
of a clone.
"""

from __future__ import annotations

import re
from typing import Final

from archive.urls import host

_PAGE: Final = r"(?:\.[sxj]?html?)?$"
_UNIQUE: Final = tuple(
    re.compile(pattern + _PAGE)
    for pattern in (
        r"/(t\d{8}_\d+)",  # TRS: /202111/t20211104_9926756.html
        r"/(?:art_)?([0-9a-f]{32})",  # UCAP, Shanghai, Sichuan; newer Hanweb: /art/2024/art_<32 hex>.html
        r"/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})",  # Hebei: /columns/<uuid>/202401/05/<uuid>.html
        r"/(\d{19})",  # Liaoning: /<19 digits>/index.shtml
    )
)
"""Ids that no two documents of one platform have, on whichever of its hosts they stand."""

_COUNTED: Final = tuple(
    (name, re.compile(pattern + _PAGE))
    for name, pattern in (
        ("art", r"/art_\d+_(\d+)"),  # Hanweb: the first number is the column's
        ("info", r"/info/\d+/(\d+)"),  # VSB, likewise
        ("content", r"/content_(\d+)"),
        ("post", r"/post_(\d+)"),  # NFCMS; `mpost_` of its pages for phones is `post_` in a key
        ("t", r"/t(\d{6,})"),
        ("c", r"/c(\d+)/content"),  # nX/cX: /n1/n2/c123/content.html
    )
)
"""Ids that a site counts for itself: the next host has the same numbers."""

_SITE: Final = re.compile(r"[^.]+\.(?:(?:gov|com|org|net|edu|ac)\.cn|[^.]+)$")


def cms_id(key: str) -> str | None:
    """The CMS's id of the document at a url key, behind where it is unique: `cq.gov.cn t20211104_9926756`.

    None where the address shows none. Addresses with equal ids are those of one document, if their texts agree.
    """
    path = re.split(r"[?#]", key, maxsplit=1)[0]
    for pattern in _UNIQUE:
        if found := pattern.search(path):
            return f"{_site(host(key))} {found[1]}"
    for name, pattern in _COUNTED:
        if found := pattern.search(path):
            return f"{host(key)} {name}_{found[1]}"
    return None


def _site(name: str) -> str:
    """The part of a host's name that its site has registered: `mzj.cq.gov.cn` is one of `cq.gov.cn`."""
    found = _SITE.search(name) if not name.endswith("]") else None
    return found[0] if found and not name.replace(".", "").isdigit() else name
