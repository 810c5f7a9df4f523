"""Feeds as Atom 1.0 (RFC 4287). Pure: what a feed says and when it was last true is passed in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final
from xml.etree.ElementTree import Element, tostring

from archive.browse.elements import add, root

MEDIA_TYPE: Final = "application/atom+xml; charset=utf-8"
ARCHIVE: Final = "Minzheng Archive"
"""Who gathers; an entry without an author of its own is by the feed's."""

_NAMESPACE: Final = "http://www.w3.org/2005/Atom"
_IDS: Final = uuid.UUID("3afd5734-6864-4aa8-9d7c-3c0785d1b052")
"""Ours, drawn once. Never changed: every id that was given hangs on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed is. `page` is what it is the feed of, `address` itself; both whole addresses, with the host.

    `updated_at` is what stands where there is no entry: when the archive last looked.
    """

    id: str
    title: str
    page: str
    address: str
    language: str
    updated_at: datetime
    subtitle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One notice or one change. `id` outlives its address; `updated_at` is when the archive saw it so."""

    id: str
    title: str
    address: str
    updated_at: datetime
    published_at: datetime | None = None
    summary: str = ""
    authors: Sequence[str] = ()
    categories: Sequence[str] = ()


def lasting_id(*parts: str) -> str:
    """The id of what these parts name, the same on every server and for ever: a `urn:uuid:`.

    An address would change with the host that serves a snapshot, and a `tag:` wants a domain of ours.
    """
    return uuid.uuid5(_IDS, "\n".join(parts)).urn


def write_feed(feed: Feed, entries: Sequence[Entry]) -> bytes:
    """The feed in UTF-8, its entries in the order given. Whatever they hold, this is well-formed."""
    updated_at = max((entry.updated_at for entry in entries), default=feed.updated_at)
    return b"".join(stream_feed(replace(feed, updated_at=updated_at), entries))


def stream_feed(feed: Feed, entries: Iterable[Entry]) -> Iterator[bytes]:
    """The same entry by entry, for feeds that are long; `feed.updated_at` is the day of its newest entry."""
    whole = _write_head(feed)
    end = whole.rindex(b"</feed>")
    yield whole[:end]
    for entry in entries:
        yield bytes(tostring(_write_entry(entry), encoding="utf-8"))
    yield whole[end:]


def _write_head(feed: Feed) -> bytes:
    top = root("feed", xmlns=_NAMESPACE)
    top.set("xml:lang", feed.language)
    add(top, "id", feed.id)
    add(top, "title", feed.title)
    if feed.subtitle:
        add(top, "subtitle", feed.subtitle)
    add(top, "updated", _instant(feed.updated_at))
    add(top, "link", rel="self", type="application/atom+xml", href=feed.address)
    add(top, "link", rel="alternate", type="text/html", href=feed.page)
    add(add(top, "author"), "name", ARCHIVE)
    add(top, "generator", ARCHIVE)
    return bytes(tostring(top, encoding="utf-8", xml_declaration=True))


def _write_entry(entry: Entry) -> Element:
    made = root("entry")
    add(made, "id", entry.id)
    add(made, "title", entry.title)
    add(made, "updated", _instant(entry.updated_at))
    if entry.published_at is not None:
        add(made, "published", _instant(entry.published_at))
    add(made, "link", rel="alternate", type="text/html", href=entry.address)
    for name in entry.authors:
        add(add(made, "author"), "name", name)
    for term in entry.categories:
        add(made, "category", term=term)
    if entry.summary:
        add(made, "summary", entry.summary)
    return made


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
