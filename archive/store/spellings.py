"""Which list an address means: a channel is one, however its address was spelt when it was walked (http, https)."""

from __future__ import annotations

from sqlite_utils import Database

from archive.urls import url_key

Key = tuple[str, str]
"""A source's key, and the url or url key of one of its channels."""


def channels_by_key(db: Database) -> dict[Key, str]:
    """Source and url key of each channel → its url as the catalogue spelt it last."""
    return {
        (row["source"], row["url_key"]): row["url"] for row in db.query("select source, url_key, url from channels")
    }


def key_of(url: str) -> str:
    """The url key of a channel; the text itself where it is no address."""
    try:
        return url_key(url)
    except ValueError:
        return url


def spellings_of(db: Database, source: str, url: str) -> list[str]:
    """Every spelling of one channel's url that its notes have, this one among them."""
    spelt = db.execute(
        "select url from channels where source = ?1 union select channel from walks where source = ?1", [source]
    ).fetchall()
    return sorted({url, *(other for (other,) in spelt if key_of(other) == key_of(url))})
