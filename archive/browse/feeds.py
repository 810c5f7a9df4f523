"""Feeds over HTTP: entries of notices with whole addresses, in the language of the request."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import TYPE_CHECKING, Final

from archive.browse.atom import MEDIA_TYPE, Entry, Feed, lasting_id, write_feed
from archive.browse.language import TAGS, language, say
from archive.browse.pages import address_of, page_path
from archive.browse.rows import Row
from archive.dates import BEIJING
from archive.store.times import read_day, read_instant

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

_SUMMARY: Final = 200
"""Characters of a text that an entry begins with."""


def show_feed(
    request: Request,
    datasette: Datasette,
    *,
    id: str,  # noqa: A002  what Atom calls it
    title: str,
    page: str,
    updated_at: datetime,
    entries: Iterable[Entry],
) -> Response:
    """Answer with a feed; `page` is the address of what it is the feed of, without the host."""
    from datasette.utils.asgi import Response

    feed = Feed(
        id=id,
        title=f"{title} · {say('民政公告档案', 'Minzheng Archive')}",
        page=datasette.absolute_url(request, page),
        address=own_address(request, datasette),
        language=TAGS[language()],
        updated_at=updated_at,
    )
    return Response(write_feed(feed, list(entries)), content_type=MEDIA_TYPE)


def own_address(request: Request, datasette: Datasette) -> str:
    """The whole address of a feed itself, with its query."""
    query = f"?{request.query_string}" if request.query_string else ""
    return str(datasette.absolute_url(request, address_of(request, datasette) + query))


def notice_entry(request: Request, datasette: Datasette, database: str, row: Row) -> Entry:
    """A notice as an entry: `id`, `title`, `document_number`, `document_type`, `issuing_agency`, `published_on`,
    `seen_at` and the beginning of its `text`."""
    day = read_day(row["published_on"])
    text = " ".join(row["text"].split())
    return Entry(
        id=lasting_id("notice", row["id"]),
        title=row["title"] or say("（无标题）", "(untitled)"),
        address=datasette.absolute_url(request, page_path(datasette, database, "notice", row["id"])),
        updated_at=read_instant(row["seen_at"]),
        published_at=datetime.combine(day, time(), BEIJING) if day else None,
        summary=" · ".join(part for part in (row["document_number"], _cut(text)) if part),
        authors=[row["issuing_agency"]] if row["issuing_agency"] else [],
        categories=[row["document_type"]] if row["document_type"] else [],
    )


def _cut(text: str) -> str:
    return text if len(text) <= _SUMMARY else f"{text[:_SUMMARY]}…"
